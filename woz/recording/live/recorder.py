"""Takes all streams of a session on session time and writes them, on a thread of its own."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass

import av

from woz.base.clock import SessionClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.base.runtime import give_way
from woz.base.settings import VideoSettings
from woz.base.supervision import Supervisor
from woz.capture.source import GazeSample, SourceInfo, VideoFrame
from woz.model.events import Event, EventKind
from woz.model.stream import StreamKind
from woz.recording.folder.adoption import adopt_voice as adopt_voice
from woz.recording.folder.journal import Journal
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.manifest import SCHEMA_VERSION, Manifest
from woz.recording.folder.session_folder import SessionFolder, in_other_hands
from woz.recording.folder.versions import program_versions
from woz.recording.live.disk_watch import KEEP_FREE_BYTES, STALLED_S, DiskWatch, ended_by, log_stall, stalled
from woz.recording.live.losses import Losses
from woz.recording.live.media import SessionMedia
from woz.recording.live.summary import closed_manifest
from woz.recording.live.write_queue import WriteQueue
from woz.sound.session_track import Samples
from woz.timing.clock_map import ClockMap

log = logging.getLogger(__name__)

QUEUE_S = 20.0
QUEUE_BYTES = 1024**3
"""Room for pictures that the encoder can't take at once: a burst of other work is outlasted."""
SOUND_ITEMS = 8_000
"""Room for twenty seconds of four inputs in blocks of 10 ms."""
BEHIND_S = 1.0
STEP_DOWN_NS = 2 * NS_PER_S
"""With pictures of more than the former waiting, and that late, the encoder steps down, once in the latter."""
GIVE_WAY = 0.8
"""With so much of the room taken, and no faster encoder, pictures are left out so that no sound is."""
SOUND_FIRST = 0.5
"""With so much of the sound's room taken they are left out at once: sound doesn't wait to get in."""
WAIT_S = 0.5
"""How long a picture waits for room before it is dropped, counted and journalled. Sound and gaze never wait: a
sound card's thread that waits loses more."""
LATEST_NS = 10 * NS_PER_S
"""Sound that comes so much later than other streams is laid in its place; after that there is silence, and it is
refused and told. Nothing waits for it meanwhile. Matroska allows 32 s between what stands side by side."""
SETTLED_NS = NS_PER_S
"""A gap after which a stream has gone on for so long is told."""
FILL_EVERY_NS = 100 * NS_PER_MS


@dataclass(frozen=True, slots=True)
class _View:
    frame: VideoFrame
    at_ns: int
    put_ns: int


@dataclass(frozen=True, slots=True)
class _Voice:
    kind: StreamKind
    name: str
    at_ns: int
    samples: Samples
    rate: int


@dataclass(frozen=True, slots=True)
class _Gaze:
    sample: GazeSample
    at_ns: int


@dataclass(frozen=True, slots=True)
class _End:
    at_ns: int


_Item = _View | _Voice | _Gaze | _End


class Recorder:
    """Writes one session. All methods may be called from any thread.

    Sound and pictures wait in a queue for the encoder; where it is full, a picture waits up to half a second for
    room, and sound is dropped at once; what is dropped is counted, and journalled by the recorder's own thread. A
    disk that fails or runs full ends the recording: `fault` says so, and what was written plays. Pictures that are
    given to it get new time stamps: encode a copy elsewhere.
    """

    def __init__(
        self,
        folder: SessionFolder,
        clock: SessionClock,
        info: SourceInfo,
        settings: VideoSettings,
        on_event: Callable[[Event], None] | None = None,
        keep_free: int = KEEP_FREE_BYTES,
        supervisor: Supervisor | None = None,
        lock: RecordingLock | None = None,
    ) -> None:
        """Raises WozError where the files exist already or can't be made.

        `lock` is the folder's own where it is held already; it is let go of when the recording is closed.
        """
        self._folder = folder
        self._clock = clock
        self._on_event = on_event
        self._journal = Journal(folder.events)
        try:
            self._media = SessionMedia(folder, info, settings)
        except BaseException:
            self._journal.close()
            raise
        room = min(QUEUE_S * info.fps, QUEUE_BYTES / (info.width * info.height * 1.5))
        self._queue: WriteQueue[_Item] = WriteQueue(max(2, round(room)), SOUND_ITEMS)
        self._too_many = max(2, round(BEHIND_S * info.fps))
        self._most = GIVE_WAY * room
        self._waits_since_ns: int | None = None
        self._stepped_ns = 0
        self._hopeless = False
        self._maps: dict[StreamKind, ClockMap] = {}
        self._lock = threading.Lock()
        self._recording_lock = lock or RecordingLock(folder.lock)
        self._lock_is_lent = lock is not None
        self._supervisor = supervisor or Supervisor()
        written = (folder.ego, folder.frames, folder.events)
        self._watch = DiskWatch(written, self._fail, keep_free, self._supervisor)
        self._thread = self._supervisor.thread("recorder", self._run, self._end_by)
        self._reach_ns = self._filled_ns = 0
        self._losses = Losses()
        self._told: set[tuple[StreamKind, int]] = set()
        self._end_ns: int | None = None
        self._turns = 0
        self.captured = 0
        self.dropped = 0
        self.fault: WozError | None = None

    @property
    def recorded(self) -> int:
        """Frames written so far."""
        return self._media.frames

    @property
    def behind_s(self) -> float:
        """How long pictures wait, since the encoder hasn't enough of the processor."""
        since_ns = self._waits_since_ns
        return 0.0 if since_ns is None or self.fault else (self._clock.now_ns() - since_ns) / NS_PER_S

    @property
    def bytes_written(self) -> int:
        return self._folder.ego.stat().st_size

    def expect_voice(self, kind: StreamKind, name: str) -> None:
        """Name an input of a track before `start`, so that the track waits for its sound.

        Raises WozError where a file for it can't be made.
        """
        made = kind == StreamKind.ROOM and not self._folder.room.exists()
        self._media.expect(kind, name)
        if made:
            self._watch.add(self._folder.room)

    def start(self) -> None:
        """Begin to write. Raises WozError where the folder can't be written, or is in other hands."""
        if not self._recording_lock.take():
            raise in_other_hands(self._folder.path)
        self._watch.start()
        self._thread.start()
        self.event(Event(0, EventKind.SESSION_BEGIN, "station", _begin(self._clock)))

    def discard(self) -> None:
        """Let go of the files of a recording that could not begin. A lock that was given stays held: the folder
        says that it is being recorded until whoever made it takes it away.
        """
        with contextlib.suppress(OSError, av.FFmpegError), contextlib.ExitStack() as files:
            if not self._lock_is_lent:
                files.callback(self._recording_lock.release)
            for close in (self._journal.close, self._watch.stop):
                files.callback(close)
            self._media.close(0)

    def video(self, frame: VideoFrame, session_ns: int) -> None:
        """A frame whose exposure began at `session_ns`; one from before the session is left out."""
        if session_ns < 0:
            return
        with self._lock:
            self.captured += 1
        self._put(_View(frame, session_ns, self._clock.now_ns()))

    def missed(self, pictures: int, session_ns: int) -> None:
        """Pictures that were lost before they could be given here count as captured, and are told as dropped."""
        with self._lock:
            self.captured += pictures
            self.dropped += pictures
        self._losses.add("view", session_ns, pictures)

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

    def event(self, event: Event) -> bool:
        """Write an event to the journal at once; False where it isn't kept, since the disk or the session ended."""
        kept = False
        try:
            kept = self._journal.append(event)
        except OSError as error:
            self._fail(error)
        if kept and self._on_event:
            with self._supervisor.turn("telling of an event"):
                self._on_event(event)
        return kept

    def close(self, end_ns: int, tell: Callable[[str], object] = log_stall) -> Manifest:
        """End the recording at a session time; the answer is the manifest, saved unless `fault` says otherwise.

        All that was put is written, however long that takes: `tell` gets a sentence where the disk takes nothing
        meanwhile, and an empty one when it goes on. Raises WozError where a file of the session has gone.
        """
        self._queue.put_last(_End(end_ns))
        self._await_thread(tell)
        self._watch.stop()
        end_ns = self._end_ns if self._end_ns is not None else end_ns
        self.event(Event(end_ns, EventKind.SESSION_END, "station", {"captured": self.captured}))
        try:
            manifest = closed_manifest(self._folder, self._media, end_ns, self.captured, self._maps, self.fault)
            self._save(manifest)
        finally:
            self._journal.close()
            self._recording_lock.release()
        return manifest

    def _await_thread(self, tell: Callable[[str], object]) -> None:
        turns = self._turns
        while not self._ends_within(STALLED_S):
            before, turns = turns, self._turns
            tell(stalled(self._folder.path) if turns == before else "")
        tell("")

    def _ends_within(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _save(self, manifest: Manifest) -> None:
        try:
            self._journal.sync()
            manifest.save(self._folder.manifest_path)
        except OSError as error:
            self._fail(error)
        except WozError as fault:
            self.fault = self.fault or fault

    def _put(self, item: _View | _Voice | _Gaze) -> None:
        large = isinstance(item, _View)
        if not self.fault and not self._queue.put(item, large, WAIT_S if large else 0.0):
            self._lose(item)

    def _lose(self, item: _View | _Voice | _Gaze) -> None:
        """Count what is lost; the recorder's thread says so."""
        what = {_View: "view", _Voice: "sound", _Gaze: "gaze"}[type(item)]
        if isinstance(item, _View):
            with self._lock:
                self.dropped += 1
        self._losses.add(what, item.at_ns)

    # the recorder's thread

    def _run(self) -> None:
        give_way()
        while not isinstance(item := self._queue.get(0.25), _End):
            self._turns += 1
            with self._supervisor.turn("recorder"):
                self._tell_losses()
                if self.fault:
                    self._close_media(self._reach_ns)
                elif item:
                    self._try(item)
        self._close_media(item.at_ns)
        self._tell_losses()

    def _tell_losses(self) -> None:
        for loss in self._losses.take():
            self.event(Event(self._clock.now_ns(), EventKind.DROP, "station", asdict(loss)))

    def _try(self, item: _View | _Voice | _Gaze) -> None:
        """A disk's error ends the recording; an item that can't be written for another reason is left out."""
        try:
            self._take(item)
        except OSError as error:
            self._fail(error)
        except Exception:
            self._lose(item)
            raise

    def _keeps_up(self, at_ns: int) -> bool:
        """Encode faster before pictures would be dropped; False where nothing helps: then this one gives way."""
        waiting = self._queue.large_waiting
        late = waiting > self._too_many and self._clock.now_ns() - at_ns > BEHIND_S * NS_PER_S
        if late and at_ns - self._stepped_ns > STEP_DOWN_NS:
            self._stepped_ns = at_ns
            if preset := self._media.step_down():
                data = {"encoder": preset, "waiting": waiting}
                self.event(Event(self._clock.now_ns(), EventKind.SOURCE, "station", data))
            else:
                self._hopeless = True
        crowded = self._queue.small_waiting > SOUND_FIRST * SOUND_ITEMS
        return not (crowded or (late and self._hopeless and waiting > self._most))

    def _take(self, item: _View | _Voice | _Gaze) -> None:
        if isinstance(item, _View):
            self._waits_since_ns = item.put_ns
            if not self._keeps_up(item.at_ns):
                self._lose(item)
                return
            self._media.view(item.frame, item.at_ns)
            if not self._queue.large_waiting:
                self._waits_since_ns = None
        elif isinstance(item, _Voice):
            self._media.voice(item.kind, item.name, item.at_ns, item.samples, item.rate)
        else:
            self._media.gaze(item.sample, item.at_ns)
        self._reach_ns = max(self._reach_ns, min(item.at_ns, self._clock.now_ns()))
        if self._reach_ns - self._filled_ns >= FILL_EVERY_NS:
            self._filled_ns = self._reach_ns
            self._media.fill_to(self._reach_ns - LATEST_NS)
            self._tell_gaps(SETTLED_NS)

    def _close_media(self, end_ns: int) -> None:
        """Once: later calls, after a fault, find it done."""
        if self._end_ns is None:
            self._end_ns = end_ns
            try:
                self._media.close(end_ns)
            except (av.FFmpegError, OSError) as error:
                self._fail(error)
            self._tell_gaps(0)

    def _tell_gaps(self, settled_ns: int) -> None:
        """Journal the gaps after which the stream has gone on for so long."""
        for kind, gap in self._media.gaps():
            goes_on_ns = self._media.written_ns(kind) - gap.end_ns
            if goes_on_ns >= settled_ns and (kind, gap.start_ns) not in self._told:
                self._told.add((kind, gap.start_ns))
                data = {"stream": kind, "duration_ns": gap.duration_ns}
                self.event(Event(gap.start_ns, EventKind.GAP, "station", data))

    def _fail(self, error: OSError | av.FFmpegError) -> None:
        self._end_by(ended_by(error))

    def _end_by(self, fault: WozError) -> None:
        with self._lock:
            if self.fault:
                return
            self.fault = fault
        log.error("%s", self.fault)
        data = {"what": "all", "fault": str(self.fault)}
        self.event(Event(self._clock.now_ns(), EventKind.DROP, "station", data))


def _begin(clock: SessionClock) -> dict[str, object]:
    """What a manifest can be made anew of."""
    return {
        "start_utc_ns": clock.start_utc_ns,
        "schema_version": SCHEMA_VERSION,
        "versions": program_versions(),
    }
