"""Many sessions by one table: which, and what its rows would do before any does."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLineEdit, QPushButton, QWidget

from ui.home.path_field import PathField
from ui.theme import GRID
from ui.widgets.parts import label, row
from ui.widgets.there import no_file, no_folder

TABLES = "Tables (*.csv *.tsv *.txt);;All files (*)"


class TablePage(QWidget):
    """`previewed` and `template` carry the arguments of the command that looks through the table, or writes one."""

    changed = Signal()
    previewed = Signal(list)
    template = Signal(list)

    def __init__(self, project: str) -> None:
        super().__init__()
        self._project = project
        self._file = PathField("The table", TABLES, "CSV: a row for each session")
        self._file.changed.connect(self._show)
        self._look, new = QPushButton("Look through the rows"), QPushButton("New table …")
        self._look.clicked.connect(lambda: self.previewed.emit([*self.arguments, "--dry-run"]))
        new.clicked.connect(self._write_template)
        for each in (self._look, new):
            each.setAutoDefault(False)
        words = (
            "Files, people with their consents, procedure and place of each session. Look through the rows first:"
            " nothing is changed, and each row's fault is told. Then import; what is in already is passed over."
        )
        form = QFormLayout(self)
        form.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        form.setSpacing(GRID)
        form.addRow("Table", self._file)
        form.addRow("", row(new, self._look))
        form.addRow("", label(words, "muted", wrap=True))
        self._show()

    @property
    def fault(self) -> str:
        """What is still missing; empty where the import can begin."""
        if not self._file.text:
            return "Choose the table."
        return no_file(self._file.path)

    @property
    def arguments(self) -> list[str]:
        """Of the command line, from `import` on."""
        return ["import", "table", self._project, str(self._file.path)]

    def _show(self) -> None:
        self._look.setEnabled(not self.fault)
        self.changed.emit()

    def _write_template(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "A table to fill in", "sessions.csv", TABLES)
        if chosen:
            self._file.show_path(chosen)
            self.template.emit(["import", "table", self._project, chosen, "--template"])


class SessionPage(QWidget):
    """A session of another project, with all that belongs to it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._folder = PathField("The session's folder", "", "OTHER PROJECT/sessions/20260301-143000-3fa9")
        self._other = PathField("Its project", "", "only where the folder doesn't lie in it")
        self._people, self._annotators = QLineEdit(), QLineEdit()
        form = QFormLayout(self)
        form.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        form.setSpacing(GRID)
        for name, field, hint in (
            ("People", self._people, "P01=P01 where that is one person, P01=P31 for another pseudonym here"),
            ("Annotators", self._annotators, "A01=A07, likewise"),
        ):
            field.setPlaceholderText(hint)
            field.setAccessibleName(f"{name} whose pseudonyms are known here, too")
        form.addRow("Folder", self._folder)
        form.addRow("Project", self._other)
        form.addRow("People", self._people)
        form.addRow("Annotators", self._annotators)
        for signal in (
            self._folder.changed,
            self._other.changed,
            self._people.textChanged,
            self._annotators.textChanged,
        ):
            signal.connect(self.changed)

    @property
    def fault(self) -> str:
        """What is still missing; empty where the import can begin."""
        if not self._folder.text:
            return "Choose the session's folder."
        lacks = [no_folder(field.path) for field in (self._folder, self._other) if field.text]
        if why := next(filter(None, lacks), ""):
            return why
        wrong = [
            each for each in (*_pairs(self._people), *_pairs(self._annotators)) if not all(each.partition("="))
        ]
        return f"“{wrong[0]}” should be two pseudonyms with = between them." if wrong else ""

    def arguments(self, project: str) -> list[str]:
        """Of the command line, from `import` on."""
        given = ["--from", str(self._other.path)] if self._other.text else []
        for option, field in (("--person", self._people), ("--annotator", self._annotators)):
            given += [word for pair in _pairs(field) for word in (option, pair)]
        return ["import", "session", project, str(self._folder.path), *given]


def _pairs(field: QLineEdit) -> list[str]:
    return field.text().replace(",", " ").replace(";", " ").split()
