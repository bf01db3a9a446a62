"""The station: takes the trainee's view and voice, records them, and lends them to the expert over the link."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.capture.chime import Chime
from woz.capture.gaze_point import gaze_point
from woz.capture.hearing import Hearing
from woz.capture.reopening import ReopeningSpeaker
from woz.capture.sound import Microphone, Speaker
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, OwnRecorder, Source, VideoFrame
from woz.clock import Clock, SessionClock
from woz.custody import Custody, room_of
from woz.errors import WozError
from woz.events import Event, EventKind
from woz.expert_log import ExpertLog
from woz.link.expert_events import expert_event
from woz.link.messages import Message, MessageKind
from woz.link.pieces import got_message
from woz.link.playout import Playout
from woz.link.reach import Reach
from woz.link.station_end import StationEnd
from woz.recording.disk_estimate import bytes_per_minute, estimated_bytes_per_minute, warning
from woz.recording.disk_watch import KEEP_FREE_BYTES
from woz.recording.folder import SessionFolder, free_bytes
from woz.recording.journal import append_late
from woz.recording.manifest import Manifest
from woz.recording.recorder import Recorder
from woz.recording.voice_comparison import comparison_data
from woz.recording.voice_parts import take_in_parts
from woz.runtime import LiveLoop
from woz.seats import Absence, LinkState, StationListener, StationPhase, StationStatus
from woz.session import PROACTIVE, Procedure, Protocol, SessionId, SessionState, StreamKind
from woz.settings import VideoSettings
from woz.sound_watch import SoundWatch
from woz.sparing import Sparing
from woz.sync.clockmap import ClockMap
from woz.sync.device_clock import DeviceClock
from woz.sync.tracker import OffsetTracker
from woz.voice_copy import VoiceCopy

log = logging.getLogger(__name__)

STATUS_EVERY_S = 0.2
WATCHED = ("microphone", "earpiece", "link")
"""Where sound may be lost."""
VOICE_WITHIN_S = 15.0
"""Without a new piece for so long, the session is closed without the expert's own recording."""
MIN_FREE_BYTES = 200 * 1024**2
MOST_AT_DESK = 200
"""Pieces and offers of the expert's recordings that may wait to be stored."""


class Hears(StrEnum):
    """What the expert hears of the trainee, where there are both."""

    MICROPHONE = "microphone"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class StationConfig:
    """Where and what to record, and where to wait for the expert. Port 0 takes any free one."""

    session_id: SessionId
    sessions: Path
    procedure: Procedure
    address: str = "0.0.0.0"
    port: int = 0
    host: str = ""
    """The address that the invitation names; found out where it is empty."""
    use_microphone: bool = True
    use_source_sound: bool = True
    expert_hears: Hears = Hears.MICROPHONE
    video: VideoSettings = field(default_factory=VideoSettings)
    protocol: Protocol = PROACTIVE
    reach: Reach = field(default_factory=Reach)


class Station:
    """One session's station, from opening the devices to the closed folder. It implements `StationSeat`."""

    def __init__(
        self,
        config: StationConfig,
        source: Source,
        microphone: Microphone,
        speaker: Speaker,
        clock: Clock,
        listener: StationListener,
        on_closed: Callable[[Manifest], None],
    ) -> None:
        self.config = config
        self._source = source
        self._microphone = microphone
        self._speaker = speaker
        self._clock = clock
        self._listener = listener
        self._on_closed = on_closed
        self._live = LiveLoop("station")
        self._playout = Playout()
        self._link = StationEnd(
            self,
            self._live,
            clock,
            config.procedure,
            config.protocol,
            config.video,
            source.info.fps,
            self._playout,
            config.reach,
        )
        self._device_clock = DeviceClock()
        self._microphone_times = OffsetTracker()
        self._earpiece_times = OffsetTracker()
        self._trainee, self._expert = Hearing(clock), Hearing(clock)
        self._chime = Chime()
        self._earpiece_heard: bool | None = None
        self._gaze: GazeSample | None = None
        self._recorder: Recorder | None = None
        self._session: SessionClock | None = None
        self._folder: SessionFolder | None = None
        self._phase = StationPhase.READY
        self._problem = ""
        self._closing: threading.Thread | None = None
        self._ticker = threading.Event()
        self._tick_thread = threading.Thread(target=self._tick, name="station status")
        self._desk_room = threading.Semaphore(MOST_AT_DESK)
        self._custody = Custody(config.sessions, config.session_id, self._tell_of_voice, self._voice_room)
        self._desk = ThreadPoolExecutor(1, "expert's recording")
        self._told_closed = False
        self._disk_warning = ""
        self._microphone_watch, self._earpiece_watch, self._link_watch = (
            SoundWatch(clock, name, partial(self._journal_sound, name)) for name in WATCHED
        )
        self._sparing = Sparing(clock)
        self._frames = 0
        self._device: DeviceStatus | None = None
        self._own_recording = ""
        self._observers = 0
        self._absence: Absence | None = None
        self._expert_log = ExpertLog()
        self._bytes_per_minute = estimated_bytes_per_minute(source.info, config.video)

    # what the operator can do

    @property
    def session_id(self) -> SessionId:
        return self.config.session_id

    @property
    def procedure(self) -> Procedure:
        return self.config.procedure

    @property
    def invitation(self) -> str:
        return self._link.invitation.link if self._link.invitation else ""

    @property
    def observer_invitation(self) -> str:
        return self._link.observer_invitation.link if self._link.observer_invitation else ""

    def open(self) -> None:
        """Start devices, source and signaling. Raises WozError, with all closed again, where one can't be had."""
        config = self.config
        try:
            free = free_bytes(config.sessions)
            if free < MIN_FREE_BYTES:
                raise WozError(f"Only {free // 1024**2} MB are left for recordings; make room and try again.")
            self._live.call(self._link.listen(config.address, config.port, config.host, config.session_id))
            if config.use_microphone:
                self._microphone.start(
                    self._hear_trainee, self._microphone_watch.stalled, self._microphone_watch.lost
                )
            if isinstance(self._speaker, ReopeningSpeaker):
                self._speaker.on_fault = self._earpiece_watch.stalled
            self._speaker.start(self._play_expert, self._earpiece_watch.lost)
            self._source.start(_SourceSink(self))
            self._tick_thread.start()
        except BaseException:
            self._shut_devices()
            raise

    def record(self) -> None:
        """Begin the session: session time 0 is now. Raises WozError where the folder can't be made."""
        if self._phase != StationPhase.READY:
            return
        session = SessionClock(self._clock)
        folder = SessionFolder.create(
            self.config.sessions, self.session_id, session.start_utc_ns, self.procedure.name
        )
        recorder = Recorder(folder, session, self._source.info, self.config.video, self._listener.journalled)
        if self.config.use_microphone:
            recorder.expect_voice(StreamKind.TRAINEE_VOICE, "microphone")
        if self._source_sounds:
            recorder.expect_voice(self._source_kind, "source")
        recorder.expect_voice(StreamKind.EXPERT_HEARD, "earpiece")
        recorder.start()
        recorder.event(Event(0, EventKind.SOURCE, "station", self._sound_plan))
        self._folder, self._session, self._recorder = folder, session, recorder
        self._phase = StationPhase.RECORDING
        if glasses := self._own_recorder:
            glasses.begin_own_recording()
        self._tell_recording(session)

    def replan(self, procedure: Procedure, protocol: Protocol) -> None:
        """Another procedure and protocol for the session, and for whoever is here; not once recording has begun."""
        if self._phase == StationPhase.READY:
            self.config = replace(self.config, procedure=procedure, protocol=protocol)
            self._live.loop.call_soon_threadsafe(self._link.replan, procedure, protocol)

    def stop(self) -> None:
        """End the session; the folder is closed in the background, after the expert's own recording has come."""
        if self._phase != StationPhase.RECORDING:
            return
        self._phase = StationPhase.CLOSING
        self._closing = threading.Thread(target=self._finish, name="closing the session")
        self._closing.start()

    @property
    def session_ns(self) -> int | None:
        return self._session.now_ns() if self._session and self._recording else None

    @property
    def gaze(self) -> GazeSample | None:
        return self._gaze

    def note(self, text: str, at_ns: int | None = None) -> bool:
        now_ns = self.session_ns
        if now_ns is not None:
            self._journal_at(now_ns if at_ns is None else at_ns, EventKind.NOTE, "station", {"text": text})
        return now_ns is not None

    def mark(self, name: str) -> None:
        self._journal(EventKind.MARK, "station", {"name": name})

    def chime(self) -> None:
        if self._phase == StationPhase.READY:
            self._chime.ring()

    def chime_heard(self, heard: bool) -> None:
        self._earpiece_heard = heard

    def close(self) -> None:
        """Leave: ends a recording that still runs, then frees all devices."""
        self.stop()
        if self._closing:
            self._closing.join()
        self._shut_devices()

    # what comes from devices, on their own threads

    @property
    def _own_recorder(self) -> OwnRecorder | None:
        source = self._source
        return source if isinstance(source, OwnRecorder) and source.records_itself else None

    @property
    def _source_sounds(self) -> bool:
        return self.config.use_source_sound and self._source.info.audio_rate is not None

    @property
    def _source_kind(self) -> StreamKind:
        """The track of the source's own sound: beside a microphone, one of its own."""
        return StreamKind.ROOM if self.config.use_microphone else StreamKind.TRAINEE_VOICE

    @property
    def _source_is_heard(self) -> bool:
        """Whether it is the source's sound that the expert hears."""
        wanted = self.config.expert_hears == Hears.SOURCE or not self.config.use_microphone
        return wanted and self._source_sounds

    @property
    def _sound_plan(self) -> dict[str, object]:
        """For the journal."""
        heard = Hears.SOURCE if self._source_is_heard else Hears.MICROPHONE
        return {"name": self._source.info.name, "expert_hears": heard}

    def take_view(self, frame: VideoFrame) -> None:
        captured_ns = self._captured_ns(frame)
        self._frames += 1
        behind_s = 0.0
        if self._recording and self._session and self._recorder:
            self._recorder.video(frame, self._session.at(captured_ns))
            behind_s = self._recorder.behind_s
        if self._sparing.shows(behind_s):
            self._link.offer_view(frame.image, captured_ns)
            self._listener.preview(frame.image)

    def _captured_ns(self, item: VideoFrame | GazeSample) -> int:
        if not self._source.info.own_clock:
            return item.device_ns
        stream = "view" if isinstance(item, VideoFrame) else "gaze"
        return self._device_clock.add(stream, item.device_ns, item.device_ns, item.arrival_ns)

    def take_source_sound(self, block: AudioBlock) -> None:
        if not self._source_sounds:
            return
        at_ns = self._device_clock.add("sound", block.device_ns, block.end_ns, block.arrival_ns)
        self._record_voice(self._source_kind, at_ns, block.samples, block.rate, "source")
        if not self.config.use_microphone:
            self._trainee.add(block.samples)
        if self._source_is_heard:
            self._link.offer_voice(at_ns, block.samples, block.rate)

    def take_gaze(self, sample: GazeSample) -> None:
        self._gaze = sample
        at_ns = self._captured_ns(sample)
        if self._recording and self._session and self._recorder:
            self._recorder.gaze(sample, self._session.at(at_ns))
        if self.config.protocol.gaze_shown and (point := gaze_point(sample)):
            self._link.show_gaze(point, at_ns)

    def take_device(self, status: DeviceStatus) -> None:
        if status != self._device:
            self._device = status
            self._journal(EventKind.DEVICE, "source", asdict(status))

    def source_ended(self, fault: WozError | None) -> None:
        if fault:
            self._fault(fault)
        self._journal(EventKind.SOURCE, "station", {"ended": str(fault or "")})

    def _hear_trainee(self, block: AudioBlock) -> None:
        self._microphone_watch.lives()
        at_ns = self._microphone_times.add(block.device_ns, block.arrival_ns)
        self._trainee.add(block.samples)
        if not self._source_is_heard:
            self._link.offer_voice(at_ns, block.samples, block.rate)
        self._record_voice(StreamKind.TRAINEE_VOICE, at_ns, block.samples, block.rate, "microphone")

    def _play_expert(self, n: int, device_ns: int, dac_ns: int) -> NDArray[np.float32]:
        self._earpiece_watch.lives()
        at_ns = self._earpiece_times.add(device_ns, dac_ns)
        voice = self._playout.pull(n, at_ns)
        self._expert.add(voice)
        samples = self._chime.mixed(voice)
        self._record_voice(StreamKind.EXPERT_HEARD, at_ns, samples, 48_000, "earpiece")
        return samples

    def _record_voice(
        self, kind: StreamKind, at_ns: int, samples: NDArray[np.float32], rate: int, name: str
    ) -> None:
        if not (self._recording and self._session and self._recorder):
            return
        start_ns = self._session.at(at_ns)
        if start_ns >= 0:
            self._recorder.voice(kind, start_ns, samples, rate, name)

    @property
    def _recording(self) -> bool:
        return self._phase == StationPhase.RECORDING

    # what comes from the link, on the live loop

    def expert_did(self, message: Message) -> None:
        """Raises ValueError for a message that is not as it should be."""
        event = expert_event(message)
        if self._session is None:
            return
        now_ns = self._session.now_ns()
        at_ns = max(0, event.t_ns) if event.t_ns <= now_ns + 1_000_000_000 else now_ns
        event = replace(event, t_ns=at_ns)
        self._journal_at(at_ns, event.kind, event.by, event.data)
        self._expert_log.add(event)
        self._link.step = self._expert_log.step

    def expert_saw(self, message: Message) -> None:
        if self._session:
            data = {key: message.integer(key) for key in message.data if key.endswith("_ns") or key == "frames"}
            self._journal(EventKind.DELAY, "console", data)

    def expert_came(self) -> None:
        self._absence = None
        self._journal(EventKind.PEER_JOINED, "console", {})
        if self._recording and self._session:
            self._tell_recording(self._session)
        elif self._session:
            self._link.tell(Message(MessageKind.ENDED))

    def expert_went(self) -> None:
        self._absence = Absence(self.session_ns)
        self._playout.clear()
        self._journal(EventKind.PEER_LEFT, "console", {})

    def voice_offered(self, message: Message) -> None:
        self._at_desk(lambda: self._answer_offer(VoiceCopy.of(message.data)))

    def _voice_room(self) -> int:
        """Bytes: no more than so long a session's voice can be."""
        return room_of((self._session.now_ns() if self._session else 0) / 1e9)

    def piece_arrived(self, piece: bytes) -> None:
        self._at_desk(lambda: self._take_piece(piece))

    # the expert's own recording, on a thread of its own

    def _at_desk(self, work: Callable[[], None]) -> None:
        """What is more than an honest console has on its way is left out; it offers it again."""
        if self._desk_room.acquire(blocking=False):
            with contextlib.suppress(RuntimeError):
                self._desk.submit(self._guarded, work).add_done_callback(lambda _: self._desk_room.release())

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except ValueError as error:
            log.info("an offer was ignored: %s", error)
        except OSError as error:
            self._fault(WozError(f"The expert's recording can't be stored ({error.strerror}); make room."))
        except WozError as fault:
            self._fault(fault)

    def _answer_offer(self, copy: VoiceCopy) -> None:
        holding = self._custody.offered(copy)
        self._link.tell(holding.message())
        if holding.whole:
            self._take_in_late(SessionFolder(self.config.sessions / copy.session_id))

    def _take_piece(self, raw: bytes) -> None:
        if free_bytes(self.config.sessions) < MIN_FREE_BYTES:
            raise WozError("The disk is nearly full: the expert's own recording stays at the console; make room.")
        if piece := self._custody.arrived(raw):
            self._link.tell(got_message(piece))

    def _take_in_late(self, folder: SessionFolder) -> None:
        """Of a session that is closed by now: this one, or an earlier one."""
        manifest = folder.manifest()
        if manifest.state != SessionState.RECORDING and manifest.comparison is None:
            self._take_in_voice(folder)

    def _take_in_voice(self, folder: SessionFolder) -> None:
        manifest = take_in_parts(folder)
        if manifest.comparison:
            self._append(manifest, comparison_data(manifest.comparison))
        self._told_closed = self._told_closed or manifest.session_id == self.session_id
        self._on_closed(manifest)

    def _tell_of_voice(self, session_id: str, sentence: str) -> None:
        """Into the journal of a session, which may be closed, or an earlier one."""
        if session_id == self.session_id and self._recorder and self._phase != StationPhase.CLOSED:
            self._journal(EventKind.VOICE, "station", {"text": sentence})
        elif (folder := SessionFolder(self.config.sessions / session_id)).manifest_path.is_file():
            self._append(folder.manifest(), {"text": sentence})

    def _append(self, manifest: Manifest, data: Mapping[str, object]) -> None:
        folder = SessionFolder(self.config.sessions / manifest.session_id)
        t_ns = self._clock.utc_ns() - manifest.start_utc_ns
        append_late(folder.events, Event(t_ns, EventKind.VOICE, "station", data))

    def observer_came(self) -> None:
        if self._recording and self._session:
            self._tell_recording(self._session)

    def observers_changed(self, number: int) -> None:
        if number != self._observers:
            kind = EventKind.PEER_JOINED if number > self._observers else EventKind.PEER_LEFT
            self._observers = number
            self._journal(kind, "observer", {"observers": number})

    def unreachable(self, fault: WozError) -> None:
        """A server that should help consoles from other networks does not."""
        self._fault(fault)

    # ending

    def _finish(self) -> None:
        recorder, session, folder = self._recorder, self._session, self._folder
        assert recorder
        assert session
        assert folder
        end_ns = session.now_ns()
        self._end_own_recording()
        if self._link.state == LinkState.LIVE:
            self._link.tell(Message(MessageKind.ENDED, {"end_ns": end_ns}))
            if not self._await_voice():
                self._problem = (
                    "The expert's own recording has not all arrived; it is kept on the console and follows when it "
                    "joins again, or bring it with woz import voice."
                )
        for kind, tracker in self._trackers(session).items():
            recorder.set_map(kind, tracker)
        self._journal_at(
            end_ns, EventKind.DROP, "station", {"link_frames": self._link.dropped + self._sparing.spared}
        )
        recorder.close(end_ns)
        self._fetch_own_recording(folder)
        self._link.withdraw_invitation()
        self._phase = StationPhase.CLOSED
        self._desk.submit(self._guarded, lambda: self._take_in_voice(folder)).result()
        if not self._told_closed:
            self._on_closed(folder.manifest())

    def _await_voice(self) -> bool:
        """Wait while the expert's own recording comes; False where it stops to come."""
        held, since = -1, time.monotonic()
        while self._link.state == LinkState.LIVE and time.monotonic() - since < VOICE_WITHIN_S:
            if self._custody.is_complete:
                return True
            if self._custody.held != held:
                held, since = self._custody.held, time.monotonic()
            time.sleep(0.05)
        return self._custody.is_complete

    def _end_own_recording(self) -> None:
        if glasses := self._own_recorder:
            with _problems(self._fault):
                self._own_recording = glasses.end_own_recording()
                self._journal(EventKind.DEVICE, "source", {"own_recording": self._own_recording})

    def _fetch_own_recording(self, folder: SessionFolder) -> None:
        if (glasses := self._own_recorder) and self._own_recording:
            with _problems(self._fault):
                glasses.fetch_own_recording(folder.own_recording)

    def _trackers(self, session: SessionClock) -> dict[StreamKind, ClockMap]:
        device = self._device_clock.summary()
        maps = {
            StreamKind.VIEW: device if self._source.info.own_clock else None,
            StreamKind.EXPERT_HEARD: self._earpiece_times.summary(),
        }
        if self._source_sounds:
            maps[self._source_kind] = device
        if self.config.use_microphone:
            maps[StreamKind.TRAINEE_VOICE] = self._microphone_times.summary()
        return {kind: found.shifted(-session.origin_ns) for kind, found in maps.items() if found}

    def _shut_devices(self) -> None:
        self._ticker.set()
        self._source.stop()
        self._microphone.stop()
        self._speaker.stop()
        with contextlib.suppress(TimeoutError):
            self._live.call(self._link.close(), timeout_s=10)
        self._live.close()
        self._desk.shutdown()
        self._custody.close()
        if self._tick_thread.is_alive():
            self._tick_thread.join()

    # telling

    def _tell_recording(self, session: SessionClock) -> None:
        self._link.tell(Message(MessageKind.RECORDING, {"origin_ns": session.origin_ns}))
        self._link.begin_view_anew()

    def _journal(self, kind: EventKind, by: str, data: Mapping[str, object]) -> None:
        if self._session:
            self._journal_at(self._session.now_ns(), kind, by, data)

    def _journal_sound(self, name: str, words: str, lost: int) -> None:
        self._journal(
            EventKind.SOURCE, "station", {"sound": words, "name": name} | ({"lost": lost} if lost else {})
        )

    def _watch_sound(self) -> None:
        self._link_watch.counted(self._link.voice_dropped)
        for watch in (self._microphone_watch, self._earpiece_watch, self._link_watch):
            watch.look()

    def _journal_at(self, t_ns: int, kind: EventKind, by: str, data: Mapping[str, object]) -> None:
        if self._recorder and self._phase != StationPhase.CLOSED:
            self._recorder.event(Event(t_ns, kind, by, data))

    def _fault(self, fault: WozError) -> None:
        self._problem = str(fault)

    def _tick(self) -> None:
        frames_before, ticks = 0, 0
        fps = 0.0
        while not self._ticker.wait(STATUS_EVERY_S):
            ticks += 1
            if ticks % 5 == 0:
                fps, frames_before = self._frames - frames_before, self._frames
                self._journal_link()
                self._watch_disk()
                self._watch_sound()
            self._listener.status(self._status(fps))

    def _journal_link(self) -> None:
        figures, delays = self._link.figures, self._playout.take_delays()
        if figures:
            self._journal(EventKind.LINK, "station", figures)
        if delays:
            p50, p95 = (int(v) for v in np.percentile(delays, [50, 95]))
            data = {"blocks": len(delays), "voice_p50_ns": p50, "voice_p95_ns": p95}
            self._journal(EventKind.DELAY, "station", data)

    def _status(self, fps: float) -> StationStatus:
        recorder = self._recorder
        free = free_bytes(self.config.sessions)
        link = self._link.figures
        return StationStatus(
            self._phase,
            self._link.state,
            self._session.now_ns() if self._session and self._recording else 0,
            self._trainee.db,
            self._expert.db,
            recorder.captured if recorder else 0,
            recorder.recorded if recorder else 0,
            (recorder.dropped if recorder else 0) + self._link.dropped + self._sparing.spared,
            fps,
            self._link.delay_ms,
            free,
            self._disk_minutes(free),
            self._worst_problem,
            self._device,
            view_fps_wanted=self._source.info.fps,
            trainee_heard_ago_s=self._trainee.heard_ago_s,
            expert_heard_ago_s=self._expert.heard_ago_s,
            trainee_clipped=self._trainee.clipped,
            expert_clipped=self._expert.clipped,
            expert_speaking=self._expert.speaking,
            earpiece_heard=self._earpiece_heard,
            clock_residual_ms=self._link.clock_residual_ms,
            loss=link["lost_per_mille"] / 1000 if link else None,
            bit_rate=float(link["bit_rate"]) if link else None,
            observers=self._link.observers,
            sound_losses=self._microphone_watch.losses + self._earpiece_watch.losses,
            absence=self._absence,
        )

    @property
    def _worst_problem(self) -> str:
        fault = str(self._recorder.fault) if self._recorder and self._recorder.fault else ""
        found = (
            fault,
            self._microphone_watch.problem or self._earpiece_watch.problem,
            self._disk_warning,
            self._problem,
            self._device_problem,
            self._sparing.problem,
            self._link.fault,
        )
        return next(filter(None, found), "")

    @property
    def _device_problem(self) -> str:
        return self._device.problem if self._device else ""

    def _disk_minutes(self, free: int) -> float:
        """How long the recording may go on; it ends while a little is still free."""
        if self._recording and self._session and self._recorder:
            estimate = estimated_bytes_per_minute(self._source.info, self.config.video)
            written, elapsed_ns = self._recorder.bytes_written, self._session.now_ns()
            self._bytes_per_minute = bytes_per_minute(estimate, written, elapsed_ns)
        return max(0, free - KEEP_FREE_BYTES) / self._bytes_per_minute

    def _watch_disk(self) -> None:
        """Warn ten minutes ahead, once in the journal."""
        before, self._disk_warning = self._disk_warning, ""
        if self._recording:
            self._disk_warning = warning(self._disk_minutes(free_bytes(self.config.sessions)))
            if self._disk_warning and not before:
                self._journal(EventKind.DEVICE, "station", {"disk": self._disk_warning})


class _SourceSink:
    def __init__(self, station: Station) -> None:
        self.video = station.take_view
        self.audio = station.take_source_sound
        self.gaze = station.take_gaze
        self.status = station.take_device
        self.ended = station.source_ended


class _problems(contextlib.AbstractContextManager[None]):  # noqa: N801
    """Hands a WozError to whoever shows it, and goes on."""

    def __init__(self, tell: Callable[[WozError], None]) -> None:
        self._tell = tell

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, WozError):
            self._tell(error)
            return True
        return False
