"""Pairs, differences, and agreement in words."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.annotation.measures.agreement import Doubled, measures, offsets
from woz.annotation.measures.differences import DifferenceKind
from woz.annotation.measures.intervals import estimate
from woz.annotation.measures.pairing import paired
from woz.annotation.measures.segment import Segment
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin

S = NS_PER_S
MADE = Made(Origin.MANUAL, "a")


def _tier(side: str, *spans: tuple[float, float, str]) -> tuple[Annotation, ...]:
    return tuple(
        Annotation(AnnotationId(f"{side}{i}"), TierId(side), round(a * S), round(b * S), label, MADE)
        for i, (a, b, label) in enumerate(spans)
    )


ONE = _tier("a", (0, 10, "fit"), (10, 20, "fit"), (20, 30, "fit"), (40, 50, "turn"))
OTHER = _tier("b", (0.2, 10, "fit"), (10.2, 20, "insert"), (41, 50.2, "turn"), (60, 70, "wait"))
BOTH = Doubled("s", 80 * S, (ONE, OTHER))


def test_the_list_adds_up_to_the_figures() -> None:
    listed = Counter(each.kind for each in BOTH.differences(S // 2))
    assert listed == {
        DifferenceKind.MISSING: 1,
        DifferenceKind.EXTRA: 1,
        DifferenceKind.LABEL: 1,
        DifferenceKind.BOUNDARY: 1,
    }
    hits = BOTH.hits[0.5]
    assert hits.missed == listed[DifferenceKind.MISSING] + listed[DifferenceKind.LABEL]
    assert hits.false == listed[DifferenceKind.EXTRA] + listed[DifferenceKind.LABEL]


def test_an_attribute_that_differs_is_listed() -> None:
    marked = (ONE[0].with_value("mistake", True), *ONE[1:])
    (difference,) = Doubled("s", 80 * S, (ONE, marked)).differences()
    assert (difference.kind, difference.what) == (DifferenceKind.ATTRIBUTE, "mistake")


def test_what_is_not_defined_is_none() -> None:
    found = measures([Doubled("s", S, ((), ()))])
    assert {name for name, each in found.items() if each.value is not None} == {"time agreement"}
    assert offsets([Doubled("s", S, ((), ()))], "start_ns").median_ns is None


def test_one_session_has_no_interval_and_two_have() -> None:
    assert measures([BOTH])["f1@50"].low is None
    found = measures([BOTH, Doubled("t", 80 * S, (ONE, ONE))])["f1@50"]
    assert found.value == pytest.approx(2 * 6 / (2 * 6 + 2 + 2))
    assert found.low == pytest.approx(0.5)
    assert found.high == 1


def test_draws_are_the_same_again() -> None:
    figures = [0.1, 0.5, 0.7, 0.9]
    one, again = (estimate(figures, lambda some: sum(some) / len(some), seed=3) for _ in range(2))
    assert one == again
    assert one.low is not None
    assert one.low < 0.55 < (one.high or 0)


_SEGMENT = st.builds(
    lambda start, length, label: Segment(start, start + length, label),
    st.integers(0, 50),
    st.integers(1, 20),
    st.sampled_from("ab"),
)


@given(st.sets(_SEGMENT, max_size=8), st.sets(_SEGMENT, max_size=8))
def test_each_segment_is_in_one_place(one: set[Segment], other: set[Segment]) -> None:
    found = paired(sorted(one), sorted(other))
    first = [a for a, _ in found.pairs] + list(found.only_one)
    second = [b for _, b in found.pairs] + list(found.only_other)
    assert sorted(first) == sorted(one)
    assert sorted(second) == sorted(other)
    assert all(a.iou(b) >= 0.5 for a, b in found.pairs)
