"""What an annotator doesn't see where they are blind to others' work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from woz.annotation.blindness import (
    ALL_TYPES,
    blind_to_machines,
    comment_hidden,
    visible,
    without,
    work_hidden,
)
from woz.annotation.live_scheme import WITHHELD
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.annotator import ANY_SCHEME, BlindScope, BlindTo
from woz.model.assignment import Assignment, Part
from woz.model.comment import Comment
from woz.model.ids import (
    AnnotationId,
    AnnotatorId,
    AssignmentId,
    BlindScopeId,
    CommentId,
    LinkId,
    SchemeId,
    SessionId,
    TierId,
)
from woz.model.item import ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier

SID, ADA, BEN = SessionId("s"), AnnotatorId("ada"), AnnotatorId("ben")
X, Y = SchemeId("x"), SchemeId("y")
MACHINE = Made(Origin.DERIVED, "woz")


def tier(name: str, annotator: AnnotatorId | None, tier_type: str = "steps") -> Tier:
    return Tier(TierId(name), SID, X, 1, tier_type, name, MACHINE, annotator)


def item(name: str, of: Tier, start_ns: int | None = 0, made: Made = MACHINE) -> Annotation:
    return Annotation(AnnotationId(name), of.id, start_ns, None if start_ns is None else start_ns + 9, "one", made)


ADAS, BENS, NOBODYS, STATES = tier("A", ADA), tier("B", BEN), tier("M", None), tier("S", None, "states")
MINE, BENS_ITEM, DRAFT, STATE = item("a", ADAS), item("b", BENS), item("m", NOBODYS), item("s", STATES)
LINK = Link(LinkId("l"), SID, "same", ref_to(MINE), ref_to(BENS_ITEM), MACHINE)
ITEMS: tuple[Item, ...] = (ADAS, BENS, NOBODYS, STATES, MINE, BENS_ITEM, DRAFT, STATE, LINK)


def scope(
    to: BlindTo, tier_type: str = "steps", interval: Interval | None = None, scheme_id: SchemeId = ANY_SCHEME
) -> BlindScope:
    return BlindScope(BlindScopeId("x"), ADA, SID, tier_type, interval, to, scheme_id)


def seen(*scopes: BlindScope, items: tuple[Item, ...] = ITEMS, by: str = ADA) -> set[str]:
    return {str(each.id) for each in visible(items, by, scopes)}


@pytest.mark.parametrize(
    ("to", "left"),
    [(BlindTo.PEOPLE, "AMSams"), (BlindTo.MACHINES, "ABSabsl"), (BlindTo.BOTH, "ASas")],
)
def test_others_tiers_are_hidden(to: BlindTo, left: str) -> None:
    assert seen(scope(to)) == set(left)


def test_others_are_not_blind() -> None:
    assert seen(scope(BlindTo.BOTH), by=BEN) == seen() == {str(each.id) for each in ITEMS}


def test_a_scope_may_be_of_all_types() -> None:
    assert seen(scope(BlindTo.BOTH, ALL_TYPES)) == set("Aa")


@pytest.mark.parametrize("tier_type", [ALL_TYPES, WITHHELD])
def test_nobody_is_blind_to_stretches_that_are_kept_out(tier_type: str) -> None:
    out = tier("out", BEN, WITHHELD)
    assert seen(scope(BlindTo.BOTH, tier_type), items=(out, item("stretch", out))) == {"out", "stretch"}


def test_within_a_window_items_are_hidden_and_tiers_stay() -> None:
    late = item("late", BENS, 100)
    timeless = item("timeless", BENS, None)
    around = (*ITEMS, late, timeless)
    assert seen(scope(BlindTo.PEOPLE, interval=Interval(5, 50)), items=around) == {*"ABMSams", "late", "timeless"}


def test_a_point_lies_in_its_window() -> None:
    points = tuple(replace(item(str(at), BENS, at), end_ns=None) for at in (4, 5, 50))
    left = seen(scope(BlindTo.PEOPLE, interval=Interval(5, 50)), items=(BENS, *points))
    assert left == {"B", "4", "50"}


def test_what_somebody_mended_of_a_machines_they_see() -> None:
    mended = item("mended", NOBODYS, made=Made(Origin.MANUAL, ADA))
    bens = item("bens", NOBODYS, made=Made(Origin.MANUAL, BEN))
    items = (NOBODYS, DRAFT, mended, bens)
    assert seen(scope(BlindTo.MACHINES), items=items) == {"M", "mended", "bens"}
    assert seen(scope(BlindTo.BOTH), items=items) == {"M", "mended"}


@pytest.mark.parametrize("tier_type", ["steps", "other"])
def test_of_what_was_in_a_tier_that_is_gone_one_sees_ones_own_and_what_is_hidden_nowhere(tier_type: str) -> None:
    gone = tier("gone", None)
    own = item("own", gone, made=Made(Origin.MANUAL, ADA))
    bens = item("bens", gone, made=Made(Origin.MANUAL, BEN))
    left = (own, bens, item("late", gone, 90))
    assert seen(scope(BlindTo.BOTH, tier_type), items=left) == {"own"}
    assert seen(scope(BlindTo.PEOPLE, tier_type), items=left) == {"own", "late"}
    assert seen(scope(BlindTo.BOTH, tier_type, Interval(0, 50)), items=left) == {"own", "late"}


@pytest.mark.parametrize(("scheme_id", "left"), [(X, "Bb"), (Y, "Aa"), (ANY_SCHEME, "")])
@pytest.mark.parametrize("tier_type", ["steps", ALL_TYPES])
def test_a_scope_of_one_scheme_leaves_the_same_key_in_another(
    scheme_id: SchemeId, left: str, tier_type: str
) -> None:
    one, other = tier("A", BEN), replace(tier("B", BEN), scheme_id=Y)
    items = (one, other, item("a", one), item("b", other))
    assert seen(scope(BlindTo.BOTH, tier_type, scheme_id=scheme_id), items=items) == set(left)


@pytest.mark.parametrize(("scheme_id", "hides"), [(X, True), (Y, False), (ANY_SCHEME, True)])
def test_what_is_told_of_a_tier_goes_by_its_scheme_too(scheme_id: SchemeId, hides: bool) -> None:
    own = [scope(BlindTo.BOTH, scheme_id=scheme_id)]
    work = Assignment(AssignmentId("w"), SID, "steps", BEN, Part.FIRST, BENS.id)
    said = Comment(CommentId("c"), SID, BEN, "Ends late", 0, tier_id=BENS.id)
    assert blind_to_machines(own, ADA, (X, "steps")) == hides
    assert work_hidden(work, X, ADA, own) == hides
    assert comment_hidden(said, BENS.type_id, ADA, own) == hides


@pytest.mark.parametrize("scheme_id", [X, Y, ANY_SCHEME])
def test_of_what_has_no_tier_any_more_all_is_hidden_that_may_be_it(scheme_id: SchemeId) -> None:
    own = [scope(BlindTo.PEOPLE, scheme_id=scheme_id)]
    work = Assignment(AssignmentId("w"), SID, "steps", BEN, Part.FIRST, TierId("gone"))
    assert work_hidden(work, None, ADA, own)
    assert not work_hidden(replace(work, tier_type="states"), None, ADA, own)
    assert comment_hidden(Comment(CommentId("c"), SID, BEN, "Ends late", 0), None, ADA, own)


@pytest.mark.parametrize(
    ("tier_type", "scheme_id", "left"),
    [
        ("steps", X, []),
        ("steps", ANY_SCHEME, [(Y, "steps")]),
        (ALL_TYPES, X, [(X, "states")]),
        (ALL_TYPES, ANY_SCHEME, [(X, "states"), (Y, "states"), (Y, "steps")]),
    ],
)
def test_without_one_type_a_scope_goes_on_hiding_all_others(
    tier_type: str, scheme_id: SchemeId, left: list[tuple[SchemeId, str]]
) -> None:
    wide = scope(BlindTo.PEOPLE, tier_type, Interval(5, 50), scheme_id)
    known = [(one, key) for one in (Y, X) for key in ("steps", "states")]
    rest = without(wide, (X, "steps"), known)
    assert [(each.scheme_id, each.tier_type) for each in rest] == left
    assert len({wide.id, *(each.id for each in rest)}) == len(rest) + 1
    for each in rest:
        assert (each.annotator_id, each.session_id, each.interval, each.to) == (
            ADA,
            SID,
            Interval(5, 50),
            BlindTo.PEOPLE,
        )
