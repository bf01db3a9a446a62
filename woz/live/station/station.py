"""The station: takes the trainee's view and voice, records them, and lends them to the expert over the link."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from woz.base.clock import Clock, SessionClock
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop, end_watch
from woz.base.supervision import Supervisor
from woz.capture.sound import Microphone, Speaker
from woz.capture.source import GazeSample, Source
from woz.capture.stopping import DEVICE_WITHIN_S, stop_in_time
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.seats.station_seat import StationListener, StationPhase
from woz.live.seats.troubles import Troubles
from woz.live.station.closing import Closing
from woz.live.station.config import SoundPlan, StationConfig
from woz.live.station.disk_room import DiskRoom
from woz.live.station.expert_side import ExpertSide
from woz.live.station.expert_uploads import MIN_FREE_BYTES
from woz.live.station.media_in import MediaIn
from woz.live.station.own_recording import OwnRecording
from woz.live.station.running_session import RunningSession
from woz.live.station.spared import Spared
from woz.live.station.telling import Telling
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.people import ConsentKind
from woz.model.procedure import Procedure
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder


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
        self._session = session = RunningSession()
        self._supervisor = Supervisor(session.journal_fault)
        self._live = LiveLoop("station", self._supervisor)
        self._jitter_buffer = JitterBuffer()
        self._plan = SoundPlan(config, source)
        self._leaving = threading.Event()
        self._closing: threading.Thread | None = None
        self._troubles = Troubles(lambda words: session.journal_fault(WozError(words)))
        self._expert = self._make_expert_side(on_closed)
        self._link = self._expert.link
        self._media = MediaIn(self._plan, clock, session, self._link, self._jitter_buffer, self._troubles, listener)
        self._spared = Spared(self._expert, self._media)
        self._own_recording = OwnRecording(source, session)
        self._disk = DiskRoom(config, source.info, session)
        self._ending = self._make_closing()
        self._telling = self._make_telling()
        self._tick_thread = self._supervisor.thread("station's status", self._telling.run, daemon=True)

    def _make_expert_side(self, on_closed: Callable[[Manifest], None]) -> ExpertSide:
        return ExpertSide(
            self.config,
            self._source.info.fps,
            self._session,
            self._live,
            self._clock,
            self._jitter_buffer,
            self._troubles,
            on_closed,
        )

    def _make_closing(self) -> Closing:
        return Closing(
            self.config,
            self._session,
            self._media,
            self._expert,
            self._spared,
            self._own_recording,
            self._troubles,
            self._clock,
            self._leaving,
        )

    def _make_telling(self) -> Telling:
        return Telling(
            self._plan,
            self._session,
            self._media,
            self._expert,
            self._spared,
            self._ending,
            self._disk,
            self._jitter_buffer,
            self._troubles,
            self._supervisor,
            self._clock,
            self._listener,
            self._leaving,
        )

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

    @property
    def session_ns(self) -> int | None:
        return self._session.now_ns

    @property
    def gaze(self) -> GazeSample | None:
        return self._media.gaze

    def note(self, text: str, at_ns: int | None = None) -> bool:
        now_ns = self.session_ns
        if now_ns is None:
            return False
        return self._session.journal_at(
            now_ns if at_ns is None else at_ns, EventKind.NOTE, "station", {"text": text}
        )

    def mark(self, name: str) -> bool:
        return self._session.journal(EventKind.MARK, "station", {"name": name})

    def bystander(self, asked: bool) -> bool:
        return self._session.journal(EventKind.BYSTANDER, "station", {"asked": asked})

    def agreed(self, person: str, version: str, given_utc_ns: int) -> None:
        """Somebody agreed to be recorded, to a version of the text, which the project can't be told now: into the
        journal.
        """
        data = {"person": person, "kind": ConsentKind.RECORDING, "version": version, "given_utc_ns": given_utc_ns}
        self._session.journal(EventKind.CONSENT, "station", data)

    def chime(self) -> None:
        if self._session.phase == StationPhase.READY:
            self._media.chime.ring()

    def chime_heard(self, heard: bool) -> None:
        self._telling.earpiece_heard = heard

    # its life

    def open(self) -> None:
        """Start devices, source and signaling. Raises WozError, with all closed again, where one can't be had."""
        config = self.config
        try:
            self._disk.require(MIN_FREE_BYTES)
            self._live.call(self._link.listen(config.address, config.port, config.host, config.session_id))
            self._media.start(self._microphone, self._speaker, self._supervisor)
            self._tick_thread.start()
        except BaseException:
            self._shut_devices()
            raise

    def record(self) -> None:
        """Begin the session: session time 0 is now.

        Raises WozError, with nothing left, where it can't begin; the status says so, too.
        """
        if self._session.phase != StationPhase.READY:
            return
        clock = SessionClock(self._clock)
        try:
            folder, recorder = self._make_recording(clock)
        except WozError as fault:
            self._troubles.came("recording", str(fault))
            raise
        self._troubles.over("recording")
        self._spared.begin()
        self._session.begin(clock, folder, recorder)
        self._expert.session_began()
        self._own_recording.begin()
        self._expert.tell_recording()

    def _make_recording(self, clock: SessionClock) -> tuple[SessionFolder, Recorder]:
        sessions, name = self.config.sessions, self.procedure.name
        lock = RecordingLock(SessionFolder(sessions / self.session_id).lock)
        folder = SessionFolder.create(sessions, self.session_id, clock.start_utc_ns, name, lock)
        try:
            return folder, self._start_recorder(folder, clock, lock)
        except BaseException:
            folder.discard(lock)
            raise

    def _start_recorder(self, folder: SessionFolder, clock: SessionClock, lock: RecordingLock) -> Recorder:
        recorder = Recorder(
            folder,
            clock,
            self._source.info,
            self.config.video,
            self._listener.journalled,
            supervisor=self._supervisor,
            lock=lock,
        )
        try:
            for kind, name in self._plan.voices:
                recorder.expect_voice(kind, name)
            recorder.start()
        except BaseException:
            recorder.discard()
            raise
        recorder.event(Event(0, EventKind.SOURCE, "station", self._plan.data()))
        return recorder

    def stop(self) -> None:
        """End the session; the folder is closed in the background, after the expert's own recording has come."""
        if self._session.phase != StationPhase.RECORDING:
            return
        self._session.phase = StationPhase.CLOSING
        closing = self._supervisor.thread("closing of the session", lambda: self._ending.run(self._supervisor))
        self._closing = closing
        closing.start()

    def close(self) -> None:
        """Leave: ends a recording that still runs, then frees all devices."""
        self.stop()
        if self._closing:
            self._closing.join()
        self._shut_devices()

    def _shut_devices(self) -> None:
        """Each step is taken, whatever becomes of those before it."""
        devices = {"source": self._source.stop, "microphone": self._microphone.stop, "earpiece": self._speaker.stop}
        for name, stop in devices.items():
            stop_in_time(f"the {name}", stop, DEVICE_WITHIN_S, self._supervisor)
        with self._supervisor.turn("closing of the station"):
            self._ending.settle()
        self._leaving.set()
        with self._supervisor.turn("closing of the station"):
            self._end_link()
        self._live.close()
        with self._supervisor.turn("closing of the station"):
            self._expert.close()
        end_watch(self._tick_thread)

    def _end_link(self) -> None:
        with contextlib.suppress(TimeoutError):
            self._live.call(self._link.close(), timeout_s=10)
