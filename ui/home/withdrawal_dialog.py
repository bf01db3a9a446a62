"""What a withdrawal would take out of the project, shown before it is carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from storage import Project
from storage.copies.backup import copies_in
from ui.application.background import waited
from ui.home.path_field import PathField
from ui.reports.desk_drafts import drafts_of
from ui.reports.withdrawal_words import plan_words
from ui.theme import GRID
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label, row
from woz.base.errors import WozError
from woz.lab.session_names import known_as
from woz.lab.withdrawing import plan_withdrawal

RELEASE, FOLDER, BACKUPS, REBUILD = "--releases", "--folders", "--backups", "--rebuild"
_FIELDS = {
    RELEASE: ("Release that may hold something", "a release's folder that woz doesn't know of; may stay empty"),
    FOLDER: (
        "Folder of runs, evaluations or drafts",
        "folder of runs, evaluations or drafts outside the project; may stay empty",
    ),
    BACKUPS: (
        "Folder with backups of this project",
        "folder with backups of this project, where the same is done; may stay empty",
    ),
    REBUILD: (
        "Folder for next versions of releases",
        "where the next version of each release is built without what is theirs; may stay empty",
    ),
}
"""What is named beside the project, by the command's option."""


class WithdrawalDialog(QDialog):
    """Accepted with the `arguments` of the command that carries it out; changes nothing itself.

    What is named is planned anew before it can be accepted, so that nobody allows what they haven't seen.
    """

    def __init__(self, project: Project, pseudonym: str, parent: QWidget | None = None) -> None:
        """Raises WozError where the plan can't be made."""
        super().__init__(parent)
        self._project, self._pseudonym = project, pseudonym
        self._planned: dict[str, Path] = {}
        text, refused = waited(lambda: _planned(project, pseudonym, {}))
        self.setWindowTitle("Withdrawal")
        fit(self, 860, 700)
        self._plan = QPlainTextEdit(text)
        self._plan.setReadOnly(True)
        self._plan.setAccessibleName("What would go")
        self._fields = {option: PathField(name, hint=hint) for option, (name, hint) in _FIELDS.items()}
        for field in self._fields.values():
            field.changed.connect(self._judge)
        self._again = QPushButton("Show the plan with these")
        self._again.setAutoDefault(False)
        self._again.clicked.connect(self._plan_again)
        self._told = label("", "muted", wrap=True)
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(pseudonym)
        self._typed.setAccessibleName(f"Type {pseudonym} to allow it")
        self._typed.textChanged.connect(self._judge)
        self._typed.setEnabled(not refused)
        self._begin, leaving = button("Take it out for good", "stop", "danger"), QPushButton("Cancel")
        self._begin.clicked.connect(self.accept)
        self._begin.setAutoDefault(False)
        leaving.setDefault(True)
        leaving.clicked.connect(self.reject)
        self._lay_out(refused, leaving)
        self._judge()
        self._plan.setFocus()

    def _lay_out(self, refused: str, leaving: QPushButton) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        told = f"What is of {self._pseudonym} leaves the project for good; a certificate says what. Now:"
        layout.addWidget(label(f"Withdrawal of {self._pseudonym}", "title"))
        layout.addWidget(label(told, "muted", wrap=True))
        layout.addWidget(self._plan, 1)
        for field in self._fields.values():
            layout.addWidget(field)
        layout.addWidget(row(self._told, self._again))
        wanted = f"It can't be taken back. Type {self._pseudonym} to allow it."
        layout.addWidget(label(refused or wanted, wrap=True))
        layout.addWidget(self._typed)
        layout.addWidget(row(leaving, self._begin))

    @property
    def arguments(self) -> list[str]:
        """Of the command line, from `withdraw` on."""
        named = [each for option, path in self._planned.items() for each in (option, str(path))]
        return ["withdraw", str(self._project.path), self._pseudonym, "--yes", *named]

    @property
    def _named(self) -> dict[str, Path]:
        return {option: field.path for option, field in self._fields.items() if field.text}

    def _plan_again(self) -> None:
        named = self._named
        try:
            text, _ = waited(lambda: _planned(self._project, self._pseudonym, named))
        except WozError as fault:
            self._told.setText(str(fault))
            return
        self._planned = named
        self._plan.setPlainText(text)
        self._judge()

    def _judge(self) -> None:
        shown = self._named == self._planned
        self._told.setText("" if shown else "The plan above is without these changes.")
        self._again.setEnabled(not shown)
        self._begin.setEnabled(shown and self._typed.text().strip() == self._pseudonym)


def _planned(project: Project, pseudonym: str, named: Mapping[str, Path]) -> tuple[str, str]:
    """The plan in words, and why it may not be carried out here. Raises WozError where it can't be made."""
    from woz.lab.next_versions import next_versions

    def of(option: str) -> list[Path]:
        return [path for each, path in named.items() if each == option]

    backups = [copy for folder in of(BACKUPS) for copy in copies_in(project, folder)]
    plan = plan_withdrawal(project, pseudonym, of(RELEASE), backups, of(FOLDER), drafts_of(project.path))
    for into in of(REBUILD):
        plan = replace(plan, next=next_versions(project, map(Path, plan.releases), into))
    return "\n".join(plan_words(plan, known_as(project))), plan.refused
