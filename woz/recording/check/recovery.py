"""Closes a session that a crash or a power cut left open. Media files are read, never changed."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.base.outside import Duration, Unsound, Whole, checked, read_file
from woz.base.settings import AUDIO_RATE
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.expert_voice.parts import RECEIVED, is_pending, take_in_parts
from woz.recording.folder.journal import read_journal
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.manifest import FIRST_VERSION, Manifest, StreamEntry, is_newer
from woz.recording.folder.media_facts import TrackFacts, media_facts, tracks_of
from woz.recording.folder.session_folder import SessionFolder, sha256_of

VOICES = (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD)


@dataclass(frozen=True, slots=True)
class _State:
    """Of a manifest, whatever else it says."""

    state: SessionState


@dataclass(frozen=True, slots=True)
class _Began:
    start_utc_ns: Whole
    schema_version: int = FIRST_VERSION
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Gap:
    stream: str
    duration_ns: Duration


@dataclass(frozen=True, slots=True)
class _Findings:
    """What of a session's folder can be read."""

    tracks: tuple[TrackFacts, ...]
    events: list[Event]
    fault: str
    room: TrackFacts | None = None
    """Of the camera's own sound, where that is a file of its own."""


def recover(folder: SessionFolder) -> Manifest:
    """Write a manifest of what there is, in state "recovered". A session that was closed is given the expert's own
    recording, where a crash came between; else it is left as it is.

    The old manifest is kept as `manifest.before-recovery.json`. A damaged one is made anew from the journal. Raises
    WozError where the session is being recorded at this moment, or the new manifest can't be written.
    """
    before = _manifest(folder)
    if before.session_id != folder.path.name:
        raise WozError(f"{folder.manifest_path} is that of session {before.session_id}; put it back there.")
    if before.state != SessionState.RECORDING:
        return _with_voice(folder) if is_pending(folder) else before
    with _alone(folder):
        _write_recovered(folder)
    return _with_voice(folder)


def _write_recovered(folder: SessionFolder) -> None:
    before = _manifest(folder)
    if before.state != SessionState.RECORDING:
        return
    findings = _look(folder)
    entries = _entries(folder, findings)
    kept = tuple(e for e in before.streams if e.kind not in {entry.kind for entry in entries})
    manifest = replace(
        before,
        state=SessionState.RECOVERED,
        duration_ns=max((track.interval.end_ns for track in findings.tracks), default=0),
        streams=(*entries, *kept),
        fault=findings.fault,
    )
    _keep_old(folder)
    manifest.save(folder.manifest_path)


def _with_voice(folder: SessionFolder) -> Manifest:
    """A recording of the expert's own that can't be taken in keeps no session from being recovered."""
    try:
        return take_in_parts(folder)
    except WozError as fault:
        manifest = folder.manifest()
        before = manifest.fault.removesuffix(str(fault)).rstrip("; ")
        marked = replace(manifest, expert_voice=RECEIVED, fault="; ".join(filter(None, (before, str(fault)))))
        marked.save(folder.manifest_path)
        return marked


def left_open(sessions: Path) -> list[SessionId]:
    """The sessions in a project's folder whose manifest says that they are being recorded."""
    return [each for each, state in states_in(sessions).items() if state == SessionState.RECORDING]


def states_in(sessions: Path) -> dict[SessionId, SessionState]:
    """What the manifests in a project's folder say of their sessions; one that can't be read is left out."""
    found = {}
    for path in sorted(sessions.glob("*/manifest.json")):
        with contextlib.suppress(OSError, ValueError):
            found[SessionId(path.parent.name)] = read_file(path, _State).state
    return found


def left_without_voice(sessions: Path) -> list[SessionId]:
    """The sessions that were closed, but not given the expert's own recording though it is here."""
    return [SessionId(path.parent.name) for path in sorted(sessions.glob("*/manifest.json")) if _lacks_voice(path)]


def _lacks_voice(manifest: Path) -> bool:
    try:
        return is_pending(SessionFolder(manifest.parent))
    except WozError:
        return False


def _manifest(folder: SessionFolder) -> Manifest:
    try:
        return folder.manifest()
    except WozError:
        began = next((e for e in read_journal(folder.events) if e.kind == EventKind.SESSION_BEGIN), None)
        if began is None or is_newer(folder.manifest_path):
            raise
        try:
            told = checked(dict(began.data), _Began)
        except Unsound:
            raise WozError(f"{folder.path.name} says nowhere when it began; its files are left alone.") from None
        manifest = Manifest(SessionId(folder.path.name), SessionState.RECORDING, told.start_utc_ns)
        return replace(manifest, schema_version=told.schema_version, versions=told.versions)


@contextlib.contextmanager
def _alone(folder: SessionFolder) -> Iterator[None]:
    """No recorder and no second recovery works on it meanwhile."""
    lock = RecordingLock(folder.lock)
    if not lock.take():
        raise WozError(f"{folder.path.name} is being recorded at this moment; stop it at the station.")
    try:
        yield
    finally:
        lock.release()


def _look(folder: SessionFolder) -> _Findings:
    events = read_journal(folder.events)
    fault, room = "the program or the machine stopped while recording", None
    tracks: tuple[TrackFacts, ...] = ()
    try:
        tracks = media_facts(folder.ego)
    except WozError as error:
        fault = str(error)
    try:
        room = next(iter(tracks_of(media_facts(folder.room), "audio")), None) if folder.room.exists() else None
    except WozError as error:
        fault = f"{fault}; {error}"
    return _Findings(tracks, events, fault, room if room and room.times_ns else None)


def _entries(folder: SessionFolder, findings: _Findings) -> list[StreamEntry]:
    if not findings.tracks:
        return []
    sha256 = sha256_of(folder.ego)
    found = []
    for track in tracks_of(findings.tracks, "video")[:1]:
        captured = max(_rows(folder.frames), len(track.times_ns))
        view = StreamEntry(StreamKind.VIEW, folder.ego.name, 0, track.interval, captured, len(track.times_ns))
        found.append(view)
    for i, (kind, track) in enumerate(zip(VOICES, tracks_of(findings.tracks, "audio"), strict=False)):
        samples = track.end_ns * AUDIO_RATE // NS_PER_S
        found.append(StreamEntry(kind, folder.ego.name, i, Interval(0, track.end_ns), samples, samples))
    found = [replace(entry, gaps=_gaps(findings.events, entry.kind), sha256=sha256) for entry in found]
    return [*found, *_room(folder, findings), *_gaze(folder, findings)]


def _room(folder: SessionFolder, findings: _Findings) -> list[StreamEntry]:
    if findings.room is None:
        return []
    samples, gaps = findings.room.end_ns * AUDIO_RATE // NS_PER_S, _gaps(findings.events, StreamKind.ROOM)
    extent, sha256 = Interval(0, findings.room.end_ns), sha256_of(folder.room)
    return [StreamEntry(StreamKind.ROOM, folder.room.name, 0, extent, samples, samples, gaps, sha256=sha256)]


def _gaze(folder: SessionFolder, findings: _Findings) -> list[StreamEntry]:
    rows = _rows(folder.gaze)
    if not rows:
        return []
    path = folder.gaze.relative_to(folder.path).as_posix()
    end_ns = max(track.end_ns for track in findings.tracks)
    return [StreamEntry(StreamKind.GAZE, path, 0, Interval(0, end_ns), rows, rows, sha256=sha256_of(folder.gaze))]


def _gaps(events: list[Event], kind: StreamKind) -> tuple[Interval, ...]:
    found = []
    for event in (e for e in events if e.kind == EventKind.GAP and e.data.get("stream") == kind):
        with contextlib.suppress(Unsound):
            gap = checked(dict(event.data), _Gap)
            found.append(Interval(event.t_ns, event.t_ns + gap.duration_ns))
    return tuple(found)


def _rows(path: Path) -> int:
    """Whole rows of a table, its header not counted; 0 where there is no table."""
    if not path.exists():
        return 0
    return max(0, path.read_bytes().count(b"\n") - 1)


def _keep_old(folder: SessionFolder) -> None:
    if folder.manifest_path.exists():
        try:
            shutil.copyfile(folder.manifest_path, folder.path / "manifest.before-recovery.json")
        except OSError as error:
            raise WozError(f"{folder.path} can't be written ({error.strerror}); nothing was changed.") from error
