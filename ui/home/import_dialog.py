"""What was made elsewhere: a recording as a session, annotations, the expert's own recording, a further view, many
sessions by a table, a session of another project."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ui.home.annotations_page import AnnotationsPage, Known
from ui.home.path_field import PathField
from ui.home.table_page import SessionPage, TablePage
from ui.home.view_page import VIEWS, ViewPage
from ui.home.work import WorkDialog
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.fitting import grow_with_words
from ui.widgets.parts import button, label, row
from ui.widgets.there import no_file, nothing_at
from woz.model.ids import SessionId
from woz.model.plan import is_pseudonym, no_pseudonym

RECORDING, ANNOTATIONS, VOICE, FURTHER, MANY, OTHER = range(6)
VOICES = "Sound (*.wav *.flac *.mp3 *.m4a *.mka *.ogg *.opus *.webm *.vrs);;All files (*)"
OWN = "The console's recording (*.mka);;All files (*)"


class ImportDialog(QDialog):
    """Accepted with the `arguments` of the command that imports."""

    def __init__(
        self,
        project: str,
        sessions: Sequence[Known],
        chosen: SessionId | None,
        parent: QWidget | None = None,
        schemes: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self._project = project
        self.setWindowTitle("Import")
        self.resize(1000, 0)
        grow_with_words(self)
        self._sessions, self._chosen = list(sessions), chosen
        self._tabs = QTabWidget()
        self._tabs.addTab(self._recording(), "A recording")
        self._annotations = AnnotationsPage(sessions, schemes, chosen)
        self._annotations.changed.connect(self._judge)
        self._tabs.addTab(self._annotations, "Annotations and turns")
        self._tabs.addTab(self._voice(), "The expert's own recording")
        self._further = ViewPage(sessions, chosen)
        self._further.changed.connect(self._judge)
        self._tabs.addTab(self._further, "A further view")
        self._table = TablePage(self._project)
        self._table.changed.connect(self._judge)
        self._table.previewed.connect(lambda arguments: self._run("What would come in", arguments))
        self._table.template.connect(lambda arguments: self._run("A table to fill in", arguments))
        self._tabs.addTab(self._table, "Many sessions")
        self._other = SessionPage()
        self._other.changed.connect(self._judge)
        self._tabs.addTab(self._other, "Another project's session")
        for kind in (VOICE, FURTHER):
            self._tabs.setTabEnabled(kind, bool(sessions))
        self._said = label("", "muted", wrap=True)
        self._import, leaving = button("Import", "import", "primary"), QPushButton("Cancel")
        self._import.setDefault(True)
        self._import.clicked.connect(self.accept)
        leaving.setAutoDefault(False)
        leaving.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label("Import", "title"), self._tabs, self._said, row(leaving, self._import)):
            layout.addWidget(widget)
        steady(self)
        self._tabs.currentChanged.connect(self._judge)
        self._judge()

    @property
    def arguments(self) -> list[str]:
        """Of the command line, from `import` on."""
        kind = self._tabs.currentIndex()
        if kind == FURTHER:
            return self._further.arguments(self._project)
        if kind == ANNOTATIONS:
            return self._annotations.arguments(self._project)
        if kind == MANY:
            return self._table.arguments
        if kind == OTHER:
            return self._other.arguments(self._project)
        if kind == VOICE:
            return ["import", "voice", self._project, str(self._file_own.path), *self._session_of_voice()]
        return ["import", "media", self._project, str(self._view.path), *self._of_recording()]

    def _of_recording(self) -> list[str]:
        voices = {"--trainee-voice": self._trainee_voice, "--expert-voice": self._expert_voice}
        fields = {
            "--trainee": self._trainee,
            "--expert": self._expert,
            "--procedure": self._procedure,
            "--source-name": self._source,
            "--licence": self._licence,
        }
        given = [word for option, field in voices.items() if field.text for word in (option, str(field.path))]
        # with "=", a text that begins with a dash is no option
        return given + [
            f"{option}={field.text().strip()}" for option, field in fields.items() if field.text().strip()
        ]

    def _session_of_voice(self) -> list[str]:
        chosen = self._into_own.currentData()
        return ["--session", str(chosen)] if chosen else []

    def _recording(self) -> QWidget:
        self._view = self._path("The view", VIEWS, "a video, or a VRS recording of Aria glasses")
        self._trainee_voice = self._path("The trainee's voice", VOICES, "recorded apart; else the view's own sound")
        self._expert_voice = self._path("The expert's voice", VOICES, "recorded apart")
        self._trainee = self._line("The trainee's pseudonym", "P07")
        self._expert = self._line("The expert's pseudonym", "E01")
        self._procedure = self._line("Name of the session's procedure", "by its name where this project knows it")
        self._source = self._line("Name of the published data set", "name, if published")
        self._licence = self._line("Licence of the data set", "licence, such as CC-BY-4.0")
        return _form(
            ("View", self._view),
            ("Trainee's voice", self._trainee_voice),
            ("Expert's voice", self._expert_voice),
            ("People", row(self._trainee, self._expert)),
            ("Procedure", self._procedure),
            ("Data set", row(self._source, self._licence)),
        )

    def _voice(self) -> QWidget:
        self._file_own = self._path("The console's recording", OWN, "expert.mka, with expert.json beside it")
        self._into_own = self._choice("The session that the recording is of", "as the recording says")
        return _form(("File", self._file_own), ("Session", self._into_own))

    def _path(self, name: str, kinds: str, hint: str) -> PathField:
        made = PathField(name, kinds, hint)
        made.changed.connect(self._judge)
        return made

    def _line(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.textChanged.connect(self._judge)
        return made

    def _choice(self, name: str, without: str = "") -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        if without:
            made.addItem(without, "")
        for session in self._sessions:
            made.addItem(f"{session.title}  ({session.id})", session.id)
        if not without:
            made.setCurrentIndex(max(0, made.findData(self._chosen)))
        return made

    def _run(self, title: str, arguments: list[str]) -> None:
        work = WorkDialog(title, arguments, self)
        work.ended.connect(lambda _: self._judge())
        work.begin()

    def _judge(self) -> None:
        fault = self._fault()
        self._said.setText(fault)
        self._import.setEnabled(not fault)

    def _fault(self) -> str:
        """What is still missing or wrong; empty where the import can begin."""
        faults = {
            ANNOTATIONS: self._annotations.fault,
            FURTHER: self._further.fault,
            MANY: self._table.fault,
            OTHER: self._other.fault,
        }
        if self._tabs.currentIndex() in faults:
            return faults[self._tabs.currentIndex()]
        field = self._view if self._tabs.currentIndex() == RECORDING else self._file_own
        if not field.text:
            return "Choose the file."
        if why := nothing_at(field.path):
            return why
        if field is not self._view:
            return ""
        lacks = [no_file(voice.path) for voice in (self._trainee_voice, self._expert_voice) if voice.text]
        if why := next(filter(None, lacks), ""):
            return why
        names = [line.text().strip() for line in (self._trainee, self._expert) if line.text().strip()]
        if wrong := [name for name in names if not is_pseudonym(name)]:
            return no_pseudonym(wrong[0])
        if bool(self._source.text().strip()) != bool(self._licence.text().strip()):
            return "A data set's name and its licence belong together; give both."
        return ""


def _form(*lines: tuple[str, QWidget]) -> QWidget:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
    form.setSpacing(GRID)
    for name, widget in lines:
        form.addRow(name, widget)
    return page
