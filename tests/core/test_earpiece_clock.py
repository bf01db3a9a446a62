"""An earpiece whose stamps go wrong while a busy machine starves it: what it played lies by its count."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.core.test_stamp_filter import starved, wandering
from woz.base.clock import ManualClock
from woz.capture.sound import PlayRequest
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.seats.sound_watch import SoundWatch
from woz.live.station.media_in import MediaIn
from woz.model.stream import StreamKind
from woz.sound.session_track import SessionTrack

S = 1_000_000_000
BUFFER_S = 0.08
FAST = 1 - 100e-6
SOON_S = 0.45
"""Three windows of a tenth of a second, and what of one had begun before."""

Floats = NDArray[np.float64]


class Station:
    """What a station records of its earpiece, laid on one track."""

    def __init__(self) -> None:
        self.laid_ns: list[int] = []
        self.track = SessionTrack()
        plan = SimpleNamespace(config=None, source=None)
        clock = ManualClock()
        media = MediaIn(cast(Any, plan), clock, cast(Any, self), *(cast(Any, SimpleNamespace()) for _ in range(4)))
        media._jitter_buffer = JitterBuffer()
        self.media = media

    def watch(self, clock: ManualClock, name: str) -> SoundWatch:
        return SoundWatch(clock, name, lambda words, lost: None)

    def voice(self, kind: StreamKind, at_ns: int, samples: NDArray[np.float32], rate: int, name: str) -> None:
        self.laid_ns.append(at_ns)
        self.track.add(at_ns, samples, rate)

    def play(
        self,
        seconds: int,
        stamp_error: Callable[[float], float] = lambda _: 0.0,
        waits: Callable[[float], float] = lambda _: 0.0,
        dry: tuple[float, float] = (1e9, 0.0),
        reported: bool = True,
        late_s: float = 5e-4,
    ) -> Floats:
        """How far (ms) each block was laid from when it left the earpiece, which runs dry once, for so long."""
        rng = np.random.default_rng(5)
        count = np.arange(seconds * 100)
        left: Floats = np.asarray(1.0 + BUFFER_S + count * 0.01 * FAST, np.float64)
        left[left >= dry[0]] += dry[1]
        ready = [max(t - BUFFER_S + rng.exponential(late_s), waits(t)) for t in left.tolist()]
        called: Floats = np.maximum.accumulate(np.array(ready, np.float64))
        for i, (t, c) in enumerate(zip(left.tolist(), called.tolist(), strict=True)):
            stamp = t + stamp_error(t) + rng.normal(0, 2e-5)
            lost = reported and t >= dry[0] > left[i - 1]
            asked = PlayRequest(480, i * 10_000_000, round(stamp * S), round(c * S), lost)
            self.media._play_expert(asked)
        return (np.array(self.laid_ns) / S - left) * 1e3


def test_what_was_played_lies_by_its_count_while_stamps_are_wrong_for_seconds() -> None:
    station = Station()
    wrong = station.play(40, wandering, starved)
    assert np.abs(wrong).max() < 8
    assert [gap.start_ns for gap in station.track.gaps] == [0]
    assert station.media.sound_losses == 0


@pytest.mark.parametrize("reported", [True, False])
def test_an_earpiece_that_ran_dry_leaves_a_gap_of_that_length(reported: bool) -> None:
    station = Station()
    wrong = station.play(40, dry=(15.0, 0.3), reported=reported)
    found_s = 15.0 if reported else 15.3 + SOON_S
    left_s = np.array(station.laid_ns) / S
    assert np.abs(wrong[left_s < 14.9]).max() < 1
    assert np.abs(wrong[left_s > found_s + 0.2]).max() < 1
    assert len(station.track.gaps) == 2
    assert station.track.gaps[1].duration_ns == pytest.approx(0.3 * S, abs=5_000_000)
    assert station.media.sound_losses == (0 if reported else 1)


def test_an_earpiece_that_runs_dry_unreported_on_a_busy_machine_is_followed_soon() -> None:
    """Blocks are asked for 5 ms late in the mean, so that few windows tell the same."""
    station = Station()
    wrong = station.play(40, dry=(15.0, 0.3), reported=False, late_s=5e-3)
    left_s = np.array(station.laid_ns) / S
    assert np.abs(wrong[left_s < 14.9]).max() < 1
    assert np.abs(wrong[left_s > 15.3 + 2]).max() < 1
    assert station.track.gaps[1].duration_ns == pytest.approx(0.3 * S, abs=5_000_000)
    assert station.media.sound_losses == 1
