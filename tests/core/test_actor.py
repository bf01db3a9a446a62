"""An actor's place in its track, by what the device tells of its time."""

from __future__ import annotations

import numpy as np
import pytest

from woz.demo.actor import BLOCK, Playback, Samples
from woz.interval import NS_PER_MS
from woz.settings import AUDIO_RATE

TRACK = np.arange(AUDIO_RATE * 20 // 1000, dtype=np.int16).repeat(1000)
"""A step up with every thousandth sample."""
BLOCK_NS = BLOCK * 1_000_000_000 // AUDIO_RATE


def played(playback: Playback, blocks: range, late_ns: int, dry_at: int = -1) -> Samples:
    """The sound of these blocks on a device whose samples come `late_ns` later than they are counted."""
    pulled = [playback.pull(BLOCK, i * BLOCK_NS, i * BLOCK_NS + late_ns, dry=i == dry_at) for i in blocks]
    return np.concatenate(pulled)


@pytest.mark.parametrize(("dry_at", "caught_up"), [(300, True), (-1, False)])
def test_a_jump_of_a_few_ms_is_believed_of_a_device_that_ran_dry(dry_at: int, caught_up: bool) -> None:
    playback = Playback(TRACK, start_ns=0)
    before = played(playback, range(300), 0)
    after = played(playback, range(300, 600), 20 * NS_PER_MS, dry_at)
    assert before[-1] == pytest.approx(TRACK[300 * BLOCK - 1] / 32768)
    late = 20 * AUDIO_RATE // 1000 if caught_up else 0
    assert after[-1] == pytest.approx(TRACK[600 * BLOCK - 1 + late] / 32768)


def test_a_device_that_stood_still_is_caught_up_with_within_a_second() -> None:
    playback = Playback(TRACK, start_ns=0)
    played(playback, range(300), 0)
    after = played(playback, range(300, 400), 200 * NS_PER_MS)
    assert after[-1] == pytest.approx(TRACK[400 * BLOCK - 1 + 200 * AUDIO_RATE // 1000] / 32768)
