"""Agreement on points, and on what is for whole sessions: paired, listed, and never said to agree for want of
time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.test_agreement import MADE, S
from tests.core.test_agreement_report import _report
from woz.annotation.measures.agreement import Doubled, measures, offsets
from woz.annotation.measures.attributes import attribute_agreement
from woz.annotation.measures.cards import boundary_cards, unhit_cards
from woz.annotation.measures.differences import DifferenceKind
from woz.annotation.measures.drift import drift
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.several import Shared, several_agree
from woz.base.interval import Interval
from woz.lab.sentences import sentence_text
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId


def _points(side: str, *times: tuple[float, str]) -> tuple[Annotation, ...]:
    return tuple(
        Annotation(AnnotationId(f"{side}{i}"), TierId(side), round(t * S), None, label, MADE)
        for i, (t, label) in enumerate(times)
    )


ONE = _points("a", (1, "fit"), (5, "fit"), (9, "turn"), (20, "turn"))
OTHER = _points("b", (1.5, "fit"), (5.6, "fit"), (9.1, "fit"), (20, "turn"))
BOTH = Doubled("s", 80 * S, (ONE, OTHER))


def test_points_within_half_a_second_are_one() -> None:
    assert [(a.id, b.id) for a, b in BOTH.paired.pairs] == [("a0", "b0"), ("a2", "b2"), ("a3", "b3")]
    found = BOTH.hits[0.5]
    assert (found.hits, found.false, found.missed) == (2, 2, 2)
    assert len(unhit_cards([BOTH], 0.5)) == 4
    assert BOTH.hits[0.25].hits == 3
    kinds = [each.kind for each in BOTH.differences()]
    assert sorted(kinds) == sorted([DifferenceKind.MISSING, DifferenceKind.EXTRA, DifferenceKind.LABEL])


def test_points_have_a_time_and_label_no_stretch() -> None:
    found = {name: each.value for name, each in measures([BOTH]).items()}
    assert found["f1@50"] == pytest.approx(0.5)
    assert {name for name, value in found.items() if value is None} == {
        "kappa",
        "alpha",
        "time agreement",
        "unitizing alpha",
        "end offset",
        "end distance",
    }
    assert offsets([BOTH], "start_ns").median_ns == -S // 10
    assert offsets([BOTH], "end_ns").pairs == len(boundary_cards([BOTH], "end")) == 0
    together = several_agree([Shared("s", ("Ada", "Ben", "Cleo"), (ONE, OTHER, OTHER), (Interval(0, 80 * S),))])
    assert [each.value for each in together.values()] == [None, None]


def test_points_are_told_in_words() -> None:
    told = _report(BOTH)
    assert [sentence_text(each) for each in told.sentences] == [
        "Of Ada's 2 Fit, Ben has 1; 1 Ben has not.",
        "Of Ada's 2 Turn, Ben has 1; 1 Ben calls Fit.",
        "Ben has 1 Fit that Ada has not.",
        "Times of 3 pairs differ by 0.10 s (median), 0.50 s (worst tenth); Ada is earlier;"
        " 0 differ by more than 0.5 s.",
    ]
    assert told.figures[2].unit == "points, 0.5 s apart at most"


def test_only_points_in_windows_that_both_have_count() -> None:
    window = Interval(5 * S, 9 * S)
    cut = Doubled("s", 80 * S, (ONE, OTHER), (window,))
    assert [[each.id for each in side] for side in cut.segments] == [["a1"], ["b1"]]


def test_points_drift_once() -> None:
    monday = 1_767_571_200 * S
    one = _points("a", *((float(i * 10), "fit") for i in range(6)))
    late = _points("b", *((i * 10 + 0.4, "fit") for i in range(6)))
    dated = tuple(replace(each, made=replace(MADE, utc_ns=monday)) for each in late)
    [week] = drift([Doubled("s", 80 * S, (one, dated))], DriftLimits(pairs=6))
    assert week.told == "starts are 0.40 s late"


def test_what_is_for_whole_sessions_is_compared_by_label_and_attributes() -> None:
    def whole(side: str, label: str, hand: str) -> Annotation:
        made = Annotation(AnnotationId(side), TierId(side), None, None, label, MADE)
        return replace(made, attributes=(Attribute("hand", hand),))

    same = Doubled("s", 80 * S, ((whole("a", "good", "left"),), (whole("b", "good", "right"),)))
    other = Doubled("t", 80 * S, ((whole("c", "good", "left"),), (whole("d", "bad", "left"),)))
    found = {name: each.value for name, each in measures([same, other]).items()}
    assert found["f1@50"] == pytest.approx(0.5)
    assert found["boundary similarity"] is found["kappa"] is found["time agreement"] is None
    assert offsets([same, other], "start_ns").pairs == 0
    [hand] = attribute_agreement([same, other], {})
    assert (hand.pairs, hand.same) == (2, 1)
    assert [sentence_text(each) for each in _report(same, other).sentences] == [
        "Of Ada's 2 good, Ben has 1; 1 Ben calls bad."
    ]
