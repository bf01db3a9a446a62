"""Windows of a session that somebody annotates: drawn by seed, written in seconds, shared by several."""

from __future__ import annotations

from itertools import pairwise

import pytest

from woz.annotation.windows import common, drawn_windows, merged, window_words, windows_of
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval

HOUR_NS = 3600 * NS_PER_S


def _s(*spans: tuple[float, float]) -> tuple[Interval, ...]:
    return tuple(Interval(round(start * NS_PER_S), round(end * NS_PER_S)) for start, end in spans)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 0.5, 0.9])
def test_a_share_is_drawn_from_begin_middle_and_end_alike(share: float) -> None:
    drawn = drawn_windows(HOUR_NS, share, "7/session/steps")
    assert drawn == drawn_windows(HOUR_NS, share, "7/session/steps")
    assert sum(each.duration_ns for each in drawn) == pytest.approx(share * HOUR_NS, rel=0.01)
    assert all(0 <= each.start_ns < each.end_ns <= HOUR_NS for each in drawn)
    assert all(one.end_ns < other.start_ns for one, other in pairwise(drawn))
    assert all(each.start_ns % (NS_PER_S // 10) == 0 for each in drawn)
    count = max(1, round(share * HOUR_NS / (120 * NS_PER_S)))
    assert drawn[0].start_ns < HOUR_NS / count
    assert drawn[-1].end_ns > HOUR_NS * (count - 1) / count
    assert drawn != drawn_windows(HOUR_NS, share, "8/session/steps")


def test_all_of_it_is_one_window_and_nothing_can_t_be_drawn() -> None:
    assert drawn_windows(HOUR_NS, 1, "x") == (Interval(0, HOUR_NS),)
    for share in (0, -0.1, 1.1):
        with pytest.raises(WozError, match="at most 100 of 100"):
            drawn_windows(HOUR_NS, share, "x")
    with pytest.raises(WozError, match="length isn't known"):
        drawn_windows(0, 0.5, "x")


def test_windows_in_seconds_are_read_and_told() -> None:
    read = windows_of(["400-520", "60-180", "170-200.5"])
    assert read == _s((60, 200.5), (400, 520))
    assert window_words(read) == "60 to 200.5 s, 400 to 520 s"
    assert window_words(()) == "the whole session"


@pytest.mark.parametrize("text", ["60", "60-60", "60-50", "-5-10", "a-b", "60-", "1e400-2e400", ""])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(WozError, match="A window is a second, a dash and a later second"):
        windows_of([text])


def test_what_two_share_is_in_both_and_the_whole_session_in_all() -> None:
    one, other = _s((0, 60), (100, 160)), _s((30, 110), (150, 200))
    assert common(one, other) == common(other, one) == _s((30, 60), (100, 110), (150, 160))
    assert common(one, ()) == common((), one) == one
    assert common((), ()) == ()
    assert common(one, _s((60, 100))) == ()
    assert merged([*_s((5, 9), (1, 5), (0, 0))]) == _s((1, 9))
