"""The annotations of one session as an annotator edits them: items, undo, and one message a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from woz.annotation.conflict import ConflictError, TakingBackError
from woz.annotation.dispute import Dispute
from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit
from woz.annotation.ordered import Ordered
from woz.annotation.patience import Ask, once
from woz.annotation.ports import History, Opened, Schemes
from woz.annotation.provenance import owned, said_already
from woz.annotation.settling import touched
from woz.annotation.shown import Shown
from woz.annotation.stored_before import StoredBefore
from woz.annotation.unstored import Deed, TakingBack, Unstored, Way
from woz.annotation.withdrawn import WithdrawnError
from woz.annotation.writing import Executor, Inline
from woz.base.clock import Clock, SystemClock
from woz.base.errors import UnreachableError, WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, AnnotatorId, SessionId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.question import Question
from woz.model.scheme import Scheme, TierType
from woz.model.tier import Tier
from woz.model.transcript import Term, Turn


@dataclass(frozen=True, slots=True)
class Change:
    """Says which kinds of item changed and who did it, so that each view decides whether it is stale."""

    kinds: frozenset[type]
    initiator: object | None = None


T = TypeVar("T")
Listener = Callable[[Change], None]
Names = tuple[str | None, str | None]
"""Of what can be undone, and redone."""
Stored = Mapping[ItemRef, tuple[Item, int | None]]
"""Items of the store, each with the edit that made it as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """An edit that is shown and not yet stored."""

    edit: Edit
    initiator: object | None
    resumed: StoredBefore | None = None
    """Where it was made when the session was open before: what of that was stored then."""
    undoes: int | None = None
    """What it takes back, where an undo or redo was in dispute."""

    @property
    def items(self) -> frozenset[ItemRef]:
        return frozenset(ref_to(item) for item in (*self.edit.before, *self.edit.after))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the store made of an edit: or why it refused it, and what it has in its place; or which edit it made of
    it when the session was open before, and what it has now.
    """

    logged: LoggedEdit | None
    names: Names
    error: WozError | None = None
    stored: Stored | None = None
    before: int | None = None

    @property
    def edit_id(self) -> int:
        """The edit that was made of it; 0 where none is known."""
        return self.logged.id if self.logged else self.before or 0


def _silent() -> None:
    return


class Document:
    """Holds the items of a session; nothing changes outside an edit.

    An edit is checked and shown at once, and stored by the executor. Where the store refuses it, what is stored is
    shown in its place, and `told` gets the reason; without `told` it is raised. An edit that clashes
    with one of others becomes one of `disputes`. `demand` raises WozError for what isn't to be stored any more.
    """

    def __init__(
        self,
        session_id: SessionId,
        opened: Opened,
        history: History,
        by: str,
        executor: Executor | None = None,
        told: Callable[[WozError], None] | None = None,
        clock: Clock | None = None,
        ask: Ask = once,
        unstored: Unstored | None = None,
        demand: Callable[[Edit], object] = lambda _: None,
    ) -> None:
        self.session_id = session_id
        self.schemes: Schemes = opened.schemes
        self._shown = Shown(opened.items, opened.schemes)
        self._edit_ids: dict[ItemRef, int] = dict(opened.edit_ids)
        self._last = opened.last
        self._names: Names = (opened.undo_name, opened.redo_name)
        self._history = history
        self._by = by
        self._executor, self._told = executor or Inline(), told
        self._clock, self._ask = clock or SystemClock(), ask
        self._unstored, self._demand = unstored or Unstored(), demand
        self._pending: list[_Pending] = []
        self.checked_by: dict[str, str] = dict(opened.checked_by)
        """Who marked a turn as checked last, by the turn's id."""
        self.disputes: tuple[Dispute, ...] = ()
        """Edits of one's own that were refused since others changed the same, the oldest first."""
        self._following = self._again = False
        self._listeners: list[Listener] = []

    # reading

    @property
    def items(self) -> tuple[Item, ...]:
        return self._shown.items

    @property
    def by(self) -> str:
        """Whose edits these are."""
        return self._by

    def know(self, scheme: Scheme) -> None:
        """A scheme that came into the project after the session was opened."""
        self.schemes = {**self.schemes, (scheme.id, scheme.version): scheme}
        self._shown.know(self.schemes)

    @property
    def tiers(self) -> tuple[Tier, ...]:
        return self._shown.of(Tier)

    def tier_type(self, tier: Tier) -> TierType:
        return self._shown.tier_type(tier)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns by time; kept until one changes, since views ask for them at each paint."""
        return self._shown.turns

    def turns_between(self, start_ns: int, end_ns: int) -> list[Turn]:
        """Those that begin before `end_ns` and end after `start_ns`, by time."""
        return self._shown.turns_between(start_ns, end_ns)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The glossary, in the order of the alphabet."""
        return tuple(sorted(self._shown.of(Term), key=lambda t: t.text.lower()))

    @property
    def links(self) -> tuple[Link, ...]:
        return self._shown.of(Link)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(sorted(self._shown.of(Question), key=lambda q: q.clip))

    def timed(self, tier_id: TierId) -> Ordered[Annotation]:
        """The annotations of a tier that have a time. It changes as they do."""
        return self._shown.timed(tier_id)

    def annotations(self, tier_id: TierId) -> tuple[Annotation, ...]:
        """The annotations of a tier as they are now: by time, then those without."""
        return (*self._shown.timed(tier_id), *self._shown.untimed(tier_id))

    def untimed(self, tier_id: TierId) -> tuple[Annotation, ...]:
        """Those of a tier that have no time."""
        return self._shown.untimed(tier_id)

    def annotation(self, annotation_id: AnnotationId) -> Annotation:
        """Raises KeyError where there is none."""
        return self._shown.annotation(annotation_id)

    @property
    def saved(self) -> bool:
        """Whether all that is shown is stored."""
        return not self._pending

    # changing

    def made(self) -> Made:
        """What is made now, by this annotator."""
        return Made(Origin.MANUAL, self._by, self._clock.utc_ns())

    def apply(self, edit: Edit, initiator: object | None = None) -> None:
        """Do an edit. An empty one does nothing. Raises WozError, and changes nothing, where it can't be done."""
        if not edit:
            return
        for item in edit.before:
            shown = self._shown.get(ref_to(item))
            if shown != item and not said_already(shown, item):
                raise ValueError(f"{edit.name}: {item.id} is not what the edit replaces")
        edit = replace(edit, before=tuple(self._shown.get(ref_to(item)) or item for item in edit.before))
        own = owned(edit, AnnotatorId(self._by), self._clock.utc_ns(), self._edit_ids.get)
        self._shown.replace(own.before, own.after)
        self.disputes = tuple(each for each in self.disputes if not each.settled_by(own))
        self._store(_Pending(own, initiator))

    def _apply_back(self, edit: Edit, undoes: int, initiator: object | None) -> None:
        """What an undo or redo comes to after it was in dispute; it takes back what it takes back where it changes
        nothing, too.
        """
        self._shown.replace(edit.before, edit.after)
        self._store(_Pending(edit, initiator, undoes=undoes))

    def resume(self, deeds: Iterable[Deed]) -> None:
        """Have stored what its annotator did before, in its order, if it wasn't then; edits are shown at once, and
        merged as ever.
        """
        kept = tuple(deeds)
        before = StoredBefore(kept, self._whole_log, self.session_id, self._by, self._unstored.after)
        for deed in kept:
            if isinstance(deed, Edit):
                after = {ref_to(item): item for item in deed.after}
                for ref in touched(deed):
                    self._shown.put(ref, after.get(ref))
                self._store(_Pending(deed, None, resumed=before))
            else:
                self._take_back(deed, None, before)

    def _store(self, pending: _Pending) -> None:
        names, edit = self._names, pending.edit
        self._pending.append(pending)
        self._unstored.add(edit, self._last)
        self._take_names(names)
        self._tell_listeners(edit.kinds, pending.initiator)
        self._executor.submit(
            lambda: self._record(pending),
            lambda answer: self._answered(pending, answer),
            lambda error: self._answered(pending, _Answer(None, names, error)),
        )

    def insist(self, dispute: Dispute, initiator: object | None = None) -> None:
        """Have one's own values, after all. Raises WozError, and changes nothing, where they no longer fit."""
        mine = dispute.insisted(self._shown.get)
        if dispute.undoes is None:
            self.apply(mine, initiator)
        else:
            self._apply_back(mine, dispute.undoes, initiator)
        self._drop(dispute, initiator)

    def yield_to(self, dispute: Dispute, initiator: object | None = None) -> None:
        """Leave what others made. An undo or redo is done as far as nobody disputes it: the next one can follow.

        Raises WozError, and changes nothing, where that no longer fits.
        """
        if dispute.undoes is not None:
            self._apply_back(dispute.undisputed(self._shown.get), dispute.undoes, initiator)
        self._drop(dispute, initiator)

    def _drop(self, dispute: Dispute, initiator: object | None) -> None:
        self.disputes = tuple(each for each in self.disputes if each is not dispute)
        self._tell_listeners(frozenset(), initiator)

    def item(self, ref: ItemRef) -> Item | None:
        """Any item as it is shown, or None where there is none."""
        return self._shown.get(ref)

    def stored_by(self, ref: ItemRef) -> int:
        """The last edit known that changed an item in the store; 0 for one that is older than the log."""
        return self._edit_ids.get(ref, 0)

    @property
    def undo_name(self) -> str | None:
        """The name of the edit that undo would take back, or None."""
        return self._names[0]

    @property
    def redo_name(self) -> str | None:
        return self._names[1]

    def undo(
        self, initiator: object | None = None, of: ItemRef | None = None, nothing: Callable[[], None] = _silent
    ) -> None:
        """Take back one's own last edit, of all or of a tier or another item; `nothing` is called without one."""
        self._take_back(TakingBack(Way.UNDO, of), initiator, nothing=nothing)

    def redo(
        self, initiator: object | None = None, of: ItemRef | None = None, nothing: Callable[[], None] = _silent
    ) -> None:
        self._take_back(TakingBack(Way.REDO, of), initiator, nothing=nothing)

    def take_back(self, edit_id: int, item_id: str, initiator: object | None = None) -> None:
        """Take back what an edit, anybody's, did to an item."""
        self._take_back(TakingBack(Way.TAKE_BACK, None, edit_id, item_id), initiator)

    def read(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Have something read from the store, after all that was done so far; `done` gets it."""
        self._executor.submit(work, done, self._fail)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of each change; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # following others

    def follow(self) -> None:
        """Have what others did since read, and shown; asked for again while it is read, it is read once more."""
        if self._following:
            self._again = True
            return
        self._following, self._again = True, False
        after = self._last
        self._executor.submit(lambda: self._since(after), self._followed, self._fail)

    def _followed(self, edits: Iterable[LoggedEdit]) -> None:
        self.refresh(edits)
        if self._again:
            self.follow()

    def refresh(self, edits: Iterable[LoggedEdit]) -> None:
        """Show edits that are stored, the oldest first; those that are shown already change nothing."""
        kinds: set[type] = set()
        for logged in edits:
            kinds |= self._show(logged)
            self._last = max(self._last, logged.id)
        if kinds:
            self._tell_listeners(frozenset(kinds), None)

    def keep_waiting(self) -> None:
        """Have what isn't stored yet outlive a program that is killed before the store answers."""
        self._unstored.keep()

    def close(self) -> None:
        """When all is stored."""
        self._executor.close()

    # on the executor's thread

    def _since(self, after: int) -> tuple[LoggedEdit, ...]:
        try:
            return self._ask(lambda: self._history.since(self.session_id, after, self._by))
        finally:
            self._following = False

    def _whole_log(self) -> tuple[LoggedEdit, ...]:
        return self._ask(lambda: self._history.since(self.session_id, 0, self._by))

    def _record(self, pending: _Pending) -> _Answer:
        if pending.resumed and (before := pending.resumed.edit_of(pending.edit)) is not None:
            stored = self._ask(lambda: self._history.stored(pending.items))
            return _Answer(None, self._undo_names(), stored=stored, before=before)

        def record() -> LoggedEdit:
            self._demand(pending.edit)
            return self._history.record(self.session_id, pending.edit, self._by, pending.undoes)

        try:
            logged = self._ask(record)
        except WozError as error:
            stored = self._ask(lambda: self._history.stored(pending.items))
            return _Answer(None, self._undo_names(), error, stored)
        return _Answer(logged, self._undo_names())

    def _undo_names(self) -> Names:
        return self._ask(lambda: self._history.undo_names(self.session_id, self._by))

    # back on the window's thread

    def _answered(self, pending: _Pending, answer: _Answer) -> None:
        self._pending.remove(pending)
        self._unstored.settle(pending.edit, answer.error, answer.edit_id)
        self._take_names(answer.names)
        if answer.logged:
            kinds = self._show(answer.logged)
        else:
            before = {ref_to(item): item for item in pending.edit.before}
            kinds = self._put_back(pending.items, before, answer.stored)
        error = answer.error
        if isinstance(error, ConflictError) and self._told:
            self._dispute(Dispute(pending.edit, error.clashes, pending.undoes))
            error = None
        elif error and pending.resumed and not isinstance(error, UnreachableError | WithdrawnError):
            error = WozError(f"{pending.edit.name}: {error} {self._unstored.refused(pending.edit)}")
        if kinds or answer.error:
            self._tell_listeners(frozenset(kinds), None)
        if error:
            self._fail(error)

    def _take_back(
        self,
        deed: TakingBack,
        initiator: object | None,
        resumed: StoredBefore | None = None,
        nothing: Callable[[], None] = _silent,
    ) -> None:
        def done(answer: _Answer) -> None:
            self._unstored.settle(deed, None, answer.edit_id)
            self._take_names(answer.names)
            kinds = self._show(answer.logged) if answer.logged else set()
            if isinstance(error := answer.error, TakingBackError):
                kinds = self._put_back(frozenset(clash.item for clash in error.clashes), {}, answer.stored)
                self._dispute(Dispute(error.edit, error.clashes, error.undoes, deed.way is Way.REDO))
            self._tell_listeners(frozenset(kinds), initiator)
            if not (answer.edit_id or error):
                nothing()

        def failed(error: WozError) -> None:
            self._unstored.settle(deed, error)
            self._fail(error)

        self._unstored.add(deed, self._last)
        self._executor.submit(lambda: self._ask_back(deed, resumed), done, failed)

    def _dispute(self, new: Dispute) -> None:
        """An undo that is asked for again is in dispute once."""
        others = (each for each in self.disputes if new.undoes is None or each.undoes != new.undoes)
        self.disputes = (*others, new)

    # on the executor's thread

    def _ask_back(self, deed: TakingBack, resumed: StoredBefore | None) -> _Answer:
        if resumed and (before := resumed.edit_of(deed)) is not None:
            return _Answer(None, self._undo_names(), before=before)
        try:
            return _Answer(self._ask(lambda: self._taken_back(deed)), self._undo_names())
        except TakingBackError as error:
            if self._told is None:
                raise
            wanted = [clash.item for clash in error.clashes]
            stored = self._ask(lambda: self._history.stored(wanted))
            return _Answer(None, self._undo_names(), error, stored)

    def _taken_back(self, deed: TakingBack) -> LoggedEdit | None:
        history, where = self._history, (self.session_id, self._by)
        if deed.way is Way.TAKE_BACK:
            return history.take_back(*where, deed.edit_id, deed.item_id)
        return history.undo(*where, deed.of) if deed.way is Way.UNDO else history.redo(*where, deed.of)

    def _take_names(self, names: Names) -> None:
        """What waits to be stored is what would be undone first."""
        waiting = [each for each in self._pending if each.undoes is None]
        self._names = (waiting[-1].edit.name, None) if waiting else names

    def _show(self, logged: LoggedEdit) -> set[type]:
        """What is stored, where nothing that waits changes it anyway; the answer is which kinds changed."""
        kinds = set()
        waiting = self._waiting()
        for change in logged.changes:
            if self._edit_ids.get(change.item, 0) >= logged.id:
                continue
            self._edit_ids[change.item] = logged.id
            if change.checks:
                self.checked_by[change.item.id] = logged.by
            if change.item not in waiting:
                same = said_already(self._shown.get(change.item), change.after)
                changed = self._shown.put(change.item, change.after)
                kinds |= set() if same else changed
        return kinds

    def _put_back(
        self, refs: frozenset[ItemRef], before: Mapping[ItemRef, Item], stored: Stored | None
    ) -> set[type]:
        """What is stored in the place of a refused edit; what was there before it where the store can't be read."""
        kinds = set()
        for ref in refs - self._waiting():
            item = before.get(ref)
            if stored is not None:
                item, edit_id = stored.get(ref, (None, None))
                self._edit_ids[ref] = edit_id or 0
            kinds |= self._shown.put(ref, item)
        return kinds

    def _waiting(self) -> set[ItemRef]:
        return {ref for pending in self._pending for ref in pending.items}

    def _fail(self, error: WozError) -> None:
        if self._told is None:
            raise error
        self._told(error)

    def _tell_listeners(self, kinds: frozenset[type], initiator: object | None) -> None:
        for listener in tuple(self._listeners):
            listener(Change(kinds, initiator))
