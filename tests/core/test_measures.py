"""The measures of agreement against published figures, and the properties that hold for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.annotation.measures.alpha import Measurement, krippendorff_alpha, unitizing_alpha, units_apart
from woz.annotation.measures.boundaries import boundary_similarity
from woz.annotation.measures.kappa import (
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    observed_agreement,
    raw_agreement,
    tally,
)
from woz.annotation.measures.segment import GAP, Segment, confusion
from woz.annotation.measures.segmentation import (
    Hits,
    edit_score,
    frame_accuracy,
    hits_at,
    segments_of_frames,
)

_ROWS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
KRIPPENDORFF = [[None if v == "." else float(v) for v in row.split()] for row in _ROWS.strip().splitlines()]
"""Four coders and twelve units (Krippendorff 2011, with the reliability data of his example)."""


@pytest.mark.parametrize(
    ("measurement", "expected"),
    [
        (Measurement.NOMINAL, 0.7434),
        (Measurement.ORDINAL, 0.8154),
        (Measurement.INTERVAL, 0.8491),
        (Measurement.RATIO, 0.7974),
    ],
)
def test_krippendorffs_own_example(measurement: Measurement, expected: float) -> None:
    assert krippendorff_alpha(KRIPPENDORFF, measurement) == pytest.approx(expected, abs=5e-5)


def test_alpha_where_it_is_not_defined() -> None:
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None
    assert krippendorff_alpha([["a", None], [None, "b"]]) is None
    with pytest.raises(ValueError, match="nominal"):
        krippendorff_alpha([["a"], ["b"]], Measurement.ORDINAL)


def test_unitizing_alpha_as_dkpro_has_it() -> None:
    one = [Segment(1, 9, "x")]
    other = [Segment(2, 3, "x"), Segment(4, 5, "x"), Segment(6, 7, "x")]
    assert unitizing_alpha([one, other], 10) == pytest.approx(1 - 0.91 / (173.4 / 324), abs=1e-12)
    assert unitizing_alpha([one, other], 10) == pytest.approx(-0.7003, abs=5e-5)
    assert unitizing_alpha([one, one], 10) == 1
    assert unitizing_alpha([[], []], 10) is None
    assert unitizing_alpha([one], 10) is None
    with pytest.raises(ValueError, match="overlap"):
        unitizing_alpha([[Segment(0, 5, "x"), Segment(4, 6, "x")], one], 10)


def test_unitizing_alpha_of_krippendorffs_own_example() -> None:
    """Content Analysis, 2nd edition 2004, p. 254: two observers, two categories, from 150 to 450."""
    one = [Segment(75, 145, "c"), Segment(220, 250, "c"), Segment(30, 90, "k"), Segment(150, 200, "k")]
    other = [Segment(70, 150, "c"), Segment(205, 225, "c"), Segment(250, 270, "c"), *one[2:]]
    assert unitizing_alpha([one[:2], other[:3]], 300) == pytest.approx(0.7286, abs=5e-5)
    assert unitizing_alpha([one[2:], other[3:]], 300) == 1
    assert unitizing_alpha([one, other], 300) == pytest.approx(0.859, abs=5e-4)
    apart = {(a and a.start_ns, b and b.start_ns): part for a, b, part in units_apart(one, other, 300)}
    squares = {(75, 70): 50, (220, 205): 850, (None, 250): 400}
    assert apart == pytest.approx({pair: square / 300**2 for pair, square in squares.items()})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([2, 3, 6], [5, 6], 0.5),
        ([2, 3, 6], [2, 3, 3, 3], 2 / 3),
        ([2, 3, 6], [2, 2, 7], 0.75),
        ([2, 3, 6], [1, 1, 3, 1, 5], 0.5),
        ([11], [5, 6], 0.0),
    ],
)
def test_boundary_similarity_as_published(one: list[int], other: list[int], expected: float) -> None:
    """Fournier's masses; boundaries are where they end, but for the last."""

    def boundaries(masses: list[int]) -> list[int]:
        return [sum(masses[: i + 1]) for i in range(len(masses) - 1)]

    assert boundary_similarity(boundaries(one), boundaries(other), 2) == pytest.approx(expected)


def test_no_boundaries_no_similarity() -> None:
    assert boundary_similarity([], [], 2) is None


def test_kappas_of_textbooks() -> None:
    """Cohen's by the example of 50 grant proposals; Fleiss' by his 1971-style example of 14 raters."""
    assert cohen_kappa({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}) == pytest.approx(0.4)
    rows = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
    assert fleiss_kappa(tally(rows)) == pytest.approx(0.210, abs=5e-4)
    ac1 = gwet_ac1(tally([[2, 0]] * 118 + [[1, 1]] * 5 + [[1, 1]] * 2))
    assert ac1 == pytest.approx(0.9408, abs=5e-4)
    assert fleiss_kappa(tally([[2, 0], [2, 0]])) is None
    assert cohen_kappa({("a", "a"): 3}) is None
    assert cohen_kappa({}) is raw_agreement({}) is fleiss_kappa(tally([])) is gwet_ac1(tally([])) is None


_FOUR_RATERS = """1 1 - 1, 2 2 3 2, 3 3 3 3, 3 3 3 3, 2 2 2 2, 1 2 3 4, 4 4 4 4, 1 1 2 1, 2 2 2 2, - 5 5 5, - - 1 1,
- - 3 -"""
"""Gwet's example of four raters who did not all rate all twelve items."""


def test_raters_may_have_left_items_out() -> None:
    items = [item.split() for item in _FOUR_RATERS.split(",")]
    ratings = [[item.count(category) for category in "12345"] for item in items]
    assert observed_agreement(tally(ratings)) == pytest.approx(0.8182, abs=5e-5)
    assert fleiss_kappa(tally(ratings)) == pytest.approx(0.76117, abs=5e-6)
    assert gwet_ac1(tally(ratings)) == pytest.approx(0.77544, abs=5e-6)
    assert (
        observed_agreement(tally([[1, 0], [0, 1]]))
        is fleiss_kappa(tally([[1, 0]]))
        is gwet_ac1(tally([[1, 0]]))
        is None
    )


def test_time_is_counted_by_pair_of_labels() -> None:
    one = [Segment(0, 10, "a"), Segment(10, 20, "b")]
    other = [Segment(5, 15, "a")]
    assert confusion(one, other, 25) == {("a", GAP): 5, ("a", "a"): 5, ("b", "a"): 5, ("b", GAP): 5, (GAP, GAP): 5}


def test_hits_and_edits_as_ms_tcn_counts_them() -> None:
    known = segments_of_frames("aaaabbbbcc..", ".")
    told = segments_of_frames("aabbbbbbca..", ".")
    assert [hits_at(known, told, iou) for iou in (0.1, 0.5, 0.75)] == [Hits(3, 1, 0), Hits(3, 1, 0), Hits(0, 4, 3)]
    assert Hits(3, 1, 0).f1 == pytest.approx(6 / 7)
    assert Hits(0, 0, 0).f1 is None
    assert edit_score("abc", "abca") == pytest.approx(0.75)
    assert edit_score("", "") is None
    assert frame_accuracy("aaaabbbbcc..", "aabbbbbbca..") == pytest.approx(9 / 12)
    with pytest.raises(ValueError, match="argument"):
        frame_accuracy("a", "")


@st.composite
def _tier(draw: st.DrawFn) -> list[Segment]:
    cuts = sorted(draw(st.sets(st.integers(0, 60), max_size=8)))
    labels = draw(st.lists(st.sampled_from("ab."), min_size=len(cuts), max_size=len(cuts)))
    spans = zip(cuts, cuts[1:], labels, strict=False)
    return [Segment(a, b, label) for a, b, label in spans if label != "."]


@given(_tier(), _tier())
def test_whoever_agrees_with_themselves_agrees_fully_and_order_does_not_matter(
    one: list[Segment], other: list[Segment]
) -> None:
    assert confusion(one, one, 60).total() == 60
    assert all(a == b for a, b in confusion(one, one, 60))
    if one:
        assert unitizing_alpha([one, one], 60) == pytest.approx(1)
        assert hits_at(one, one, 1.0) == Hits(len(one), 0, 0)
    there, back = unitizing_alpha([one, other], 60), unitizing_alpha([other, one], 60)
    assert there == (None if back is None else pytest.approx(back))
    there, back = cohen_kappa(confusion(one, other, 60)), cohen_kappa(confusion(other, one, 60))
    assert there == (None if back is None else pytest.approx(back))
    edges = [sorted({t for s in tier for t in (s.start_ns, s.end_ns)}) for tier in (one, other)]
    similar = boundary_similarity(edges[0], edges[1], 5)
    assert similar == boundary_similarity(edges[1], edges[0], 5)
    assert similar is None or 0 <= similar <= 1
