"""Sessions' folders that an import had finished when it was killed, before the project knew of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.model.events import EventKind
from woz.model.session import SessionState
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder, sha256_of


def left_behind(sessions: Path, known: Container[str]) -> list[SessionFolder]:
    """The folders of imported, closed sessions that aren't `known`."""
    if not sessions.is_dir():
        return []
    strange = (path for path in sorted(sessions.iterdir()) if path.name not in known and path.name[0] != ".")
    return [folder for path in strange if _imported(folder := SessionFolder(path))]


def same_import(
    left: Sequence[SessionFolder], start_utc_ns: int, procedure: str, origins: Sequence[Mapping[str, Any]]
) -> Manifest | None:
    """The first that was made of the same files, laid alike, and is as its manifest's hashes say; whatever the
    files are called now."""
    wanted = [_nameless(each) for each in origins]
    for folder in left:
        found = folder.manifest()
        alike = (found.start_utc_ns, found.procedure) == (start_utc_ns, procedure)
        if alike and [_nameless(each) for each in _origins(folder)] == wanted and _is_whole(folder, found):
            return found
    return None


def _imported(folder: SessionFolder) -> bool:
    try:
        manifest = folder.manifest()
    except WozError:
        return False
    closed = manifest.state == SessionState.CLOSED and not manifest.withdrawals
    return closed and manifest.session_id == folder.path.name and any(_origins(folder))


def _nameless(origin: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in origin.items() if key != "imported"}


def _origins(folder: SessionFolder) -> Iterator[Mapping[str, Any]]:
    events = read_journal(folder.events)
    return (event.data for event in events if event.kind == EventKind.SOURCE and "imported" in event.data)


def _is_whole(folder: SessionFolder, manifest: Manifest) -> bool:
    try:
        return all(
            sha256_of(folder.path / entry.path) == entry.sha256 for entry in manifest.streams if entry.sha256
        )
    except WozError:
        return False
