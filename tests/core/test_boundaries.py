"""Edges that segments share, segments that are tapped, and what is said of an annotation beyond its label."""

from __future__ import annotations

import pytest

from woz.annotation.attribute_edits import (
    attributes_of,
    lacks,
    number_of,
    set_several,
    set_value,
    values_of,
)
from woz.annotation.boundaries import move_edge, partner, tapped
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LabelId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import AttributeType, Choice, Label, Overlap, TierType, ValueKind

MADE = Made(Origin.MANUAL, "ada")
START, END = True, False


def _of(name: str, start: int, end: int | None) -> Annotation:
    return Annotation(AnnotationId(name), TierId("t"), start, end, "l", MADE)


A, B, C = _of("a", 0, 10), _of("b", 10, 20), _of("c", 25, 30)
TIER = (A, B, C)


def _spans(edit: Edit) -> dict[str, tuple[int | None, int | None]]:
    return {str(item.id): (item.start_ns, item.end_ns) for item in edit.after if isinstance(item, Annotation)}


@pytest.mark.parametrize(
    ("segment", "at_start", "t_ns", "moved"),
    [
        (B, START, 7, {"b": (7, 20), "a": (0, 7)}),
        (B, START, 13, {"b": (13, 20), "a": (0, 13)}),
        (A, END, 15, {"a": (0, 15), "b": (15, 20)}),
        (B, END, 23, {"b": (10, 23)}),
        (B, END, 28, {"b": (10, 25)}),
        (C, START, 12, {"c": (20, 30)}),
        (C, START, 22, {"c": (22, 30)}),
        (A, START, -5, {"a": (-5, 10)}),
        (A, START, 0, {}),
        (B, START, 10, {}),
    ],
)
def test_an_edge_takes_along_what_it_touches_and_stops_at_what_it_does_not(
    segment: Annotation, at_start: bool, t_ns: int, moved: dict[str, tuple[int, int]]
) -> None:
    assert _spans(move_edge(TIER, segment, at_start, t_ns)) == moved


def test_edges_part_where_that_is_wanted() -> None:
    assert _spans(move_edge(TIER, B, START, 13, apart=True)) == {"b": (13, 20)}
    assert _spans(move_edge(TIER, B, START, 7, apart=True)) == {}
    assert _spans(move_edge(TIER, B, START, 7, overlap=Overlap.ANY)) == {"b": (7, 20)}


def test_no_segment_becomes_empty() -> None:
    for segment, at_start, t_ns in ((B, START, 20), (B, START, 0), (B, START, -3), (A, END, 20), (C, END, 25)):
        with pytest.raises(WozError, match="can't end before it starts"):
            move_edge(TIER, segment, at_start, t_ns)


def test_partners_touch_and_points_are_none() -> None:
    assert partner(TIER, A, END) == B
    assert partner(TIER, B, START) == A
    assert partner(TIER, B, END) is None
    assert partner(TIER, C, START) is None
    assert partner((A, _of("p", 10, None), B), A, END) == B


def test_a_tapped_segment_ends_before_the_next_one() -> None:
    new = Annotation(AnnotationId("n"), TierId("t"), 20, None, "x", MADE, (Attribute("name", "New"),))
    assert _spans(tapped(TIER, new, 23)) == {"n": (20, 23)}
    (made,) = tapped(TIER, new, 27).after
    assert isinstance(made, Annotation)
    assert (made.end_ns, made.attributes) == (25, new.attributes)
    with pytest.raises(WozError, match="room"):
        tapped(TIER, new, 20)
    with pytest.raises(WozError, match="already"):
        tapped(TIER, _of("n", 12, None), 15)
    assert _spans(tapped(TIER, _of("n", 12, None), 15, Overlap.ANY)) == {"n": (12, 15)}


RATING = AttributeType(
    "rating", ValueKind.NUMBER, {"en": "Rating"}, low=1, high=10, unit="points", required="always"
)
ERRORS = AttributeType(
    "errors", ValueKind.SEVERAL_WITH_TEXT, {"en": "Errors"}, (Choice("slip"), Choice("order", {"en": "Order"}))
)
WHY = AttributeType("why", ValueKind.TEXT)
TYPE = TierType("t", labels=(Label(LabelId("l"), "l", attributes=(WHY,)),), attributes=(RATING, ERRORS))


def test_a_label_adds_its_attributes_and_required_ones_are_missed() -> None:
    assert attributes_of(TYPE, A) == (RATING, ERRORS, WHY)
    assert lacks(RATING, A)
    (rated,) = set_value(A, RATING, 3).after
    assert isinstance(rated, Annotation)
    assert not lacks(RATING, rated)
    assert not set_value(rated, RATING, 3)
    assert set_value(rated, RATING, None).after == (A,)


@pytest.mark.parametrize(("text", "value"), [("", None), (" 7 ", 7), ("2,5", 2.5), ("10", 10), ("1.0", 1)])
def test_numbers_are_read_as_they_are_typed(text: str, value: float | None) -> None:
    assert number_of(RATING, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (RATING, "much", "“much” is none"),
        (RATING, "11", "from 1 to 10 points"),
        (RATING, "0.5", "from 1 to 10 points"),
        (AttributeType("n", ValueKind.NUMBER, low=0), "-1", "at least 0"),
        (AttributeType("n", ValueKind.NUMBER, high=4), "5", "at most 4"),
    ],
)
def test_what_is_no_number_or_out_of_range_is_told(kind: AttributeType, text: str, said: str) -> None:
    with pytest.raises(WozError, match=said):
        number_of(kind, text)


def test_several_values_have_their_texts() -> None:
    values = (Attribute("errors", "slip", "fell"), Attribute("errors", "order"))
    (changed,) = set_several(A, ERRORS, values).after
    assert isinstance(changed, Annotation)
    assert values_of(changed, ERRORS) == values
    assert not set_several(changed, ERRORS, values)
    assert set_several(changed, ERRORS, ()).after == (A,)
