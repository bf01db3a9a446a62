"""What the expert did in a session, as both desks show it: steps, marks, notes, and what of it was taken back."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from woz.model.events import Event, EventKind, standing
from woz.model.ids import StepId
from woz.model.people import Role

SHOWN = frozenset({EventKind.STEP, EventKind.MISTAKE, EventKind.CORRECTION, EventKind.MARK, EventKind.NOTE})
MOST = 5_000
"""Deeds that are kept in mind; of more than so many the oldest go, here alone."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that the expert did at a session time; `text` is the name of a step or mark, or what was written.

    `id` is empty where it can't be taken back.
    """

    t_ns: int
    kind: EventKind
    text: str
    id: str = ""
    undone: bool = False


class ExpertLog:
    """Made of events; those of others, and of kinds that are not shown, are passed over. Safe from any thread."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._lock = Lock()
        self._events: deque[Event] = deque(maxlen=MOST)
        self._judged: _Judged | None = None
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        with self._lock:
            if event.by == Role.EXPERT and (event.kind in SHOWN or event.kind == EventKind.UNDO):
                self._events.append(event)
                self._judged = None

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """In the order of their times; the same object until another event is added."""
        return self._now().deeds

    @property
    def step(self) -> tuple[int, StepId] | None:
        """When the step that runs began, and which it is; None before the first."""
        steps = [e for e in self._now().hold if e.kind == EventKind.STEP and "step_id" in e.data]
        return (steps[-1].t_ns, StepId(str(steps[-1].data["step_id"]))) if steps else None

    @property
    def open_mistakes(self) -> list[str]:
        """Identifiers of the mistakes that no correction followed yet, in the order of their times."""
        hold = self._now().hold
        corrected = {e.data.get("of") for e in hold if e.kind == EventKind.CORRECTION}
        mistakes = [str(e.data.get("id", "")) for e in hold if e.kind == EventKind.MISTAKE]
        return [mistake for mistake in mistakes if mistake and mistake not in corrected]

    def last(self) -> Deed | None:
        """The newest deed that stands and can be taken back."""
        return next((deed for deed in reversed(self.deeds) if deed.id and not deed.undone), None)

    def _now(self) -> _Judged:
        with self._lock:
            self._judged = self._judged or _judged(self._events)
            return self._judged


@dataclass(frozen=True, slots=True)
class _Judged:
    hold: tuple[Event, ...]
    deeds: tuple[Deed, ...]


def _judged(events: Iterable[Event]) -> _Judged:
    in_order = sorted(events, key=lambda e: e.t_ns)
    hold = standing(in_order)
    there = {id(event) for event in hold}
    shown = (e for e in in_order if e.kind in SHOWN)
    deeds = (Deed(e.t_ns, e.kind, _text(e), str(e.data.get("id", "")), id(e) not in there) for e in shown)
    return _Judged(tuple(hold), tuple(deeds))


def counts(deeds: Iterable[Deed]) -> Mapping[str, int]:
    """How often each mark was set, and mistakes were marked, by name; what was taken back doesn't count."""
    return Counter(
        deed.text if deed.kind == EventKind.MARK else "Mistake"
        for deed in deeds
        if deed.kind in (EventKind.MARK, EventKind.MISTAKE) and not deed.undone
    )


def _text(event: Event) -> str:
    return str(event.data.get("name") or event.data.get("text") or "")
