"""Canned sentences in the microphone's place: where each sample comes from, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from woz.capture.cue_route import Cue, CueRoute, SpokenCue

BLOCK = 480
BLOCK_NS = 10_000_000
START_NS = 7_000_000_000


def _through(route: CueRoute, blocks: int, first: int = 0) -> NDArray[np.float32]:
    """Blocks of a microphone that always hears 0.5."""
    microphone = np.full(BLOCK, 0.5, np.float32)
    return np.concatenate([route.mix(microphone, START_NS + i * BLOCK_NS) for i in range(first, first + blocks)])


def _sound(n: int) -> NDArray[np.float32]:
    return np.linspace(-0.4, 0.4, n, dtype=np.float32)


@pytest.mark.parametrize("late_samples", [0, 1, 479, 480, 1000])
def test_a_cue_takes_exactly_its_own_samples(late_samples: int) -> None:
    spoken: list[SpokenCue] = []
    route = CueRoute(spoken.append)
    due_ns = START_NS + round(late_samples * 1e9 / 48_000)
    route.put(Cue("Well done", _sound(1234), due_ns))
    assert route.now == "Well done"
    out = _through(route, 6)
    expected = np.full(6 * BLOCK, 0.5, np.float32)
    expected[late_samples : late_samples + 1234] = _sound(1234)
    assert np.array_equal(out, expected)
    (cue,) = spoken
    assert cue.begin_ns == pytest.approx(due_ns, abs=1)
    assert cue.end_ns - cue.begin_ns == pytest.approx(1234 * 1e9 / 48_000, abs=2)
    assert cue.whole
    assert route.now == ""


def test_cues_follow_each_other_without_a_gap() -> None:
    spoken: list[SpokenCue] = []
    route = CueRoute(spoken.append)
    for name in "ab":
        route.put(Cue(name, _sound(700), START_NS))
    out = _through(route, 4)
    assert np.array_equal(out[:1400], np.concatenate([_sound(700), _sound(700)]))
    assert np.all(out[1400:] == 0.5)
    assert [c.text for c in spoken] == ["a", "b"]
    assert spoken[0].end_ns == spoken[1].begin_ns


def test_a_stopped_cue_gives_the_microphone_back_and_says_so() -> None:
    spoken: list[SpokenCue] = []
    route = CueRoute(spoken.append)
    route.put(Cue("long", _sound(5000), START_NS))
    route.put(Cue("never", _sound(5000), START_NS))
    _through(route, 2)
    route.stop()
    assert np.all(_through(route, 2, first=2) == 0.5)
    assert [(c.text, c.whole, c.end_ns) for c in spoken] == [("long", False, START_NS + 2 * BLOCK_NS)]
    route.put(Cue("next", _sound(10), START_NS))
    assert np.array_equal(_through(route, 1, first=4)[:10], _sound(10))


def test_a_cue_stopped_before_it_began_leaves_no_trace() -> None:
    spoken: list[SpokenCue] = []
    route = CueRoute(spoken.append)
    route.put(Cue("later", _sound(10), START_NS + 10 * BLOCK_NS))
    route.stop()
    assert np.all(_through(route, 20) == 0.5)
    assert spoken == []
