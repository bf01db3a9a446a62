"""Glasses that give pictures and sound have one clock: the quickest tells how it lies, the device all else."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import av
import numpy as np
import pytest

from tests.core import aria_doubles as doubles
from woz.base.clock import SystemClock
from woz.capture.aria.own_latency import OwnLatency
from woz.capture.replay import Item, Replay
from woz.capture.source import AudioBlock, VideoFrame
from woz.timing.device_clock import DeviceClock

MS = 1_000_000
S = 1_000 * MS
AHEAD = 7_000 * S
"""So much more the device's clock reads."""
BLOCK_MS, PICTURE_MS, GAZE_MS = 20, 50, 100
WAYS_MS = {"view": 90, "sound": 8, "gaze": 60}
"""What each stream takes at least, after the end of what it holds was captured."""


def run(
    clock: DeviceClock, rng: random.Random, begin_s: int, end_s: int, streams: tuple[str, ...], ppm: float = 40
) -> dict[str, list[float]]:
    """How late (ms) each stream's items are laid, with exponential delays of 4 ms on average besides."""
    lengths = {"view": 0, "sound": BLOCK_MS, "gaze": 0}
    every = {"view": PICTURE_MS, "sound": BLOCK_MS, "gaze": GAZE_MS}
    items = [
        (t + lengths[name] * MS + round((WAYS_MS[name] + rng.expovariate(1 / 4)) * MS), t, name)
        for name in streams
        for t in range(begin_s * S, end_s * S, every[name] * MS)
    ]
    wrong: dict[str, list[float]] = {name: [] for name in streams}
    for arrival, t, name in sorted(items):
        device = [AHEAD + round(at / (1 + ppm * 1e-6)) for at in (t, t + lengths[name] * MS)]
        wrong[name].append((clock.add(name, device[0], device[1], arrival) - t) / MS)
    return wrong


def test_pictures_and_sound_of_one_clock_keep_together_whatever_their_ways_are() -> None:
    wrong = run(DeviceClock(), random.Random(1), 0, 60, ("view", "sound", "gaze"))
    for stream in wrong.values():
        late = np.array(stream[len(stream) // 4 :])
        assert np.abs(late - WAYS_MS["sound"]).max() < 1.5


@pytest.mark.parametrize("left", [("view",), ("view", "gaze")])
def test_a_microphone_that_falls_silent_is_no_jump_of_the_clock(left: tuple[str, ...]) -> None:
    clock, rng = DeviceClock(), random.Random(2)
    run(clock, rng, 0, 60, ("view", "sound", "gaze"))
    alone = run(clock, rng, 60, 180, left)["view"]
    again = run(clock, rng, 180, 240, ("view", "sound", "gaze"))
    assert max(abs(late - WAYS_MS["sound"]) for late in (*alone, *again["view"], *again["sound"])) < 3
    found = clock.summary()
    assert found
    assert abs(found.drift_ppm - 40) < 5
    assert found.quality.residual_max_ns < 5 * MS


def test_a_stream_alone_is_laid_by_its_own_quickest() -> None:
    wrong = run(DeviceClock(), random.Random(3), 0, 60, ("view",))["view"]
    assert np.abs(np.array(wrong[300:]) - WAYS_MS["view"]).max() < 1.5


# the way that Gen 2 glasses tell of


class Sync(doubles.TimeSyncRef):
    def __init__(self) -> None:
        self.valid, self.told_ms = True, 130.0

    def is_valid(self) -> bool:
        return self.valid

    def compute_latency_ms(self, capture_timestamp_ns: int) -> float:
        return self.told_ms


def test_the_glasses_own_latency_is_known_on_while_their_time_sync_is_not_valid() -> None:
    sync = Sync()
    sync.valid = False
    own = OwnLatency(sync)
    assert own.way_ns(1) == 0
    sync.valid = True
    assert own.way_ns(1) == 130 * MS
    sync.told_ms = 150.0
    assert own.way_ns(1) == 150 * MS
    sync.valid = False
    assert own.way_ns(1) == 130 * MS


@pytest.mark.parametrize("told_ms", [-3.0, float("nan"), 1e9])
def test_a_latency_that_cannot_be_is_not_believed(told_ms: float) -> None:
    sync = Sync()
    sync.told_ms = told_ms
    own = OwnLatency(sync)
    own.measure(1)
    assert (own.way_ns(1), own.latency_ms) == (0, None)


def test_where_there_is_no_time_sync_nothing_is_taken_out() -> None:
    assert OwnLatency(None).way_ns(1) == 0


# a replay gives sound when it has been spoken to its end


def test_a_replay_gives_sound_when_its_last_sample_has_been_taken() -> None:
    got: list[Item] = []
    over = threading.Event()
    image = av.VideoFrame(64, 64, "yuv420p")

    def one_pass(offset_ns: int, first: int) -> Iterator[tuple[int, object]]:
        for i in range(4):
            at = i * 50 * MS
            yield at, lambda arrival, at=at: VideoFrame(0, at, arrival, image)
            yield at, lambda arrival, at=at: AudioBlock(at, arrival, np.zeros(1440, np.float32), 48_000)

    class Sink:
        video = audio = gaze = staticmethod(got.append)
        status = staticmethod(lambda status: None)
        ended = staticmethod(lambda fault: over.set())

    replay = Replay(SystemClock(), "replay", one_pass, 0, 0, loop=False)  # type: ignore[arg-type]
    began_ns = SystemClock().now_ns()
    replay.start(Sink())
    assert over.wait(120)
    replay.stop()
    assert [type(item) for item in got] == [VideoFrame, AudioBlock] * 4
    for item in got:
        captured = item.end_ns if isinstance(item, AudioBlock) else item.device_ns
        assert item.arrival_ns - began_ns >= captured
