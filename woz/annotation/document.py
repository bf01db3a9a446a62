"""The annotations of one session as an annotator edits them: items, history, and one message a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from woz.annotation.edits import Edit, Item
from woz.annotation.ports import EditLog
from woz.model.annotation import Segment, Tier
from woz.model.ids import SegmentId, SessionId, TierId
from woz.model.question import Question
from woz.model.transcript import Term, Turn


@dataclass(frozen=True, slots=True)
class Change:
    """Says which kinds of item changed and who did it, so that each view decides whether it is stale."""

    kinds: frozenset[type]
    initiator: object | None = None


Listener = Callable[[Change], None]


class Document:
    """Holds the items of a session; nothing changes outside an edit, and each edit is stored before it shows."""

    def __init__(self, session_id: SessionId, items: Iterable[Item], log: EditLog, by: str) -> None:
        self.session_id = session_id
        self._items: dict[str, Item] = {str(item.id): item for item in items}
        self._turns: tuple[Turn, ...] | None = None
        self._log = log
        self._by = by
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._listeners: list[Listener] = []

    # reading

    @property
    def tiers(self) -> tuple[Tier, ...]:
        return tuple(item for item in self._items.values() if isinstance(item, Tier))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns by time; kept until one changes, since views ask for them at each paint."""
        if self._turns is None:
            found = (item for item in self._items.values() if isinstance(item, Turn))
            self._turns = tuple(sorted(found, key=lambda t: (t.interval.start_ns, t.interval.end_ns, t.id)))
        return self._turns

    @property
    def terms(self) -> tuple[Term, ...]:
        """The glossary, in the order of the alphabet."""
        return tuple(sorted((i for i in self._items.values() if isinstance(i, Term)), key=lambda t: t.text.lower()))

    @property
    def questions(self) -> tuple[Question, ...]:
        questions = (item for item in self._items.values() if isinstance(item, Question))
        return tuple(sorted(questions, key=lambda q: q.clip))

    def segments(self, tier_id: TierId) -> tuple[Segment, ...]:
        """The segments of a tier, by time."""
        found = (i for i in self._items.values() if isinstance(i, Segment) and i.tier_id == tier_id)
        return tuple(sorted(found, key=lambda s: s.interval))

    def segment(self, segment_id: SegmentId) -> Segment:
        """Raises KeyError where there is none."""
        item = self._items[segment_id]
        if not isinstance(item, Segment):
            raise KeyError(segment_id)
        return item

    # changing

    def apply(self, edit: Edit, initiator: object | None = None) -> None:
        """Do an edit. An empty one does nothing. Raises WozError, and changes nothing, where it can't be stored."""
        if not edit:
            return
        self._perform(edit, initiator)
        self._done.append(edit)
        self._undone.clear()

    @property
    def undo_name(self) -> str | None:
        """The name of the edit that undo would take back, or None."""
        return self._done[-1].name if self._done else None

    @property
    def redo_name(self) -> str | None:
        return self._undone[-1].name if self._undone else None

    def undo(self, initiator: object | None = None) -> None:
        """Take back the last edit; nothing where there is none."""
        if self._done:
            self._perform(self._done[-1].inverse(), initiator)
            self._undone.append(self._done.pop())

    def redo(self, initiator: object | None = None) -> None:
        if self._undone:
            self._perform(self._undone[-1], initiator)
            self._done.append(self._undone.pop())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of each change; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _perform(self, edit: Edit, initiator: object | None) -> None:
        for item in edit.before:
            if self._items.get(str(item.id)) != item:
                raise ValueError(f"{edit.name}: {item.id} is not what the edit replaces")
        self._log.record(self.session_id, edit, self._by)
        for item in edit.before:
            del self._items[str(item.id)]
        for item in edit.after:
            self._items[str(item.id)] = item
        if Turn in edit.kinds:
            self._turns = None
        for listener in tuple(self._listeners):
            listener(Change(edit.kinds, initiator))
