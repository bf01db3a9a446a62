"""What holds for every edit in the store: closed tiers, who made what, what becomes stale, who is blind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN
from woz.annotation.conflict import ConflictError
from woz.annotation.edits import Edit
from woz.annotation.staleness import sources_of
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole, BlindScope, BlindTo
from woz.model.ids import AnnotationId, AnnotatorId, BlindScopeId, LinkId, QuestionId, TierId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.people import Role
from woz.model.question import Question, ReviewStatus
from woz.model.tier import Tier, TierState

MACHINE = Made(Origin.DERIVED, "woz", 1, "run-1")
ADA = Annotator(AnnotatorId("ada"), "A01")
BEN = Annotator(AnnotatorId("ben"), "A02", (AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR))
DRAFT = Tier(TierId("draft"), SID, CONVERSATION.id, 1, STATES, "States", MACHINE)
ADAS = replace(DRAFT, id=TierId("adas"), name="Ada's", annotator_id=ADA.id)
ITEM = Annotation(AnnotationId("a"), DRAFT.id, 0, 9, "none", MACHINE)
REF = ItemRef("annotation", "a")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A session with a machine's tier and Ada's, an item in the machine's, and a turn."""
    with Project.create(tmp_path / "project", "Kitchen", CLOCK) as made:
        made.sessions.save(SESSION)
        made.schemes.add(CONVERSATION)
        for person in (ADA, BEN):
            made.annotators.save(person)
        made.transcripts.add(TRANSCRIPT, [TURN])
        made.annotations.record(SID, Edit("Derive", (), (DRAFT, ADAS, ITEM)), "woz")
        yield made


def item(project: Project, item_id: str) -> Item:
    return next(each for each in project.annotations.load(SID) if each.id == item_id)


def annotation(project: Project, item_id: str = "a") -> Annotation:
    found = item(project, item_id)
    assert isinstance(found, Annotation)
    return found


def question(project: Project) -> Question:
    found = item(project, "q")
    assert isinstance(found, Question)
    return found


def test_what_a_person_mends_is_theirs_and_its_undo_is_the_machines_again(project: Project) -> None:
    made = project.annotations.record(SID, Edit("Move", (ITEM,), (replace(ITEM, end_ns=8),)), ADA.id)
    kept = annotation(project).made
    assert kept == Made(Origin.MANUAL, ADA.id, CLOCK.utc_ns(), "run-1", (Source(REF, 1),))
    assert made.changes[0].after == annotation(project)
    project.annotations.undo(SID, ADA.id)
    assert annotation(project) == ITEM


def test_what_a_program_changes_says_itself_who_made_it(project: Project) -> None:
    project.annotations.record(SID, Edit("Move", (ITEM,), (replace(ITEM, end_ns=8),)), "woz")
    assert annotation(project).made == MACHINE


def test_a_closed_tier_refuses_whoever_comes(project: Project) -> None:
    project.annotations.record(SID, moved(DRAFT, TierState.SUBMITTED, ADA), ADA.id)
    for by in (ADA.id, BEN.id, "woz"):
        with pytest.raises(WozError, match="The tier States is submitted; take it back into work first"):
            project.annotations.record(SID, Edit("Move", (ITEM,), (replace(ITEM, end_ns=8),)), by)
    accepted = Edit(
        "Accept", (replace(DRAFT, state=TierState.SUBMITTED),), (replace(DRAFT, state=TierState.ACCEPTED),)
    )
    with pytest.raises(WozError, match="Only an adjudicator"):
        project.annotations.record(SID, accepted, ADA.id)
    project.annotations.undo(SID, ADA.id)
    project.annotations.record(SID, Edit("Move", (ITEM,), (replace(ITEM, end_ns=8),)), ADA.id)


def test_links_are_closed_with_the_tier_of_what_they_lead_from(project: Project) -> None:
    """And with that of what they lead to, where they come from a turn; a mark may be kept out of the gold."""
    mark = replace(ITEM, id=AnnotationId("b"), tier_id=ADAS.id)
    turn, there, tier = ItemRef("turn", str(TURN.id)), ItemRef("annotation", "b"), ItemRef("tier", str(DRAFT.id))
    made = Made(Origin.MANUAL, BEN.id)
    kept, asked, out, onto = (
        Link(LinkId(name), SID, name, *ends, made)
        for name, ends in (
            ("kept", (there, turn)),
            ("asked", (turn, there)),
            ("out", (there, tier)),
            ("onto", (REF, there)),
        )
    )
    project.annotations.record(SID, Edit("Mark", (), (mark, kept)), ADA.id)
    project.annotations.record(SID, moved(ADAS, TierState.SUBMITTED, ADA), ADA.id)
    kept = item(project, "kept")  # type: ignore[assignment]
    for edit in (
        Edit("Link", (), (asked,)),
        Edit("Remove link", (kept,)),
        Edit("Doubt", (kept,), (replace(kept, doubt="?"),)),
        Edit("Link", (), (replace(kept, id=LinkId("more"), type="more"),)),
    ):
        with pytest.raises(WozError, match="The tier Ada's is submitted; take it back into work first"):
            project.annotations.record(SID, edit, BEN.id)
    project.annotations.record(SID, Edit("Link", (), (out, onto)), BEN.id)
    assert {"kept", "out", "onto"} <= {each.id for each in project.annotations.load(SID)}
    assert "asked" not in {each.id for each in project.annotations.load(SID)}


def test_a_move_is_an_edit_with_its_reason(project: Project) -> None:
    submitted = replace(DRAFT, state=TierState.SUBMITTED)
    project.annotations.record(SID, moved(DRAFT, TierState.SUBMITTED, ADA), ADA.id)
    project.annotations.record(SID, moved(submitted, TierState.RETURNED, BEN, "Ends are late"), BEN.id)
    last = project.annotations.versions(ItemRef("tier", DRAFT.id))[0]
    assert (last.by, last.why, last.name) == (BEN.id, "Ends are late", "Move States to returned")


def test_somebody_who_retired_changes_nothing(project: Project) -> None:
    project.annotators.save(replace(ADA, retired=True))
    with pytest.raises(WozError, match="A01 has retired"):
        project.annotations.record(SID, Edit("Move", (ITEM,), (replace(ITEM, end_ns=8),)), ADA.id)


def test_what_is_derived_is_stale_when_its_source_changes_and_fresh_when_that_is_undone(project: Project) -> None:
    span = Interval(0, 5)
    made = Made(Origin.DERIVED, "woz", sources=sources_of([TURN]))
    derived = Question(QuestionId("q"), SID, span, Role.TRAINEE, "How?", "So.", span, span, made=made)
    project.annotations.record(SID, Edit("Derive", (), (derived,)), "woz")
    project.annotations.record(SID, Edit("Check", (TURN,), (replace(TURN, checked=True),)), ADA.id)
    assert not question(project).made.stale
    checked = replace(TURN, checked=True)
    project.annotations.record(SID, Edit("Change", (checked,), (replace(checked, text="Mix!"),)), ADA.id)
    assert question(project).made.stale
    project.annotations.undo(SID, ADA.id)
    assert question(project) == derived


def test_a_correction_is_taken_back_and_brought_back_also_where_what_was_derived_is_closed_since(
    project: Project,
) -> None:
    """That stays stale until it is derived anew; the mark by itself isn't taken back in a closed tier."""
    made = Made(Origin.DERIVED, "woz", sources=sources_of([TURN]))
    derived = replace(ITEM, id=AnnotationId("d"), start_ns=20, end_ns=40, made=made)
    project.annotations.record(SID, Edit("Derive", (), (derived,)), "woz")
    fixed = project.annotations.record(SID, Edit("Correct", (TURN,), (replace(TURN, text="Stir."),)), ADA.id)
    assert annotation(project, "d").made.stale
    project.annotations.record(SID, moved(DRAFT, TierState.SUBMITTED, BEN), BEN.id)
    with pytest.raises(WozError, match="The tier States is submitted"):
        project.annotations.take_back(SID, ADA.id, fixed.id, "d")
    for step, text in ((project.annotations.undo, TURN.text), (project.annotations.redo, "Stir.")):
        step(SID, ADA.id)
        assert project.transcripts.turns(TRANSCRIPT.id)[0].text == text
        assert annotation(project, "d").made.stale


def test_what_is_derived_becomes_stale_in_a_closed_tier_by_what_is_brought_back(project: Project) -> None:
    """It was fresh when the tier was closed, since the correction was taken back before."""
    made = Made(Origin.DERIVED, "woz", sources=sources_of([TURN]))
    derived = replace(ITEM, id=AnnotationId("d"), start_ns=20, end_ns=40, made=made)
    project.annotations.record(SID, Edit("Derive", (), (derived,)), "woz")
    project.annotations.record(SID, Edit("Correct", (TURN,), (replace(TURN, text="Stir."),)), ADA.id)
    project.annotations.undo(SID, ADA.id)
    project.annotations.record(SID, moved(DRAFT, TierState.SUBMITTED, BEN), BEN.id)
    assert not annotation(project, "d").made.stale
    project.annotations.redo(SID, ADA.id)
    assert annotation(project, "d").made.stale


def test_a_reviewer_does_not_become_the_author_of_a_question(project: Project) -> None:
    span = Interval(0, 5)
    derived = Question(QuestionId("q"), SID, span, Role.TRAINEE, "How?", "So.", span, span, made=MACHINE)
    project.annotations.record(SID, Edit("Derive", (), (derived,)), "woz")
    accepted = replace(derived, status=ReviewStatus.ACCEPTED)
    project.annotations.record(SID, Edit("Accept", (derived,), (accepted,)), ADA.id)
    assert question(project).made == MACHINE


def test_any_edit_is_taken_back_or_says_what_stands_in_its_way(project: Project) -> None:
    moved_ = replace(ITEM, end_ns=8)
    first = project.annotations.record(SID, Edit("Move", (ITEM,), (moved_,)), ADA.id)
    second = project.annotations.record(
        SID, Edit("Move on", (annotation(project),), (replace(annotation(project), end_ns=7),)), BEN.id
    )
    with pytest.raises(ConflictError, match="A02 changed the end of this annotation meanwhile"):
        project.annotations.take_back(SID, ADA.id, first.id)
    project.annotations.take_back(SID, ADA.id, second.id, why="It was right before")
    assert annotation(project).end_ns == 8
    with pytest.raises(WozError, match=f"Edit {second.id} was taken back already"):
        project.annotations.take_back(SID, ADA.id, second.id)
    project.annotations.take_back(SID, BEN.id, first.id)
    assert annotation(project) == ITEM
    with pytest.raises(WozError, match="has no edit 999"):
        project.annotations.take_back(SID, ADA.id, 999)
    names = [(v.by, v.undoes, v.why) for v in project.annotations.versions(REF)][:2]
    assert names == [(BEN.id, first.id, ""), (ADA.id, second.id, "It was right before")]


def test_of_an_edit_one_item_alone_is_taken_back(project: Project) -> None:
    other = replace(ITEM, id=AnnotationId("b"), start_ns=20, end_ns=30)
    project.annotations.record(SID, Edit("Derive", (), (other,)), "woz")
    both = Edit("Label", (ITEM, other), (replace(ITEM, label="both"), replace(other, label="both")))
    edit = project.annotations.record(SID, both, ADA.id)
    project.annotations.take_back(SID, BEN.id, edit.id, "b")
    assert (annotation(project).label, annotation(project, "b").label) == ("both", "none")
    with pytest.raises(WozError, match="did nothing to the item c"):
        project.annotations.take_back(SID, BEN.id, edit.id, "c")


def test_what_a_person_took_away_is_known_until_it_is_back(project: Project) -> None:
    project.annotations.record(SID, Edit("Delete", (ITEM,)), ADA.id)
    assert project.annotations.taken_away(SID) == {"a"}
    project.annotations.undo(SID, ADA.id)
    assert project.annotations.taken_away(SID) == set()
    project.annotations.record(SID, Edit("Derive anew", (ITEM,)), "woz")
    assert project.annotations.taken_away(SID) == set()


def test_who_is_blind_opens_a_session_without_others_work(project: Project) -> None:
    project.annotators.save_scope(BlindScope(BlindScopeId("x"), BEN.id, SID, STATES, None, BlindTo.BOTH))
    seen = {by: {each.id for each in project.annotations.open(SID, by).items} for by in (ADA.id, BEN.id)}
    assert seen[ADA.id] == {"draft", "adas", "a", "turn"}
    assert seen[BEN.id] == {"turn"}


def test_who_is_blind_hears_nothing_of_others_edits(project: Project) -> None:
    project.annotators.save_scope(BlindScope(BlindScopeId("x"), BEN.id, SID, STATES, None, BlindTo.BOTH))
    bens = replace(ADAS, id=TierId("bens"), name="Ben's", annotator_id=BEN.id)
    mine = replace(ITEM, id=AnnotationId("b"), tier_id=bens.id)
    project.annotations.record(SID, Edit("Add", (), (bens, mine)), BEN.id)
    project.annotations.record(SID, Edit("Move", (ITEM,), (replace(ITEM, end_ns=8),)), ADA.id)
    heard = {
        by: [{change.item.id for change in edit.changes} for edit in project.annotations.since(SID, 1, by)]
        for by in (ADA.id, BEN.id)
    }
    assert heard == {ADA.id: [{"bens", "b"}, {"a"}], BEN.id: [{"bens", "b"}, set()]}
