"""What is in dispute between two annotators: mine put over theirs, theirs left, or a later edit that settles it."""

from __future__ import annotations

from dataclasses import replace

from tests.core.test_document import MADE, Desk, mark
from woz.annotation.edits import Edit
from woz.model.annotation import Attribute
from woz.model.item import ref_to


def test_mine_goes_over_theirs_and_leaves_their_other_fields() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.document.apply(Edit("move", (base,), (replace(base, end_ns=9),)))
    desk.others_do(base, replace(base, end_ns=5, note="theirs"))
    desk.later.step()
    [dispute] = desk.document.disputes
    desk.document.insist(dispute)
    assert desk.shown(base) == replace(base, end_ns=9, note="theirs")
    desk.later.step()
    assert desk.history.items[ref_to(base)][0] == replace(base, end_ns=9, note="theirs")
    assert (desk.document.disputes, desk.document.undo_name, desk.document.saved) == ((), "move", True)


def test_theirs_stays_where_one_yields() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.document.apply(Edit("move", (base,), (replace(base, end_ns=9),)))
    desk.others_do(base, replace(base, end_ns=5))
    desk.later.step()
    desk.changes.clear()
    desk.document.yield_to(desk.document.disputes[0], "me")
    assert (desk.document.disputes, desk.shown(base), len(desk.history.log)) == ((), replace(base, end_ns=5), 1)
    assert [change.initiator for change in desk.changes] == ["me"]


def test_what_was_taken_away_comes_back_where_one_insists() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.document.apply(Edit("note", (base,), (replace(base, note="mine"),)))
    desk.history.record(desk.document.session_id, Edit("gone", (base,)), "ben")
    desk.later.step()
    assert desk.document.annotations(base.tier_id) == ()
    desk.document.insist(desk.document.disputes[0])
    desk.later.step()
    assert desk.shown(base).note == "mine"
    assert desk.history.items[ref_to(base)][0] == desk.shown(base)


def test_a_later_edit_of_the_same_field_settles_it_and_one_of_another_field_does_not() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.document.apply(Edit("move", (base,), (replace(base, end_ns=9),)))
    theirs = replace(base, end_ns=5)
    desk.others_do(base, theirs)
    desk.later.step()
    noted = replace(theirs, note="mine")
    desk.document.apply(Edit("note", (theirs,), (noted,)))
    assert len(desk.document.disputes) == 1
    desk.document.apply(Edit("move", (noted,), (replace(noted, end_ns=7),)))
    assert len(desk.document.disputes) == 0


def test_an_attribute_of_each_side_is_in_the_item_where_one_insists_on_a_third() -> None:
    base = mark("a", 0, 10).with_value("force", 1)
    desk = Desk(base)
    desk.document.apply(Edit("force", (base,), (base.with_value("force", 2),)))
    desk.others_do(base, base.with_value("force", 3).with_value("care", 4))
    desk.later.step()
    [dispute] = desk.document.disputes
    assert dispute.clashes[0].fields == ("attributes.force",)
    desk.document.insist(dispute)
    assert set(desk.shown(base).attributes) == {Attribute("force", 2), Attribute("care", 4)}
    assert desk.shown(base).made == MADE
