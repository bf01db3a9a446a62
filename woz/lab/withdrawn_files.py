"""The files of a session's folder when somebody withdraws: silenced, rewritten, deleted; with both hashes kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from woz.annotation.withdrawn import Scope
from woz.annotation.withdrawn_events import event_goes
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, Interval
from woz.lab.ports import Project
from woz.lab.withdrawal_ports import Extent
from woz.model.stream import Stream
from woz.privacy.withdrawal import Fate, FilePlan, Silence
from woz.recording.folder.journal import read_journal
from woz.recording.folder.lock import is_held
from woz.recording.folder.manifest import Manifest, Replaced
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.folder.silencing import Spans, silence
from woz.timing.clock_map import ClockMap

MARGIN_NS = 300 * NS_PER_MS
"""So much before and after a turn is silent as well: words begin before they are recognised, and echo."""
Now = Callable[[], int]


@dataclass(frozen=True, slots=True)
class _Task:
    """One session's files, and what is known of the person in it."""

    project: Project
    scope: Scope
    extent: Extent
    now: Now

    @property
    def folder(self) -> SessionFolder:
        return SessionFolder(self.project.session_dir(self.scope.session_id))


def demand_closed(project: Project, scope: Scope) -> None:
    """Raises WozError for a session that is being recorded."""
    if is_held(SessionFolder(project.session_dir(scope.session_id)).lock):
        raise WozError(f"{scope.session_id} is being recorded; end it, then withdraw.")


def sizes_of(folder: SessionFolder) -> dict[str, int]:
    """Each file by its path in the folder, with / between, and its bytes."""
    if not folder.path.is_dir():
        return {}
    files = (path for path in folder.path.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder.path).as_posix(): path.stat().st_size for path in files}


def silent_already(folder: SessionFolder, person: str) -> set[str]:
    """The files out of which an earlier withdrawal of the same person took their voice."""
    manifest = _manifest(folder)
    return {each.path for each in manifest.withdrawals if each.person == person and each.now} if manifest else set()


def replaced_files(folder: SessionFolder, person: str) -> tuple[Replaced, ...]:
    manifest = _manifest(folder)
    return tuple(each for each in manifest.withdrawals if each.person == person) if manifest else ()


def change_files(project: Project, scope: Scope, extent: Extent, files: tuple[FilePlan, ...], now: Now) -> None:
    """Do what was planned; what is done already is passed over. The words must still be in the database, since they
    say where in others' tracks the person is heard. Raises WozError where a file can't be changed."""
    task = _Task(project, scope, extent, now)
    for file in files:
        path = task.folder.path / file.path
        try:
            _change(task, file, path)
        except OSError as error:
            raise WozError(
                f"{path} can't be changed ({error.strerror}); mend that, then withdraw again."
            ) from error


def _change(task: _Task, file: FilePlan, path: Path) -> None:
    if not path.exists():
        return
    if file.fate == Fate.SILENCED and file.path not in silent_already(task.folder, task.scope.pseudonym):
        _silence(task, file, path)
    elif file.fate == Fate.REWRITTEN:
        _rewrite_journal(task, path)
    elif file.fate == Fate.DELETED:
        if not file.path.startswith("derived/"):
            _note(task, file.path, sha256_of(path), "")
        path.unlink()


def _silence(task: _Task, file: FilePlan, path: Path) -> None:
    streams = [s for s in task.project.streams.of_session(task.scope.session_id) if s.path == file.path]
    part = path.with_name(f"{path.name}.silent")
    silence(path, part, {each.track: _spans(task, streams, each) for each in file.silences})
    kept = next((stream.sha256 for stream in streams if stream.sha256), None)
    was, now = kept or sha256_of(path), sha256_of(part)
    part.replace(path)
    _note(task, file.path, was, now)


def _spans(task: _Task, streams: list[Stream], one: Silence) -> Spans:
    """Where in a file they are heard, on the file's own time; None for all of it."""
    if one.whole:
        return None
    text = next((s.clock_map for s in streams if s.track == one.track and s.clock_map), None)
    to_file = ClockMap.from_json(text).from_session if text else (lambda t: t)
    return [
        Interval(to_file(max(0, span.start_ns - MARGIN_NS)), to_file(span.end_ns + MARGIN_NS))
        for span in task.extent.spoken
    ]


def _rewrite_journal(task: _Task, path: Path) -> None:
    events = read_journal(path)
    left = [event for event in events if not event_goes(event, task.scope, task.extent.words)]
    if len(left) == len(events):
        return
    was, part = sha256_of(path), path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(event.to_json() + "\n" for event in left)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _note(task, path.relative_to(task.folder.path).as_posix(), was, sha256_of(path))


def _note(task: _Task, path: str, was: str, now: str) -> None:
    """Keep both hashes in the manifest, and the new one wherever the old one stood."""
    manifest, session = _manifest(task.folder), task.scope.session_id
    if manifest is not None:
        entries = tuple(
            replace(e, sha256=now) if e.path == path else e for e in manifest.streams if now or e.path != path
        )
        note = Replaced(path, task.scope.pseudonym, was, now, task.now())
        made_of = () if task.scope.whole else manifest.made_of
        changed = replace(manifest, streams=entries, withdrawals=(*manifest.withdrawals, note), made_of=made_of)
        changed.save(task.folder.manifest_path)
    streams = task.project.streams.of_session(session)
    if any(stream.path == path for stream in streams):
        kept = [replace(s, sha256=now) if s.path == path else s for s in streams if now or s.path != path]
        task.project.streams.replace(session, kept)


def _manifest(folder: SessionFolder) -> Manifest | None:
    return folder.manifest() if folder.manifest_path.is_file() else None
