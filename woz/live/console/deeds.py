"""What the expert does: kept on this machine's disk, sent to the station, and sent again until it has it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.link.ends.console_end import ConsoleEnd
from woz.link.ends.link_state import LinkState
from woz.link.messages.expert_events import event_message
from woz.live.console.session_time import SessionTime
from woz.live.seats.expert_log import Deed, ExpertLog
from woz.live.seats.troubles import Troubles
from woz.model.events import Event, EventKind
from woz.model.ids import StepId, new_id
from woz.model.people import Role
from woz.model.procedure import Procedure
from woz.recording.live.outbox import Outbox

RESEND_AT_ONCE = 200


class Deeds:
    """All of it does nothing before `open`: an observer keeps nothing."""

    def __init__(self, time: SessionTime, clock: Clock, link: ConsoleEnd, troubles: Troubles) -> None:
        self._time = time
        self._clock = clock
        self._link = link
        self._troubles = troubles
        self._outbox: Outbox | None = None
        self._sending = threading.Lock()
        self._station_is_full = False
        self._told_step: tuple[int, StepId] | None = None
        self.log = ExpertLog()
        self.procedure: Procedure | None = None

    def open(self, path: Path) -> None:
        """Raises WozError where what was kept before can't be read."""
        try:
            self._outbox = outbox = Outbox(path)
            self.log = ExpertLog(event for _, event in outbox.pending)
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}).") from error
        self._link.outbox = outbox.id

    # what the expert does; False where nothing is recorded, or it can't be kept

    def step(self, step_id: StepId) -> bool:
        step = next((s for s in self.procedure.steps if s.id == step_id), None) if self.procedure else None
        return step is not None and self.event(EventKind.STEP, id=new_id(), step_id=step_id, name=step.name)

    def correct(self, text: str) -> bool:
        mistakes = self.log.open_mistakes
        return bool(mistakes) and self.event(EventKind.CORRECTION, text=text, id=new_id(), of=mistakes[-1])

    def undo(self, deed_id: str) -> Deed | None:
        done = {deed.id: deed for deed in self.log.deeds if deed.id and not deed.undone}
        deed = done.get(deed_id) if deed_id else self.log.last()
        return deed if deed and self.event(EventKind.UNDO, of=deed.id) else None

    def stroke(self, points: Sequence[tuple[float, float]], began_ns: int) -> None:
        bounded = [[round(min(max(v, 0.0), 1.0), 4) for v in point] for point in points]
        self.event(EventKind.STROKE, began_ns, points=bounded, end_ns=self._time.at(self._clock.now_ns()))

    def event(self, kind: EventKind, at_ns: int | None = None, **data: Any) -> bool:
        """Keep and send what was done, now or at a time of the console's clock."""
        t_ns = self._time.at(self._clock.now_ns() if at_ns is None else at_ns)
        if t_ns is None or self._outbox is None or self._time.ended:
            return False
        event = Event(t_ns, kind, Role.EXPERT, {k: v for k, v in data.items() if v is not None})
        try:
            with self._sending:
                number = self._outbox.put(event)
                self._link.tell(event_message(self._outbox.id, number, event))
        except OSError as error:
            self._troubles.came("marks", f"Your marks can't be kept in {self._outbox.path} ({error.strerror}).")
            return False
        self._troubles.over("marks")
        self.log.add(event)
        return True

    # what the station tells

    def accepted(self, outbox: str, number: int, full: bool) -> None:
        if self._outbox and outbox == self._outbox.id:
            self._outbox.acknowledged(number)
            self._station_is_full = full

    def resend(self) -> None:
        if self._outbox and self._link.state == LinkState.LIVE and not self._station_is_full:
            with self._sending:
                for number, event in self._outbox.pending[:RESEND_AT_ONCE]:
                    self._link.tell(event_message(self._outbox.id, number, event))

    def told_step(self, began_ns: int, step_id: StepId) -> None:
        self._told_step = began_ns, step_id

    # for the status

    @property
    def current_step(self) -> StepId | None:
        """What runs by the expert's own marks, or, where that is newer, as the station has it."""
        own = {deed.t_ns for deed in self.log.deeds if deed.kind == EventKind.STEP}
        told = self._told_step if self._told_step and self._told_step[0] not in own else None
        steps = [step for step in (told, self.log.step) if step]
        return max(steps, key=lambda step: step[0])[1] if steps else None

    @property
    def unsent(self) -> int | None:
        """How many the station hasn't acknowledged; None for an observer."""
        return len(self._outbox.pending) if self._outbox else None

    @property
    def problem(self) -> str:
        if not (self._station_is_full and self._outbox):
            return ""
        return f"The station has no room for more of your marks; they are kept here, in {self._outbox.path}."
