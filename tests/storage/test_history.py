"""The edit log: merged with what others did, refused where it must be, undone by it alone, and told to others."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import event

from storage import Project
from storage.history.overlaps import MANY
from tests.storage.examples import CLOCK, OTHER_TIER, SID, STRICT_TIER, TIER, TRANSCRIPT, TURN, question, segment
from woz.annotation.conflict import ConflictError, OverlapError, TakingBackError
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.annotation import Annotation, Attribute
from woz.model.annotator import Annotator
from woz.model.ids import AnnotationId, AnnotatorId, LinkId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin


@pytest.fixture
def begun(project: Project) -> Project:
    """With a tier of each kind, and one annotation."""
    project.annotations.record(SID, Edit("begin", (), (TIER, OTHER_TIER, STRICT_TIER, segment("s"))), "woz")
    return project


def _now(project: Project, item: Item) -> Item | None:
    found = project.annotations.stored([ref_to(item)]).get(ref_to(item))
    return found[0] if found else None


def test_whatever_an_item_holds_comes_back(begun: Project) -> None:
    full = replace(
        segment("full"),
        start_ns=2**60,
        end_ns=None,
        confidence=0.25,
        parent_id=AnnotationId("s"),
        made=Made(Origin.MACHINE, "vad", 7, "run-1", (Source(ItemRef("turn", "t"), 3),), True),
        attributes=(
            Attribute("bool", False),
            Attribute("int", 2**53),
            Attribute("real", 1.0),
            Attribute("text", "ö"),
            Attribute("ref", ItemRef("turn", "t")),
            Attribute("several", "a", "because", "12,5"),
            Attribute("several", "b"),
            Attribute("nothing", None),
        ),
    )
    without_time = replace(segment("never"), start_ns=None, end_ns=None)
    link = Link(LinkId("l"), SID, "corrects", ref_to(full), ref_to(without_time), full.made, "n")
    asked = replace(question("q"), made=full.made)
    new = (full, without_time, link, asked)
    begun.annotations.record(SID, Edit("new", (), new), "ada")
    stored = begun.annotations.stored(ref_to(item) for item in new)
    assert {ref: item for ref, (item, _) in stored.items()} == {ref_to(item): item for item in new}
    found = stored[ref_to(full)][0]
    assert isinstance(found, Annotation)
    assert [type(each.value) for each in found.attributes] == [type(each.value) for each in full.attributes]
    assert begun.annotations.history(SID)[-1].edit.after == new


def test_changes_of_different_fields_are_merged(begun: Project) -> None:
    base = segment("s")
    begun.annotations.record(SID, Edit("note", (base,), (replace(base, note="theirs"),)), "ben")
    logged = begun.annotations.record(SID, Edit("move", (base,), (replace(base, end_ns=9),)), "ada")
    both = replace(base, note="theirs", end_ns=9)
    assert _now(begun, base) == both
    assert [(c.before, c.after) for c in logged.changes] == [(replace(base, note="theirs"), both)]


def test_the_same_field_changed_twice_is_refused_and_named(begun: Project) -> None:
    ben = Annotator(AnnotatorId("b"), "annotator-1")
    begun.annotators.save(ben)
    base = segment("s")
    theirs = begun.annotations.record(SID, Edit("Move it", (base,), (replace(base, end_ns=7),)), ben.id)
    begun.annotations.record(
        SID, Edit("note", (replace(base, end_ns=7),), (replace(base, end_ns=7, note="n"),)), "x"
    )
    mine = Edit("move", (base,), (replace(base, end_ns=9, label="both"),))
    with pytest.raises(ConflictError, match=r"annotator-1 changed the end of this annotation.*Move it") as found:
        begun.annotations.record(SID, mine, "ada")
    [clash] = found.value.clashes
    assert (clash.fields, clash.edit_id, clash.item) == (("end_ns",), theirs.id, ref_to(base))
    assert clash.stored == replace(base, end_ns=7, note="n", made=replace(base.made, by=ben.id))
    assert _now(begun, base) == clash.stored
    assert len(begun.annotations.history(SID)) == 3


def test_an_undo_that_clashes_says_what_it_would_have_done_and_can_be_done_otherwise(begun: Project) -> None:
    base, history = segment("s"), begun.annotations
    logged = history.record(SID, Edit("Move", (base,), (replace(base, end_ns=7),)), "ada")
    moved = replace(base, end_ns=7)
    history.record(SID, Edit("Move", (moved,), (replace(base, end_ns=8),)), "ben")
    with pytest.raises(TakingBackError, match="changed the end of this annotation") as found:
        history.undo(SID, "ada")
    assert (found.value.undoes, found.value.edit.after) == (logged.id, (base,))
    assert history.undo_names(SID, "ada") == ("Move", None)
    history.record(SID, Edit("Move"), "ada", logged.id)
    assert history.undo_names(SID, "ada") == (None, "Move")
    with pytest.raises(WozError, match="was taken back already"):
        history.record(SID, Edit("Move"), "ada", logged.id)
    history.redo(SID, "ada")
    assert history.undo_names(SID, "ada") == ("Move", None)
    assert _now(begun, base) == replace(base, end_ns=8)


def test_one_clash_leaves_out_the_whole_edit(begun: Project) -> None:
    base, gone = segment("s"), segment("gone")
    begun.annotations.record(SID, Edit("new", (), (gone,)), "ben")
    begun.annotations.record(SID, Edit("delete", (gone,)), "ben")
    edit = Edit("both", (base, gone), (replace(base, label="x"), replace(gone, label="x")))
    with pytest.raises(ConflictError, match="took this annotation away"):
        begun.annotations.record(SID, edit, "ada")
    assert _now(begun, base) == base


def test_a_partition_refuses_what_would_cover_another(begun: Project) -> None:
    def strict(name: str, start_ns: int, end_ns: int) -> Annotation:
        return replace(segment(name, start_ns, end_ns), tier_id=STRICT_TIER.id)

    first, last = strict("1", 0, 10), strict("3", 20, 30)
    begun.annotations.record(SID, Edit("new", (), (first, last)), "ada")
    for start_ns, end_ns in ((5, 15), (0, 10), (2, 3), (15, 21), (0, 40), (29, 50)):
        with pytest.raises(OverlapError, match="move that one first"):
            begun.annotations.record(SID, Edit("new", (), (strict("2", start_ns, end_ns),)), "ada")
    middle = strict("2", 10, 20)
    begun.annotations.record(SID, Edit("new", (), (middle,)), "ada")
    with pytest.raises(OverlapError):
        begun.annotations.record(SID, Edit("move", (middle,), (replace(middle, start_ns=9),)), "ada")
    swapped = (replace(first, start_ns=10, end_ns=20), replace(middle, start_ns=0, end_ns=10))
    begun.annotations.record(SID, Edit("swap", (first, middle), swapped), "ada")
    assert len(begun.annotations.history(SID)) == 4


def test_an_edit_of_many_is_refused_as_one_of_few_is(begun: Project) -> None:
    def strict(number: int, start_ns: int, end_ns: int) -> Annotation:
        return replace(segment(f"{number:04}", start_ns, end_ns), tier_id=STRICT_TIER.id)

    there = strict(0, 1000, 1005)
    begun.annotations.record(SID, Edit("new", (), (there,)), "ada")
    apart = [strict(n + 1, n * 10, n * 10 + 10) for n in range(MANY)]
    for wrong in (strict(9999, 55, 56), strict(9999, 995, 1001), strict(9999, 1004, 1006), strict(9999, 990, 2000)):
        with pytest.raises(OverlapError):
            begun.annotations.record(SID, Edit("new", (), (*apart, wrong)), "ada")
    begun.annotations.record(SID, Edit("new", (), (*apart, strict(9999, 1005, 1006))), "ada")
    assert len(begun.annotations.load(SID)) == 4 + 2 + MANY


def test_other_labels_may_overlap_where_the_scheme_says_so(begun: Project) -> None:
    def other(name: str, label: str) -> Annotation:
        return replace(segment(name, 0, 10, label), tier_id=OTHER_TIER.id)

    begun.annotations.record(SID, Edit("new", (), (other("1", "a"), other("2", "b"))), "ada")
    with pytest.raises(OverlapError):
        begun.annotations.record(SID, Edit("new", (), (other("3", "a"),)), "ada")
    with pytest.raises(OverlapError):
        begun.annotations.record(SID, Edit("label", (other("2", "b"),), (other("2", "a"),)), "ada")


def test_undo_and_redo_are_rows_and_outlive_the_program(begun: Project) -> None:
    base, ada = segment("s"), "ada"
    states = [base, replace(base, label="a"), replace(base, label="b"), replace(base, label="c")]
    for old, new in pairwise(states):
        begun.annotations.record(SID, Edit(f"to {new.label}", (old,), (new,)), ada)
    done = begun.annotations.undo(SID, ada)
    assert done is not None
    assert (done.name, done.undoes, _now(begun, base)) == ("to c", 4, states[2])
    with Project.open(begun.path, CLOCK) as again:
        assert again.annotations.undo_names(SID, ada) == ("to b", "to c")
        again.annotations.undo(SID, ada)
        assert again.annotations.undo_names(SID, ada) == ("to a", "to b")
        again.annotations.redo(SID, ada)
        again.annotations.redo(SID, ada)
        assert again.annotations.redo(SID, ada) is None
        assert _now(again, base) == states[3]
    for state in reversed(states[:-1]):
        begun.annotations.undo(SID, ada)
        assert _now(begun, base) == state
    assert begun.annotations.undo(SID, ada) is None
    begun.annotations.record(SID, Edit("new", (base,), (replace(base, note="n"),)), ada)
    assert begun.annotations.undo_names(SID, ada) == ("new", None)
    assert begun.annotations.undo_names(SID, "woz") == ("begin", None)


def test_undo_of_one_s_own_leaves_what_others_did_in_other_fields(begun: Project) -> None:
    base = segment("s")
    mine = replace(base, label="mine")
    begun.annotations.record(SID, Edit("label", (base,), (mine,)), "ada")
    begun.annotations.record(SID, Edit("note", (mine,), (replace(mine, note="theirs"),)), "ben")
    begun.annotations.undo(SID, "ada")
    assert _now(begun, base) == replace(base, note="theirs")
    begun.annotations.redo(SID, "ada")
    begun.annotations.record(
        SID, Edit("Other label", (replace(mine, note="theirs"),), (replace(mine, label="x"),)), "ben"
    )
    with pytest.raises(ConflictError, match=r"the label .*Other label"):
        begun.annotations.undo(SID, "ada")


def test_undo_of_a_tier_and_of_an_item(begun: Project) -> None:
    first = replace(segment("1", 50, 60), tier_id=STRICT_TIER.id)
    second = segment("2")
    begun.annotations.record(SID, Edit("new strict", (), (first,)), "ada")
    begun.annotations.record(SID, Edit("label", (first,), (replace(first, label="both"),)), "ada")
    begun.annotations.record(SID, Edit("new loose", (), (second,)), "ada")
    assert begun.annotations.undo(SID, "ada", ref_to(segment("s"))) is None
    done = begun.annotations.undo(SID, "ada", ref_to(STRICT_TIER))
    assert done is not None
    assert done.name == "label"
    done = begun.annotations.undo(SID, "ada", ref_to(first))
    assert done is not None
    assert done.name == "new strict"
    assert (_now(begun, first), _now(begun, second)) == (None, second)
    begun.annotations.redo(SID, "ada", ref_to(first))
    assert _now(begun, first) == first


def test_undo_of_a_tier_takes_back_its_links(begun: Project) -> None:
    """Of a mark in it, which may be gone since, and of the tier itself; not one that leads to a mark in it."""
    made, mark = segment("s").made, replace(segment("o", 20, 30, "a"), tier_id=OTHER_TIER.id)
    begun.annotations.record(SID, Edit("mark", (), (mark,)), "ben")
    for name, source, target in (("of mark", mark, segment("s")), ("of tier", segment("s"), OTHER_TIER)):
        link = Link(LinkId(name), SID, "corrects", ref_to(source), ref_to(target), made)
        begun.annotations.record(SID, Edit(name, (), (link,)), "ada")
    away = Link(LinkId("away"), SID, "corrects", ref_to(segment("s")), ref_to(mark), made)
    begun.annotations.record(SID, Edit("away", (), (away,)), "ada")
    begun.annotations.record(SID, Edit("take mark", (mark,)), "ben")
    assert begun.annotations.undo(SID, "ada", ref_to(STRICT_TIER)) is None
    done = [begun.annotations.undo(SID, "ada", ref_to(OTHER_TIER)) for _ in range(3)]
    assert [each and each.name for each in done] == ["of tier", "of mark", None]


def test_undo_of_a_tier_asks_as_much_of_the_store_whatever_was_done_elsewhere(begun: Project) -> None:
    """Nobody else writes meanwhile."""
    asked: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    def count() -> int:
        asked.clear()
        engine = begun.database.backend.engine
        event.listen(engine, "before_cursor_execute", heard)
        try:
            assert begun.annotations.undo(SID, "ada", ref_to(OTHER_TIER)) is None
        finally:
            event.remove(engine, "before_cursor_execute", heard)
        return len(asked)

    begun.annotations.record(SID, Edit("mark", (), (segment("first"),)), "ada")
    count()
    few = count()
    for at in range(20):
        begun.annotations.record(SID, Edit("mark", (), (segment(f"more {at}"),)), "ada")
    assert 0 < few == count()


def test_each_item_has_its_history_and_goes_back_to_any_version(begun: Project) -> None:
    base = segment("s")
    later = replace(base, start_ns=3)
    begun.annotations.record(SID, Edit("Move", (base,), (later,), "the video was late"), "ben")
    begun.annotations.record(SID, Edit("Delete", (later,)), "ada")
    versions = begun.annotations.versions(ref_to(base))
    assert [(v.name, v.by, v.why, v.made_utc_ns) for v in versions] == [
        ("Delete", "ada", "", CLOCK.utc_ns()),
        ("Move", "ben", "the video was late", CLOCK.utc_ns()),
        ("begin", "woz", "", CLOCK.utc_ns()),
    ]
    assert [(v.before, v.after) for v in versions] == [(later, None), (base, later), (None, base)]
    assert versions[-1].after is not None
    begun.annotations.record(SID, Edit("Back to an earlier version", (), (versions[-1].after,)), "ada")
    assert _now(begun, base) == base


def test_what_was_done_since_an_edit_is_told(begun: Project) -> None:
    base = segment("s")
    opened = begun.annotations.open(SID, "ada")
    assert opened.last == 1
    assert opened.edit_ids[ref_to(base)] == 1
    with Project.open(begun.path, CLOCK) as other:
        other.annotations.record(SID, Edit("move", (base,), (replace(base, end_ns=9),)), "ben")
        other.annotations.record(SID, Edit("delete", (replace(base, end_ns=9),)), "ben")
    told = begun.annotations.since(SID, opened.last)
    assert [(logged.id, logged.name, logged.changes[0].after) for logged in told] == [
        (2, "move", replace(base, end_ns=9)),
        (3, "delete", None),
    ]
    assert begun.annotations.since(SID, 3) == ()


def test_turns_that_no_edit_made_have_none(begun: Project) -> None:
    begun.transcripts.add(TRANSCRIPT, [TURN])
    assert begun.annotations.stored([ref_to(TURN)]) == {ref_to(TURN): (TURN, None)}
