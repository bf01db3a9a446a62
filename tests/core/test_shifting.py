"""Annotations moved in time as one: on frames again, however uneven these are."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from tests.core.test_boundaries import MADE
from woz.annotation.many import copies
from woz.annotation.placing import Way, placed, ripple_delete
from woz.annotation.shifting import shifted
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, TierId
from woz.model.scheme import Label, TierType

DICE = random.Random(5)
FRAMES = list(itertools.accumulate(DICE.choice((11, 33, 34, 70, 200)) for _ in range(400)))
"""As a phone writes them: uneven."""
LENGTH = FRAMES[-1] + 33


def _item(name: str, start: int | None, end: int | None) -> Annotation:
    return Annotation(AnnotationId(name), TierId("t"), start, end, "l", MADE)


def _tier(dice: random.Random) -> list[Annotation]:
    """On frames, some of which touch."""
    edges = sorted(dice.sample(FRAMES[:200], 24))
    spans = [pair for pair in itertools.pairwise(edges) if dice.random() < 0.7]
    return [_item(str(n), *span) for n, span in enumerate(spans)]


def _assert_sound(items: list[Annotation]) -> None:
    """All edges on frames, nothing empty, nothing over another."""
    spans = sorted(each.interval for each in items)
    assert all(edge in FRAMES for span in spans for edge in (span.start_ns, span.end_ns))
    assert all(span.start_ns < span.end_ns for span in spans)
    assert all(one.end_ns <= other.start_ns for one, other in itertools.pairwise(spans))


def _after(tier: list[Annotation], before: tuple[object, ...], after: tuple[object, ...]) -> list[Annotation]:
    made = [each for each in after if isinstance(each, Annotation)]
    return [*(each for each in tier if each not in before), *made]


@pytest.mark.parametrize("seed", range(60))
def test_what_is_pushed_or_closes_up_stays_on_frames(seed: int) -> None:
    dice = random.Random(seed)
    tier = _tier(dice)
    start = dice.randrange(120)
    new = _item("new", FRAMES[start], None)
    ids = (AnnotationId(f"cut{n}") for n in itertools.count())
    edit = placed(
        tier,
        new,
        FRAMES[start + dice.randrange(1, 60)],
        Way.RIPPLE,
        lambda: next(ids),
        duration_ns=LENGTH,
        frames=FRAMES,
    )
    pushed = _after(tier, edit.before, edit.after)
    _assert_sound(pushed)
    gone = dice.choice(tier)
    closed = ripple_delete(tier, gone, (), FRAMES)
    _assert_sound(_after(tier, closed.before, closed.after))


def test_what_touched_still_does_and_what_stood_between_frames_goes_as_it_was() -> None:
    a, b, c = _item("a", FRAMES[3], FRAMES[7]), _item("b", FRAMES[7], FRAMES[8]), _item("c", 2001, 2002)
    by = 1000
    first, second, third = shifted([a, b, c], by, FRAMES)
    assert first.end_ns == second.start_ns
    assert min(FRAMES, key=lambda t: abs(t - FRAMES[7] - by)) == first.end_ns
    assert (third.start_ns, third.end_ns) == (3001, 3002)
    assert shifted([a], by) == [replace(a, start_ns=FRAMES[3] + by, end_ns=FRAMES[7] + by)]
    assert shifted([_item("whole", None, None)], by, FRAMES) == [_item("whole", None, None)]


def test_what_comes_after_the_last_frame_keeps_its_length() -> None:
    tier = [_item("a", FRAMES[350], FRAMES[360]), _item("b", FRAMES[370], FRAMES[380])]
    by = FRAMES[-1] - FRAMES[355]
    first, second = shifted(tier, by, FRAMES)
    assert first.start_ns in FRAMES
    assert first.end_ns == FRAMES[360] + by
    assert second.interval == Interval(FRAMES[370] + by, FRAMES[380] + by)


def test_nothing_changes_where_nothing_moves() -> None:
    tier = [*_tier(random.Random(1)), _item("between", 12_345, 12_346)]
    assert shifted(tier, 0, FRAMES) == tier


def test_what_is_pasted_stands_on_frames() -> None:
    kind = TierType("acts", {"en": "Acts"}, labels=(Label(LabelId("l"), "l", {"en": "L"}),))
    ids = (AnnotationId(f"new{n}") for n in itertools.count())
    tier = _tier(random.Random(2))
    by = FRAMES[150] - (tier[0].start_ns or 0)
    _assert_sound(copies(tier, kind, TierId("t"), kind, MADE, lambda: next(ids), by, FRAMES))


def test_what_would_leave_the_session_is_refused_before_it_is_put_onto_the_last_frame() -> None:
    tier = [_item("late", FRAMES[-20], FRAMES[-10])]
    with pytest.raises(WozError, match="leave the session"):
        placed(
            tier,
            _item("new", 0, None),
            FRAMES[100],
            Way.RIPPLE,
            lambda: AnnotationId("x"),
            duration_ns=LENGTH,
            frames=FRAMES,
        )
