"""One participant of a session: what they agreed to, and whether they have withdrawn."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.consents import Consents
from ui.widgets.parts import label
from woz.model.people import Consent, Participant, Role


class PersonConsents(QFrame):
    """Keeps nothing itself; `consents` and `withdrawn` are as they were entered.

    `leaving` asks that they be taken out of the project.
    """

    leaving = Signal()

    def __init__(self, person: Participant, role: Role, now_utc_ns: int, new: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.person, self.role, self.new = person, role, new
        self._consents = Consents(now_utc_ns)
        self._consents.show_consents(person.consents)
        self._withdrawn = QCheckBox("Has withdrawn from the study: nothing is allowed, in any session")
        self._withdrawn.setAccessibleName(f"{person.pseudonym} has withdrawn from the study")
        self._withdrawn.toggled.connect(self._consents.setDisabled)
        self._withdrawn.setChecked(person.withdrawn)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(label(f"{person.pseudonym}, {role}", "heading"))
        layout.addWidget(self._consents)
        layout.addWidget(self._withdrawn)
        self._leave = QPushButton(f"Take {person.pseudonym} out of the project …")
        self._leave.setAccessibleName(f"Take {person.pseudonym} out of the project")
        self._leave.setAutoDefault(False)
        self._leave.setHidden(new)
        self._leave.clicked.connect(self.leaving)
        line = QHBoxLayout()
        line.addWidget(self._leave)
        line.addStretch(1)
        layout.addLayout(line)

    @property
    def consents(self) -> tuple[Consent, ...]:
        return self._consents.consents

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        return (*self._consents.stops, self._withdrawn, self._leave)

    @property
    def withdrawn(self) -> bool:
        return self._withdrawn.isChecked()
