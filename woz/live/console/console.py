"""The console: shows the trainee's view to the expert, carries both voices, records the expert's own."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop
from woz.base.supervision import Supervisor
from woz.capture.cue_route import Cue, CueRoute, SpokenCue
from woz.capture.reopening import ReopeningSpeaker
from woz.capture.sound import Microphone, Speaker, unfailing
from woz.capture.source import AudioBlock
from woz.link.ends.console_end import ConsoleEnd
from woz.link.ends.link_state import LinkState
from woz.link.handshake.invitation import Invitation, Invited
from woz.link.messages.expert_events import event_message
from woz.link.messages.messages import Message, MessageKind
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.seats.console_seat import ConsoleListener, ConsoleStatus, ViewFrame
from woz.live.seats.expert_log import Deed, ExpertLog
from woz.live.seats.sound_watch import SoundWatch
from woz.live.seats.troubles import Troubles
from woz.model.events import Event, EventKind
from woz.model.ids import StepId, new_id
from woz.model.people import Role
from woz.model.procedure import Procedure
from woz.model.protocol import PROACTIVE, Protocol
from woz.recording.live.outbox import Outbox
from woz.recording.live.own_copies import OwnCopies
from woz.recording.live.snapshot import write_png
from woz.recording.live.spare_view import SpareView
from woz.recording.live.voice_recorder import VoiceRecorder
from woz.sound.level import Level
from woz.timing.tracker import OffsetTracker

log = logging.getLogger(__name__)

STATUS_EVERY_S = 0.2
WATCHED = ("microphone", "earpiece", "link", "recording")
"""Where sound may be lost."""
TELL_DELAY_EVERY = 5
"""Status ticks between two reports of the delay to the station."""
RESEND_EVERY = 10
"""Status ticks between two looks for events that the station hasn't acknowledged."""
RESEND_AT_ONCE = 200
KEEP_MAP_EVERY = 25
"""Status ticks between two notes of the clock map."""
MAX_GAIN = 4.0
GAZE_HOLDS_NS = 250_000_000
"""A picture is shown with the gaze that was measured nearest to it, but no further away than this."""


@dataclass(frozen=True, slots=True)
class DelayFigures:
    """Capture to shown over a whole session, in milliseconds."""

    frames: int
    p50_ms: float | None
    p95_ms: float | None


class Console:
    """One expert's seat, from joining to leaving. It implements `ConsoleSeat`."""

    def __init__(
        self,
        invitation: Invitation,
        recordings: Path,
        microphone: Microphone,
        speaker: Speaker,
        clock: Clock,
        listener: ConsoleListener,
        spare_view: bool = True,
    ) -> None:
        """`spare_view`: keep the view as it comes over the link, beside the expert's voice."""
        self._invitation = invitation
        self._recordings = recordings
        self._microphone = microphone
        self._speaker = speaker
        self._clock = clock
        self._listener = listener
        self._supervisor = Supervisor()
        self._live = LiveLoop("console", self._supervisor)
        self._jitter_buffer, self._expert_jitter_buffer = JitterBuffer(), JitterBuffer()
        self._copies = OwnCopies(recordings, invitation.session_id)
        self._link = ConsoleEnd(
            self, self._live, clock, self._jitter_buffer, self._expert_jitter_buffer, self._copies
        )
        self._own_level, self._trainee_level = Level(), Level()
        self._recorder: VoiceRecorder | None = None
        self._keeps_view = spare_view
        self._spare: SpareView | None = None
        self._origin_ns: int | None = None
        self._muted = False
        self._procedure: Procedure | None = None
        self._told_step: tuple[int, StepId] | None = None
        self._protocol = PROACTIVE
        self._ended_at_station = False
        self._handing = threading.Lock()
        self._troubles = Troubles(log.warning)
        self._watches = {name: SoundWatch(clock, name, partial(self._journal_sound, name)) for name in WATCHED}
        self._microphone_watch, self._earpiece_watch = self._watches["microphone"], self._watches["earpiece"]
        self._microphone_times = OffsetTracker(on_loss=self._microphone_watch.lost)
        self._outbox: Outbox | None = None
        self._station_is_full = False
        self._sending = threading.Lock()
        self._log = ExpertLog()
        self._spoken: deque[SpokenCue] = deque()
        self._cues = CueRoute(self._spoken.append)
        self._gain = 1.0
        self._seen: ViewFrame | None = None
        self._all_delays: list[int] = []
        self._recent_delays: deque[int] = deque(maxlen=100)
        self._received_delays: deque[int] = deque(maxlen=100)
        self._gazes: deque[tuple[int, tuple[float, float]]] = deque(maxlen=50)
        self._ended = threading.Event()
        self._tick_thread = self._supervisor.thread("console's status", self._tick)
        self.safe_to_close = threading.Event()

    def open(self) -> None:
        """Start devices and join. Raises WozError, with all closed again, where that fails."""
        try:
            if not self.observing:
                self._outbox = self._open_outbox()
                self._link.outbox = self._outbox.id
                hear = self._supervisor.guarded("microphone", self._hear_expert)
                self._microphone.start(hear, self._microphone_watch.stalled, self._microphone_watch.lost)
            if isinstance(self._speaker, ReopeningSpeaker):
                self._speaker.on_fault = self._earpiece_watch.stalled
            play = unfailing(self._play_trainee, self._supervisor, "earpiece")
            self._speaker.start(play, self._earpiece_watch.lost)
            self._live.call(self._link.join(self._invitation))
            self._tick_thread.start()
        except BaseException:
            self._shut()
            raise

    def close(self) -> None:
        """Leave, and free all devices. A recording that still runs is ended and kept here."""
        self._end_recording()
        self._shut()

    @property
    def delays(self) -> DelayFigures:
        """Capture to shown, over all frames of the recording so far."""
        if not self._all_delays:
            return DelayFigures(0, None, None)
        p50, p95 = np.percentile(self._all_delays, [50, 95]) / 1e6
        return DelayFigures(len(self._all_delays), round(float(p50), 2), round(float(p95), 2))

    @property
    def observing(self) -> bool:
        return self._invitation.invited == Invited.OBSERVER

    # what the expert can do

    def now_ns(self) -> int:
        return self._clock.now_ns()

    def mute(self, muted: bool) -> None:
        self._muted = muted
        self._event(EventKind.MUTE if muted else EventKind.UNMUTE)

    def step(self, step_id: StepId) -> bool:
        step = next((s for s in self._procedure.steps if s.id == step_id), None) if self._procedure else None
        return step is not None and self._event(EventKind.STEP, id=new_id(), step_id=step_id, name=step.name)

    def mistake(self, text: str = "") -> bool:
        return self._event(EventKind.MISTAKE, text=text, id=new_id())

    def correct(self, text: str = "") -> bool:
        mistakes = self._log.open_mistakes
        return bool(mistakes) and self._event(EventKind.CORRECTION, text=text, id=new_id(), of=mistakes[-1])

    def quick_mark(self, name: str) -> bool:
        return self._event(EventKind.MARK, name=name, id=new_id())

    def note(self, text: str, at_ns: int | None = None) -> bool:
        return self._event(EventKind.NOTE, at_ns, text=text, id=new_id())

    def undo(self, deed_id: str = "") -> Deed | None:
        done = {deed.id: deed for deed in self._log.deeds if deed.id and not deed.undone}
        deed = done.get(deed_id) if deed_id else self._log.last()
        return deed if deed and self._event(EventKind.UNDO, of=deed.id) else None

    def stroke(self, points: Sequence[tuple[float, float]], began_ns: int) -> None:
        if self._protocol.pointing_allowed and points:
            bounded = [[round(min(max(v, 0.0), 1.0), 4) for v in point] for point in points]
            end_ns = self._session_time(self.now_ns())
            self._event(EventKind.STROKE, began_ns, points=bounded, end_ns=end_ns)

    def cue(self, text: str, samples: NDArray[np.float32]) -> None:
        self._cues.put(Cue(text, samples, self.now_ns() + self._protocol.cue_delay_ms * 1_000_000))

    def stop_cues(self) -> None:
        self._cues.stop()

    def volume(self, gain: float) -> None:
        self._gain = min(max(gain, 0.0), MAX_GAIN)

    def snapshot(self) -> Path | None:
        seen = self._seen
        if seen is None:
            return None
        path = _unused(self._folder / "snapshot-1.png")
        write_png(seen.image, path)
        captured_ns = (
            None if seen.capture_ns is None or self._origin_ns is None else seen.capture_ns - self._origin_ns
        )
        self._event(EventKind.SNAPSHOT, file=path.name, capture_ns=captured_ns)
        return path

    def shown(self, frame: ViewFrame) -> None:
        self._seen = frame
        now_ns = self._station_now()
        if frame.capture_ns is None or now_ns is None:
            return
        self._recent_delays.append(now_ns - frame.capture_ns)
        recording = self._origin_ns is not None and not self._ended_at_station
        if recording and frame.capture_ns >= (self._origin_ns or 0):
            self._all_delays.append(now_ns - frame.capture_ns)

    def leave(self) -> None:
        self._ended.set()

    # what comes from devices, on their own threads

    def _hear_expert(self, block: AudioBlock) -> None:
        self._microphone_watch.lives()
        times = self._microphone_times
        at_ns = times.add(block.device_ns, block.arrival_ns, block.called_ns, block.lost)
        samples = self._cues.mix(np.zeros_like(block.samples) if self._muted else block.samples, at_ns)
        self._own_level.add(samples)
        self._link.offer_voice(at_ns, samples)
        if self._recorder:
            self._recorder.add(at_ns, samples, block.rate)

    def _play_trainee(self, n: int, device_ns: int, dac_ns: int) -> NDArray[np.float32]:
        self._earpiece_watch.lives()
        to_station = self._link.clock_map.map()
        samples = self._jitter_buffer.pull(n, to_station.to_session(dac_ns) if to_station else None)
        self._trainee_level.add(samples)
        heard: NDArray[np.float32] = samples * np.float32(self._gain)
        return heard + self._expert_jitter_buffer.pull(n) if self.observing else heard

    # what comes from the link, on the live loop

    def view_arrived(self, image: av.VideoFrame, captured_ns: int, received_ns: int) -> None:
        """On the decoder's thread."""
        to_station = self._link.clock_map.map()
        if to_station:
            self._received_delays.append(to_station.to_session(received_ns) - captured_ns)
        self._listener.view(ViewFrame(image, captured_ns, self._gaze_at(captured_ns)))

    def gaze_arrived(self, point: tuple[float, float], captured_ns: int) -> None:
        self._gazes.append((captured_ns, point))

    def _gaze_at(self, captured_ns: int) -> tuple[float, float] | None:
        near = min(tuple(self._gazes), key=lambda gaze: abs(gaze[0] - captured_ns), default=None)
        return near[1] if near and abs(near[0] - captured_ns) < GAZE_HOLDS_NS else None

    def encoded_arrived(self, data: bytes, captured_ns: int, key: bool) -> None:
        """On the decoder's thread."""
        spare, origin_ns = self._spare, self._origin_ns
        if spare and origin_ns is not None:
            spare.add(data, captured_ns - origin_ns, key)

    def procedure_arrived(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._resend()
        self._listener.procedure(procedure)

    def protocol_arrived(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._listener.protocol(protocol)

    def step_arrived(self, began_ns: int, step_id: StepId) -> None:
        self._told_step = began_ns, step_id

    def events_accepted(self, outbox: str, number: int, full: bool) -> None:
        if self._outbox and outbox == self._outbox.id:
            self._outbox.acknowledged(number)
            self._station_is_full = full

    def recording_began(self, origin_ns: int) -> None:
        self._origin_ns = origin_ns
        if self._recorder or self.observing:
            return
        path = self._folder / "expert.mka"
        try:
            self._recorder = self._begin_voice(_unused(path))
            if self._keeps_view:
                self._spare = SpareView(_unused(self._folder / "view.ts"), supervisor=self._supervisor)
            self._troubles.over("recording")
        except (WozError, OSError) as error:
            told = str(error) if isinstance(error, WozError) else f"{path} can't be made ({error})."
            self._troubles.came("recording", told)

    def recording_ended(self) -> None:
        if self.observing:
            self._origin_ns = None
            self.safe_to_close.set()
            return
        with self._supervisor.turn("cues"):
            self._tell_cues()
        self._ended_at_station = True
        self._supervisor.thread("handing over", self._hand_over, daemon=True).start()

    def link_changed(self) -> None:
        self._listener.status(self._status())

    # inside

    def _hand_over(self) -> None:
        self._tell_delay(self._all_delays)
        self._end_recording()

    def _begin_voice(self, path: Path) -> VoiceRecorder:
        """Raises WozError, OSError where it can't be made, or noted."""
        recorder = VoiceRecorder(path, self._clock.now_ns(), supervisor=self._supervisor)
        try:
            self._copies.begin(path, self._voice_map(recorder.origin_ns))
        except BaseException:
            recorder.close(recorder.origin_ns)
            raise
        return recorder

    def _end_recording(self) -> None:
        """Close our own recording; what the station lacks of it follows while the link stands. The spare waits."""
        with self._handing:
            recorder, self._recorder = self._recorder, None
            if recorder:
                self._seal(recorder)
        spare, self._spare = self._spare, None
        if spare:
            with self._supervisor.turn("spare view"):
                spare.close()

    def _seal(self, recorder: VoiceRecorder) -> None:
        """Each step is taken, whatever becomes of those before it."""
        with self._supervisor.turn("expert's own recording"):
            recorder.close(self._clock.now_ns())
        with self._supervisor.turn("cues"):
            self._tell_cues()
        self._keep_map_of(recorder)
        try:
            self._copies.end()
        except (WozError, OSError) as error:
            told = f"{recorder.path} can't be handed over ({error}); bring it with woz import."
            self._troubles.came("handing over", told)

    def _tell_cues(self) -> None:
        """Cues that were spoken; the microphone's thread, which may not wait for the disk, only collects them."""
        while cue := self._spoken.popleft() if self._spoken else None:
            begin_ns, end_ns = map(self._session_time, (cue.begin_ns, cue.end_ns))
            self._event(EventKind.CUE, cue.begin_ns, text=cue.text, begin_ns=begin_ns, end_ns=end_ns)

    def _voice_map(self, file_origin_ns: int) -> str:
        """From time in the file to session time, as JSON; empty where it isn't known."""
        to_station = self._link.clock_map.map()
        if to_station is None or self._origin_ns is None:
            return ""
        return to_station.from_origin(file_origin_ns).shifted(-self._origin_ns).to_json()

    def _keep_map(self) -> None:
        if recorder := self._recorder:
            self._keep_map_of(recorder)

    def _keep_map_of(self, recorder: VoiceRecorder) -> None:
        """On the disk, so that a crash doesn't take it."""
        try:
            self._copies.map_learned(self._voice_map(recorder.origin_ns))
            self._troubles.over("clock map")
        except OSError as error:
            told = f"{recorder.path.parent} can't be written ({error.strerror}); make room."
            self._troubles.came("clock map", told)

    def _upload(self) -> float | None:
        """How much the station has of what was recorded here; None before the session's end."""
        if not self._ended_at_station or self._recorder:
            return 0.0 if self._ended_at_station else None
        pending = self._copies.pending
        if not pending:
            self.safe_to_close.set()
            return 1.0
        held = sum(self._link.upload.held_bytes(copy) for copy in pending)
        return min(0.99, held / max(1, sum(copy.size for copy in pending)))

    def _station_now(self) -> int | None:
        to_station = self._link.clock_map.map()
        return to_station.to_session(self._clock.now_ns()) if to_station else None

    @property
    def _folder(self) -> Path:
        return self._recordings / self._invitation.session_id

    def _session_time(self, at_ns: int) -> int | None:
        """Session time of a time of the console's clock; None where it isn't known."""
        to_station = self._link.clock_map.map()
        if to_station is None or self._origin_ns is None:
            return None
        return to_station.to_session(at_ns) - self._origin_ns

    @property
    def _step(self) -> StepId | None:
        """What runs by the expert's own marks, or, where that is newer, as the station has it."""
        own = {deed.t_ns for deed in self._log.deeds if deed.kind == EventKind.STEP}
        told = self._told_step if self._told_step and self._told_step[0] not in own else None
        steps = [step for step in (told, self._log.step) if step]
        return max(steps, key=lambda step: step[0])[1] if steps else None

    def _event(self, kind: EventKind, at_ns: int | None = None, **data: Any) -> bool:
        """Keep and send what was done; False where nothing is recorded, or it can't be kept."""
        t_ns = self._session_time(self.now_ns() if at_ns is None else at_ns)
        if t_ns is None or self._outbox is None or self._ended_at_station:
            return False
        event = Event(t_ns, kind, Role.EXPERT, {k: v for k, v in data.items() if v is not None})
        try:
            with self._sending:
                number = self._outbox.put(event)
                self._link.tell(event_message(self._outbox.id, number, event))
        except OSError as error:
            self._troubles.came("marks", f"Your marks can't be kept in {self._outbox.path} ({error.strerror}).")
            return False
        self._troubles.over("marks")
        self._log.add(event)
        return True

    def _journal_sound(self, name: str, words: str, lost: int) -> None:
        self._event(EventKind.SOURCE, text=words, name=name, lost=lost or None)

    def _watch_sound(self) -> None:
        self._watches["link"].counted(self._link.voice_dropped)
        if recorder := self._recorder:
            self._watches["recording"].counted(recorder.dropped)
        for watch in self._watches.values():
            watch.look()

    def _open_outbox(self) -> Outbox:
        path = self._folder / "expert_events.jsonl"
        try:
            outbox = Outbox(path)
            self._log = ExpertLog(event for _, event in outbox.pending)
            return outbox
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}).") from error

    def _resend(self) -> None:
        if self._outbox and self._link.state == LinkState.LIVE and not self._station_is_full:
            with self._sending:
                for number, event in self._outbox.pending[:RESEND_AT_ONCE]:
                    self._link.tell(event_message(self._outbox.id, number, event))

    def _tick(self) -> None:
        ticks = 0
        while not self._ended.wait(STATUS_EVERY_S):
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
        return (
            (TELL_DELAY_EVERY, lambda: self._tell_delay(self._recent_delays)),
            (TELL_DELAY_EVERY, self._watch_sound),
            (1, self._tell_cues),
            (RESEND_EVERY, self._resend),
            (1 if self._copies.lacks_map else KEEP_MAP_EVERY, self._keep_map),
        )

    def _tell_delay(self, delays: list[int] | deque[int]) -> None:
        clock_map = self._link.clock_map.map()
        if not delays or clock_map is None or self.observing:
            return
        p50, p95 = (int(v) for v in np.percentile(list(delays), [50, 95]))
        figures = {"frames": len(delays), "p50_ns": p50, "p95_ns": p95}
        for name, values in (
            ("received", list(self._received_delays)),
            ("voice", self._jitter_buffer.take_delays()),
        ):
            if values:
                figures |= {f"{name}_p{q}_ns": int(np.percentile(values, q)) for q in (50, 95)}
        figures["round_trip_ns"] = self._link.clock_map.round_trip_ns or 0
        figures["residual_p95_ns"] = clock_map.quality.residual_p95_ns
        self._link.tell(Message(MessageKind.DELAY, figures))

    def _status(self) -> ConsoleStatus:
        now_ns = self._station_now()
        recording = (self._recorder is not None or self.observing) and not self._ended_at_station
        recording = recording and self._origin_ns is not None
        elapsed = now_ns - self._origin_ns if recording and now_ns and self._origin_ns is not None else 0
        delay = float(np.median(self._recent_delays)) / 1e6 if self._recent_delays else None
        live = self._link.state == LinkState.LIVE
        return ConsoleStatus(
            self._link.state,
            recording,
            elapsed,
            delay if live else None,
            self._muted,
            self._own_level.db,
            self._trainee_level.db,
            live and not self._muted and not self.observing,
            self._step,
            self._upload(),
            self._worst_problem,
            len(self._log.open_mistakes),
            len(self._outbox.pending) + len(self._spoken) if self._outbox else 0,
            self._cues.now,
            self.observing,
            self._log.deeds,
        )

    @property
    def _worst_problem(self) -> str:
        fault = str(self._recorder.fault) if self._recorder and self._recorder.fault else ""
        sound = self._microphone_watch.problem or self._earpiece_watch.problem
        return fault or sound or self._troubles.problem or self._supervisor.problem or self._marks_problem

    @property
    def _marks_problem(self) -> str:
        if not (self._station_is_full and self._outbox):
            return ""
        return f"The station has no room for more of your marks; they are kept here, in {self._outbox.path}."

    def _shut(self) -> None:
        self._ended.set()
        self._microphone.stop()
        self._speaker.stop()
        with contextlib.suppress(TimeoutError):
            self._live.call(self._link.close(), timeout_s=10)
        self._live.close()
        if self._tick_thread.is_alive():
            self._tick_thread.join()


def _unused(path: Path) -> Path:
    """The path itself, or, where it is taken (after a crash), the same with a number."""
    number = 1
    candidate = path
    while candidate.exists():
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate
