"""The expert as the station sees them: what comes over the link of what they do and record, and who observes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop
from woz.base.supervision import Supervisor
from woz.link.ends.link_state import LinkState
from woz.link.ends.station_end import StationEnd
from woz.link.messages.expert_events import expert_event
from woz.link.messages.messages import Message, MessageKind
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.seats.expert_log import ExpertLog
from woz.live.seats.station_seat import Absence, StationPhase
from woz.live.seats.troubles import Troubles
from woz.live.station.config import StationConfig
from woz.live.station.expert_uploads import ExpertUploads
from woz.live.station.received_recordings import room_of
from woz.live.station.running_session import RunningSession
from woz.model.events import Event, EventKind
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest

BARE = "The expert has no microphone: nothing but canned sentences is heard of them."
THERE = "The expert has a microphone now."


class ExpertSide:
    """It implements `woz.link.ends.station_end.Station`, what the link tells.

    `on_closed` gets the manifest of each session that was closed, or of which more has come since.
    """

    def __init__(
        self,
        config: StationConfig,
        fps: float,
        session: RunningSession,
        live: LiveLoop,
        clock: Clock,
        jitter_buffer: JitterBuffer,
        troubles: Troubles,
        on_closed: Callable[[Manifest], None],
    ) -> None:
        self._config = config
        self._session = session
        self._supervisor = live.supervisor
        self._jitter_buffer = jitter_buffer
        self._troubles = troubles
        self._on_closed = on_closed
        self.link = StationEnd(
            self, live, clock, config.procedure, config.protocol, config.video, fps, jitter_buffer, config.reach
        )
        self.link.has_earpiece = config.use_earpiece
        self.uploads = self._open_uploads(clock, self._supervisor)
        self._log = ExpertLog()
        self._late: Journal | None = None
        self._late_events = 0
        self._observers = 0
        self._took_part = False
        self._microphone_told = True
        self.was_told_closed = False
        self.absence: Absence | None = None

    def _open_uploads(self, clock: Clock, supervisor: Supervisor) -> ExpertUploads:
        return ExpertUploads(
            self._config.sessions,
            self._config.session_id,
            clock,
            supervisor,
            self.link.tell,
            self._journal_upload,
            self._room,
            self.tell_closed,
        )

    # the session

    def session_began(self) -> None:
        self._took_part = self.link.state in (LinkState.LIVE, LinkState.LOST)
        if self._took_part:
            self._journal_microphone()

    def tell_recording(self) -> None:
        if clock := self._session.clock:
            self.link.tell(Message(MessageKind.RECORDING, {"origin_ns": clock.origin_ns}))
            self.link.begin_view_anew()

    @property
    def owes(self) -> bool:
        """A console took part, and not all that it recorded is here."""
        return self._took_part and not self.uploads.is_complete

    def tell_closed(self, manifest: Manifest) -> None:
        self.was_told_closed = self.was_told_closed or manifest.session_id == self._config.session_id
        self._on_closed(manifest)
        if self._session.phase == StationPhase.CLOSED and not self.owes:
            self.link.withdraw_invitation()

    def tell_late(self) -> None:
        """Once a second: what came after the session was closed is told."""
        if self._late_events and self._session.folder:
            self._late_events = 0
            self.uploads.tell_closed(self._session.folder)

    def close(self) -> None:
        """After the link has ended."""
        self.uploads.close()
        if self._late:
            self._late.close()

    # what comes from the link, on the live loop

    def expert_did(self, message: Message) -> bool:
        """Whether it is kept. Raises ValueError for a message that is not as it should be."""
        event, session = expert_event(message), self._session
        if session.clock is None or session.recorder is None:
            return True
        now_ns = session.clock.now_ns()
        at_ns = max(0, event.t_ns) if event.t_ns <= now_ns + 1_000_000_000 else now_ns
        timed = replace(event, t_ns=at_ns)
        late = session.phase == StationPhase.CLOSED
        if not (self._keep_late(timed) if late else session.recorder.event(timed)):
            return False
        self._log.add(timed)
        self.link.step = self._log.step
        return True

    def _keep_late(self, event: Event) -> bool:
        """What the expert did before the session was closed, and a lost link held up."""
        assert self._session.folder
        try:
            self._late = self._late or Journal(self._session.folder.events)
            self._late.append(event)
        except (WozError, OSError) as error:
            self._supervisor.failed("journal", error)
            return False
        self._late_events += 1
        return True

    def expert_saw(self, message: Message) -> None:
        if self._session.clock:
            data = {key: message.integer(key) for key in message.data if key.endswith("_ns") or key == "frames"}
            self._session.journal(EventKind.DELAY, "console", data)

    def expert_came(self) -> None:
        self.absence = None
        self._troubles.over("network")
        self._session.journal(EventKind.PEER_JOINED, "console", {})
        if self._session.recording:
            self._took_part = True
            self._journal_microphone()
            self.tell_recording()
        elif self._session.clock:
            self.link.tell(Message(MessageKind.ENDED))

    def _journal_microphone(self) -> None:
        """Where it isn't as the session has it, which takes it to be there until it is told."""
        there = self.link.expert_has_microphone
        if there != self._microphone_told:
            self._microphone_told = there
            data = {"sound": THERE if there else BARE, "name": "expert's microphone", "microphone": there}
            self._session.journal(EventKind.SOURCE, "console", data)

    def expert_went(self) -> None:
        self.absence = Absence(self._session.now_ns)
        self._jitter_buffer.clear()
        self._session.journal(EventKind.PEER_LEFT, "console", {})

    def voice_offered(self, message: Message) -> None:
        self.uploads.offered(message)

    def chunk_arrived(self, chunk: bytes) -> None:
        self.uploads.arrived(chunk)

    def observer_came(self) -> None:
        if self._session.recording:
            self.tell_recording()

    def observers_changed(self, number: int) -> None:
        if number != self._observers:
            kind = EventKind.PEER_JOINED if number > self._observers else EventKind.PEER_LEFT
            self._observers = number
            self._session.journal(kind, "observer", {"observers": number})

    def unreachable(self, fault: WozError) -> None:
        """A server that should help consoles from other networks does not."""
        self._troubles.came("network", str(fault), "The expert came all the same.")

    # what the uploads ask, on their thread

    def _journal_upload(self, sentence: str) -> bool:
        """False where the journal is closed."""
        session = self._session
        if not (session.recorder and session.clock) or session.phase == StationPhase.CLOSED:
            return False
        event = Event(session.clock.now_ns(), EventKind.VOICE, "station", {"text": sentence})
        return session.recorder.event(event)

    def _room(self) -> int:
        """Bytes: no more than so long a session's voice can be."""
        return room_of(self._session.elapsed_ns / 1e9)
