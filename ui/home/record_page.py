"""Who is on record, with a lamp where something lacks or is due; of each their consents, and what rests on them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from storage import Project
from ui.application.background import waited
from ui.home.listing import Listing
from ui.home.person_consents import PersonConsents
from ui.home.withdrawal_dialog import WithdrawalDialog
from ui.reports.person_page import person_html
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button, label, row
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.lab.consenting import keep_entered
from woz.lab.people import PersonLine, people_lines, person_page
from woz.lab.withdrawing import person_named
from woz.model.people import Participant

LEAVING = 2
"""The answer of who would rather see a withdrawal's plan."""
HEADERS = ("Who", "Role", "Sessions", "Hours", "Consents")


class RecordPage(QWidget):
    """`wanted` carries a withdrawal that somebody allowed, as `PeopleWindow` does."""

    wanted = Signal(str, list)

    def __init__(self, project: Project, clock: Clock, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._project, self._clock, self._tell = project, clock, tell
        self.list = Listing("Who is on record", HEADERS, len(HEADERS) - 1)
        self.list.itemSelectionChanged.connect(self._show)
        self.page = QTextBrowser()
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page.setAccessibleName("What they agreed to, and what rests on it")
        self._told = label("", "muted", wrap=True)
        self._enter = button("Enter consents", "person")
        self._enter.clicked.connect(self.enter)
        self._leave = button("Withdrawal: what would go", "stop")
        self._leave.clicked.connect(self.withdraw)
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.page)
        split.setSizes([560, 560])
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(self._told)
        layout.addWidget(split, 1)
        layout.addWidget(row(self._enter, self._leave))

    def look(self) -> None:
        """Read it anew."""
        try:
            lines = waited(lambda: people_lines(self._project, self._clock.utc_ns()))
        except WozError as error:
            self._tell(str(error))
            return
        self._told.setText(count_words(lines))
        self.list.fill([_cells(line) for line in lines])
        self._show()

    def enter(self) -> None:
        """Change what the chosen one agreed to."""
        if not self.list.chosen:
            return
        name, now = self.list.chosen, self._clock.utc_ns()
        try:
            person = waited(lambda: person_named(self._project, name))
        except WozError as error:
            self._tell(str(error))
            return
        asked = PersonDialog(person, now, self)
        asked.person_consents.leaving.connect(lambda: asked.done(LEAVING))
        answer = asked.exec()
        if answer == LEAVING:
            self.withdraw()
        elif answer:
            self.keep(asked)
        asked.deleteLater()

    def keep(self, asked: PersonDialog) -> None:
        """What was entered; what can't be kept is told."""
        try:
            entered, withdrawn = asked.person_consents.consents, asked.person_consents.withdrawn
            waited(lambda: keep_entered(self._project, asked.person, entered, withdrawn))
        except WozError as error:
            self._tell(f"Nothing of it was kept. {error}")
            return
        self.look()

    def withdraw(self) -> None:
        """Show what would go of the chosen one; where it is allowed, have it done."""
        if not self.list.chosen:
            return
        try:
            asked = WithdrawalDialog(self._project, self.list.chosen, self)
        except WozError as error:
            self._tell(str(error))
            return
        if asked.exec():
            self.wanted.emit("Withdrawal", asked.arguments)
        asked.deleteLater()

    def _show(self) -> None:
        name = self.list.chosen
        for made in (self._enter, self._leave):
            made.setEnabled(bool(name))
        if not name:
            self.page.setHtml(
                "Nobody is on record yet. The station's form and the consents of a session enter people."
            )
            return
        try:
            found = waited(lambda: person_page(self._project, name, self._clock.utc_ns()))
        except WozError as error:
            self._tell(str(error))
            return
        self.page.setHtml(person_html(found))


class PersonDialog(QDialog):
    """What one person agreed to; accepted where it is to be kept."""

    def __init__(self, person: Participant, now_utc_ns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Consents")
        self.person = person
        self.person_consents = PersonConsents(person, person.role, now_utc_ns)
        keep, leave = button("Keep", "check", "primary"), QPushButton("Cancel")
        keep.clicked.connect(self.accept)
        keep.setDefault(True)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(self.person_consents)
        layout.addWidget(row(leave, keep))
        steady(self)


def _cells(line: PersonLine) -> tuple[str, ...]:
    lamp = f"⚠ {line.lamp}" if line.lamp else "✓"
    return line.pseudonym, line.role, str(line.sessions), f"{line.hours:.1f}", lamp


def count_words(lines: list[PersonLine]) -> str:
    """As "12 on record: 2 lack a consent, 1 is past a retention date."; empty where there is nobody."""
    if not lines:
        return ""
    lacking, due = sum(bool(line.lacking) for line in lines), sum(bool(line.due) for line in lines)
    lack = f"{lacking or 'nobody'} {'lack' if lacking > 1 else 'lacks'} a consent"
    past = f"{due or 'nobody'} {'are' if due > 1 else 'is'} past a retention date"
    return f"{len(lines)} on record: {lack}, {past}."
