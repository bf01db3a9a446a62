"""The console: shows the trainee's view to the expert, carries both voices, records the expert's own."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from woz.capture.level import Level
from woz.capture.sound import Microphone, Speaker
from woz.capture.source import AudioBlock
from woz.clock import Clock
from woz.errors import WozError
from woz.events import EventKind
from woz.link.console_end import ConsoleEnd
from woz.link.invitation import Invitation
from woz.link.messages import Message, MessageKind
from woz.link.playout import Playout
from woz.recording.voice_recorder import VoiceRecorder
from woz.runtime import LiveLoop
from woz.seats import ConsoleListener, ConsoleStatus, LinkState, ViewFrame
from woz.session import Procedure, StepId
from woz.sync.clockmap import ClockMap
from woz.sync.tracker import OffsetTracker

STATUS_EVERY_S = 0.2
TELL_DELAY_EVERY = 5
"""Status ticks between two reports of the delay to the station."""


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
    ) -> None:
        self._invitation = invitation
        self._recordings = recordings
        self._microphone = microphone
        self._speaker = speaker
        self._clock = clock
        self._listener = listener
        self._live = LiveLoop("console")
        self._playout = Playout()
        self._link = ConsoleEnd(self, self._live, clock, self._playout)
        self._microphone_times = OffsetTracker()
        self._own_level, self._trainee_level = Level(), Level()
        self._recorder: VoiceRecorder | None = None
        self._origin_ns: int | None = None
        self._muted = False
        self._procedure: Procedure | None = None
        self._step: StepId | None = None
        self._upload: float | None = None
        self._problem = ""
        self._all_delays: list[int] = []
        self._recent_delays: deque[int] = deque(maxlen=100)
        self._received_delays: deque[int] = deque(maxlen=100)
        self._ended = threading.Event()
        self._tick_thread = threading.Thread(target=self._tick, name="console status")
        self.safe_to_close = threading.Event()

    def open(self) -> None:
        """Start devices and join. Raises WozError, with all closed again, where that fails."""
        try:
            self._microphone.start(self._hear_expert, self._fault)
            self._speaker.start(self._play_trainee)
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

    # what the expert can do

    def mute(self, muted: bool) -> None:
        self._muted = muted
        self._event(EventKind.MUTE if muted else EventKind.UNMUTE)

    def step(self, step_id: StepId) -> None:
        step = next((s for s in self._procedure.steps if s.id == step_id), None) if self._procedure else None
        if step:
            self._step = step_id
            self._event(EventKind.STEP, step_id=step_id, name=step.name)

    def mistake(self, text: str = "") -> None:
        self._event(EventKind.MISTAKE, text=text)

    def note(self, text: str) -> None:
        self._event(EventKind.NOTE, text=text)

    def shown(self, frame: ViewFrame) -> None:
        now_ns = self._station_now()
        if frame.capture_ns is None or now_ns is None:
            return
        self._recent_delays.append(now_ns - frame.capture_ns)
        recording = self._origin_ns is not None and self._upload is None
        if recording and frame.capture_ns >= (self._origin_ns or 0):
            self._all_delays.append(now_ns - frame.capture_ns)

    def leave(self) -> None:
        self._ended.set()

    # what comes from devices, on their own threads

    def _hear_expert(self, block: AudioBlock) -> None:
        at_ns = self._microphone_times.add(block.device_ns, block.arrival_ns)
        samples = np.zeros_like(block.samples) if self._muted else block.samples
        self._own_level.add(samples)
        self._link.offer_voice(at_ns, samples)
        if self._recorder:
            self._recorder.add(at_ns, samples, block.rate)

    def _play_trainee(self, n: int, device_ns: int, dac_ns: int) -> NDArray[np.float32]:
        to_station = self._link.clock_map.map()
        samples = self._playout.pull(n, to_station.to_session(dac_ns) if to_station else None)
        self._trainee_level.add(samples)
        return samples

    # what comes from the link, on the live loop

    def view_arrived(self, image: av.VideoFrame, captured_ns: int, received_ns: int) -> None:
        """On the decoder's thread."""
        to_station = self._link.clock_map.map()
        if to_station:
            self._received_delays.append(to_station.to_session(received_ns) - captured_ns)
        self._listener.view(ViewFrame(image, captured_ns))

    def procedure_arrived(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._listener.procedure(procedure)

    def recording_began(self, origin_ns: int) -> None:
        self._origin_ns = origin_ns
        if self._recorder:
            return
        path = self._recordings / self._invitation.session_id / "expert.mka"
        try:
            self._recorder = VoiceRecorder(_unused(path), self._clock.now_ns())
        except (WozError, OSError) as error:
            self._fault(error if isinstance(error, WozError) else WozError(f"{path} can't be made ({error})."))

    def recording_ended(self) -> None:
        self._upload = 0.0
        threading.Thread(target=self._hand_over, name="handing over", daemon=True).start()

    def stored(self, part: float, whole: bool) -> None:
        self._upload = part
        if whole:
            self.safe_to_close.set()

    def link_changed(self) -> None:
        self._listener.status(self._status())

    # inside

    def _hand_over(self) -> None:
        recorder = self._recorder
        self._tell_delay(self._all_delays)
        path = self._end_recording()
        clock_map = self._voice_map(recorder.origin_ns) if recorder else None
        if path and clock_map:
            self._link.upload(path, clock_map.to_json())

    def _end_recording(self) -> Path | None:
        recorder, self._recorder = self._recorder, None
        return recorder.close(self._clock.now_ns()) if recorder else None

    def _voice_map(self, file_origin_ns: int) -> ClockMap | None:
        """From time in the file to session time."""
        to_station = self._link.clock_map.map()
        if to_station is None or self._origin_ns is None:
            return None
        return to_station.from_origin(file_origin_ns).shifted(-self._origin_ns)

    def _station_now(self) -> int | None:
        to_station = self._link.clock_map.map()
        return to_station.to_session(self._clock.now_ns()) if to_station else None

    def _event(self, kind: EventKind, **data: str) -> None:
        now_ns = self._station_now()
        if now_ns is not None and self._origin_ns is not None:
            self._link.tell(Message(MessageKind.EVENT, {"event": kind, "t_ns": now_ns - self._origin_ns, **data}))

    def _tick(self) -> None:
        ticks = 0
        while not self._ended.wait(STATUS_EVERY_S):
            ticks += 1
            if ticks % TELL_DELAY_EVERY == 0:
                self._tell_delay(self._recent_delays)
            self._listener.status(self._status())

    def _tell_delay(self, delays: list[int] | deque[int]) -> None:
        clock_map = self._link.clock_map.map()
        if not delays or clock_map is None:
            return
        p50, p95 = (int(v) for v in np.percentile(list(delays), [50, 95]))
        figures = {"frames": len(delays), "p50_ns": p50, "p95_ns": p95}
        figures["round_trip_ns"] = self._link.clock_map.round_trip_ns or 0
        figures["residual_p95_ns"] = clock_map.quality.residual_p95_ns
        self._link.tell(Message(MessageKind.DELAY, figures))

    def _status(self) -> ConsoleStatus:
        now_ns = self._station_now()
        recording = self._recorder is not None and self._upload is None
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
            live and not self._muted,
            self._step,
            self._upload,
            str(self._recorder.fault) if self._recorder and self._recorder.fault else self._problem,
        )

    def _fault(self, fault: WozError) -> None:
        self._problem = str(fault)

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
