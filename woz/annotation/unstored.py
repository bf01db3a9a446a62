"""What was done while the store was away, kept in a file on this computer until it can be stored."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from woz.annotation.edits import Edit
from woz.annotation.waiting_file import WaitingFile
from woz.base.errors import UnreachableError, WozError
from woz.base.outside import Unsound
from woz.model.item import ItemRef, kind_of
from woz.model.item_json import from_json, to_json
from woz.model.kinds import Item

log = logging.getLogger(__name__)


SLOW_S = 1.0
"""What waits longer for an answer of the store is kept."""


class Way(StrEnum):
    """How something is taken back."""

    UNDO = "undo"
    REDO = "redo"
    TAKE_BACK = "take back"


@dataclass(frozen=True, slots=True, eq=False)
class TakingBack:
    """What the store is asked to take back; the last two are of `Way.TAKE_BACK` alone."""

    way: Way
    of: ItemRef | None = None
    edit_id: int = 0
    item_id: str = ""


Deed = Edit | TakingBack


class Unstored:
    """The deeds of one annotator in one session that aren't stored yet, in their order.

    The file is there while the store is away, or takes long to answer (a connection that is cut in silence isn't
    known to be for half a minute), and until all that it held is stored. Without a path nothing is kept. `now_s` is
    a clock that only goes on.
    """

    def __init__(self, path: Path | None = None, now_s: Callable[[], float] = time.monotonic) -> None:
        self._file = WaitingFile(path)
        self._deeds: list[Deed] = []
        self._away = False
        self.after: int | None = None
        """The last edit that was heard of: what these deeds made comes after it. None where that isn't known."""
        self._now_s, self._answered_s = now_s, 0.0

    def read(self) -> tuple[Deed, ...]:
        """What the file holds; nothing where there is none.

        Raises WozError, and puts the file aside, where it can't be read.
        """
        if not self._file.there:
            return ()
        try:
            kept = msgspec.json.decode(self._file.read(), type=list[_Kept])
            self._deeds = [_deed(each) for each in kept]
        except (OSError, msgspec.DecodeError, Unsound) as error:
            aside = self._file.put_aside(".damaged")
            raise WozError(
                f"What you did, and the database hadn't taken yet, can't be read ({error}); it is kept in {aside}."
            ) from error
        self.after = kept[0].heard if kept else None
        return tuple(self._deeds)

    def waits(self, away: bool) -> None:
        """The store is away, or there again."""
        self._away = away
        self._write()

    def add(self, deed: Deed, heard: int = 0) -> None:
        """One that was read is there already, so that none is missing from the file while they are taken up.
        `heard` is the last edit known, anybody's.
        """
        if any(each is deed for each in self._deeds):
            return
        if not self._deeds:
            self.after = max(self.after or 0, heard)
            self._answered_s = self._now_s()
        self._deeds.append(deed)
        self._write()
        self.keep_late()

    def keep_late(self) -> None:
        """Have what waits longer than `SLOW_S` for an answer in the file. To be called at times: it may be the last
        that is done for a while.
        """
        if not self._file.there and self._now_s() - self._answered_s > SLOW_S:
            self.keep()

    def keep(self) -> None:
        """Have all that waits in the file, whatever is known of the store."""
        self._write(True)

    def settle(self, deed: Deed, error: WozError | None = None, edit_id: int = 0) -> None:
        """The store has made an edit of it, or refused it for good; what it didn't answer to is kept."""
        if isinstance(error, UnreachableError):
            self.waits(True)
            return
        self._deeds = [each for each in self._deeds if each is not deed]
        if edit_id:
            self.after = max(self.after or 0, edit_id)
        self._answered_s = self._now_s()
        self._write()

    def refused(self, deed: Deed) -> str:
        """Put aside what was kept in the file and can't be stored any more; the answer says where."""
        return self._file.refuse(msgspec.json.encode(_kept(deed, self.after)))

    def _write(self, whatever: bool = False) -> None:
        if not (self._file.there or ((self._away or whatever) and self._deeds)):
            return
        try:
            kept = [_kept(each, self.after) for each in self._deeds]
            self._file.write(msgspec.json.encode(kept) if kept else b"")
        except OSError as error:
            log.warning("what isn't stored yet can't be kept in %s (%s)", self._file.path, error)


class _Kept(msgspec.Struct, omit_defaults=True):
    """A deed in the file: an edit has a name; items are pairs of kind and JSON; all have `Unstored.after`."""

    name: str = ""
    why: str = ""
    before: list[tuple[str, msgspec.Raw]] = []
    after: list[tuple[str, msgspec.Raw]] = []
    way: Way | None = None
    of: tuple[str, str] | None = None
    edit_id: int = 0
    item_id: str = ""
    heard: int | None = None


def _kept(deed: Deed, heard: int | None) -> _Kept:
    if isinstance(deed, Edit):
        return _Kept(deed.name, deed.why, _pairs(deed.before), _pairs(deed.after), heard=heard)
    of = (deed.of.kind, deed.of.id) if deed.of else None
    return _Kept(way=deed.way, of=of, edit_id=deed.edit_id, item_id=deed.item_id, heard=heard)


def _deed(kept: _Kept) -> Deed:
    if kept.way is None:
        return Edit(kept.name, _items(kept.before), _items(kept.after), kept.why)
    return TakingBack(kept.way, ItemRef(*kept.of) if kept.of else None, kept.edit_id, kept.item_id)


def _pairs(items: Sequence[Item]) -> list[tuple[str, msgspec.Raw]]:
    return [(kind_of(item).name, msgspec.Raw(to_json(item).encode())) for item in items]


def _items(pairs: Sequence[tuple[str, msgspec.Raw]]) -> tuple[Item, ...]:
    return tuple(from_json(kind, bytes(raw)) for kind, raw in pairs)
