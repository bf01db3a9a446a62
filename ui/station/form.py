"""The form before a session: procedure, protocol, people, consents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.station.person_card import PersonCard
from ui.station.protocol_card import ProtocolCard
from ui.station.task_card import TaskCard
from ui.theme import GRID, icon
from ui.widgets.parts import action, button, help_action, label
from woz.plan import Plan, problems
from woz.session import Participant, Procedure, Protocol, Role


class PlanForm(QDialog):
    """Accepted once nothing lacks; `plan` is then what was entered."""

    def __init__(
        self,
        draft: Plan,
        procedures: Sequence[Procedure],
        people: Sequence[Participant],
        protocols: Sequence[Protocol],
        now_utc_ns: int,
    ) -> None:
        super().__init__()
        self.setWindowTitle("woz – new session")
        self.setWindowIcon(icon("woz"))
        self.resize(1180, 780)
        self._known, self._now_utc_ns = people, now_utc_ns
        self._task = TaskCard(draft.procedure, procedures, draft.scenario)
        self._protocol = ProtocolCard(draft.protocol, protocols)
        self._cards: list[PersonCard] = []
        self._people = QVBoxLayout()
        self._build()
        self._fill(draft)
        for card in (self._task, self._protocol):
            card.changed.connect(self._judge)
        self._judge()

    @property
    def plan(self) -> Plan:
        people = [card.person for card in self._cards]
        return Plan(
            self._task.procedure,
            self._protocol.protocol,
            self._task.scenario,
            tuple(person for person in people if person),
        )

    def add_person(self, role: Role = Role.OTHER) -> PersonCard:
        """One more card at the end."""
        card = PersonCard(role, self._known, self._now_utc_ns)
        card.changed.connect(self._judge)
        self._cards.append(card)
        self._people.insertWidget(len(self._cards), card)
        for before, after in pairwise((card.last, self._adding, self._leaving, self._go)):
            self.setTabOrder(before, after)
        return card

    def _fill(self, draft: Plan) -> None:
        by_role = {person.attendance.role: person for person in reversed(draft.people)}
        first = [by_role.get(role) for role in (Role.TRAINEE, Role.EXPERT)]
        rest = [person for person in draft.people if person not in first]
        for role, person in zip((Role.TRAINEE, Role.EXPERT), first, strict=True):
            card = self.add_person(role)
            if person:
                card.fill(person)
        for person in rest:
            self.add_person(person.attendance.role).fill(person)

    def _judge(self) -> None:
        faults = problems(self.plan, self._known)
        bare = "" if self.plan.procedure.steps else " The procedure has no steps; the expert will see none."
        self._lack.setText(faults[0] if faults else f"All that is needed is entered.{bare}")
        self._go.setEnabled(not faults)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID * 2)
        left.addWidget(self._task, 3)
        left.addWidget(self._protocol, 2)
        body = QHBoxLayout()
        body.setSpacing(GRID * 2)
        body.addLayout(left, 5)
        body.addWidget(self._people_area(), 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("New session", "title"))
        layout.addLayout(body, 1)
        layout.addLayout(self._buttons())
        for each in self.findChildren(QPushButton):
            each.setAutoDefault(False)  # Enter in a field shall press no button
        action(self, "Open the station", "Ctrl+Return", lambda: self._go.click())
        help_action(self)

    def _people_area(self) -> QScrollArea:
        self._adding = adding = button("Add a person", "new")
        adding.clicked.connect(lambda: self.add_person())
        self._people.setContentsMargins(0, 0, GRID, 0)
        self._people.setSpacing(GRID * 2)
        self._people.addWidget(label("People", "heading"))
        self._people.addWidget(adding, 0, Qt.AlignmentFlag.AlignLeft)
        self._people.addStretch(1)
        holder = QWidget()
        holder.setLayout(self._people)
        area = QScrollArea()
        area.setWidget(holder)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _buttons(self) -> QHBoxLayout:
        self._lack = label("", "muted", wrap=True)
        self._lack.setAccessibleName("What is still needed")
        self._go = button("Open the station", "step", "primary")
        self._go.clicked.connect(self.accept)
        self._leaving = leaving = QPushButton("Cancel")
        leaving.clicked.connect(self.reject)
        layout = QHBoxLayout()
        layout.addWidget(self._lack, 1)
        layout.addWidget(leaving)
        layout.addWidget(self._go)
        return layout
