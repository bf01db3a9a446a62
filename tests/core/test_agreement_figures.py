"""The measures of agreement beside figures that their authors' and others' programs gave of the same data; which
these are is said in the file that holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from woz.annotation.measures.agreement import UNIT_NS
from woz.annotation.measures.alpha import unitizing_alpha
from woz.annotation.measures.boundaries import boundary_similarity
from woz.annotation.measures.segment import Segment
from woz.annotation.measures.segmentation import Hits, edit_score, hits_at, segments_of_frames

Case = dict[str, Any]
FIGURES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "agreement_figures.json").read_text(encoding="utf-8")
)
NOTHING_BY_CHANCE = {"nobody marks anything", "a continuum of one"}
"""Where chance makes no disagreement; theirs is NaN, 0 or 1 there."""
UNITS, NO_UNITS = (
    [case for case in FIGURES["unitizing alpha"] if (case["name"] in NOTHING_BY_CHANCE) == nothing]
    for nothing in (False, True)
)


def _of(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["name"])


def _figure(value: float) -> Any:
    """To the last digits that doubles leave."""
    return pytest.approx(value, rel=1e-12, abs=1e-12)


@_of(UNITS)
def test_unitizing_alpha_is_dkpros(case: Case) -> None:
    coders = [[Segment(*unit) for unit in units] for units in case["coders"]]
    assert unitizing_alpha(coders, case["length"]) == _figure(case["alpha"])
    for label, value in case["labels"].items():
        own = [[unit for unit in units if unit.label == label] for units in coders]
        assert unitizing_alpha(own, case["length"]) == _figure(value)


@_of(NO_UNITS)
def test_unitizing_alpha_is_not_defined_where_chance_makes_no_disagreement(case: Case) -> None:
    assert unitizing_alpha([[Segment(*unit) for unit in units] for units in case["coders"]], case["length"]) is None


@_of(UNITS)
def test_times_within_a_unit_count_as_that_unit(case: Case) -> None:
    off = UNIT_NS // 2 - 1
    coders = [
        [Segment(start * UNIT_NS - off * (start > 0), end * UNIT_NS - off, label) for start, end, label in units]
        for units in case["coders"]
    ]
    assert unitizing_alpha(coders, case["length"] * UNIT_NS, UNIT_NS) == _figure(case["alpha"])


@_of(FIGURES["boundary similarity"])
def test_boundary_similarity_is_fourniers(case: Case) -> None:
    one, other, near = case["one"], case["other"], case["near"]
    assert boundary_similarity(one, other, near) == _figure(case["similarity"])
    assert boundary_similarity(other, one, near) == _figure(case["similarity"])
    one, other = ([place * UNIT_NS for place in side] for side in (one, other))
    assert boundary_similarity(one, other, near * UNIT_NS) == _figure(case["similarity"])


@_of(FIGURES["edit score and F1"])
def test_edit_score_and_f1_are_those_of_ms_tcn(case: Case) -> None:
    known, told = (segments_of_frames(case[side], ".") for side in ("known", "told"))
    labels = [[each.label for each in side] for side in (known, told)]
    assert edit_score(*labels) == _figure(case["edit"])
    for iou, counts in case["hits"].items():
        found = hits_at(known, told, float(iou))
        assert found == Hits(*counts)
        assert found.f1 == _figure(case["f1"][iou])
