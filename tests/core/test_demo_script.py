"""The demo's dialogue: it is laid out whole lines at a time, in order, and never past its end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.capture.tabletop import PROCEDURE
from woz.demo.script import AFTER_NS, LINES, Kind, Line, Mark, lay_out
from woz.model.people import Role

lengths = st.lists(st.integers(300 * NS_PER_MS, 1_300 * NS_PER_MS), min_size=len(LINES), max_size=len(LINES))
durations = st.integers(20, 900).map(lambda s: s * NS_PER_S)


def test_the_dialogue_has_what_the_demo_shows() -> None:
    kinds = [line.kind for line in LINES]
    assert len(LINES) >= 14
    assert {Kind.QUESTION, Kind.ANSWER, Kind.SUGGESTION, Kind.CORRECTION, Kind.CLOSING} <= set(kinds)
    assert sum(line.gap_ns < 0 for line in LINES) == 1
    assert len({(line.speaker, line.text) for line in LINES}) == len(LINES)


def test_each_step_of_the_drawn_task_is_called_out_even_in_a_short_performance() -> None:
    always = [line for line in LINES if not line.spare]
    steps = [line for line in always if line.mark == Mark.NEXT_STEP]
    assert len(steps) == len(PROCEDURE.steps)
    assert all(line.speaker == Role.EXPERT for line in LINES if line.mark)


@given(lengths, durations)
def test_lines_keep_their_length_and_order_and_end_in_time(spoken_ns: list[int], duration_ns: int) -> None:
    try:
        performance = lay_out(LINES, spoken_ns, duration_ns)
    except WozError:
        assert sum(spoken_ns) > duration_ns - 6 * NS_PER_S
        return
    length = dict(zip(LINES, spoken_ns, strict=True))
    placed = [spoken.line for spoken in performance.spoken]
    assert placed == [line for line in LINES if line in placed]
    assert all(spoken.interval.duration_ns == length[spoken.line] for spoken in performance.spoken)
    assert performance.spoken[0].interval.start_ns >= 0
    assert max(spoken.interval.end_ns for spoken in performance.spoken) <= duration_ns - AFTER_NS
    assert len(placed) >= 12


@given(lengths, durations)
def test_only_the_overlap_overlaps(spoken_ns: list[int], duration_ns: int) -> None:
    try:
        spoken = lay_out(LINES, spoken_ns, duration_ns).spoken
    except WozError:
        return
    for before, after in pairwise(spoken):
        assert before.interval.intersects(after.interval) == (after.line.gap_ns < 0)
        assert before.interval.end_ns < after.interval.end_ns


@given(lengths, durations)
def test_spare_lines_go_in_their_order(spoken_ns: list[int], duration_ns: int) -> None:
    try:
        kept = {spoken.line for spoken in lay_out(LINES, spoken_ns, duration_ns).spoken}
    except WozError:
        return
    gone = {line.spare for line in LINES if line not in kept}
    assert gone == set(range(1, max(gone, default=0) + 1))
    assert all(line.spare == 0 or line.spare > max(gone, default=0) for line in kept)


def test_a_long_performance_is_filled_to_its_end() -> None:
    performance = lay_out(LINES, [NS_PER_S] * len(LINES), 300 * NS_PER_S)
    assert len(performance.spoken) == len(LINES)
    assert performance.spoken[-1].interval.end_ns > 297 * NS_PER_S


def test_a_performance_that_is_too_short_is_refused_in_a_sentence() -> None:
    with pytest.raises(WozError, match="give the demo more seconds"):
        lay_out(LINES, [NS_PER_S] * len(LINES), 10 * NS_PER_S)


def test_a_line_is_never_stretched_beyond_its_place() -> None:
    first = Line(Role.TRAINEE, "Hm?", Kind.QUESTION)
    overlap = Line(Role.EXPERT, "Yes, yes.", Kind.ANSWER, gap_ns=-NS_PER_S)
    performance = lay_out([first, overlap], [400 * NS_PER_MS, NS_PER_S], 20 * NS_PER_S)
    a, b = (spoken.interval for spoken in performance.spoken)
    assert b.start_ns == a.middle_ns
