"""A sound card whose stamps go wrong while a busy machine starves it: its sound lies by its count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from woz.sound.session_track import SessionTrack
from woz.timing.tracker import OffsetTracker

MS, S = 1_000_000, 1_000_000_000
BLOCK = 480
FAST = 1 - 100e-6
"""What a second of the card's count takes."""
SOON_S = 0.45
"""Three windows of a tenth of a second, and what of one had begun before."""

Floats = NDArray[np.float64]


@dataclass
class Heard:
    """`wrong_ms` is how far each block was laid from where it was captured."""

    wrong_ms: Floats
    track: SessionTrack
    tracker: OffsetTracker
    true_s: Floats
    told: list[float] = field(default_factory=list)


def hear(
    seconds: int,
    stamp_error: Callable[[float], float] = lambda _: 0.0,
    waits: Callable[[float], float] = lambda _: 0.0,
    lost: tuple[float, float] = (1e9, 0.0),
    reported: bool = False,
) -> Heard:
    """A microphone that loses `lost[1]` seconds of sound at `lost[0]`; `waits` holds back what was captured at
    that time until then, after which all comes at once, in order."""
    rng = np.random.default_rng(5)
    count = np.arange(seconds * 100)
    true: Floats = np.asarray(1.0 + count * 0.01 * FAST, np.float64)
    true[true >= lost[0]] += lost[1]
    ready = [max(t + 0.01 + rng.exponential(5e-4), waits(t)) for t in true.tolist()]
    called: Floats = np.maximum.accumulate(np.array(ready, np.float64))
    told: list[float] = []
    tracker, track = OffsetTracker(on_loss=lambda: told.append(float(true[i]))), SessionTrack()
    wrong = []
    for i, (t, c) in enumerate(zip(true.tolist(), called.tolist(), strict=True)):
        stamp = t + stamp_error(t) + rng.normal(0, 2e-5)
        says_lost = reported and t >= lost[0] > true[i - 1]
        at_ns = tracker.add(i * 10 * MS, round(stamp * S), round(c * S), says_lost)
        wrong.append((at_ns / S - t) * 1e3)
        track.add(at_ns, np.zeros(BLOCK, np.float32), 48_000)
    track.finish(round((true[-1] + 0.01) * S))
    return Heard(np.array(wrong), track, tracker, true, told)


def starved(t: float) -> float:
    """Four stalls of a second, one after the other."""
    return next(
        (end for begin, end in ((12.7, 13.7), (14.2, 15.2), (15.3, 16.0), (17.4, 18.3)) if begin <= t < end), 0
    )


def wandering(t: float) -> float:
    """What was seen beside two busy loops: 438 ms for a second or so, and back, several times."""
    if any(begin <= t < end for begin, end in ((12.7, 13.9), (14.4, 15.6))):
        return 0.438
    return 0.045 * float(np.sin((t - 5) * np.pi / 5)) if 5 <= t < 10 else 0.0


def test_stamps_that_go_wrong_for_seconds_move_no_sound() -> None:
    heard = hear(40, wandering, starved)
    assert np.abs(heard.wrong_ms).max() < 5
    assert [gap.start_ns for gap in heard.track.gaps] == [0]
    assert heard.track.refused_samples == 0
    assert heard.told == []
    found = heard.tracker.summary()
    assert found
    errors = [found.to_session(i * 10 * MS) / S - t for i, t in enumerate(heard.true_s.tolist())]
    assert max(map(abs, errors)) < 3e-3


def test_where_stamps_are_wrong_to_the_end_the_clock_goes_on_by_when_blocks_come() -> None:
    heard = hear(14, lambda t: 0.03 if t > 8 else 0.0)
    assert np.abs(heard.wrong_ms).max() < 3
    found = heard.tracker.summary()
    assert found
    assert found.valid
    assert found.valid.end_ns > (heard.true_s[-1] - 3) * S
    errors = [found.to_session(i * 10 * MS) / S - t for i, t in enumerate(heard.true_s.tolist())]
    assert max(map(abs, errors)) < 2e-3
    assert heard.told == []


def test_blocks_that_waited_are_stamped_as_if_they_were_early_and_move_none() -> None:
    """Beside a backlog each stamp counts the half fragment that PulseAudio's plugin has already given."""
    heard = hear(
        30, lambda t: -5e-3 if starved(t) or 1 < t < 1.5 else 0.0, lambda t: 1.5 if t < 1.5 else starved(t)
    )
    assert np.abs(heard.wrong_ms[60:]).max() < 1
    assert heard.told == []


def test_blocks_that_all_wait_as_long_are_no_loss_while_their_stamps_stay() -> None:
    """A backlog of 30 ms for two seconds: calls come later, and agree, but the stamps don't move with them."""
    heard = hear(30, waits=lambda t: t + 0.04 if 15 < t < 17 else 0.0)
    assert heard.told == []
    assert np.abs(heard.wrong_ms).max() < 1


@pytest.mark.parametrize("lost_s", [0.02, 0.3, 1.2])
def test_a_loss_that_nobody_reports_is_found_by_count_and_told(lost_s: float) -> None:
    heard = hear(40, lost=(15.0, lost_s))
    assert len(heard.told) == 1
    assert 15.0 < heard.told[0] < 15.0 + lost_s + SOON_S
    settled = heard.true_s > heard.told[0] + 0.2
    assert np.abs(heard.wrong_ms[heard.true_s < 15]).max() < 1
    assert np.abs(heard.wrong_ms[settled]).max() < 1
    assert heard.track.gaps[-1].duration_ns == pytest.approx(lost_s * S, abs=2 * MS)
    assert len(heard.track.gaps) == 2


def test_a_reported_loss_is_laid_where_it_was() -> None:
    heard = hear(40, lost=(15.0, 0.3), reported=True)
    assert np.abs(heard.wrong_ms).max() < 1
    assert heard.told == []
    assert len(heard.track.gaps) == 2
    assert heard.track.gaps[1].start_ns == pytest.approx(15.0 * S, abs=11 * MS)
    assert heard.track.gaps[1].duration_ns == pytest.approx(0.3 * S, abs=5 * MS)


def test_where_no_ten_stamps_agree_after_a_loss_their_median_tells_where_the_sound_lies() -> None:
    """Seen at an earpiece: a loss after 1.7 s, and stamps that vary by 30 ms from then on."""
    rng = np.random.default_rng(11)
    heard = hear(40, lambda t: rng.uniform(-0.015, 0.015) if t > 1.7 else 0.0, lost=(2.7, 0.03), reported=True)
    assert np.abs(heard.wrong_ms[heard.true_s > 6]).max() < 5
    found = heard.tracker.summary()
    assert found
    assert found.valid
    assert found.valid.end_ns > (heard.true_s[-1] - 3) * S
    assert heard.told == []


def test_a_clock_that_was_learnt_while_all_blocks_waited_is_learnt_anew() -> None:
    """A second after a stream was opened, all blocks wait for another one, and are stamped 28 ms late."""
    waited = (2.0, 3.3)
    heard = hear(
        40,
        lambda t: 0.028 if waited[0] < t < waited[1] else 0.0,
        lambda t: t + 0.04 if waited[0] < t < waited[1] else 0.0,
        lost=(waited[0], 0.0),
        reported=True,
    )
    assert np.abs(heard.wrong_ms[heard.true_s > waited[1] + 0.1]).max() < 1
    found = heard.tracker.summary()
    assert found
    errors = [found.to_session(i * 10 * MS) / S - t for i, t in enumerate(heard.true_s.tolist())]
    assert max(map(abs, errors[300:])) < 1e-3


def test_a_loss_while_the_machine_is_busy_is_no_more_than_a_loss() -> None:
    heard = hear(40, wandering, starved, lost=(14.3, 0.25))
    assert len(heard.told) == 1
    assert np.abs(heard.wrong_ms[heard.true_s > heard.told[0] + 0.2]).max() < 5
    lost_ns = sum(gap.duration_ns for gap in heard.track.gaps[1:])
    assert lost_ns == pytest.approx(0.25 * S, abs=10 * MS)


def test_sound_that_is_lost_again_and_again_lies_by_its_stamps_until_the_count_is_known_anew() -> None:
    """A buffer that runs over ten times a second, on a machine too busy to take most blocks at once."""
    rng = np.random.default_rng(7)
    tracker, true_s, wrong_ms, lost_s = OffsetTracker(), 1.0, [], 0.0
    for i in range(4_000):
        lost = 1_000 <= i < 3_000 and i % 10 == 0
        lost_s = 0.03 * lost
        true_s += 0.01 * FAST + lost_s
        called_s = true_s + 0.01 + rng.exponential(5e-4 if i < 1_000 else 2e-2)
        stamp_ns = round((true_s + rng.normal(0, 2e-5)) * S)
        at_ns = tracker.add(i * 10 * MS, stamp_ns, round(called_s * S), lost)
        wrong_ms.append((at_ns / S - true_s) * 1e3)
    assert np.abs(wrong_ms).max() < 5
    assert np.abs(wrong_ms[-500:]).max() < 1
