"""What a worker does with one item; it knows the run's folder and nothing of a database or a scheduler."""

from __future__ import annotations

import errno
import shutil
import socket
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec

from woz import __version__
from woz.base.commands import quoted, with_project
from woz.base.errors import WozError
from woz.base.machine_faults import AWAY
from woz.base.outside import read
from woz.batch.bringing import brought
from woz.batch.disks import is_away, missing, wait_for
from woz.batch.hashes import changed
from woz.batch.items import About, Done, Item, Output, tools_line
from woz.batch.kind import MODELS, Place, RunFault
from woz.batch.ledger import PATHS, DiskError, Ledger, here
from woz.batch.registry import kind_named, parameters_of
from woz.model.ids import new_id
from woz.recording.folder.session_folder import sha256_of

LAST_LINES = 20
MOST_RETURNS = 3
"""So often an item is begun again where a disk went away; then it is the item's fault, as a bad block is."""
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


class What(StrEnum):
    DONE = "done"
    FAILED = "failed"
    STOP = "stop"
    """No fault of the item: the whole run should stop, and say why."""
    LATER = "later"
    """It was not begun."""


@dataclass(frozen=True, slots=True)
class Outcome:
    id: str
    what: What
    words: str = ""
    seconds: float = 0.0


def execute(run: str, token: str, line: bytes) -> Outcome:
    """Does an item of a plan, or finds it done. Leaves its record behind, and answers in short."""
    item = read(line, Item)
    try:
        ledger, about = _seen(run, token)
        folders = (ledger.path, *_roots(about, item).values())
        _demand_seen(folders)
        _demand_back(folders)
        if done := ledger.done(item):
            return Outcome(item.id, What.DONE, done.words)
        _demand_same_tools(item, about)
        for _ in range(MOST_RETURNS):
            outcome = _attempted(ledger, about, item, folders)
            if outcome.what != What.LATER:
                return outcome
            _demand_back(folders)
    except WozError as error:
        return Outcome(item.id, What.STOP, str(error))
    return _attempted(ledger, about, item, ())


def _attempted(ledger: Ledger, about: About, item: Item, folders: Sequence[Path]) -> Outcome:
    """LATER where the disk of one of these folders went away meanwhile."""
    started = time.monotonic()
    out = ledger.path / "out" / f"{item.id}-{new_id()[:8]}"
    try:
        warnings = _made(ledger, about, item, out)
        seconds = time.monotonic() - started
        done = Done(
            item.id,
            item.key,
            out.name,
            _outputs(out),
            round(seconds, 3),
            socket.gethostname(),
            tools_line(item.tools),
            tuple(warnings),
        )
        ledger.write_done(done)
    except Exception as error:
        shutil.rmtree(out, ignore_errors=True)
        if folders and is_away(error, folders):
            return Outcome(item.id, What.LATER)
        if fault := _of_the_run(ledger, error):
            return Outcome(item.id, What.STOP, with_project(str(fault), about.project))
        return _failed(ledger, about, item, error, time.monotonic() - started)
    return Outcome(item.id, What.DONE, done.words, seconds)


def _of_the_run(ledger: Ledger, error: BaseException | None) -> WozError | None:
    """What is no item's fault; that the disk takes no more, also where that is behind a kind's own words."""
    while error is not None:
        if isinstance(error, DiskError | RunFault):
            return error
        if isinstance(error, OSError) and error.errno in FULL:
            return DiskError(ledger.path, error)
        error = error.__cause__
    return None


def _made(ledger: Ledger, about: About, item: Item, out: Path) -> Sequence[str]:
    roots = brought(ledger, about, item, {name: here(path) for name, path in about.roots.items()})
    for given in item.inputs:
        path = roots[given.root] / given.path
        if changed(given, path):
            kind = RunFault if given.root == MODELS else WozError
            raise kind(f"{path} is another file than when the run was planned; plan it again.")
    out.mkdir()
    return kind_named(item.kind).work(item, Place(roots, out, ledger.cache))


def _outputs(out: Path) -> tuple[Output, ...]:
    files = sorted(path for path in out.rglob("*") if path.is_file())
    if not any(path.stat().st_size for path in files):
        raise WozError(
            "It ended without an error, and left nothing behind; woz check says whether the recording is whole."
        )
    return tuple(Output(p.relative_to(out).as_posix(), p.stat().st_size, sha256_of(p)) for p in files)


def _failed(ledger: Ledger, about: About, item: Item, error: Exception, seconds: float) -> Outcome:
    words = _words_of(error, ledger, about)
    lines = tuple("".join(traceback.format_exception(error)).splitlines()[-LAST_LINES:])
    try:
        ledger.write_failed(item, words, lines, socket.gethostname(), seconds)
    except WozError as fault:
        return Outcome(item.id, What.STOP, str(fault))
    return Outcome(item.id, What.FAILED, words, seconds)


def _words_of(error: Exception, ledger: Ledger, about: About) -> str:
    if isinstance(error, WozError):
        return with_project(str(error), about.project)
    reason = getattr(error, "strerror", None)
    if reason:  # of the system, or of FFmpeg
        again = f"woz batch retry {quoted(ledger.path)}"
        return f"{_at_fault(error)} ({reason}); see to it, then have it tried again with {again}."
    kind = type(error).__name__
    return f"A fault of the program ended it ({kind}: {error}); its trace is in {ledger.path / 'failed'}."


def _at_fault(error: Exception) -> str:
    if file := getattr(error, "filename", None):
        return f"{file} can't be read or written"
    if getattr(error, "errno", None) in AWAY:
        return "A disk doesn't do its work"
    return "The system or FFmpeg couldn't go on"


def _roots(about: About, item: Item) -> dict[str, Path]:
    """Of the item's inputs, as this node sees them."""
    return {name: here(about.roots[name]) for name in sorted({given.root for given in item.inputs})}


@lru_cache(maxsize=8)
def _demand_seen(folders: Sequence[Path]) -> None:
    """Raises WozError where a folder was never seen here: nobody waits for that."""
    if gone := missing(folders):
        raise WozError(
            f"The node {socket.gethostname()} doesn't see {gone}; put it on a disk that all nodes share, or set"
            f" {PATHS}=HERE=THERE for its workers."
        )


def _demand_back(folders: Sequence[Path]) -> None:
    """Raises WozError where a disk that was there stays away."""
    if gone := wait_for(folders):
        raise WozError(f"{gone} is gone from the node {socket.gethostname()}; bring it back, then run it again.")


@lru_cache(maxsize=8)
def _seen(run: str, token: str) -> tuple[Ledger, About]:
    """The run as this node sees it. Raises WozError where it sees another disk."""
    path = here(run)
    if not (path / "run.json").is_file():
        raise WozError(_unseen(path))
    ledger = Ledger(path)
    about = ledger.about()
    if about.token != token:
        raise WozError(_unseen(path))
    return ledger, about


def _unseen(path: Path) -> str:
    return (
        f"The node {socket.gethostname()} doesn't see the run at {path}; put it on a disk that all nodes share, "
        f"or set WOZ_BATCH_PATHS=HERE=THERE for its workers."
    )


@lru_cache(maxsize=64)
def _tools_here(kind: str, parameters: bytes) -> dict[str, str]:
    return _tools(kind, parameters)


def _tools(kind: str, parameters: bytes) -> dict[str, str]:
    made = kind_named(kind)
    return {"woz": __version__, **made.tools(parameters_of(made, read(parameters, dict)))}


def _demand_same_tools(item: Item, about: About) -> None:
    mine = _tools_here(item.kind, msgspec.json.encode(about.parameters))
    for name, version in item.tools.items():
        if mine.get(name) != version:
            raise WozError(
                f"The node {socket.gethostname()} has {name} {mine.get(name, 'not at all')}, the plan was made "
                f"with {version}; install the same there, or plan again."
            )
