"""The session that a station records: its phase, its time, its folder, and the recorder that takes all of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock, SessionClock
from woz.base.errors import WozError
from woz.capture.source import GazeSample, VideoFrame
from woz.live.seats.sound_watch import SoundWatch
from woz.live.seats.station_seat import StationPhase
from woz.model.events import Event, EventKind
from woz.model.stream import StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder


class RunningSession:
    """What comes while nothing is recorded is passed over. Safe from any thread."""

    def __init__(self) -> None:
        self.phase = StationPhase.READY
        self.clock: SessionClock | None = None
        self.folder: SessionFolder | None = None
        self.recorder: Recorder | None = None

    def begin(self, clock: SessionClock, folder: SessionFolder, recorder: Recorder) -> None:
        self.folder, self.clock, self.recorder = folder, clock, recorder
        self.phase = StationPhase.RECORDING

    @property
    def recording(self) -> bool:
        return self.phase == StationPhase.RECORDING

    @property
    def elapsed_ns(self) -> int:
        """Since the session began, also when it has ended; 0 before."""
        return self.clock.now_ns() if self.clock else 0

    @property
    def now_ns(self) -> int | None:
        """Session time; None while nothing is recorded."""
        return self.clock.now_ns() if self.clock and self.recording else None

    # what is recorded; times are the station's own, in ns

    def video(self, frame: VideoFrame, captured_ns: int) -> float:
        """How long (s) pictures wait for the recorder."""
        if not (self.recording and self.clock and self.recorder):
            return 0.0
        self.recorder.video(frame, self.clock.at(captured_ns))
        return self.recorder.behind_s

    def missed(self, pictures: int) -> None:
        """So many were lost before they came here."""
        if self.recording and self.clock and self.recorder:
            self.recorder.missed(pictures, self.clock.now_ns())

    def gaze(self, sample: GazeSample, at_ns: int) -> None:
        if self.recording and self.clock and self.recorder:
            self.recorder.gaze(sample, self.clock.at(at_ns))

    def voice(self, kind: StreamKind, at_ns: int, samples: NDArray[np.float32], rate: int, name: str) -> None:
        if not (self.recording and self.clock and self.recorder):
            return
        start_ns = self.clock.at(at_ns)
        if start_ns >= 0:
            self.recorder.voice(kind, start_ns, samples, rate, name)

    # the journal

    def journal(self, kind: EventKind, by: str, data: Mapping[str, object]) -> bool:
        """Whether it is kept."""
        return self.clock is not None and self.journal_at(self.clock.now_ns(), kind, by, data)

    def journal_at(self, t_ns: int, kind: EventKind, by: str, data: Mapping[str, object]) -> bool:
        """Whether it is kept."""
        if self.recorder is None or self.phase == StationPhase.CLOSED:
            return False
        return self.recorder.event(Event(t_ns, kind, by, data))

    def journal_fault(self, fault: WozError) -> None:
        self.journal(EventKind.SOURCE, "station", {"fault": str(fault)})

    def watch(self, clock: Clock, name: str) -> SoundWatch:
        """A watch of a sound device, which tells the journal."""
        return SoundWatch(clock, name, partial(self._journal_sound, name))

    def _journal_sound(self, name: str, words: str, lost: int) -> None:
        self.journal(EventKind.SOURCE, "station", {"sound": words, "name": name} | ({"lost": lost} if lost else {}))
