"""What a program had stored, and was killed before it heard so: it is not done again at the next opening."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange, LoggedEdit
from woz.annotation.provenance import said_already
from woz.annotation.settling import touched
from woz.annotation.unstored import Deed, TakingBack, Way
from woz.model.ids import SessionId
from woz.model.item import ref_to
from woz.model.item_merge import differences
from woz.model.kinds import Item


class StoredBefore:
    """Holds the deeds that a file kept against the session's log.

    They were stored one after the other, in their order: each made the first of its maker's edits that does what it
    was to do, behind the one of the deed before it, and behind `after`, the last edit that was heard of. Where that
    one isn't known, nothing was stored. What takes back something behind an edit that wasn't stored wasn't, either,
    whatever its maker took back elsewhere. `read` gives the log, the oldest first, and is asked once.
    """

    def __init__(
        self,
        deeds: Sequence[Deed],
        read: Callable[[], Sequence[LoggedEdit]],
        session_id: SessionId,
        by: str,
        after: int | None,
    ) -> None:
        self._deeds, self._read, self._after = tuple(deeds), read, after
        self._session_id, self._by = session_id, by
        self._found: tuple[int | None, ...] | None = None

    def edit_of(self, deed: Deed) -> int | None:
        """The id of the edit that a deed made, 0 where the store answered that there was nothing to take back; None
        where it is to be stored. Raises what `read` raises.
        """
        if self._found is None:
            self._found = self._find(self._read()) if self._after is not None else (None,) * len(self._deeds)
        return next(found for each, found in zip(self._deeds, self._found, strict=True) if each is deed)

    def _find(self, log: Sequence[LoggedEdit]) -> tuple[int | None, ...]:
        known = {logged.id: logged for logged in log}
        mine = (self._session_id, self._by)
        own = {key: each for key, each in known.items() if (each.session_id, each.by) == mine}
        left = [each for each in own.values() if each.id > (self._after or 0)]
        found, lacking = list[int | None](), False
        for deed in self._deeds:
            among = [] if lacking and isinstance(deed, TakingBack) else left
            place = next((n for n, each in enumerate(among) if _made(deed, each, own, known)), None)
            found.append(None if place is None else left[place].id)
            left = left if place is None else left[place + 1 :]
            lacking = lacking or (place is None and isinstance(deed, Edit))
        answered = max((place for place, each in enumerate(found) if each is not None), default=-1)
        void = (isinstance(deed, TakingBack) and place < answered for place, deed in enumerate(self._deeds))
        return tuple(0 if nothing and each is None else each for nothing, each in zip(void, found, strict=True))


Log = dict[int, LoggedEdit]


def _made(deed: Deed, logged: LoggedEdit, own: Log, known: Log) -> bool:
    """Whether a deed may have made an edit of its maker's."""
    if isinstance(deed, Edit):
        return logged.undoes is None and _does(deed, logged.changes)
    if deed.way is Way.TAKE_BACK:
        return _takes_back(deed, logged, known)
    steps = _steps(logged, own)
    return steps > 0 and (steps % 2 == 1) == (deed.way is Way.UNDO)


def _steps(logged: LoggedEdit, own: Log) -> int:
    """How often what a chain of one maker's edits began with was undone and redone, up to this one."""
    steps = 0
    while (undone := own.get(logged.undoes or 0)) is not None:
        logged, steps = undone, steps + 1
    return steps


def _takes_back(deed: TakingBack, logged: LoggedEdit, known: Log) -> bool:
    if logged.undoes is not None or deed.edit_id not in known:
        return logged.undoes == deed.edit_id
    of_item = tuple(each for each in known[deed.edit_id].changes if each.item.id == deed.item_id)
    before = tuple(each.after for each in of_item if each.after is not None)
    after = tuple(each.before for each in of_item if each.before is not None)
    return _does(Edit(logged.name, before, after), logged.changes)


def _does(edit: Edit, changes: Sequence[ItemChange]) -> bool:
    """Whether changes are all that an edit is to do. One that did less may be another, made elsewhere."""
    before, after = ({ref_to(item): item for item in items} for items in (edit.before, edit.after))
    stored = {each.item: each.after for each in changes}
    wanted = [ref for ref in touched(edit) if before.get(ref) != after.get(ref)]
    done = (ref in stored and _same(before.get(ref), after.get(ref), stored[ref]) for ref in wanted)
    return bool(wanted) and all(done)


def _same(base: Item | None, mine: Item | None, stored: Item | None) -> bool:
    """Whether what was made of an item is in what was stored, beside what others changed of it."""
    if mine is None or stored is None:
        return mine is stored
    if mine == stored or said_already(mine, stored):
        return True
    if base is None:
        return not differences(mine, stored)
    wanted, found = differences(base, mine), differences(base, stored)
    return bool(wanted) and all(found.get(name) == change for name, change in wanted.items())
