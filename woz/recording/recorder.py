"""Takes all streams of a session on session time and writes them, on one thread, through one bounded queue."""

from __future__ import annotations

import errno
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import av

from woz.capture.source import GazeSample, SourceInfo, VideoFrame
from woz.clock import SessionClock
from woz.errors import WozError
from woz.events import Event, EventKind
from woz.interval import Interval
from woz.recording.folder import SessionFolder, sha256_of
from woz.recording.journal import Journal
from woz.recording.manifest import Manifest, StreamEntry
from woz.recording.tables import FrameTable, GazeTable
from woz.recording.track import Samples, TrackMixer
from woz.recording.writer import EgoWriter
from woz.session import SessionState, StreamKind
from woz.settings import VideoSettings
from woz.sync.clockmap import ClockMap

log = logging.getLogger(__name__)

QUEUE_ITEMS = 1_200
"""About four seconds of a view at 20 frames a second with two voices."""
WAIT_FOR_ROOM_S = 2.0
LAG_NS = 1_000_000_000
"""A voice that is silent for longer than this behind session time is filled with silence."""


@dataclass(frozen=True, slots=True)
class _Voice:
    kind: StreamKind
    input: str
    start_ns: int
    samples: Samples
    rate: int


@dataclass(frozen=True, slots=True)
class _View:
    frame: VideoFrame
    session_ns: int


@dataclass(frozen=True, slots=True)
class _Gaze:
    sample: GazeSample
    session_ns: int


_Item = _Voice | _View | _Gaze | None


class Recorder:
    """All methods may be called from any thread. A full disk ends the recording; what was written plays."""

    def __init__(
        self,
        folder: SessionFolder,
        clock: SessionClock,
        info: SourceInfo,
        settings: VideoSettings,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._on_event = on_event
        self._journal = Journal(folder.events)
        self._ego = EgoWriter(folder.ego, info.width, info.height, info.fps, settings)
        self._frames = FrameTable(folder.frames)
        self._gaze_table = GazeTable(folder.gaze) if info.gaze else None
        self._mixers = {StreamKind.TRAINEE_VOICE: TrackMixer(), StreamKind.EXPERT_HEARD: TrackMixer()}
        self._queue: queue.Queue[_Item] = queue.Queue(QUEUE_ITEMS)
        self._maps: dict[StreamKind, ClockMap] = {}
        self._thread = threading.Thread(target=self._run, name="recorder")
        self._first_view_ns: int | None = None
        self._last_view_ns = 0
        self.captured = 0
        self.dropped = 0
        self.fault: WozError | None = None

    @property
    def recorded(self) -> int:
        """Frames written so far."""
        return self._ego.frames

    @property
    def bytes_written(self) -> int:
        return self._folder.ego.stat().st_size

    def expect_voice(self, kind: StreamKind, name: str) -> None:
        """Name an input of a track before `start`, so that the track waits for its sound."""
        self._mixers[kind].expect(name)

    def start(self) -> None:
        self._thread.start()
        self.event(Event(0, EventKind.SESSION_BEGIN, "station", {"start_utc_ns": self._clock.start_utc_ns}))

    def video(self, frame: VideoFrame, session_ns: int) -> None:
        if session_ns >= 0:
            self.captured += 1
            self._put(_View(frame, session_ns))

    def voice(
        self, kind: StreamKind, session_ns: int, samples: Samples, rate: int, name: str = "microphone"
    ) -> None:
        """Sound of one input of a track, mono in -1..1; its first sample at `session_ns`."""
        self._put(_Voice(kind, name, session_ns, samples, rate))

    def gaze(self, sample: GazeSample, session_ns: int) -> None:
        self._put(_Gaze(sample, session_ns))

    def set_map(self, kind: StreamKind, clock_map: ClockMap) -> None:
        """How a stream's own clock was laid on session time; kept in the manifest."""
        self._maps[kind] = clock_map

    def event(self, event: Event) -> None:
        """Write an event to the journal at once."""
        try:
            self._journal.append(event)
        except OSError as error:
            self._fail(error)
        if self._on_event:
            self._on_event(event)

    def close(self, end_ns: int) -> Manifest:
        """End the recording at a session time; the answer is the manifest that was saved."""
        self._put(None)
        self._thread.join()
        self._guard(lambda: self._finish_tracks(end_ns))
        self._guard(self._ego.close)
        self._frames.close()
        if self._gaze_table:
            self._gaze_table.close()
        self._journal_gaps()
        self.event(Event(end_ns, EventKind.SESSION_END, "station", {"captured": self.captured}))
        self._journal.close()
        manifest = self._manifest(end_ns)
        manifest.save(self._folder.manifest_path)
        return manifest

    # the recorder's thread

    def _run(self) -> None:
        while True:
            try:
                item = self._queue.get(timeout=0.25)
            except queue.Empty:
                self._guard(self._fill)
                continue
            if item is None:
                return
            self._guard(lambda item=item: self._take(item))  # type: ignore[misc]

    def _take(self, item: _Voice | _View | _Gaze) -> None:
        if isinstance(item, _View):
            self._take_view(item)
            self._fill()
        elif isinstance(item, _Voice):
            mixer = self._mixers[item.kind]
            self._write_voice(item.kind, mixer.add(item.input, item.start_ns, item.samples, item.rate))
        elif self._gaze_table:
            self._gaze_table.add(item.sample, item.session_ns)

    def _take_view(self, item: _View) -> None:
        self._ego.view(item.frame.image, item.session_ns)
        self._frames.add(item.frame, item.session_ns)
        if self._first_view_ns is None:
            self._first_view_ns = item.session_ns
        self._last_view_ns = max(self._last_view_ns, item.session_ns)

    def _fill(self) -> None:
        for kind, mixer in self._mixers.items():
            self._write_voice(kind, mixer.fill_to(self._clock.now_ns() - LAG_NS))

    def _finish_tracks(self, end_ns: int) -> None:
        for kind, mixer in self._mixers.items():
            self._write_voice(kind, mixer.finish(end_ns))

    def _write_voice(self, kind: StreamKind, samples: Samples) -> None:
        stream = self._ego.trainee if kind == StreamKind.TRAINEE_VOICE else self._ego.heard
        stream.write(samples)

    # faults

    def _put(self, item: _Item) -> None:
        if self.fault and item is not None:
            return
        try:
            self._queue.put(item, timeout=None if item is None else WAIT_FOR_ROOM_S)
        except queue.Full:
            self.dropped += isinstance(item, _View)
            self.event(Event(self._clock.now_ns(), EventKind.DROP, "station", {"what": type(item).__name__[1:]}))

    def _guard(self, work: Callable[[], None]) -> None:
        if self.fault:
            return
        try:
            work()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        if self.fault:
            return
        full = error.errno == errno.ENOSPC
        cause = "The disk is full" if full else f"The disk refuses to be written ({error.strerror})"
        self.fault = WozError(f"{cause}: recording stopped; what was recorded until now is kept.")
        log.error("%s", self.fault)

    # the manifest

    def _journal_gaps(self) -> None:
        for kind, mixer in self._mixers.items():
            for gap in mixer.gaps:
                data = {"stream": kind, "duration_ns": gap.duration_ns}
                self.event(Event(gap.start_ns, EventKind.GAP, "station", data))

    def _manifest(self, end_ns: int) -> Manifest:
        ego = self._folder.ego
        digest = sha256_of(ego)
        view = StreamEntry(
            StreamKind.VIEW,
            ego.name,
            0,
            Interval(self._first_view_ns or 0, max(self._last_view_ns, self._first_view_ns or 0)),
            captured=self.captured,
            recorded=self.recorded,
            source_map=self._map_json(StreamKind.VIEW),
            sha256=digest,
        )
        entries = [view, *(self._voice_entry(kind, i, end_ns, digest) for i, kind in enumerate(self._mixers))]
        if self._gaze_table:
            path = str(self._folder.gaze.relative_to(self._folder.path))
            rows = self._gaze_table.rows
            digest = sha256_of(self._folder.gaze)
            entries.append(StreamEntry(StreamKind.GAZE, path, 0, Interval(0, end_ns), rows, rows, sha256=digest))
        state = SessionState.CLOSED if not self.fault else SessionState.RECOVERED
        manifest = self._folder.manifest()
        return replace(manifest, state=state, duration_ns=end_ns, streams=tuple(entries))

    def _voice_entry(self, kind: StreamKind, track: int, end_ns: int, digest: str) -> StreamEntry:
        stream = self._ego.trainee if kind == StreamKind.TRAINEE_VOICE else self._ego.heard
        return StreamEntry(
            kind,
            self._folder.ego.name,
            track,
            Interval(0, end_ns),
            captured=stream.samples,
            recorded=stream.samples,
            gaps=tuple(self._mixers[kind].gaps),
            source_map=self._map_json(kind),
            sha256=digest,
        )

    def _map_json(self, kind: StreamKind) -> str | None:
        clock_map = self._maps.get(kind)
        return clock_map.to_json() if clock_map else None


def adopt_voice(folder: SessionFolder, received: Path, clock_map: ClockMap, sha256: str) -> Manifest:
    """Take in the console's own recording. Raises WozError where there is one already, or it can't be read."""
    if folder.expert.exists():
        raise WozError(f"{folder.expert} exists already; nothing was overwritten.")
    duration_ns = _duration_ns(received)
    received.rename(folder.expert)
    interval = Interval(clock_map.to_session(0), clock_map.to_session(duration_ns))
    entry = StreamEntry(
        StreamKind.EXPERT_SAID, folder.expert.name, 0, interval, clock_map=clock_map.to_json(), sha256=sha256
    )
    manifest = folder.manifest().with_stream(entry)
    manifest.save(folder.manifest_path)
    return manifest


def _duration_ns(path: Path) -> int:
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio or container.duration is None:
                raise WozError(f"{path.name} holds no sound; the expert's recording was not taken over.")
            return int(container.duration) * 1000
    except av.FFmpegError as error:
        raise WozError(f"{path.name} can't be read; the expert's recording was not taken over.") from error
