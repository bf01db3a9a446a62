"""A small recorded session with sync marks, for tests: two voices of noise, all marks at whole UTC seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import ManualClock, SessionClock
from woz.base.settings import VideoSettings
from woz.capture.source import SourceInfo, VideoFrame
from woz.model.ids import SessionId
from woz.model.stream import StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder
from woz.timing.sync_marks import EXPERT_HZ, PATCH_PART, TRAINEE_HZ, burst

RATE = 48_000
FPS = 20
START_UTC_NS = 1_800_000_000_400_000_000
"""The first whole second of UTC lies 0.6 s into the session."""
FIRST_MARK_S = 0.6
SIZE = 96
INFO = SourceInfo("test", SIZE, SIZE, FPS)
BLOCK = 480


@dataclass(frozen=True)
class Room:
    """What sounds at both ends, on session time, at 48 kHz."""

    trainee: NDArray[np.float32]
    said: NDArray[np.float32]
    heard: NDArray[np.float32]


def make_room(seconds: int, heard_late_s: float = 0.1, leak_db: float = -26.0) -> Room:
    rng = np.random.default_rng(7)
    n = seconds * RATE
    said = _mumble(rng, n) * 0.1
    _add_bursts(said, EXPERT_HZ)
    late = round(heard_late_s * RATE)
    heard = np.concatenate([np.zeros(late, np.float32), said])[:n]
    trainee = heard * np.float32(10 ** (leak_db / 20)) + rng.normal(0, 1e-4, n).astype(np.float32)
    _add_bursts(trainee, TRAINEE_HZ)
    return Room(trainee, said, heard)


def _mumble(rng: np.random.Generator, n: int) -> NDArray[np.float32]:
    """Low noise in syllables, with a pause each second around the mark."""
    noise = np.convolve(rng.normal(0, 1, n), np.ones(40) / 40, "same")
    t = np.arange(n) / RATE
    syllables = np.maximum(0, np.sin(2 * np.pi * 3.1 * t)) * (np.abs((t - FIRST_MARK_S + 0.5) % 1 - 0.5) > 0.1)
    return np.asarray(noise * 4 * syllables, np.float32)


def _add_bursts(sound: NDArray[np.float32], frequency_hz: float) -> None:
    wave = burst(frequency_hz, RATE)
    for first in range(round(FIRST_MARK_S * RATE), len(sound) - len(wave), RATE):
        sound[first : first + len(wave)] += wave


def picture(white: bool, size: int = SIZE) -> av.VideoFrame:
    yuv = np.full((size * 3 // 2, size), 128, np.uint8)
    yuv[:size] = np.linspace(30, 100, size, dtype=np.uint8)
    side = size // PATCH_PART
    yuv[:side, :side] = 235 if white else 40
    return av.VideoFrame.from_ndarray(yuv, format="yuv420p")


class Session:
    """A recorder fed from a clock that the test moves."""

    def __init__(self, sessions: Path, info: SourceInfo = INFO, keep_free: int = 0) -> None:
        self.clock = ManualClock(utc_ns=START_UTC_NS)
        clock = SessionClock(self.clock)
        name = SessionId("20270115-080000-test")
        self.folder = SessionFolder.create(sessions, name, clock.start_utc_ns, "tea")
        self.recorder = Recorder(self.folder, clock, info, VideoSettings(), keep_free=keep_free)

    def video(self, index: int, image: av.VideoFrame | None = None) -> None:
        at_ns = index * 1_000_000_000 // FPS
        white = index % FPS == round(FIRST_MARK_S * FPS)
        self.recorder.video(VideoFrame(index, at_ns + 5, at_ns, image or picture(white)), at_ns)
        while self.recorder.captured - self.recorder.recorded > 20 and not self.recorder.fault:
            time.sleep(0.001)

    def voice(self, kind: StreamKind, sound: NDArray[np.float32], block: int, name: str = "microphone") -> None:
        """The block of 10 ms with this number."""
        part = sound[block * BLOCK : (block + 1) * BLOCK]
        self.recorder.voice(kind, block * 10_000_000, part, RATE, name)

    def run(self, room: Room, begin_s: float, end_s: float) -> None:
        """Both voices and the view from one session time to another."""
        for block in range(round(begin_s * 100), round(end_s * 100)):
            self.clock.advance(10_000_000)
            if block % (100 // FPS) == 0:
                self.video(block * FPS // 100)
            self.voice(StreamKind.TRAINEE_VOICE, room.trainee, block)
            self.voice(StreamKind.EXPERT_HEARD, room.heard, block, "earpiece")
