"""Makes a session's folder of recordings that were made elsewhere: whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.base.settings import VideoSettings
from woz.capture.replay import Item
from woz.capture.source import AudioBlock, GazeSample
from woz.capture.vrs_file import VrsFileSource
from woz.importing.beginning import Beginning
from woz.importing.left_behind import same_import
from woz.importing.material import Placed, Say, ViewSource, VoiceFile, place, view_items
from woz.importing.sound_file import sound_blocks
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.people import Role
from woz.model.stream import StreamKind
from woz.recording.expert_voice.parts import OWN
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.folder.staging import staged
from woz.recording.folder.versions import program_versions
from woz.recording.live.media import SessionMedia
from woz.recording.live.summary import closed_manifest
from woz.recording.live.writer import VoiceWriter
from woz.sound.session_track import HOLE_NS, SessionTrack

KIND = {Role.TRAINEE: StreamKind.TRAINEE_VOICE, Role.EXPERT: StreamKind.EXPERT_HEARD}
PROGRESS_NS = 30 * NS_PER_S
WAIT_NS = 10 * NS_PER_S
"""Sound that lies this much behind the pictures in the view's file is waited for."""


def make_session(
    sessions: Path,
    session_id: SessionId,
    began: Beginning,
    procedure: str,
    view: ViewSource,
    voices: list[VoiceFile],
    say: Say,
    left: Sequence[SessionFolder] = (),
) -> tuple[Manifest, list[Placed]]:
    """A closed session of a view and voices; session time begins with the view's file.

    `left` are folders that a killed import may have finished: one that is the same is taken, whatever its id.

    Raises WozError, with nothing left behind, where the session exists, or a file is missing, damaged, or can't be
    laid on the view's time.
    """
    if not left:
        _demand_new(sessions, session_id)
    placed = place(view, view.path, voices, say)
    if left and (found := same_import(left, began.utc_ns, procedure, _origins(view.path, placed))):
        say(f"{found.session_id} was finished by an import that was killed; it is taken as it is")
        return found, placed
    _demand_new(sessions, session_id)
    roles = [voice.role for voice in voices]
    with _staged(sessions) as staging:
        folder = SessionFolder.create(staging, session_id, began.utc_ns, procedure)
        written = _write(folder, view, dict(zip(roles, placed, strict=True)), say)
        if isinstance(view, VrsFileSource):
            shutil.copyfile(view.path, folder.own_recording)
        manifest = closed_manifest(folder, written.media, written.end_ns, written.frames, {}, None)
        manifest = _described(folder, manifest, view.path, written.voices)
        _journal(folder, manifest, began, view.path, placed)
        manifest.save(folder.manifest_path)
        folder.path.rename(sessions / session_id)
    return manifest, placed


def _demand_new(sessions: Path, session_id: SessionId) -> None:
    if (folder := sessions / session_id).exists():
        raise WozError(f"{folder} is there already; nothing was overwritten. Move it away, or give another id.")


@contextmanager
def _staged(sessions: Path) -> Iterator[Path]:
    """A folder to make the session in. A disk's error becomes a WozError."""
    try:
        with staged(sessions) as staging:
            yield staging
    except (av.FFmpegError, OSError) as error:
        raise WozError(f"The session can't be written in {sessions} ({error.strerror}); make room.") from error


class _Writing:
    """The view and all voices on their way into the session's files, in the order of the view's file."""

    def __init__(self, folder: SessionFolder, view: ViewSource, voices: dict[Role, Placed]) -> None:
        self.view = view
        self.media = SessionMedia(folder, view.info, VideoSettings())
        own = Role.TRAINEE in voices and view.info.audio_rate
        self._own_sound = StreamKind.ROOM if own else StreamKind.TRAINEE_VOICE
        if own:
            self.media.expect(StreamKind.ROOM, "camera")
        self.voices = {role: _Laid(self.media, KIND[role], voice) for role, voice in voices.items()}
        self.frames = self.end_ns = self._filled_ns = 0

    def take(self, item: Item) -> int:
        """Write an item of the view, and the voices up to it; the answer is its session time."""
        at_ns = item.device_ns - self.view.begin_ns
        self._voices_to(at_ns)
        if isinstance(item, AudioBlock):
            self.media.voice(self._own_sound, "camera", at_ns, item.samples, item.rate)
        elif isinstance(item, GazeSample):
            self.media.gaze(item, at_ns)
        elif at_ns >= 0:
            self.media.view(item, at_ns)
            self.frames, self.end_ns = self.frames + 1, at_ns + round(NS_PER_S / self.view.info.fps)
        return at_ns

    def close(self) -> None:
        try:
            self._voices_to(self.end_ns)
        finally:
            self.media.close(self.end_ns)

    def _voices_to(self, session_ns: int) -> None:
        for voice in self.voices.values():
            voice.write_to(session_ns)
        if session_ns - self._filled_ns > WAIT_NS:
            self._filled_ns = session_ns
            self.media.fill_to(session_ns - WAIT_NS)


def _write(folder: SessionFolder, view: ViewSource, voices: dict[Role, Placed], say: Say) -> _Writing:
    writing, told_ns = _Writing(folder, view, voices), 0
    try:
        for item in view_items(view):
            at_ns = writing.take(item)
            if at_ns - told_ns >= PROGRESS_NS:
                told_ns = at_ns
                say(f"{at_ns / view.duration_ns:4.0%}  writing")
    finally:
        writing.close()
    if not writing.frames:
        raise WozError(f"{view.info.name} holds no picture; choose another file.")
    return writing


class _Laid:
    """A voice that is laid on session time as the view is written."""

    def __init__(self, media: SessionMedia, kind: StreamKind, voice: Placed) -> None:
        self._media, self._kind, self.placed = media, kind, voice
        self.begin_ns = self.end_ns = voice.clock_map.to_session(0)
        self._blocks = sound_blocks(voice.path)
        self._next = next(self._blocks, None)

    def write_to(self, session_ns: int) -> None:
        """All blocks that begin before a session time."""
        to_session = self.placed.clock_map.to_session
        while (block := self._next) and (at_ns := to_session(block.device_ns)) < session_ns:
            self._media.voice(self._kind, "file", at_ns, block.samples, block.rate)
            self.end_ns = to_session(block.device_ns + len(block.samples) * NS_PER_S // block.rate)
            self._next = next(self._blocks, None)


# what is kept besides


def _described(folder: SessionFolder, manifest: Manifest, view_path: Path, voices: dict[Role, _Laid]) -> Manifest:
    """The manifest with where each voice comes from, and the expert's own recording beside it."""
    session = Interval(0, manifest.duration_ns or 0)
    for role, voice in voices.items():
        entry = manifest.stream(KIND[role])
        assert entry
        extent = Interval(voice.begin_ns, voice.end_ns) & session
        gaps = tuple(gap for gap in entry.gaps if (gap & extent).duration_ns > HOLE_NS)
        source_map = voice.placed.clock_map.to_json()
        manifest = manifest.with_stream(replace(entry, interval=extent, gaps=gaps, source_map=source_map))
    if expert := voices.get(Role.EXPERT):
        manifest = manifest.with_stream(_own_expert(folder, expert.placed))
    names = (view_path.name, *(voice.placed.path.name for voice in voices.values()))
    return replace(manifest, made_of=names, expert_voice=OWN if expert else "")


def _own_expert(folder: SessionFolder, voice: Placed) -> StreamEntry:
    """The expert's voice as it was recorded, on its own clock, with its map."""
    track, writer = SessionTrack(), VoiceWriter(folder.expert, "expert")
    end_ns = 0
    try:
        for block in sound_blocks(voice.path):
            writer.write(track.add(block.device_ns, block.samples, block.rate))
            end_ns = block.device_ns + len(block.samples) * NS_PER_S // block.rate
        writer.write(track.finish(end_ns))
    finally:
        writer.close()
    interval = Interval(voice.clock_map.to_session(0), voice.clock_map.to_session(end_ns))
    digest = sha256_of(folder.expert)
    clock_map = voice.clock_map.to_json()
    return StreamEntry(StreamKind.EXPERT_SAID, folder.expert.name, 0, interval, clock_map=clock_map, sha256=digest)


def _journal(
    folder: SessionFolder, manifest: Manifest, began: Beginning, view_path: Path, placed: list[Placed]
) -> None:
    """Where the session comes from, and what says when it began, in its journal."""
    journal = Journal(folder.events)
    begin = {
        "start_utc_ns": began.utc_ns,
        "start_known_from": began.known_from,
        "versions": program_versions(),
    }
    try:
        journal.append(Event(0, EventKind.SESSION_BEGIN, "import", begin))
        for origin in _origins(view_path, placed):
            journal.append(Event(0, EventKind.SOURCE, "import", origin))
        journal.append(Event(manifest.duration_ns or 0, EventKind.SESSION_END, "import", {}))
        journal.sync()
    finally:
        journal.close()


def _origins(view_path: Path, placed: list[Placed]) -> list[dict[str, object]]:
    view = {"imported": view_path.name, "bytes": view_path.stat().st_size, "sha256": sha256_of(view_path)}
    return [view, *map(origin_of, placed)]


def origin_of(voice: Placed) -> dict[str, object]:
    """A recording's name, checksum and place, as the journal and `--json` tell them."""
    found = asdict(voice)
    told = {key: round(found[key], 2) for key in ("strength", "confidence", "agreeing") if found[key] is not None}
    return {
        "imported": voice.path.name,
        "sha256": sha256_of(voice.path),
        "placed_by": voice.how,
        "offset_ns": voice.clock_map.to_session(0),
        "drift_ppm": round(voice.clock_map.drift_ppm, 3),
        **told,
    }
