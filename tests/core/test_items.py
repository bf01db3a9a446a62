"""Items: each kind declared once; its JSON, comparison and merge follow from that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.interval import Interval
from woz.base.outside import Unsound
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.ids import (
    AnnotationId,
    AnnotatorId,
    LinkId,
    ProcedureId,
    QuestionId,
    SchemeId,
    SessionId,
    TermId,
    TierId,
    TranscriptId,
    TurnId,
)
from woz.model.item import ItemRef, item_kind, kind_of, ref_to
from woz.model.item_json import from_json, to_json
from woz.model.item_merge import Merged, differences, merge
from woz.model.kinds import KINDS, Item
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Question
from woz.model.tier import Tier, TierState
from woz.model.transcript import Term, Turn, Word

SID = SessionId("s")
BY_ANNA = Made(Origin.MANUAL, "anna", 5, "", (Source(ItemRef("turn", "t"), 7),))
TIER = Tier(TierId("tier"), SID, SchemeId("scheme"), 2, "steps", "Steps", BY_ANNA, AnnotatorId("anna"))
SPAN = Annotation(AnnotationId("a"), TIER.id, 0, 9, "mix", BY_ANNA)
ASKED = Question(
    QuestionId("q"), SID, Interval(0, 9), Role.TRAINEE, "Which?", "It.", Interval(0, 2), Interval(3, 4)
)
TURN = Turn(
    TurnId("t"), TranscriptId("tr"), Role.EXPERT, Interval(0, 9), "Mix it.", None, (Word("Mix", Interval(0, 3)),)
)
ITEMS: tuple[Item, ...] = (
    TIER,
    SPAN,
    Link(LinkId("l"), SID, "corrects", ref_to(SPAN), ref_to(ASKED), BY_ANNA),
    TURN,
    Term(TermId("g"), ProcedureId("p"), "whisk"),
    ASKED,
)

values: st.SearchStrategy[Value] = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.builds(ItemRef, st.just("annotation"), st.text("ab", max_size=3)),
)
attributes = st.lists(st.builds(Attribute, st.sampled_from("kmn"), values, st.text("xy", max_size=2)), max_size=4)
times = st.one_of(st.none(), st.integers(-(2**62), 2**62))


@st.composite
def marked(draw: st.DrawFn) -> Annotation:
    start = draw(times)
    end = None if start is None else draw(st.one_of(st.none(), st.integers(start, 2**62)))
    confidence = draw(st.one_of(st.none(), st.floats(0, 1)))
    label, note, own = draw(st.sampled_from("xyz")), draw(st.sampled_from(["", "n"])), tuple(draw(attributes))
    return replace(SPAN, start_ns=start, end_ns=end, label=label, note=note, confidence=confidence, attributes=own)


def test_each_kind_is_read_back_from_its_json() -> None:
    assert {kind_of(item).name for item in ITEMS} == set(KINDS)
    for item in ITEMS:
        assert from_json(kind_of(item).name, to_json(item)) == item


@given(marked())
def test_whatever_an_annotation_holds_is_read_back(item: Annotation) -> None:
    again = from_json("annotation", to_json(item))
    assert again == item
    assert isinstance(again, Annotation)
    assert [type(a.value) for a in again.attributes] == [type(a.value) for a in item.attributes]


def test_a_text_that_is_no_item_is_refused() -> None:
    for kind, text in (("annotation", "{}"), ("annotation", "["), ("nothing", "{}")):
        with pytest.raises(Unsound):
            from_json(kind, text)
    backwards = to_json(SPAN).replace('"start_ns":0', '"start_ns":10')
    with pytest.raises(Unsound):
        from_json("annotation", backwards)


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="two kinds"):
        item_kind("tier", owner="session")(type("Other", (), {}))


def test_what_differs_is_named_by_field_and_by_attribute() -> None:
    changed = replace(SPAN.with_value("mistake", True), start_ns=4, made=Made(Origin.MANUAL, "ben"))
    assert differences(SPAN, changed) == {
        "start_ns": (0, 4),
        "attributes.mistake": (None, (Attribute("mistake", True),)),
    }
    assert differences(SPAN, SPAN) == {}


def test_changes_of_different_fields_become_one() -> None:
    mine = replace(SPAN.with_value("mistake", True), label="bake", made=Made(Origin.MANUAL, "me"))
    theirs = replace(SPAN.with_value("force", 2.5), end_ns=20, made=Made(Origin.MANUAL, "they"))
    both = merge(SPAN, mine, theirs)
    assert both.fields == ()
    assert (both.item.label, both.item.end_ns, both.item.made.by) == ("bake", 20, "me")
    assert {a.key: a.value for a in both.item.attributes} == {"mistake": True, "force": 2.5}


def test_the_same_field_changed_twice_is_named() -> None:
    def clash(mine: Item, theirs: Item, base: Item = SPAN) -> tuple[str, ...]:
        return merge(base, mine, theirs).fields

    assert clash(replace(SPAN, label="x"), replace(SPAN, label="y")) == ("label",)
    assert clash(SPAN.with_value("m", 1), SPAN.with_value("m", 2)) == ("attributes.m",)
    assert clash(replace(SPAN, start_ns=8), replace(SPAN, end_ns=3)) == ("start_ns",)
    other_words = replace(TURN, words=())
    assert clash(replace(TURN, text="Mix."), other_words, TURN) == ("text",)
    assert clash(replace(TURN, checked=True), other_words, TURN) == ()


def test_an_attribute_that_is_taken_away_stays_away() -> None:
    base = SPAN.with_value("m", 1)
    assert merge(base, SPAN, replace(base, label="y")).item == replace(SPAN, label="y")
    assert merge(base, SPAN, base.with_value("m", 2)).fields == ("attributes.m",)


@given(marked(), marked(), marked())
def test_a_merge_is_the_same_from_both_sides(base: Annotation, mine: Annotation, theirs: Annotation) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert bool(one.fields) == bool(other.fields)
    if one.fields:
        return
    assert _plain(one) == _plain(other)
    changed = set(differences(base, one.item)) if one.item else set()
    assert changed <= set(differences(base, mine)) | set(differences(base, theirs))


@given(marked(), marked())
def test_a_change_alone_is_the_merge(base: Annotation, mine: Annotation) -> None:
    assert merge(base, mine, base) == Merged(mine)
    assert merge(base, base, mine) == Merged(mine)
    assert merge(base, mine, mine) == Merged(mine)


def _plain(merged: Merged) -> dict[str, Any]:
    by_key: dict[str, list[Attribute]] = {}
    for each in merged.item.attributes:
        by_key.setdefault(each.key, []).append(each)
    return {"item": replace(merged.item, attributes=()), "attributes": by_key}


def test_what_has_no_time_has_no_interval() -> None:
    left_out = replace(SPAN, start_ns=None, end_ns=None)
    with pytest.raises(ValueError, match="no time"):
        _ = left_out.interval
    assert replace(SPAN, end_ns=None).interval == Interval(0, 0)
    with pytest.raises(ValueError, match="can't span"):
        replace(SPAN, start_ns=None)


def test_a_tier_state_is_kept_by_its_word() -> None:
    assert '"state":"in work"' in to_json(TIER)
    assert from_json("tier", to_json(replace(TIER, state=TierState.LOCKED))) == replace(
        TIER, state=TierState.LOCKED
    )
