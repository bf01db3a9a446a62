"""Where this computer keeps what is being marked, half typed or not stored yet, in case its window is killed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from platformdirs import user_data_path

from woz.annotation.edits import Edit
from woz.annotation.unstored import Unstored
from woz.annotation.waiting_file import LOCKED
from woz.annotation.withdrawn import is_of_marks
from woz.base.errors import WozError, reason_of
from woz.model.ids import SessionId

WITHDREW = "Somebody withdrew from this session since you were last here"
DELETED = (
    "what you had typed or begun then, and what waited with it, was deleted, since it may hold their words: look at"
    " the session once."
)
UNSTORED = ".unstored"
"""How the name of what waits to be stored ends."""
_NO_WORK = ("-left", "-seen")
"""Where one was, and which remarks one has seen."""


def desk_folder() -> Path:
    return user_data_path("woz") / "desk"


def place_of(project: Path) -> str:
    """What the files of a project's drafts begin with."""
    return sha256(str(project.resolve()).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Draft:
    """The file of what one person marks of a session, with others named after it; `told` says what became of such
    from before somebody withdrew, empty where there was nothing.
    """

    path: Path
    told: str = ""


def draft_of(project: Path, session_id: SessionId, by: str, withdrawn: str) -> Draft:
    """Where what one person marks and types of a session is kept. `withdrawn` names the withdrawals that reach it,
    empty for none: what was kept before the last of them may hold words that are gone, and goes, but for edits of
    marks alone.
    """
    stem = f"{place_of(project)}-{session_id}-{by}"
    now = f"{stem}-{withdrawn}" if withdrawn else stem
    path = desk_folder() / f"{now}.json"
    if not withdrawn:
        return Draft(path)
    name = re.compile(rf"{re.escape(stem)}(-[0-9a-f]{{8}})?(-(left|typed|seen))?\.")

    def earlier() -> list[Path]:
        found = (each for each in drafts_of(project) if name.match(each.name))
        return [each for each in found if not each.name.startswith((f"{now}.", f"{now}-"))]

    _take_over([each for each in earlier() if each.suffix == UNSTORED], path.with_suffix(UNSTORED))
    return Draft(path, _deleted(earlier()))


def _take_over(waiting: Sequence[Path], own: Path) -> None:
    """What can hold nobody's words waits still: edits of marks alone, since what an undo means may be gone."""
    if len(waiting) != 1 or own.exists():
        return
    with contextlib.suppress(WozError, OSError):
        deeds = Unstored(waiting[0]).read()
        if deeds and all(isinstance(each, Edit) and is_of_marks(each) for each in deeds):
            waiting[0].replace(own)


def _deleted(files: Iterable[Path]) -> str:
    """What is to be told of it: nothing of files that hold nobody's work."""
    work, left = False, ""
    for each in files:
        try:
            each.unlink(missing_ok=True)
        except OSError as error:
            left = f"{each} may hold their words, and can't be deleted ({reason_of(error)}): delete it."
        else:
            work = work or not each.stem.endswith(_NO_WORK)
    return f"{WITHDREW}; {left or DELETED}" if work or left else ""


def drafts_of(project: Path) -> list[Path]:
    """The files of all its sessions and annotators, on this computer."""
    return [each for each in _files_of(project) if not each.name.endswith(LOCKED)]


def files_in_windows(project: Path, reached: Collection[SessionId], known: Collection[SessionId]) -> list[Path]:
    """Those that a window has, or may have, as its own, whether they are there yet or not: of the sessions that are
    `reached`, and of windows that are of none; of all sessions that are `known`.
    """
    place = place_of(project)

    def session_of(name: str) -> SessionId | None:
        """An id may go on as another."""
        return max((each for each in known if name.startswith(f"{place}-{each}-")), key=len, default=None)

    found = (each.name.removesuffix(LOCKED) for each in _files_of(project) if each.name.endswith(LOCKED))
    return [desk_folder() / each for each in found if session_of(each) in (None, *reached)]


def _files_of(project: Path) -> list[Path]:
    return sorted(desk_folder().glob(f"{place_of(project)}-*"))
