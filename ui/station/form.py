"""The form before a session: view and sound, procedure, protocol, people, consents."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.application.holding import start_with
from ui.station.device_card import DeviceCard
from ui.station.person_card import PersonCard
from ui.station.protocol_card import ProtocolCard
from ui.station.task_card import TaskCard
from ui.theme import GRID, icon
from ui.widgets.columns import Columns
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label
from ui.widgets.push import Push
from ui.widgets.questions import sure
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.choices import Chosen
from woz.model.people import Participant, Role
from woz.model.plan import Plan, problems
from woz.model.procedure import Procedure
from woz.model.protocol import Protocol

OPEN = "Open the station"


class PlanForm(QDialog):
    """Accepted once nothing lacks and the station is open; `plan` is then what was entered.

    `opens` opens it, on another thread. Where it raises WozError, the form says so and stays as it is. `entered`
    says that a person entered the draft, so that it is not left without a question though nothing changed since.
    """

    _opened = Signal(str)

    def __init__(
        self,
        draft: Plan,
        procedures: Sequence[Procedure],
        people: Sequence[Participant],
        protocols: Sequence[Protocol],
        now_utc_ns: int,
        devices: DeviceCard,
        opens: Callable[[Plan, Chosen], object] = lambda plan, chosen: None,
        entered: bool = False,
    ) -> None:
        super().__init__()
        self._devices, self._opens = devices, opens
        self._opening: threading.Thread | None = None
        self.setWindowTitle("woz – new session")
        self.setWindowIcon(icon("woz"))
        fit(self, 1280, 960)
        self._known, self._now_utc_ns = people, now_utc_ns
        self._task = TaskCard(draft.procedure, procedures, draft.scenario)
        self._protocol = ProtocolCard(draft.protocol, protocols)
        self._cards: list[PersonCard] = []
        self._people = QVBoxLayout()
        self._build()
        self._fill(draft)
        for card in (self._task, self._protocol):
            card.changed.connect(self._judge)
        self._opened.connect(self._show_opened)
        self._judge()
        self._cards[0].begin()
        self._begun = None if entered else self.plan
        devices.try_all()
        devices.look()

    @property
    def devices_chosen(self) -> Chosen:
        return self._devices.chosen

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
        faults = problems(self.plan, self._known) + [
            f"Enter the pseudonym of {who}, or take out what else is entered of them." for who in self._nameless
        ]
        bare = "" if self.plan.procedure.steps else " The procedure has no steps; the expert will see none."
        self._lack.setText(faults[0] if faults else f"All that is needed is entered.{bare}")
        self._go.setEnabled(not faults)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if begun := self.focusWidget():
            QTimer.singleShot(0, begun, lambda: self._body.ensureWidgetVisible(begun))

    def reject(self) -> None:
        """What was entered is not lost by a key alone."""
        untouched = self.plan == self._begun and not self._nameless
        if untouched or sure(self, "Leave the form?", "Leave it", "Stay here", "What was entered is lost."):
            super().reject()

    @property
    def _nameless(self) -> list[str]:
        """Of whom something is entered that belongs to no pseudonym yet: the plan is without it."""
        return [who for card in self._cards if (who := card.nameless)]

    def done(self, result: int) -> None:
        """Nothing is closed while the station is being opened."""
        if self._opening is None:
            self._devices.end()
            super().done(result)

    def _open(self) -> None:
        """Let go of what is tried, and open the station, on a thread of its own."""
        plan, chosen = self.plan, self._devices.chosen

        def work() -> None:
            self._devices.release()
            try:
                self._opens(plan, chosen)
            except WozError as fault:
                self._opened.emit(str(fault))
            else:
                self._opened.emit("")

        self._set_busy(True)
        self._opening = Supervisor().thread(
            "opening of the station", work, lambda fault: self._opened.emit(str(fault))
        )
        start_with(self._opening, self)

    def _show_opened(self, fault: str) -> None:
        if self._opening:
            self._opening.join()
        self._opening = None
        self._set_busy(False)
        if not fault:
            self.accept()
            return
        self._banner.tell(fault)
        self._go.setFocus()
        self._devices.try_all()

    def _set_busy(self, busy: bool) -> None:
        self._banner.tell("")
        self._body.setDisabled(busy)
        self._leaving.setDisabled(busy)
        self._go.setDisabled(busy)
        self._go.setText("Opening the station …" if busy else OPEN)

    def _build(self) -> None:
        left, right = QWidget(), QWidget()
        cards = QVBoxLayout(left)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(GRID * 2)
        for card in (self._devices, self._task, self._protocol):
            cards.addWidget(card)
        cards.addStretch(1)
        right.setLayout(self._people_column())
        self._body = Columns(left, right)
        self._banner = Banner()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 2, GRID * 3, GRID * 2)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("New session", "title"))
        layout.addWidget(self._body, 1)
        layout.addWidget(self._banner)
        layout.addLayout(self._buttons())
        for each in self.findChildren(QPushButton):
            each.setAutoDefault(False)  # Enter in a field shall press no button
        action(self, "Open the station", "Ctrl+Return", lambda: self._go.click())
        action(self, "Play a chime in the earpiece", "Ctrl+P", self._devices.play_chime)
        action(self, "Look for devices again", "F5", self._devices.look)
        help_action(self)

    def _people_column(self) -> QVBoxLayout:
        self._adding = adding = button("Add a person", "new")
        adding.clicked.connect(lambda: self.add_person())
        self._people.setContentsMargins(0, 0, 0, 0)
        self._people.setSpacing(GRID * 2)
        self._people.addWidget(label("People", "heading"))
        self._people.addWidget(adding, 0, Qt.AlignmentFlag.AlignLeft)
        self._people.addStretch(1)
        return self._people

    def _buttons(self) -> QHBoxLayout:
        self._lack = label("", "muted", wrap=True)
        self._lack.setAccessibleName("What is still needed")
        self._go = button(OPEN, "step", "primary")
        self._go.clicked.connect(self._open)
        self._leaving = leaving = Push("Cancel")
        leaving.clicked.connect(self.reject)
        layout = QHBoxLayout()
        layout.addWidget(self._lack, 1)
        layout.addWidget(leaving)
        layout.addWidget(self._go)
        return layout
