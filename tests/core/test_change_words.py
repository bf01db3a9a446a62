"""What an edit changed, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from woz.annotation.change_words import FieldChange, field_changes, stamp
from woz.base.interval import Interval
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.transcript import Turn, Word

ITEM = Annotation(AnnotationId("a"), TierId("t"), 0, 62_345_000_000, "s1", Made(Origin.LIVE, "expert"))
TURN = Turn(
    TurnId("u"), TranscriptId("r"), Role.EXPERT, Interval(0, 9), "Mix", None, (Word("Mix", Interval(0, 9)),)
)
NAMES = {"s1": "Fit the gear", "s2": "Close the lid"}


def test_each_field_is_told_by_its_name() -> None:
    after = replace(ITEM, end_ns=5_000_000, label="s2", attributes=(Attribute("mistake", True),), note="late")
    assert [str(change) for change in field_changes(ITEM, after, NAMES)] == [
        "end: 1:02.345 → 0:00.005",
        "label: Fit the gear → Close the lid",
        "note: nothing → late",
        "mistake: nothing → yes",
    ]


def test_who_made_an_item_is_no_change_of_it() -> None:
    assert field_changes(ITEM, replace(ITEM, made=Made(Origin.MANUAL, "ada"))) == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Attribute("k", "slip", "late"), Attribute("k", "lapse", "late"), "k: slip (late) → lapse (late)"),
        (None, Attribute("k", None, place="[[[0.1, 0.2]], [[0.3, 0.4]]]"), "k: nothing → 2 lines drawn"),
        (
            Attribute("k", None, place="[[[0.1, 0.2]]]"),
            Attribute("k", None, place="[[[0.3, 0.4]]]"),
            "k: 1 line drawn → 1 line drawn, changed",
        ),
        (None, Attribute("k", "notes/a.flac", place="sha256:5f3a"), "k: nothing → notes/a.flac"),
        (Attribute("k", None, "a word"), Attribute("k", True), "k: a word → yes"),
    ],
)
def test_an_attribute_is_told_by_its_value_and_its_text(
    before: Attribute | None, after: Attribute, told: str
) -> None:
    had = replace(ITEM, attributes=(before,) if before else ())
    assert list(map(str, field_changes(had, replace(had, attributes=(after,))))) == [told]


def test_what_is_kept_together_is_told_by_what_people_read() -> None:
    after = replace(TURN, text="Mix it", words=(), interval=Interval(0, 2_000_000_000), said=Interval(0, 1))
    assert [str(change) for change in field_changes(TURN, after)] == [
        "time: 0:00.000 to 0:00.000 → 0:00.000 to 0:02.000",
        "text: Mix → Mix it",
    ]


def test_what_is_new_or_gone_is_told_whole() -> None:
    assert field_changes(None, ITEM, NAMES) == (
        FieldChange("item", "nothing", "Fit the gear 0:00.000 to 1:02.345"),
    )
    assert str(field_changes(TURN, None)[0]) == "item: expert 0:00.000 Mix → nothing"


def test_hours_are_minutes() -> None:
    assert stamp(3_600_000_000_000) == "60:00.000"
