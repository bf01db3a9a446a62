"""What a new annotation begins with: carried over from the one before it, or its scheme's default."""

from __future__ import annotations

import pytest

from woz.annotation.first_values import with_first_values
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.ids import AnnotationId, LabelId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import AttributeType, Choice, Label, TierType, ValueKind

_ERRORS = (Choice("slip"), Choice("order"))
_HOW = AttributeType("how", ValueKind.TEXT, carry_over=True)
TYPE = TierType(
    "acts",
    labels=(Label(LabelId("cut"), "cut"), Label(LabelId("stir"), "stir", attributes=(_HOW,))),
    attributes=(
        AttributeType("hand", ValueKind.CHOICE, values=(Choice("left"), Choice("right")), carry_over=True),
        AttributeType("rating", ValueKind.NUMBER, default=3),
        AttributeType("count", ValueKind.NUMBER, default=0, carry_over=True),
        AttributeType("errors", ValueKind.SEVERAL_WITH_TEXT, values=_ERRORS, carry_over=True),
        AttributeType("done", ValueKind.BOOL, default=False),
        AttributeType("why", ValueKind.TEXT, default=""),
    ),
)


def _act(start_s: int | None, *attributes: Attribute, label: str = "cut") -> Annotation:
    start, end = (None, None) if start_s is None else (start_s * NS_PER_S, (start_s + 2) * NS_PER_S)
    made = Made(Origin.MANUAL, "ada")
    return Annotation(AnnotationId(f"a{start_s}"), TierId("t"), start, end, label, made, attributes)


def _values(item: Annotation) -> list[tuple[str, Value, str]]:
    return [(each.key, each.value, each.note) for each in item.attributes]


def test_the_first_one_begins_with_defaults() -> None:
    first = with_first_values(_act(0), TYPE, ())
    assert _values(first) == [("rating", 3, ""), ("count", 0, "")]


def test_what_is_for_the_whole_session_has_nobody_before_it() -> None:
    other = _act(0, Attribute("hand", "left"))
    assert _values(with_first_values(_act(None), TYPE, [other])) == [("rating", 3, ""), ("count", 0, "")]


@pytest.mark.parametrize(("at_s", "hand"), [(1, "left"), (4, "left"), (5, "right"), (9, "right")])
def test_the_last_one_that_begins_before_it_is_carried_over(at_s: int, hand: str) -> None:
    before = [_act(0, Attribute("hand", "left")), _act(4, Attribute("hand", "right"))]
    assert with_first_values(_act(at_s), TYPE, before).value("hand") == hand


def test_only_what_the_scheme_says_is_carried_over_and_several_values_with_their_texts() -> None:
    slips = (Attribute("errors", "slip", "fell"), Attribute("errors", "order"))
    before = _act(0, Attribute("rating", 5), Attribute("why", "odd"), Attribute("count", 7), *slips)
    new = with_first_values(_act(3), TYPE, [before])
    wanted = [("rating", 3, ""), ("count", 7, ""), ("errors", "slip", "fell"), ("errors", "order", "")]
    assert _values(new) == wanted


def test_what_one_label_has_is_carried_over_to_that_label_only() -> None:
    before = _act(0, Attribute("how", "slowly"), label="stir")
    assert with_first_values(_act(3, label="stir"), TYPE, [before]).value("how") == "slowly"
    assert with_first_values(_act(3), TYPE, [before]).value("how") is None


def test_what_it_has_already_stays() -> None:
    new = with_first_values(_act(3, Attribute("name", "Mine")), TYPE, ())
    assert new.value("name") == "Mine"
