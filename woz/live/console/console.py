"""The console: shows the trainee's view to the expert, carries both voices, records the expert's own."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.runtime import LiveLoop, end_watch
from woz.base.supervision import Supervisor
from woz.capture.cue_route import Cue
from woz.capture.sound import Microphone, Speaker
from woz.capture.stopping import DEVICE_WITHIN_S, stop_in_time
from woz.link.ends.console_end import ConsoleEnd
from woz.link.ends.link_state import LinkState
from woz.link.handshake.invitation import Invitation, Invited
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.console.deeds import Deeds
from woz.live.console.own_recording import OwnRecording, unused
from woz.live.console.seen_view import DelayFigures, SeenView
from woz.live.console.session_time import SessionTime
from woz.live.console.sound import ConsoleSound
from woz.live.seats.console_seat import ConsoleListener, ConsoleStatus, ViewFrame
from woz.live.seats.expert_log import Deed
from woz.live.seats.troubles import Troubles
from woz.model.events import EventKind
from woz.model.ids import StepId, new_id
from woz.model.procedure import Procedure
from woz.model.protocol import PROACTIVE, Protocol
from woz.recording.live.own_copies import OwnCopies
from woz.recording.live.snapshot import write_png

log = logging.getLogger(__name__)

STATUS_EVERY_S = 0.2
TELL_DELAY_EVERY = 5
"""Status ticks between two reports of the delay to the station."""
RESEND_EVERY = 10
"""Status ticks between two looks for events that the station hasn't acknowledged."""
KEEP_MAP_EVERY = 25
"""Status ticks between two notes of the clock map."""


class Console:
    """One expert's seat, from joining to leaving. It implements `ConsoleSeat`, and what the link tells."""

    def __init__(
        self,
        invitation: Invitation,
        recordings: Path,
        microphone: Microphone,
        speaker: Speaker,
        clock: Clock,
        listener: ConsoleListener,
        spare_view: bool = True,
        use_microphone: bool = True,
    ) -> None:
        """`spare_view`: keep the view as it comes over the link, beside the expert's voice. Without
        `use_microphone` the microphone given is a silent one; status and station are told that there is none."""
        self._invitation = invitation
        self._folder = folder = recordings / invitation.session_id
        self._microphone = microphone
        self._use_microphone = use_microphone
        self._speaker = speaker
        self._clock = clock
        self._listener = listener
        self._supervisor = supervisor = Supervisor()
        self._live = LiveLoop("console", supervisor)
        self._jitter_buffer, second = JitterBuffer(), JitterBuffer()
        copies = OwnCopies(recordings, invitation.session_id)
        self._link = link = ConsoleEnd(self, self._live, clock, self._jitter_buffer, second, copies)
        link.has_microphone = use_microphone
        self._troubles = troubles = Troubles(log.warning)
        self._time = time = SessionTime(clock, link.clock_map)
        self._deeds = Deeds(time, clock, link, troubles)
        self._recording = OwnRecording(folder, spare_view, copies, time, clock, link, troubles, supervisor)
        self._sound = ConsoleSound(
            clock,
            time,
            link,
            self._jitter_buffer,
            second if self.observing else None,
            self._recording,
            self._deeds,
        )
        self._view = SeenView(time, link, self._jitter_buffer)
        self._protocol = PROACTIVE
        self._left = threading.Event()
        self._tick_thread = supervisor.thread("console's status", self._tick, daemon=True)
        self.safe_to_close = self._recording.safe_to_close

    def open(self) -> None:
        """Start devices and join. Raises WozError, with all closed again, where that fails."""
        try:
            if not self.observing:
                self._deeds.open(self._folder / "expert_events.jsonl")
                self._sound.start_microphone(self._microphone, self._supervisor)
            self._sound.start_speaker(self._speaker, self._supervisor)
            self._live.call(self._link.join(self._invitation))
            self._tick_thread.start()
        except BaseException:
            self._shut()
            raise

    def close(self) -> None:
        """Leave, and free all devices. A recording that still runs is ended and kept here, also one that the
        station begins while this closes."""
        self._end_recording()
        self._shut()
        self._end_recording()

    def _end_recording(self) -> None:
        with self._supervisor.turn("expert's own recording"):
            self._recording.end(self._sound.tell_cues)

    def _shut(self) -> None:
        """Each step is taken, whatever becomes of those before it."""
        self._left.set()
        for name, stop in {"microphone": self._microphone.stop, "earpiece": self._speaker.stop}.items():
            stop_in_time(f"the {name}", stop, DEVICE_WITHIN_S, self._supervisor)
        with self._supervisor.turn("closing of the console"):
            self._end_link()
        self._live.close()
        end_watch(self._tick_thread)

    def _end_link(self) -> None:
        with contextlib.suppress(TimeoutError):
            self._live.call(self._link.close(), timeout_s=10)

    @property
    def delays(self) -> DelayFigures:
        """Capture to shown, over all frames of the recording so far."""
        return self._view.delays

    @property
    def observing(self) -> bool:
        return self._invitation.invited == Invited.OBSERVER

    # what the expert can do

    def now_ns(self) -> int:
        return self._clock.now_ns()

    def mute(self, muted: bool) -> None:
        self._sound.muted = muted
        self._deeds.event(EventKind.MUTE if muted else EventKind.UNMUTE)

    def step(self, step_id: StepId) -> bool:
        return self._deeds.step(step_id)

    def mistake(self, text: str = "") -> bool:
        return self._deeds.event(EventKind.MISTAKE, text=text, id=new_id())

    def correct(self, text: str = "") -> bool:
        return self._deeds.correct(text)

    def quick_mark(self, name: str) -> bool:
        return self._deeds.event(EventKind.MARK, name=name, id=new_id())

    def note(self, text: str, at_ns: int | None = None) -> bool:
        return self._deeds.event(EventKind.NOTE, at_ns, text=text, id=new_id())

    def undo(self, deed_id: str = "") -> Deed | None:
        return self._deeds.undo(deed_id)

    def stroke(self, points: Sequence[tuple[float, float]], began_ns: int) -> None:
        if self._protocol.pointing_allowed and points:
            self._deeds.stroke(points, began_ns)

    def cue(self, text: str, samples: NDArray[np.float32]) -> None:
        self._sound.cues.put(Cue(text, samples, self.now_ns() + self._protocol.cue_delay_ms * 1_000_000))

    def stop_cues(self) -> None:
        self._sound.cues.stop()

    def volume(self, gain: float) -> None:
        self._sound.volume(gain)

    def snapshot(self) -> Path | None:
        seen, origin_ns = self._view.last, self._time.origin_ns
        if seen is None:
            return None
        path = unused(self._folder / "snapshot-1.png")
        write_png(seen.image, path)
        captured_ns = None if seen.capture_ns is None or origin_ns is None else seen.capture_ns - origin_ns
        self._deeds.event(EventKind.SNAPSHOT, file=path.name, capture_ns=captured_ns)
        return path

    def shown(self, frame: ViewFrame) -> None:
        self._view.shown(frame)

    def leave(self) -> None:
        self._left.set()

    # what comes from the link, on the live loop; the view on the decoder's thread

    def view_arrived(self, image: av.VideoFrame, captured_ns: int, received_ns: int) -> None:
        self._listener.view(self._view.arrived(image, captured_ns, received_ns))

    def encoded_arrived(self, data: bytes, captured_ns: int, key: bool) -> None:
        self._recording.add_view(data, captured_ns, key)

    def gaze_arrived(self, point: tuple[float, float], captured_ns: int) -> None:
        self._view.gaze_arrived(point, captured_ns)

    def procedure_arrived(self, procedure: Procedure) -> None:
        self._deeds.procedure = procedure
        self._deeds.resend()
        self._listener.procedure(procedure)

    def protocol_arrived(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._listener.protocol(protocol)

    def step_arrived(self, began_ns: int, step_id: StepId) -> None:
        self._deeds.told_step(began_ns, step_id)

    def events_accepted(self, outbox: str, number: int, full: bool) -> None:
        self._deeds.accepted(outbox, number, full)

    def recording_began(self, origin_ns: int) -> None:
        self._time.origin_ns = origin_ns
        if not self.observing:
            self._recording.begin()

    def recording_ended(self) -> None:
        if self.observing:
            self._time.origin_ns = None
            self.safe_to_close.set()
            return
        with self._supervisor.turn("cues"):
            self._sound.tell_cues()
        self._time.ended = True
        self._supervisor.thread("handing over", self._hand_over, daemon=True).start()

    def _hand_over(self) -> None:
        self._view.tell_all()
        self._recording.end(self._sound.tell_cues)

    def link_changed(self) -> None:
        self._listener.status(self._status())

    # telling

    def _tick(self) -> None:
        ticks = 0
        while not self._left.wait(STATUS_EVERY_S):
            ticks += 1
            for every, look in self._looks:
                if ticks % every == 0:
                    with self._supervisor.turn("console's watch"):
                        look()
            with self._supervisor.turn("console's status"):
                self._listener.status(self._status())

    @property
    def _looks(self) -> tuple[tuple[int, Callable[[], None]], ...]:
        """What is done each so many ticks."""
        tell_delay = () if self.observing else ((TELL_DELAY_EVERY, self._view.tell_recent),)
        return (
            *tell_delay,
            (TELL_DELAY_EVERY, self._sound.watch),
            (1, self._sound.tell_cues),
            (RESEND_EVERY, self._deeds.resend),
            (1 if self._recording.lacks_map else KEEP_MAP_EVERY, self._recording.keep_map),
        )

    def _status(self) -> ConsoleStatus:
        time, sound, deeds = self._time, self._sound, self._deeds
        now_ns, origin_ns = time.station_now(), time.origin_ns
        recording = time.running and (self._recording.recorder is not None or self.observing)
        live = self._link.state == LinkState.LIVE
        return ConsoleStatus(
            self._link.state,
            recording,
            now_ns - origin_ns if recording and now_ns and origin_ns is not None else 0,
            self._view.delay_ms if live else None,
            sound.muted,
            sound.own_level.db,
            sound.trainee_level.db,
            live and self._may_be_heard and not sound.muted,
            deeds.current_step,
            self._recording.uploaded(),
            self._worst_problem,
            len(deeds.log.open_mistakes),
            0 if deeds.unsent is None else deeds.unsent + len(sound.spoken),
            sound.cues.now,
            self.observing,
            deeds.log.deeds,
            self._use_microphone,
            self._link.trainee_has_earpiece,
        )

    @property
    def _may_be_heard(self) -> bool:
        return self._use_microphone and self._link.trainee_has_earpiece and not self.observing

    @property
    def _worst_problem(self) -> str:
        found = (
            self._recording.fault,
            self._sound.problem,
            self._troubles.problem,
            self._supervisor.problem,
            self._deeds.problem,
            self._link.problem,
        )
        return next(filter(None, found), "")
