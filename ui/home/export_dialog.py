"""Exports sessions: which, for whom, in which formats, where to; and what stands against it, before it begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from storage import Project
from ui.application.background import Background, waited
from ui.home.format_chooser import FormatChooser
from ui.home.path_field import PathField
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, button, label, panel, row
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.dataset.export import Exported
from woz.lab.exporting import export_sessions, losses
from woz.lab.people import over_in
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant
from woz.model.session import Session
from woz.privacy.consent import release_reason

LOOKED_INTO = 20
"""So many sessions are looked into for what a format would leave out."""
ShowConsents = Callable[[SessionId], object]
"""Shows the consents of a session, and comes back when they were looked at."""


class ExportDialog(QDialog):
    """`project` is read for consents; the files are written in a thread that opens the project itself."""

    def __init__(
        self, project: Project, chosen: Sequence[SessionId], consents: ShowConsents, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._project, self._chosen, self._consents = project, tuple(chosen), consents
        self._going: list[SessionId] = []
        self._work = Background()
        self._work.done.connect(self._done)
        self._work.failed.connect(self._failed)
        self.setWindowTitle("Export")
        fit(self, 1000, 940)
        self._build()
        steady(self)
        self.judge()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Export", "title"))
        self._banner = Banner()
        layout.addWidget(self._banner)
        layout.addWidget(row(self._which(), self._for_whom(), spacing=GRID * 2))
        layout.addWidget(self._formats(), 4)
        self._folder = PathField("Folder to export to", hint="a folder; it is made where it is new")
        self._folder.show_path(str(self._project.path.parent / f"{self._project.path.name}-export"))
        self._folder.changed.connect(self._enable)
        self._over = QCheckBox("Write over files of an earlier export")
        options = row(self._folder, self._over, self._frames(), spacing=GRID * 2)
        layout.addWidget(panel(label("Where to", "heading"), options))
        layout.addWidget(self._judgement(), 1)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName("The export runs")
        self._bar.hide()
        layout.addWidget(self._bar)
        layout.addWidget(self._leaving())

    def _which(self) -> QWidget:
        sessions = {session.id: session for session in waited(self._project.sessions.all)}
        everything, count = len(sessions), len(self._chosen)
        only = sessions[self._chosen[0]].title if count == 1 else counted(count, "session")
        self._these = QRadioButton(f"The selected: {only}")
        self._all = QRadioButton(f"The whole project: {counted(everything, 'session')}")
        self._these.setChecked(True)
        self._these.toggled.connect(self.judge)
        return panel(label("Which", "heading"), self._these, self._all)

    def _for_whom(self) -> QWidget:
        self._inside, self._release = (
            QRadioButton("Inside the lab"),
            QRadioButton("For release: the files leave it"),
        )
        self._inside.setChecked(True)
        self._inside.toggled.connect(self.judge)
        return panel(label("For whom", "heading"), self._inside, self._release)

    def _formats(self) -> QWidget:
        self._chooser = FormatChooser(self._losses)
        self._chooser.changed.connect(self._enable)
        return panel(label("Formats", "heading"), self._chooser)

    def _frames(self) -> QWidget:
        """The rate for formats that count frames."""
        self._rate = QDoubleSpinBox()
        self._rate.setRange(0, 1000)
        self._rate.setDecimals(3)
        self._rate.setSpecialValueText("not said")
        self._rate.setAccessibleName("Frames a second")
        self._rate.setToolTip("The video's, for formats that count frames")
        return row(label("Frames a second", "muted"), self._rate)

    def _losses(self, names: Sequence[str]) -> list[str]:
        """Of the first sessions alone where there are many. Called in a thread."""
        with Project.open(self._project.path, SystemClock()) as project:
            return losses(project, self._going[:LOOKED_INTO], names)

    def _judgement(self) -> QWidget:
        self._verdict = label("", wrap=True)
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(GRID)
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, GRID, 0)
        inside.addWidget(self._verdict)
        inside.addLayout(self._reasons)
        inside.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        return scroll

    def _leaving(self) -> QWidget:
        self._export, self._leave = button("Export", "export", "primary"), QPushButton("Cancel")
        self._export.setDefault(True)
        self._export.clicked.connect(self.begin)
        self._leave.setAutoDefault(False)
        self._leave.clicked.connect(self.reject)
        return row(self._leave, self._export)

    def judge(self) -> None:
        """Look at the consents of what is chosen, and say what may go and what lacks."""
        while taken := self._reasons.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        sessions, self._people, self._over_time = waited(self._records)
        if self._these.isChecked():
            sessions = [session for session in sessions if session.id in self._chosen]
        told = [(session, *self._objection(session)) for session in sessions]
        self._going = [session.id for session, _, barred in told if not barred]
        for session, reason, barred in told:
            if reason:
                self._reasons.addWidget(self._reason(session, reason, barred))
        last: QWidget = self._over
        for asking in [b for b in self._scroll.findChildren(QPushButton) if not b.isHidden()]:
            QWidget.setTabOrder(last, asking)
            last = asking
        QWidget.setTabOrder(last, self._leave)
        self._chooser.look_again()
        self._verdict.setText(self._words(len(sessions), sum(bool(reason) for _, reason, _ in told)))
        self._enable()

    def _records(self) -> tuple[list[Session], dict[ParticipantId, Participant], dict[SessionId, str]]:
        people = {person.id: person for person in self._project.participants.all()}
        return self._project.sessions.all(), people, over_in(self._project, SystemClock().utc_ns())

    def _objection(self, session: Session) -> tuple[str, bool]:
        """What speaks against a release of it, and whether it therefore stays where it is."""
        people = [self._people[person] for person in session.participants]
        reason = release_reason(session, people) or self._over_time.get(session.id, "")
        return reason, bool(reason) and (self._release.isChecked() or any(p.withdrawn for p in people))

    def _words(self, count: int, spoken_against: int) -> str:
        barred = count - len(self._going)
        if barred:
            what = "released" if self._release.isChecked() else "exported"
            stays = "This session" if count == 1 else f"{barred} of {count} sessions"
            return f"⚠ {stays} may not be {what}, and {'stays' if barred == 1 else 'stay'} out:"
        if spoken_against:
            return "⚠ Keep these files inside the lab:"
        return "✓ All have agreed to public release."

    def _reason(self, session: Session, reason: str, barred: bool) -> QWidget:
        said = QLabel(f"{session.title}: {reason}")
        said.setWordWrap(True)
        asking = QPushButton("Consents …")
        asking.setAutoDefault(False)
        asking.setAccessibleName(f"Consents of {session.title}")
        asking.clicked.connect(lambda: self._look_at(session.id))
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID * 2)
        line.addWidget(said, 1)
        line.addWidget(asking)
        holder = QWidget()
        holder.setLayout(line)
        said.setProperty("role", "warning" if barred else "muted")
        return holder

    def _look_at(self, session_id: SessionId) -> None:
        self._consents(session_id)
        self.judge()

    def _enable(self) -> None:
        self._export.setEnabled(bool(self._going and self._folder.text and self._names()))

    def _names(self) -> list[str]:
        return self._chooser.chosen

    def begin(self) -> None:
        """Write the files; the window stays alive meanwhile."""
        path, going, folder, names = self._project.path, list(self._going), self._folder.path, self._names()
        over, release = self._over.isChecked(), self._release.isChecked()
        rate = self._rate.value() or None

        def write() -> Exported:
            with Project.open(path, SystemClock()) as project:
                return export_sessions(project, going, folder, names, over, release, frame_rate=rate)

        self._busy(True)
        self._work.begin("export", write)

    def reject(self) -> None:
        """Not while files are written."""
        if self._leave.isEnabled():
            super().reject()

    def _busy(self, busy: bool) -> None:
        self._bar.setVisible(busy)
        self._leave.setDisabled(busy)
        self._export.setDisabled(busy)

    def _done(self, made: Exported) -> None:
        self._busy(False)
        files, sessions = counted(len(made.files), "file"), counted(len(made.sessions), "session")
        inside = " They are for this lab only." if made.warnings else ""
        refused = "".join(f" {_in_window(sentence)}" for sentence in made.refused)
        leak = f" They are not to leave the lab: {made.leaks[0]}" if made.leaks else ""
        self._banner.tell(f"{files} of {sessions} are in {self._folder.path}.{inside}{refused}{leak}")
        self._leave.setText("Close")

    def _failed(self, sentence: str) -> None:
        self._busy(False)
        self._banner.tell(_in_window(sentence))


def _in_window(sentence: str) -> str:
    """With the window's means in the place of the command's options."""
    said = sentence.replace("overwrite it with --overwrite", "let it write over them")
    return said.replace("name the video's frame rate with --frame-rate", "say the video's frames a second")
