"""What is in dispute between two annotators, also by undo and redo: mine over theirs, theirs left, a later edit."""

from __future__ import annotations

from dataclasses import replace

from tests.core.test_document import MADE, Desk, mark
from woz.annotation.dispute_words import sides
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S as S
from woz.model.annotation import Annotation, Attribute
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


def _undone_under_others() -> tuple[Desk, Annotation]:
    """I labelled and moved two marks, somebody else moved one of them on; then I undo."""
    base, other = mark("a", 0, 10 * S), mark("b", 20 * S, 30 * S)
    desk = Desk(base, other)
    desk.document.apply(Edit("note", (base,), (replace(base, note="mine"),)))
    noted = desk.shown(base)
    desk.document.apply(Edit("move", (noted, other), (replace(noted, end_ns=9 * S), replace(other, end_ns=29 * S))))
    desk.later.step()
    desk.later.step()
    moved = desk.shown(base)
    desk.others_do(moved, replace(moved, end_ns=5 * S))
    desk.document.undo()
    desk.later.step()
    return desk, base


def test_an_undo_that_clashes_asks_with_both_values() -> None:
    desk, base = _undone_under_others()
    [dispute] = desk.document.disputes
    assert (desk.told, desk.shown(base).end_ns) == ([], 5 * S)
    said = sides(dispute, desk.document.item, lambda _: {})
    assert said
    assert said.asked.startswith("Undo of “move”: Somebody else changed the end of the annotation")
    assert (said.theirs, said.mine) == ("0:05.000", "0:10.000")
    desk.document.undo()
    desk.later.step()
    assert len(desk.document.disputes) == 1


def test_the_undo_is_done_where_one_insists_and_can_be_redone() -> None:
    desk, base = _undone_under_others()
    desk.document.insist(desk.document.disputes[0])
    assert desk.shown(base).end_ns == 10 * S
    desk.later.step()
    document = desk.document
    assert (document.disputes, document.undo_name, document.redo_name, document.saved) == ((), "note", "move", True)
    assert [desk.history.items[ref_to(each)][0] for each in document.annotations(base.tier_id)] == [
        replace(base, note="mine"),
        mark("b", 20 * S, 30 * S),
    ]
    document.redo()
    desk.later.step()
    assert desk.shown(base).end_ns == 5 * S


def test_where_theirs_stays_the_rest_is_undone_and_the_next_undo_goes_on() -> None:
    desk, base = _undone_under_others()
    document = desk.document
    document.yield_to(document.disputes[0])
    desk.later.step()
    assert [each.end_ns for each in document.annotations(base.tier_id)] == [5 * S, 30 * S]
    assert (document.disputes, document.undo_name, document.redo_name) == ((), "note", "move")
    document.undo()
    desk.later.step()
    assert (desk.shown(base).note, desk.shown(base).end_ns, document.undo_name) == ("", 5 * S, None)


def test_a_redo_that_clashes_asks_too() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.document.apply(Edit("move", (base,), (replace(base, end_ns=9),)))
    desk.document.undo()
    desk.later.step()
    desk.later.step()
    desk.others_do(base, replace(base, end_ns=5))
    desk.document.redo()
    desk.later.step()
    [dispute] = desk.document.disputes
    said = sides(dispute, desk.document.item, lambda _: {})
    assert said
    assert said.asked.startswith("Redo of “move”")
    desk.document.insist(dispute)
    desk.later.step()
    assert (desk.shown(base).end_ns, desk.document.undo_name, desk.document.redo_name) == (9, "move", None)


def test_what_others_took_away_stays_away_where_one_yields_the_undo() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.document.apply(Edit("move", (base,), (replace(base, end_ns=9),)))
    desk.later.step()
    desk.history.record(desk.document.session_id, Edit("gone", (desk.shown(base),)), "ben")
    desk.document.undo()
    desk.later.step()
    desk.document.yield_to(desk.document.disputes[0])
    desk.later.step()
    assert (desk.document.annotations(base.tier_id), desk.document.undo_name) == ((), None)
