"""The station: takes the trainee's view and voice, records them, and lends them to the expert over the link."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock, SessionClock
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop
from woz.base.settings import VideoSettings
from woz.base.supervision import Supervisor
from woz.capture.chime import Chime
from woz.capture.gaze_point import gaze_point
from woz.capture.reopening import ReopeningSpeaker
from woz.capture.sound import Microphone, Speaker, unfailing
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, OwnRecorder, Source, VideoFrame
from woz.link.connection.reach import Reach
from woz.link.ends.link_state import LinkState
from woz.link.ends.station_end import StationEnd
from woz.link.messages.expert_events import expert_event
from woz.link.messages.messages import Message, MessageKind
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.seats.expert_log import ExpertLog
from woz.live.seats.sound_watch import SoundWatch
from woz.live.seats.station_seat import Absence, StationListener, StationPhase, StationStatus
from woz.live.seats.troubles import Troubles
from woz.live.station.expert_uploads import MIN_FREE_BYTES, ExpertUploads
from woz.live.station.load_shedding import LoadShedding
from woz.live.station.received_recordings import room_of
from woz.live.station.upload_wait import OWED, WAITING, UploadWait
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.procedure import Procedure
from woz.model.protocol import PROACTIVE, Protocol
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.recovery import recover
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder, free_bytes
from woz.recording.live.disk_estimate import bytes_per_minute, estimated_bytes_per_minute, warning
from woz.recording.live.disk_watch import KEEP_FREE_BYTES
from woz.recording.live.recorder import Recorder
from woz.sound.voice_level import Hearing
from woz.timing.clock_map import ClockMap
from woz.timing.device_clock import DeviceClock
from woz.timing.tracker import OffsetTracker

STATUS_EVERY_S = 0.2
LOOK_EVERY_S = 0.05
WATCHED = ("microphone", "earpiece", "link")
"""Where sound may be lost."""


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
    use_earpiece: bool = True
    """False: what is played is heard by nobody."""
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
        self._supervisor = Supervisor(self._journal_fault)
        self._live = LiveLoop("station", self._supervisor)
        self._jitter_buffer = JitterBuffer()
        self._link = StationEnd(
            self,
            self._live,
            clock,
            config.procedure,
            config.protocol,
            config.video,
            source.info.fps,
            self._jitter_buffer,
            config.reach,
        )
        self._device_clock = DeviceClock()
        self._earpiece_times = OffsetTracker()
        self._trainee, self._expert = Hearing(clock), Hearing(clock)
        self._chime = Chime()
        self._earpiece_heard: bool | None = None
        self._gaze: GazeSample | None = None
        self._recorder: Recorder | None = None
        self._session: SessionClock | None = None
        self._folder: SessionFolder | None = None
        self._phase = StationPhase.READY
        self._troubles = Troubles(lambda words: self._journal_fault(WozError(words)))
        self._closing: threading.Thread | None = None
        self._ticker = threading.Event()
        self._tick_thread = self._supervisor.thread("station's status", self._tick)
        self._uploads = ExpertUploads(
            config.sessions,
            config.session_id,
            clock,
            self._supervisor,
            self._link.tell,
            self._journal_voice,
            self._voice_room,
            self._tell_closed,
        )
        self._expert_took_part = self._awaits_console = self._was_told_closed = False
        self._late: Journal | None = None
        self._late_events = 0
        self._disk_warning = ""
        self._microphone_watch, self._earpiece_watch, self._link_watch = (
            SoundWatch(clock, name, partial(self._journal_sound, name)) for name in WATCHED
        )
        self._microphone_times = OffsetTracker(on_loss=self._microphone_watch.lost)
        self._shedding = LoadShedding(clock)
        self._frames = self._frames_before = self._fps = 0
        self._room_problem = ""
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
                hear = self._supervisor.guarded("trainee's microphone", self._hear_trainee)
                self._microphone.start(hear, self._microphone_watch.stalled, self._microphone_watch.lost)
            if isinstance(self._speaker, ReopeningSpeaker):
                self._speaker.on_fault = self._earpiece_watch.stalled
            play = unfailing(self._play_expert, self._supervisor, "earpiece")
            self._speaker.start(play, self._earpiece_watch.lost)
            self._source.start(_SourceSink(self, self._supervisor))
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
        recorder = Recorder(
            folder,
            session,
            self._source.info,
            self.config.video,
            self._listener.journalled,
            supervisor=self._supervisor,
        )
        if self.config.use_microphone:
            recorder.expect_voice(StreamKind.TRAINEE_VOICE, "microphone")
        if self._source_sounds:
            recorder.expect_voice(self._source_kind, "source")
        recorder.expect_voice(StreamKind.EXPERT_HEARD, "earpiece")
        recorder.start()
        recorder.event(Event(0, EventKind.SOURCE, "station", self._sound_plan))
        self._folder, self._session, self._recorder = folder, session, recorder
        self._phase = StationPhase.RECORDING
        self._expert_took_part = self._link.state in (LinkState.LIVE, LinkState.LOST)
        if glasses := self._own_recorder:
            glasses.begin_own_recording()
        self._tell_recording(session)

    def stop(self) -> None:
        """End the session; the folder is closed in the background, after the expert's own recording has come."""
        if self._phase != StationPhase.RECORDING:
            return
        self._phase = StationPhase.CLOSING
        self._closing = self._supervisor.thread("closing of the session", self._finish)
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
        self._troubles.over("source")
        behind_s = 0.0
        if self._recording and self._session and self._recorder:
            self._recorder.video(frame, self._session.at(captured_ns))
            behind_s = self._recorder.behind_s
        if self._shedding.shows(behind_s):
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
            self._troubles.came("source", str(fault), "The view comes again.")
        self._journal(EventKind.SOURCE, "station", {"ended": str(fault or "")})

    def _hear_trainee(self, block: AudioBlock) -> None:
        self._microphone_watch.lives()
        times = self._microphone_times
        at_ns = times.add(block.device_ns, block.arrival_ns, block.called_ns, block.lost)
        self._trainee.add(block.samples)
        if not self._source_is_heard:
            self._link.offer_voice(at_ns, block.samples, block.rate)
        self._record_voice(StreamKind.TRAINEE_VOICE, at_ns, block.samples, block.rate, "microphone")

    def _play_expert(self, n: int, device_ns: int, dac_ns: int) -> NDArray[np.float32]:
        self._earpiece_watch.lives()
        at_ns = self._earpiece_times.add(device_ns, dac_ns)
        voice = self._jitter_buffer.pull(n, at_ns)
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

    def expert_did(self, message: Message) -> bool:
        """Whether it is kept. Raises ValueError for a message that is not as it should be."""
        event = expert_event(message)
        if self._session is None or self._recorder is None:
            return True
        now_ns = self._session.now_ns()
        at_ns = max(0, event.t_ns) if event.t_ns <= now_ns + 1_000_000_000 else now_ns
        timed = replace(event, t_ns=at_ns)
        late = self._phase == StationPhase.CLOSED
        if not (self._keep_late(timed) if late else self._recorder.event(timed)):
            return False
        self._expert_log.add(timed)
        self._link.step = self._expert_log.step
        return True

    def _keep_late(self, event: Event) -> bool:
        """What the expert did before the session was closed, and a lost link held up."""
        assert self._folder
        try:
            self._late = self._late or Journal(self._folder.events)
            self._late.append(event)
        except (WozError, OSError) as error:
            self._supervisor.failed("journal", error)
            return False
        self._late_events += 1
        return True

    def expert_saw(self, message: Message) -> None:
        if self._session:
            data = {key: message.integer(key) for key in message.data if key.endswith("_ns") or key == "frames"}
            self._journal(EventKind.DELAY, "console", data)

    def expert_came(self) -> None:
        self._absence = None
        self._troubles.over("network")
        self._journal(EventKind.PEER_JOINED, "console", {})
        if self._recording and self._session:
            self._expert_took_part = True
            self._tell_recording(self._session)
        elif self._session:
            self._link.tell(Message(MessageKind.ENDED))

    def expert_went(self) -> None:
        self._absence = Absence(self.session_ns)
        self._jitter_buffer.clear()
        self._journal(EventKind.PEER_LEFT, "console", {})

    def voice_offered(self, message: Message) -> None:
        self._uploads.offered(message)

    def _voice_room(self) -> int:
        """Bytes: no more than so long a session's voice can be."""
        return room_of((self._session.now_ns() if self._session else 0) / 1e9)

    def chunk_arrived(self, chunk: bytes) -> None:
        self._uploads.arrived(chunk)

    # what comes from the desk, on its thread

    def _journal_voice(self, sentence: str) -> bool:
        """False where the journal is closed."""
        if not (self._recorder and self._session) or self._phase == StationPhase.CLOSED:
            return False
        event = Event(self._session.now_ns(), EventKind.VOICE, "station", {"text": sentence})
        return self._recorder.event(event)

    def _tell_closed(self, manifest: Manifest) -> None:
        self._was_told_closed = self._was_told_closed or manifest.session_id == self.session_id
        self._on_closed(manifest)
        if self._phase == StationPhase.CLOSED and not self._owed:
            self._link.withdraw_invitation()

    @property
    def _owed(self) -> bool:
        """A console took part, and not all that it recorded is here."""
        return self._expert_took_part and not self._uploads.is_complete

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
        self._troubles.came("network", str(fault), "The expert came all the same.")

    # ending

    def _finish(self) -> None:
        """Each step is taken, whatever becomes of those before it."""
        assert self._session
        end_ns = self._session.now_ns()
        steps: tuple[Callable[[], None], ...] = (
            self._end_own_recording,
            lambda: self._await_voice(end_ns),
            lambda: self._close_recorder(end_ns),
            self._fetch_own_recording,
            self._close_door,
            self._take_in_voice,
        )
        for step in steps:
            with self._supervisor.turn("closing of the session"):
                step()

    def _await_voice(self, end_ns: int) -> None:
        """Wait for a console whose link is lost, and while its recording comes; not for one that has left."""
        self._link.tell(Message(MessageKind.ENDED, {"end_ns": end_ns}))
        wait = UploadWait(self._clock)
        while self._owed and self._link.state != LinkState.WAITING:
            live = self._link.state == LinkState.LIVE
            self._awaits_console = not live
            if not wait.goes_on(live, self._uploads.held):
                break
            self._ticker.wait(LOOK_EVERY_S)
        self._awaits_console = False

    def _close_recorder(self, end_ns: int) -> None:
        """Where the session can't be closed as it should, what can be read of it is."""
        recorder, session, folder = self._recorder, self._session, self._folder
        assert recorder
        assert session
        assert folder
        for kind, tracker in self._trackers(session).items():
            recorder.set_map(kind, tracker)
        spared = {"link_frames": self._link.dropped + self._shedding.spared}
        self._journal_at(end_ns, EventKind.DROP, "station", spared)
        try:
            recorder.close(end_ns)
        except (WozError, OSError) as error:
            self._troubles.came("closing", f"The session could not be closed as it should ({error})")
            recover(folder)

    def _close_door(self) -> None:
        """The invitation holds while the console owes something, so that it can come back with it."""
        self._phase = StationPhase.CLOSED
        self._link.withdraw_invitation(but_the_experts=self._owed)

    def _take_in_voice(self) -> None:
        assert self._folder
        assert self._session
        try:
            self._uploads.take_in(self._folder)
        finally:
            if not self._was_told_closed:
                self._tell_closed(self._manifest(self._folder, self._session))

    def _manifest(self, folder: SessionFolder, session: SessionClock) -> Manifest:
        """As it is on the disk, or, where it can't be read, what is known of it."""
        try:
            return folder.manifest()
        except WozError as fault:
            began_ns, name = session.start_utc_ns, self.procedure.name
            return Manifest(self.session_id, SessionState.RECORDING, began_ns, name, fault=str(fault))

    def _end_own_recording(self) -> None:
        if glasses := self._own_recorder:
            self._own_recording = glasses.end_own_recording()
            self._journal(EventKind.DEVICE, "source", {"own_recording": self._own_recording})

    def _fetch_own_recording(self) -> None:
        if (glasses := self._own_recorder) and self._own_recording and self._folder:
            glasses.fetch_own_recording(self._folder.own_recording)

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
        self._uploads.close()
        if self._late:
            self._late.close()
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

    def _journal_fault(self, fault: WozError) -> None:
        self._journal(EventKind.SOURCE, "station", {"fault": str(fault)})

    def _tick(self) -> None:
        ticks = 0
        while not self._ticker.wait(STATUS_EVERY_S):
            ticks += 1
            if ticks % 5 == 0:
                self._look_around()
            with self._supervisor.turn("station's status"):
                self._listener.status(self._status())

    def _look_around(self) -> None:
        """Once a second."""
        self._fps, self._frames_before = self._frames - self._frames_before, self._frames
        for look in (self._journal_link, self._watch_disk, self._watch_sound, self._tell_late):
            with self._supervisor.turn("station's watch"):
                look()

    def _tell_late(self) -> None:
        if self._late_events and self._folder:
            self._late_events = 0
            self._uploads.tell_closed(self._folder)

    def _journal_link(self) -> None:
        figures, delays = self._link.figures, self._jitter_buffer.take_delays()
        if figures:
            self._journal(EventKind.LINK, "station", figures)
        if delays:
            p50, p95 = (int(v) for v in np.percentile(delays, [50, 95]))
            data = {"blocks": len(delays), "voice_p50_ns": p50, "voice_p95_ns": p95}
            self._journal(EventKind.DELAY, "station", data)

    def _status(self) -> StationStatus:
        recorder = self._recorder
        room = self._room()
        link = self._link.figures
        return StationStatus(
            self._phase,
            self._link.state,
            self._session.now_ns() if self._session and self._recording else 0,
            self._trainee.db,
            self._expert.db,
            recorder.captured if recorder else 0,
            recorder.recorded if recorder else 0,
            (recorder.dropped if recorder else 0) + self._link.dropped + self._shedding.spared,
            float(self._fps),
            self._link.delay_ms,
            room.free,
            room.minutes,
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
            takes_trainee=self.config.use_microphone or self._source_sounds,
            has_earpiece=self.config.use_earpiece,
            absence=self._absence,
        )

    @property
    def _worst_problem(self) -> str:
        found = (
            str(self._recorder.fault or "") if self._recorder else "",
            self._room_problem,
            WAITING if self._awaits_console else "",
            self._microphone_watch.problem or self._earpiece_watch.problem,
            self._disk_warning,
            self._supervisor.problem,
            self._troubles.problem,
            self._device_problem,
            self._shedding.problem,
            self._link.fault,
            OWED if self._phase == StationPhase.CLOSED and self._owed else "",
        )
        return next(filter(None, found), "")

    @property
    def _device_problem(self) -> str:
        return self._device.problem if self._device else ""

    def _room(self) -> _Room:
        """How long the recording may go on; it ends while a little is still free."""
        try:
            free = free_bytes(self.config.sessions)
            if self._recording and self._session and self._recorder:
                estimate = estimated_bytes_per_minute(self._source.info, self.config.video)
                written, elapsed_ns = self._recorder.bytes_written, self._session.now_ns()
                self._bytes_per_minute = bytes_per_minute(estimate, written, elapsed_ns)
        except OSError as error:
            self._room_problem = f"The disk can't be read ({error.strerror}); see that it is there."
            return _Room(0, None)
        self._room_problem = ""
        return _Room(free, max(0, free - KEEP_FREE_BYTES) / self._bytes_per_minute)

    def _watch_disk(self) -> None:
        """Warn ten minutes ahead, once in the journal."""
        before, self._disk_warning = self._disk_warning, ""
        if self._recording and (minutes := self._room().minutes) is not None:
            self._disk_warning = warning(minutes)
            if self._disk_warning and not before:
                self._journal(EventKind.DEVICE, "station", {"disk": self._disk_warning})


@dataclass(frozen=True, slots=True)
class _Room:
    """Bytes, and for how many minutes of recording; None where that can't be known."""

    free: int
    minutes: float | None


class _SourceSink:
    def __init__(self, station: Station, supervisor: Supervisor) -> None:
        self.video = supervisor.guarded("taking of the view", station.take_view)
        self.audio = supervisor.guarded("taking of the source's sound", station.take_source_sound)
        self.gaze = supervisor.guarded("taking of the gaze", station.take_gaze)
        self.status = supervisor.guarded("taking of the source's status", station.take_device)
        self.ended = supervisor.guarded("end of the source", station.source_ended)
