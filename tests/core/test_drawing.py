"""Drawings at an annotation: lines are added, read in woz's own form and in Ego-Exo4D's, and wiped."""

from __future__ import annotations

import json

import pytest

from tests.core.test_document import MADE, TIER
from woz.annotation.drawing import drawing_of, drawn, lines_of, strokes_of, wiped
from woz.base.errors import WozError
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId
from woz.model.scheme import AttributeType, Shape, TierType, ValueKind

TYPE = TierType("notes", {"en": "Notes"}, Shape.POINT, attributes=(AttributeType("sketch", ValueKind.DRAWING),))
POINT = Annotation(AnnotationId("a"), TIER.id, 5, None, "comment", MADE)
EVENT = {"paths": [{"from": {"x": 0.25, "y": 0.5, "t": 1}, "to": {"x": 1, "y": 0.5}}]}


def _with(place: str) -> Annotation:
    return Annotation(
        AnnotationId("a"), TIER.id, 5, None, "comment", MADE, (Attribute("sketch", None, place=place),)
    )


def test_lines_are_added_one_after_the_other_and_wiped_together() -> None:
    (once,) = drawn(TYPE, POINT, [(0.1, 0.2), (0.30000001, 0.4)]).after
    (twice,) = drawn(TYPE, once, [(0.5, 0.5)]).after  # type: ignore[arg-type]
    assert lines_of(twice) == [[(0.1, 0.2), (0.3, 0.4)], [(0.5, 0.5)]]  # type: ignore[arg-type]
    kind = drawing_of(TYPE)
    assert kind
    (clean,) = wiped(kind, twice).after  # type: ignore[arg-type]
    assert clean == POINT


def test_when_each_point_was_drawn_is_kept_with_it() -> None:
    (once,) = drawn(TYPE, POINT, [(0.1, 0.2), (0.3, 0.4)], (1_700_000_000_000, 1_700_000_000_040)).after
    assert json.loads(once.attributes[0].place) == [[[0.1, 0.2, 1_700_000_000_000], [0.3, 0.4, 1_700_000_000_040]]]  # type: ignore[union-attr]
    assert lines_of(once) == [[(0.1, 0.2), (0.3, 0.4)]]  # type: ignore[arg-type]


def test_an_experts_single_stroke_and_ego_exo4ds_events_are_lines_too() -> None:
    assert lines_of(_with("[[0.1, 0.2], [0.3, 0.4]]")) == [[(0.1, 0.2), (0.3, 0.4)]]
    assert lines_of(_with(json.dumps([EVENT]))) == [[(0.25, 0.5), (1.0, 0.5)]]
    (more,) = drawn(TYPE, _with(json.dumps([EVENT])), [(0.0, 0.0), (1.0, 1.0)]).after
    assert lines_of(more) == [[(0.25, 0.5), (1.0, 0.5)], [(0.0, 0.0), (1.0, 1.0)]]  # type: ignore[arg-type]
    assert strokes_of(more.attributes[0].place)[0] == EVENT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "place",
    [
        "", "x", "[", "[7]", "[[]]", '[{"x": 1}]', '[{"paths": [{}]}]', "[[1, 2, 3, 4]]", "[[[0]]]",
        pytest.param("[" * 100_000, id="nested"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_left_out(place: str) -> None:
    assert lines_of(_with(place)) == []


def test_a_scheme_without_a_drawing_says_so() -> None:
    with pytest.raises(WozError, match="no drawing"):
        drawn(TierType("plain", {"en": "Plain"}), POINT, [(0, 0)])
