"""Who annotates: roles, logins made and reset, people who leave and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from storage import Project
from storage.signing_in import PASSWORD_FILE, SigningIn
from ui.application.background import waited
from ui.home.listing import Listing
from ui.theme import GRID
from ui.widgets.copying import copy_button, whole_text
from ui.widgets.fitting import fit, grow_with_words
from ui.widgets.parts import button, label, row
from woz.base.errors import WozError
from woz.lab.annotators import add_annotator, give_roles, make_login, rename_annotator, retire_annotator
from woz.lab.assigning_questions import freed_words
from woz.model.annotator import Annotator, AnnotatorRole

T = TypeVar("T")
HEADERS = ("Who", "Roles", "Login", "State")
LINE_TOLD = f"They put this line into {PASSWORD_FILE}:"
COMMAND_TOLD = "and open the project with this command; FOLDER is a new one of theirs:"
WIDE = 720


class AnnotatorsPage(QWidget):
    def __init__(self, project: Project, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._project, self._tell = project, tell
        self._people: dict[str, Annotator] = {}
        self.list = Listing("Annotators of this project", HEADERS, 1)
        self.list.itemSelectionChanged.connect(self._show)
        self.told = label("", "muted", wrap=True)
        self._buttons = row(
            self._button("Add …", "new", self._add),
            self._button("Roles …", "person", self._roles),
            self._button("Rename …", "annotate", self._rename),
            self._button("Make or reset the login", "check", self.login),
            self._button("Retire, or take back", "loop", self.retire),
        )
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        for widget in (self.told, self.list, self._buttons):
            layout.addWidget(widget)

    def look(self) -> None:
        """Read them anew."""
        people, logins, served = waited(
            lambda: (self._project.annotators.all(), self._project.logins.all(), self._project.logins.possible)
        )
        self._people = {person.pseudonym: person for person in people}
        self.told.setText(
            "Each has a login on the project's server, which refuses what their roles don't let them do."
            if served
            else "This project is a file: roles guide, and nobody logs in. On a PostgreSQL server each has a login."
        )
        names = {
            person.id: ", ".join(sorted(n for n, who in logins.items() if who == person.id)) for person in people
        }
        self.list.fill([_cells(person, names[person.id] if served else "–") for person in people])

    def add(self, pseudonym: str, roles: list[AnnotatorRole]) -> None:
        self._do(lambda: add_annotator(self._project, pseudonym, roles))

    def login(self) -> None:
        """A login for the chosen one, or a new password; the password is shown this once."""
        name = self.list.chosen
        made = self._do(lambda: make_login(self._project, name)) if name else None
        if made:
            login, password = made
            url = self._project.place.url
            assert url is not None
            shown = PasswordDialog(login, password, SigningIn.of(url, login, password), self)
            shown.exec()
            shown.deleteLater()

    def retire(self) -> None:
        """And say what becomes of the question sets that they were to judge."""
        if person := self._people.get(self.list.chosen):
            freed = self._do(lambda: self._retired(person))
            if freed:
                self._tell(freed)

    def _retired(self, person: Annotator) -> str:
        retire_annotator(self._project, person.pseudonym, back=person.retired)
        return freed_words(self._project, person.pseudonym)

    def _add(self) -> None:
        asked = RolesDialog("Somebody new", "", (AnnotatorRole.ANNOTATOR,), self)
        if asked.exec():
            self.add(asked.pseudonym, asked.roles)
        asked.deleteLater()

    def _roles(self) -> None:
        if person := self._people.get(self.list.chosen):
            asked = RolesDialog(f"Roles of {person.pseudonym}", person.pseudonym, person.roles, self)
            if asked.exec():
                self._do(lambda: give_roles(self._project, person.pseudonym, asked.roles))
            asked.deleteLater()

    def _rename(self) -> None:
        if person := self._people.get(self.list.chosen):
            asked = RolesDialog(f"Another pseudonym for {person.pseudonym}", person.pseudonym, None, self)
            if asked.exec():
                self._do(lambda: rename_annotator(self._project, person.pseudonym, asked.pseudonym))
            asked.deleteLater()

    def _do(self, call: Callable[[], T]) -> T | None:
        """A refusal is told in the window, and so is why the list can't be read anew: what was made is made."""
        try:
            made = waited(call)
        except WozError as error:
            self._tell(str(error))
            return None
        self._tell("")
        try:
            self.look()
        except WozError as error:
            self._tell(str(error))
        return made

    def _button(self, text: str, image: str, do: Callable[[], None]) -> QPushButton:
        made = button(text, image)
        made.clicked.connect(lambda _=False: do())
        return made

    def _show(self) -> None:
        for at, made in enumerate(self._buttons.findChildren(QPushButton)):
            made.setEnabled(at == 0 or bool(self.list.chosen))


class RolesDialog(QDialog):
    """A pseudonym, and roles; without `roles` only the pseudonym is asked."""

    def __init__(
        self, title: str, pseudonym: str, roles: tuple[AnnotatorRole, ...] | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._name = QLineEdit(pseudonym)
        self._name.setAccessibleName("Pseudonym")
        self._name.setPlaceholderText("Pseudonym, as A07")
        self._name.setReadOnly(bool(pseudonym) and roles is not None)
        self._boxes = {role: QCheckBox(str(role).capitalize()) for role in AnnotatorRole if roles is not None}
        for role, box in self._boxes.items():
            box.setChecked(role in (roles or ()))
            box.toggled.connect(self._judge)
        self._name.textChanged.connect(self._judge)
        self._keep, leave = button("Keep", "check", "primary"), QPushButton("Cancel")
        self._keep.clicked.connect(self.accept)
        self._keep.setDefault(True)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        for widget in (label(title, "title"), self._name, *self._boxes.values(), row(leave, self._keep)):
            layout.addWidget(widget)
        self._judge()

    @property
    def pseudonym(self) -> str:
        return self._name.text().strip()

    @property
    def roles(self) -> list[AnnotatorRole]:
        return [role for role, box in self._boxes.items() if box.isChecked()]

    def _judge(self) -> None:
        self._keep.setEnabled(bool(self.pseudonym) and (bool(self.roles) or not self._boxes))


class PasswordDialog(QDialog):
    """A login's new password, shown once, and what its owner does with it; each to be copied."""

    def __init__(self, login: str, password: str, signing_in: SigningIn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Login")
        told = f"{login} may log in now, with this password. It is kept nowhere: hand it over."
        close = button("Close", "stop")
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        self._handed = QGridLayout()
        self._handed.setSpacing(GRID)
        layout.addWidget(label("Login", "title"))
        layout.addLayout(self._handed)
        self._hand(told, f"Password of {login}", "Copy the password", password, 1)
        self._hand(LINE_TOLD, f"Line of {login}", "Copy the line", signing_in.pgpass, 3)
        self._hand(COMMAND_TOLD, f"Command of {login}", "Copy the command", signing_in.command, 3)
        layout.addWidget(row(close))
        fit(self, WIDE, self.sizeHint().height())
        grow_with_words(self)

    def _hand(self, told: str, name: str, copy: str, text: str, lines: int) -> None:
        at = self._handed.rowCount()
        self._handed.addWidget(label(told, wrap=True), at, 0, 1, 2)
        self._handed.addWidget(whole_text(text, name, lines), at + 1, 0)
        self._handed.addWidget(copy_button(copy, text), at + 1, 1)


def _cells(person: Annotator, login: str) -> tuple[str, ...]:
    return person.pseudonym, ", ".join(person.roles), login or "none yet", "retired" if person.retired else "active"
