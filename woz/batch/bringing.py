"""Brings to a worker what its item needs and only the store has."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from woz.base.errors import UnreachableError, WozError, reason_of
from woz.batch.items import About, Input, Item
from woz.batch.kind import SESSIONS, RunFault
from woz.batch.ledger import Ledger, here
from woz.store.fetching import fetch_file
from woz.store.listing import Stored
from woz.store.place import has_store, place_of
from woz.store.remote import Remote

FILMS = "films"
"""In the run's cache: a folder for each worker, with what it fetched of the sessions that it is at."""


def brought(ledger: Ledger, about: About, item: Item, roots: Mapping[str, Path]) -> dict[str, Path]:
    """The roots, with a folder of sessions of this worker's own where inputs are not on this disk.

    It holds links to what is there, and what was fetched, until the worker needs other sessions. Raises RunFault
    where the store refuses or stays away, WozError where it hasn't the very file of the plan.
    """
    sessions, project = roots.get(SESSIONS), here(about.project)
    inputs = [one for one in item.inputs if one.root == SESSIONS]
    lacking = [one for one in inputs if sessions and not (sessions / one.path).exists()]
    if sessions is None or not lacking or not has_store(project):
        return dict(roots)
    own = ledger.cache / FILMS / f"{socket.gethostname()}-{os.getpid()}"
    wanted = {Path(one.path).parts[0] for one in inputs}
    try:
        _make_room(own, wanted)
        for session in wanted:
            _link(sessions / session, own / session)
    except OSError as error:
        raise WozError(
            f"{own} can't be written ({reason_of(error)}); make room there, or see who may write."
        ) from error
    _fetch(project, own, lacking)
    return {**roots, SESSIONS: own}


def clear_fetched(ledger: Ledger) -> None:
    """Only while nobody works on the run."""
    shutil.rmtree(ledger.cache / FILMS, ignore_errors=True)


def _make_room(own: Path, wanted: set[str]) -> None:
    own.mkdir(parents=True, exist_ok=True)
    for left in own.iterdir():
        if left.name not in wanted:
            shutil.rmtree(left)


def _link(session: Path, own: Path) -> None:
    for path in session.rglob("*"):
        link = own / path.relative_to(session)
        if path.is_file() and not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)


def _fetch(project: Path, own: Path, lacking: list[Input]) -> None:
    """With the plan's times: each was compared with its hash as it came, and need not be for every item."""
    remote = None
    for one in lacking:
        session, _, name = one.path.partition("/")
        if not (own / one.path).exists():
            remote = remote or _remote(project)
            try:
                fetch_file(remote, session, name, Stored(one.size, one.sha256), own / one.path)
                os.utime(own / one.path, ns=(one.mtime_ns, one.mtime_ns))
            except UnreachableError as error:
                raise RunFault(str(error)) from error


def _remote(project: Path) -> Remote:
    """Raises RunFault where the store can't be used from here: no other item could be done either."""
    try:
        remote = Remote(place_of(project))
        remote.folders("")
    except WozError as error:
        raise RunFault(str(error)) from error
    return remote
