"""What a withdrawal would take out of the project, shown before it is carried out."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from storage import Project
from ui.application.background import waited
from ui.home.path_field import PathField
from ui.reports.desk_drafts import drafts_of
from ui.reports.withdrawal_words import plan_words
from ui.theme import GRID
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label, row
from woz.lab.session_names import known_as
from woz.lab.withdrawing import plan_withdrawal


class WithdrawalDialog(QDialog):
    """Accepted with the `arguments` of the command that carries it out; changes nothing itself."""

    def __init__(self, project: Project, pseudonym: str, parent: QWidget | None = None) -> None:
        """Raises WozError where the plan can't be made."""
        super().__init__(parent)
        self._project, self._pseudonym = str(project.path), pseudonym
        plan, names = waited(
            lambda: (plan_withdrawal(project, pseudonym, drafts=drafts_of(project.path)), known_as(project))
        )
        self._refused = plan.refused
        self.setWindowTitle("Withdrawal")
        fit(self, 860, 620)
        self._plan = QPlainTextEdit("\n".join(plan_words(plan, names)))
        self._plan.setReadOnly(True)
        self._plan.setAccessibleName("What would go")
        self._backups = PathField(
            "Folder with backups of this project",
            hint="folder with backups of this project, where the same is done; may stay empty",
        )
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(pseudonym)
        self._typed.setAccessibleName(f"Type {pseudonym} to allow it")
        self._typed.textChanged.connect(self._judge)
        self._typed.setEnabled(not plan.refused)
        self._begin, leaving = button("Take it out for good", "stop", "danger"), QPushButton("Cancel")
        self._begin.clicked.connect(self.accept)
        self._begin.setAutoDefault(False)
        leaving.setDefault(True)
        leaving.clicked.connect(self.reject)
        self._lay_out(leaving)
        self._judge()
        self._plan.setFocus()

    def _lay_out(self, leaving: QPushButton) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        told = f"What is of {self._pseudonym} leaves the project for good; a certificate says what. Now:"
        layout.addWidget(label(f"Withdrawal of {self._pseudonym}", "title"))
        layout.addWidget(label(told, "muted", wrap=True))
        layout.addWidget(self._plan, 1)
        layout.addWidget(self._backups)
        wanted = f"It can't be taken back. Type {self._pseudonym} to allow it."
        layout.addWidget(label(self._refused or wanted, wrap=True))
        layout.addWidget(self._typed)
        layout.addWidget(row(leaving, self._begin))

    @property
    def arguments(self) -> list[str]:
        """Of the command line, from `withdraw` on."""
        backups = ["--backups", str(self._backups.path)] if self._backups.text else []
        return ["withdraw", self._project, self._pseudonym, "--yes", *backups]

    def _judge(self) -> None:
        self._begin.setEnabled(self._typed.text().strip() == self._pseudonym)
