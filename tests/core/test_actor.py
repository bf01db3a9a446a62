"""An actor's marks stay at their time whatever the machine does: by a simulated sink, and by a real daemon."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.rig.sink_listener import SinkListener
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.demo import pulse
from woz.demo.playback import Pcm, Playback, SinkClock
from woz.demo.pulse import PulseRoom, Seat
from woz.demo.voices import write_wav
from woz.timing.sync_marks import TRAINEE_HZ, burst, next_mark_ns

SECONDS = 12
START_NS = 2 * NS_PER_S
AHEAD_NS = 3 * NS_PER_S
TURN_NS = 100 * NS_PER_MS


def clicks() -> Pcm:
    """A loud sample at each whole second."""
    track = np.zeros(SECONDS * AUDIO_RATE, np.int16)
    track[::AUDIO_RATE] = 10_000
    return track


@dataclass
class Sink:
    """Counts its samples at a rate of its own, and tells of them as late as a busy machine does."""

    ppm: float = 0.0
    late_ms: float = 0.0
    zero_ns: int = 700 * NS_PER_MS
    heard: Pcm = field(default_factory=lambda: np.zeros((SECONDS + 5) * AUDIO_RATE, np.int16))

    def index(self, at_ns: int) -> int:
        return round((at_ns - self.zero_ns) * AUDIO_RATE * (1 + self.ppm * 1e-6) / NS_PER_S)

    def reading(self, now_ns: int, rng: random.Random) -> tuple[int, int]:
        late_ns = round(rng.expovariate(1 / self.late_ms) * NS_PER_MS) if self.late_ms else 0
        return self.index(now_ns), now_ns + late_ns

    def write(self, sounding: int, index: int, samples: Pcm) -> None:
        late = max(0, sounding - index)
        self.heard[index + late : index + len(samples)] = samples[late:]

    def clicks_ms(self) -> list[float]:
        """How much later than its whole second each click sounds."""
        loud = np.flatnonzero(self.heard > 4_000)
        rate = AUDIO_RATE * (1 + self.ppm * 1e-6)
        times = loud / rate + (self.zero_ns - START_NS) / NS_PER_S
        return [float((t - round(t)) * 1_000) for t in times]


def performed(sink: Sink, starved: range = range(0)) -> Playback:
    """The whole track; the actor gets no turn in these tenths of a second."""
    rng, clock = random.Random(3), SinkClock()
    for _ in range(20):
        clock.add(*sink.reading(sink.zero_ns, rng))
    playback = Playback(clicks(), START_NS, clock)
    for turn in range((SECONDS + 3) * 10):
        now_ns = sink.zero_ns + turn * TURN_NS
        if turn not in starved:
            clock.add(*sink.reading(now_ns, rng))
            for index, samples in playback.pieces(sink.index(now_ns), now_ns + AHEAD_NS):
                sink.write(sink.index(now_ns), index, samples)
    return playback


@pytest.mark.parametrize("ppm", [0.0, 60.0, -60.0])
@pytest.mark.parametrize("late_ms", [0.0, 30.0])
def test_marks_are_at_their_time_however_late_the_sink_is_heard_of(ppm: float, late_ms: float) -> None:
    sink = Sink(ppm, late_ms)
    assert performed(sink).late == 0
    errors = sink.clicks_ms()
    assert len(errors) == SECONDS
    assert max(map(abs, errors)) < (5.0 if late_ms else 0.5)


def test_an_actor_without_its_turn_for_some_seconds_loses_nothing() -> None:
    sink = Sink()
    assert performed(sink, range(40, 65)).late == 0
    assert len(sink.clicks_ms()) == SECONDS
    assert max(map(abs, sink.clicks_ms())) < 0.05


def test_what_comes_too_late_is_told_and_nothing_after_it_moves() -> None:
    sink = Sink()
    playback = performed(sink, range(40, 90))
    assert 1.5 * AUDIO_RATE < playback.late < 2.5 * AUDIO_RATE
    assert len(sink.clicks_ms()) in (SECONDS - 1, SECONDS - 2)
    assert max(map(abs, sink.clicks_ms())) < 0.05


def _started_in_ns() -> int:
    """How long an actor's program takes to be loaded on this machine, as busy as it is."""
    clock = SystemClock()
    began_ns = clock.now_ns()
    subprocess.run([sys.executable, "-c", "import woz.demo.actor"], check=True)
    return clock.now_ns() - began_ns


@pytest.mark.skipif(not pulse.available(), reason="PulseAudio is not installed")
def test_a_real_daemon_sounds_each_mark_within_its_second_while_the_actor_stands_still(tmp_path: Path) -> None:
    """How near to it the marks are is measured by `bench_demos`, of actors that run on."""
    track = np.zeros(8 * AUDIO_RATE, np.float32)
    mark = burst(TRAINEE_HZ, AUDIO_RATE)
    for second in range(8):
        track[second * AUDIO_RATE : second * AUDIO_RATE + len(mark)] = mark
    write_wav(tmp_path / "marks.wav", track)
    with PulseRoom(tmp_path / "pulse") as room, SinkListener(room.server, "woz_room") as listener:
        start_ns = next_mark_ns(SystemClock().utc_ns() + 3 * NS_PER_S + 3 * _started_in_ns())
        command = [sys.executable, "-m", "woz.demo.actor", str(tmp_path / "marks.wav"), str(start_ns)]
        environment = {**os.environ, **room.environment(Seat.TRAINEE)}
        with subprocess.Popen(command, env=environment) as actor:
            time.sleep(max(0.0, (start_ns - SystemClock().utc_ns()) / NS_PER_S + 1))
            actor.send_signal(signal.SIGSTOP)
            time.sleep(2)
            actor.send_signal(signal.SIGCONT)
            assert actor.wait() == 0
    assert len(listener.mark_errors_ms(TRAINEE_HZ)) >= 7
