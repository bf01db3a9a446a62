"""Work lists: places of sessions that somebody goes through one by one, kept with the project.

A list is a file in the project's folder, `lists/NAME.json`. It names places and their sessions' titles, and holds
nobody's words, so that who opens it sees what they may see; of a session that is gone a withdrawal takes the title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, Whole, read_file
from woz.lab.search import Hit

UNTITLED = "(withdrawn)"
_NAME = re.compile(r"[^\W_][\w .,+-]{0,59}")


@dataclass(frozen=True, slots=True)
class Place:
    """Something in a session, at a session time (ns); `kind` and `item_id` name the item."""

    session: str
    title: str
    at_ns: Whole
    kind: str
    item_id: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class WorkList:
    name: str
    places: tuple[Place, ...]

    def is_as(self, other: WorkList) -> bool:
        """Whether it has the same places, whatever is done and however their sessions are called."""
        mine, theirs = ([replace(place, title="", done=False) for place in each.places] for each in (self, other))
        return mine == theirs

    @property
    def left(self) -> int:
        return sum(not place.done for place in self.places)

    def first_left(self) -> int:
        """The number of the first place that isn't done; of the first one where all are."""
        return next((at for at, place in enumerate(self.places) if not place.done), 0)

    def with_done(self, number: int, done: bool = True) -> WorkList:
        places = list(self.places)
        places[number] = replace(places[number], done=done)
        return replace(self, places=tuple(places))


def places_of(hits: Iterable[Hit]) -> tuple[Place, ...]:
    """Each item once, in the order of the hits; what has no time stands at the session's beginning."""
    found = {
        (hit.kind, hit.item_id): Place(hit.session, hit.title, hit.start_ns or 0, hit.kind, hit.item_id)
        for hit in reversed(list(hits))
    }
    return tuple(reversed(found.values()))


class WorkLists:
    """Those of a project, by its folder. All raise WozError where the folder can't be read or written."""

    def __init__(self, project: Path) -> None:
        self._folder = project / "lists"

    def all(self) -> list[WorkList]:
        """By name; a file that is none is passed over."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                found.append(self.get(path.stem))
            except WozError:
                continue
        return found

    def get(self, name: str) -> WorkList:
        """Raises WozError where there is none of the name."""
        try:
            return read_file(self._path(name), WorkList)
        except FileNotFoundError:
            raise WozError(f"There is no work list “{name}”; woz search --list makes one.") from None
        except (OSError, Unsound) as error:
            reason = reason_of(error) if isinstance(error, OSError) else error
            raise WozError(f"The work list “{name}” can't be read ({reason}); make it anew.") from error

    def make(self, name: str, places: Sequence[Place]) -> WorkList:
        """Raises WozError for no places, a name that there is already, or that can't be a file's."""
        if not places:
            raise WozError("Nothing was found, so there is nothing to make a list of.")
        if self._path(name).exists():
            raise WozError(f"There is a work list “{name}” already; choose another name.")
        made = WorkList(name, tuple(places))
        self.save(made)
        return made

    def call_done(self, seen: WorkList, number: int) -> WorkList:
        """A place as done, and with it what others have called done since the list was `seen`.

        Raises WozError also where the list is gone or was made anew.
        """
        now = self.get(seen.name)
        if not now.is_as(seen):
            raise WozError(f"The work list “{seen.name}” was made anew meanwhile; close it, then open it again.")
        now = now.with_done(number)
        self.save(now)
        return now

    def forget_titles(self, sessions: Collection[str]) -> None:
        """Of sessions that are gone; done again, it changes nothing."""
        for each in self.all():
            places = tuple(
                replace(place, title=UNTITLED) if place.session in sessions else place for place in each.places
            )
            if places != each.places:
                self.save(replace(each, places=places))

    def save(self, wanted: WorkList) -> None:
        path = self._path(wanted.name)
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(exist_ok=True)
            part.write_text(json.dumps(asdict(wanted), ensure_ascii=False), encoding="utf-8")
            part.replace(path)
        except OSError as error:
            raise WozError(
                f"The work list can't be written in {self._folder} ({error.strerror}); make room there, or see who"
                " may write."
            ) from error

    def remove(self, name: str) -> None:
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise WozError(
                f"The work list “{name}” can't be removed ({error.strerror}); see who may write in {self._folder}."
            ) from error

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise WozError(
                f"A list's name has up to 60 letters, digits, spaces and .,+-_, a letter first; not {name!r}."
            )
        return self._folder / f"{name}.json"
