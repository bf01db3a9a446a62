"""Live glasses, or their replay, as a source: the station's side of the child process."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.capture.aria.driver import Driver
from woz.capture.aria.jobs import Jobs
from woz.capture.aria.messages import (
    Alive,
    Answer,
    Condition,
    FromGlasses,
    Gaze,
    JobKind,
    Picture,
    Play,
    Sound,
)
from woz.capture.aria.ring import PictureRing
from woz.capture.aria.supervisor import Loss, Supervisor
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, Sink, SourceInfo, VideoFrame
from woz.timing.device_time import DeviceTime

SILENT_NS = 3_000_000_000
"""No picture for so long is a problem that the operator hears of."""
STUCK_NS = 30_000_000_000
"""No picture for so long, and the process is started again."""
BEGIN_WITHIN_S = 60.0
FETCH_WITHIN_S = 7200.0


class AriaSource:
    """Glasses in a process of their own, which is started again where it crashes, hangs or loses them.

    Indices and device times go on over such restarts; `DeviceStatus.problem` says what the operator should do.
    It is also an `OwnRecorder` and, where `speaker_delay_ns` is given, a `TalkBack`.
    """

    def __init__(
        self,
        info: SourceInfo,
        driver: Driver,
        clock: Clock,
        views: bool = True,
        records_itself: bool = False,
        speaker_delay_ns: int | None = None,
    ) -> None:
        """`views` is False for glasses that are asked for no picture."""
        self.info = info
        self.records_itself = records_itself
        self.speaker_delay_ns = speaker_delay_ns
        self._driver = driver
        self._clock = clock
        self._views = views
        self._jobs = Jobs(self._order)
        self._lock = threading.Lock()
        self._supervisor: Supervisor | None = None
        self._ring: PictureRing | None = None
        self._sink: Sink | None = None
        self._time = DeviceTime()
        self._frames = 0
        self._last_ns = {Picture: -1, Sound: -1, Gaze: -1}
        self._picture_ns = 0
        self._condition = DeviceStatus()
        self._problem = ""
        self._recording_problem = ""
        self._begun: Future[str] | None = None
        self.skipped = 0
        """Pictures that a newer one overtook in the shared memory."""

    # the source

    def start(self, sink: Sink) -> None:
        self._sink = sink
        try:
            self._ring = PictureRing.create(self.info.width, self.info.height)
        except OSError as error:
            raise WozError(
                f"No shared memory for the pictures ({error.strerror}); make room in /dev/shm."
            ) from error
        self._picture_ns = self._clock.now_ns()
        self._problem = "The glasses are being connected; this takes up to half a minute."
        self._tell()
        supervisor = Supervisor(
            self._driver, self._ring.address, self._take, self._lost, self._ended, self._tell_fault
        )
        self._supervisor = supervisor
        supervisor.start()

    def stop(self) -> None:
        if self._supervisor:
            self._supervisor.stop()
            self._supervisor = None
        if self._ring:
            self._ring.close()
            self._ring = None

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._supervisor.pid if self._supervisor else None

    # the glasses' own recording, and their speaker

    def begin_own_recording(self) -> None:
        self._begun = self._jobs.begin(JobKind.BEGIN_RECORDING)
        self._begun.add_done_callback(self._recording_begun)

    def end_own_recording(self) -> str:
        name = self._begun.result(BEGIN_WITHIN_S) if self._begun else ""
        self._jobs.do(JobKind.END_RECORDING)
        return name

    def fetch_own_recording(self, target: Path) -> None:
        name, partial = self._begun.result(0) if self._begun else "", target.with_suffix(".part")
        try:
            self._jobs.do(JobKind.FETCH_RECORDING, f"{name}\n{partial}", FETCH_WITHIN_S)
            partial.replace(target)
        except OSError as error:
            raise WozError(f"The glasses' recording can't be written to {target} ({error.strerror}).") from error
        finally:
            partial.unlink(missing_ok=True)

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        if self._supervisor:
            self._supervisor.order(Play(samples, rate))

    def _recording_begun(self, future: Future[str]) -> None:
        fault = future.exception()
        self._recording_problem = str(fault) if fault else ""
        self._tell()

    def _order(self, order: object) -> bool:
        return bool(self._supervisor and self._supervisor.order(order))  # type: ignore[arg-type]

    # what comes from the child, on the supervisor's thread

    def _take(self, run: int, message: FromGlasses) -> None:
        if isinstance(message, Picture | Sound | Gaze):
            self._give(run, message)
        elif isinstance(message, Condition):
            self._condition = message.status
            self._tell()
        elif isinstance(message, Answer):
            self._jobs.answered(message)
        elif isinstance(message, Alive):
            self._look_for_silence()
        if not self._views and not isinstance(message, Alive):
            self._solve()

    def _give(self, run: int, message: Picture | Sound | Gaze) -> None:
        length_ns = message.length_ns if isinstance(message, Sound) else 0
        device_ns = self._time.at((run, message.turn), message.device_ns, message.arrival_ns, length_ns)
        if device_ns is None or device_ns <= self._last_ns[type(message)] or self._sink is None:
            return
        self._last_ns[type(message)] = device_ns
        if isinstance(message, Picture):
            self._give_picture(message, device_ns)
        elif isinstance(message, Sound):
            self._sink.audio(AudioBlock(device_ns, message.arrival_ns, message.samples, message.rate))
        else:
            x, y = message.point or (None, None)
            angles = (message.yaw_rad, message.pitch_rad, message.depth_m)
            self._sink.gaze(GazeSample(device_ns, message.arrival_ns, *angles, x, y))

    def _give_picture(self, message: Picture, device_ns: int) -> None:
        assert self._ring
        assert self._sink
        picture = self._ring.read(message.number)
        if picture is None:
            self.skipped += 1
            self._tell()
            return
        image = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        self._sink.video(VideoFrame(self._frames, device_ns, message.arrival_ns, image))
        self._frames += 1
        self._picture_ns = self._clock.now_ns()
        self._solve()

    def _look_for_silence(self) -> None:
        silent_ns = self._clock.now_ns() - self._picture_ns
        if not self._views or silent_ns < SILENT_NS:
            return
        if silent_ns > STUCK_NS and self._supervisor:
            self._picture_ns = self._clock.now_ns()
            self._supervisor.restart("it gave no picture any more")
        elif self._problem == "":
            self._problem = (
                "No picture comes from the glasses; see that they are on, charged and in reach of the Wi-Fi or the "
                "cable. The recording goes on."
            )
            self._tell()

    def _lost(self, loss: Loss) -> None:
        self._jobs.drop()
        self._picture_ns = self._clock.now_ns()
        again = f"it is tried again in {loss.again_in_s:.0f} s, and the recording goes on"
        if loss.reason.endswith("."):
            self._problem = f"{loss.reason[:-1]}; {again}."
        else:
            self._problem = (
                f"The glasses' software is gone, {loss.reason}: {again}; if the view stays away, plug in their "
                "cable and see that they are on and charged."
            )
        self._condition = DeviceStatus()
        self._tell()

    def _ended(self, fault: WozError | None) -> None:
        self._jobs.drop()
        if self._sink:
            self._sink.ended(fault)

    def _tell_fault(self, fault: WozError) -> None:
        """Until the next picture."""
        self._problem = str(fault)
        self._tell()

    def _solve(self) -> None:
        if self._problem:
            self._problem = ""
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            problem = self._problem or self._recording_problem or self._condition.problem
            if self._sink:
                self._sink.status(replace(self._condition, problem=problem, skipped=self.skipped))
