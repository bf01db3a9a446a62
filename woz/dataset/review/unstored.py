"""What was decided on question sets and isn't stored yet, kept in a file on this computer until it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from woz.annotation.waiting_file import WaitingFile
from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read
from woz.dataset.review.deeds import Deed, EnglishCheck, EnglishTexts, TakingBack
from woz.model.ids import AnnotatorId
from woz.model.review import Decision

FORGOTTEN = "It isn't kept, since somebody withdrew from the study meanwhile, and it may hold their words."


@dataclass(frozen=True, slots=True)
class Whose:
    """One person's of one project, by when that was made: its copies keep that. `withdrawals` names those that
    there were when what is decided on was read, empty for none.
    """

    project_utc_ns: int
    by: AnnotatorId
    withdrawals: str = field(default="", compare=False)


class UnstoredDeeds:
    """The deeds of one person that the store hasn't answered for, in their order; each is in the file once it was
    added, until it is settled. What the file holds is read before anything is added. Safe from any thread. Without
    a path nothing is kept.
    """

    def __init__(self, path: Path | None = None, whose: Whose | None = None) -> None:
        self._file = WaitingFile(path)
        self._whose = self._own = whose or Whose(0, AnnotatorId(""))
        self._deeds: list[Deed] = []
        self._lock = threading.Lock()
        self.fault = ""
        """Why the file doesn't hold what was added last, in a sentence; empty where it does."""

    @property
    def safe(self) -> bool:
        """Whether what is added outlives the program."""
        return self._file.path is not None and not self.fault

    def withdrawals(self, late: bool) -> str:
        """Those that there were when what was decided on was read: here, or where it is `late`, by the window that
        left the oldest of them.
        """
        return (self._whose if late else self._own).withdrawals

    def read(self) -> tuple[Deed, ...]:
        """What the file holds; nothing where there is none.

        Raises WozError, and puts the file aside, where it can't be read, or is of somebody or something else.
        """
        if not self._file.there:
            return ()
        with self._lock:
            try:
                whose, deeds = _decoded(self._file.read())
            except (OSError, Unsound) as error:
                where = self._put_aside(".damaged")
                raise WozError(
                    f"What you decided while the database was away can't be read ({error}); it is {where}."
                ) from error
            if whose != self._whose:
                where = self._put_aside(".others")
                raise WozError(
                    "The decisions that waited here for the database are of another project or person, and none of"
                    f" them was stored; they are {where}."
                )
            self._deeds = list(deeds)
            self._whose = whose
        return deeds

    def add(self, deed: Deed) -> None:
        with self._lock:
            self._deeds.append(deed)
            self._write()

    def settle(self, deed: Deed) -> None:
        """The store has taken it, or refused it; a decision that it takes back is none that is asked for again."""
        with self._lock:
            self._deeds = [each for each in self._deeds if each is not deed and not taken_by(each, deed)]
            if not self._deeds:
                self._whose = self._own
            self._write()

    def refuse(self, deed: Deed, forget: bool = False) -> str:
        """Put aside one that was read and can't be stored any more; the answer says where. Where it can't be put
        aside it stays, and is told again at the next opening. With `forget` it is nowhere any more, since it may
        hold the words of somebody who withdrew.
        """
        if forget:
            self.settle(deed)
            return FORGOTTEN
        where = self._file.refuse(msgspec.json.encode(_kept(deed)))
        if where:
            self.settle(deed)
        return where

    def _put_aside(self, ending: str) -> str:
        """Where the file is then; one that stays where it is has nothing written over it."""
        try:
            return f"kept in {self._file.put_aside(ending)}"
        except OSError:
            left, self._file = self._file.path, WaitingFile(None)
            return f"left in {left}"

    def _write(self) -> None:
        lines = [self._whose, *map(_kept, self._deeds)] if self._deeds else []
        try:
            self._file.write(b"".join(msgspec.json.encode(each) + b"\n" for each in lines))
            self.fault = ""
        except OSError as error:
            self.fault = (
                f"What you decide can't be kept in {self._file.path} ({reason_of(error)}); make room there."
            )


def taken_by(deed: Deed, by: Deed) -> bool:
    """Whether one is a decision that the other takes back."""
    return isinstance(deed, Decision) and isinstance(by, TakingBack) and by.means(deed)


class _Kept(msgspec.Struct, omit_defaults=True):
    """A line of the file: one of these is there."""

    decision: Decision | None = None
    taking_back: TakingBack | None = None
    english_check: EnglishCheck | None = None
    english_texts: EnglishTexts | None = None


def _kept(deed: Deed) -> _Kept:
    match deed:
        case Decision():
            return _Kept(decision=deed)
        case TakingBack():
            return _Kept(taking_back=deed)
        case EnglishCheck():
            return _Kept(english_check=deed)
        case EnglishTexts():
            return _Kept(english_texts=deed)


def _decoded(content: bytes) -> tuple[Whose, tuple[Deed, ...]]:
    """Raises Unsound for what is no such file."""
    first, *rest = content.splitlines() or [b""]
    return read(first, Whose), tuple(_deed(read(line, _Kept)) for line in rest)


def _deed(kept: _Kept) -> Deed:
    found: Sequence[Deed | None] = (kept.decision, kept.taking_back, kept.english_check, kept.english_texts)
    for deed in found:
        if deed is not None:
            return deed
    raise Unsound("a line holds nothing that is known")
