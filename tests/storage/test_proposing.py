"""Drafts in a project, and what became of them, over both databases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION
from ui.cli import main
from woz.annotation.edits import Edit
from woz.annotation.proposals.deciding import refuse, take
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.annotators import add_annotator, give_roles
from woz.lab.assigning import Order, assign
from woz.lab.proposal_quality import try_on_project
from woz.lab.proposing import Drafting, draft, outcomes_of
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole, BlindScope, BlindTo
from woz.model.assignment import Part
from woz.model.ids import (
    AnnotationId,
    AnnotatorId,
    BlindScopeId,
    SchemeId,
    TierId,
    TranscriptId,
    TurnId,
)
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.people import Role
from woz.model.scheme import Overlap
from woz.model.tier import Tier, TierState
from woz.model.transcript import Transcript, Turn

S = NS_PER_S
BY = Drafting("states-from-turns")
ADA = AnnotatorId("ada")
OWN = Tier(TierId("own"), SESSION.id, CONVERSATION.id, 1, STATES, "Ada's", Made(Origin.MANUAL, ADA), ADA)


@pytest.fixture
def talked(project: Project) -> Project:
    """With a transcript, and an annotator with a tier of their own."""
    said = TranscriptId("t")
    project.sessions.save(replace(SESSION, duration_ns=10 * S))
    turns = [Turn(TurnId(str(i)), said, Role.EXPERT, Interval(i * S, i * S + S // 2), "Yes.") for i in (1, 3, 5)]
    project.transcripts.add(Transcript(said, SESSION.id, Origin.RECOGNISED, "en", "test", 0), turns)
    project.annotators.save(Annotator(ADA, "Ada"))
    project.annotations.record(SESSION.id, Edit("New tier", (), (OWN,)), ADA)
    return project


def _drafts(project: Project) -> list[Annotation]:
    items = project.annotations.load(SESSION.id)
    found = [i for i in items if isinstance(i, Annotation) and i.tier_id != OWN.id]
    return sorted(found, key=lambda each: each.interval)


def test_a_draft_is_a_machines_tier(talked: Project) -> None:
    done = draft(talked, SESSION.id, BY, CLOCK)
    items = talked.annotations.load(SESSION.id)
    (tier,) = (item for item in items if isinstance(item, Tier) and item.id == done.tier)
    assert (tier.annotator_id, tier.made.origin, tier.made.by) == (None, Origin.MACHINE, done.by)
    drafts = _drafts(talked)
    assert len(drafts) == done.proposals == 7
    assert drafts[0].interval.start_ns == 0
    assert drafts[-1].interval.end_ns == 10 * S
    assert {each.made.run for each in drafts} == {tier.made.run}


def test_nothing_is_kept_of_a_draft_that_is_cancelled_or_impossible(talked: Project) -> None:
    before = talked.annotations.load(SESSION.id)
    with pytest.raises(WozError, match="stopped"):
        draft(talked, SESSION.id, BY, CLOCK, lambda _: False)
    with pytest.raises(WozError, match="no procedure"):
        draft(talked, SESSION.id, Drafting("steps-from-marks"), CLOCK)
    with pytest.raises(WozError, match="no scheme 'other'"):
        draft(talked, SESSION.id, Drafting("states-from-turns", "other"), CLOCK)
    with pytest.raises(WozError, match="no tier type 'other'; it has "):
        draft(talked, SESSION.id, Drafting("states-from-turns", CONVERSATION.id, "other"), CLOCK)
    assert talked.annotations.load(SESSION.id) == before


def test_the_outcome_of_each_is_known_after_undo_and_redo_too(talked: Project) -> None:
    by = draft(talked, SESSION.id, BY, CLOCK).by
    store, drafts = talked.annotations, _drafts(talked)
    for number in range(4):
        store.record(SESSION.id, take(drafts[number], OWN, (), Overlap.NONE, AnnotationId(f"a{number}")), ADA)
    taken = {i.id: i for i in store.load(SESSION.id) if isinstance(i, Annotation)}
    assert taken[AnnotationId("a0")].made.by == ADA
    assert taken[AnnotationId("a0")].made.sources[0].item.id == drafts[0].id
    moved = replace(taken[AnnotationId("a1")], start_ns=S + S // 10)
    store.record(SESSION.id, Edit("Move segment", (taken[AnnotationId("a1")],), (moved,)), ADA)
    relabelled = replace(taken[AnnotationId("a2")], label="both")
    store.record(SESSION.id, Edit("Change label", (taken[AnnotationId("a2")],), (relabelled,)), ADA)
    store.record(SESSION.id, Edit("Delete segment", (taken[AnnotationId("a3")],), ()), ADA)
    store.record(SESSION.id, refuse(drafts[4]), ADA)
    store.record(SESSION.id, refuse(drafts[5]), ADA)
    store.undo(SESSION.id, ADA)
    found = outcomes_of(talked)[by]
    assert (found.taken, found.moved, found.relabelled, found.deleted, found.refused, found.open) == (
        1,
        1,
        1,
        1,
        1,
        2,
    )
    assert sorted(found.shifts_ns) == [0, 0, 0, 0, 0, S // 10]
    store.redo(SESSION.id, ADA)
    assert outcomes_of(talked)[by].refused == 2


def test_a_proposer_is_tried_on_what_was_submitted_and_nothing_is_kept(talked: Project) -> None:
    with pytest.raises(WozError, match="No submitted tier"):
        try_on_project(talked, BY)
    spans = ((0, 1, "none"), (1, 2, "expert"), (2, 10, "none"))
    made = Made(Origin.MANUAL, ADA)
    truth = [Annotation(AnnotationId(f"a{a}"), OWN.id, a * S, b * S, label, made) for a, b, label in spans]
    talked.annotations.record(SESSION.id, Edit("Mark", (), tuple(truth)), ADA)
    submitted = replace(OWN, state=TierState.SUBMITTED)
    talked.annotations.record(SESSION.id, Edit("Submit", (OWN,), (submitted,)), ADA)
    before = talked.annotations.load(SESSION.id)
    tried = try_on_project(talked, BY)
    assert talked.annotations.load(SESSION.id) == before
    assert (tried.quality.sessions, tried.quality.truths, tried.quality.proposals) == (1, 3, 7)
    assert tried.quality.time_agreement == 0.85, "three half seconds are not as it proposes"
    assert tried.quality.f1_50 == 0.6, "the last of 8 s is hit by the pause of 4.5 s"
    assert tried.left_out == {}
    with pytest.raises(WozError, match="no procedure"):
        try_on_project(talked, Drafting("steps-from-marks"))


def test_the_command_answers(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    said = TranscriptId("t")
    turns = [Turn(TurnId("1"), said, Role.EXPERT, Interval(S, 2 * S), "Yes.")]
    sqlite_project.sessions.save(replace(SESSION, duration_ns=10 * S))
    sqlite_project.transcripts.add(Transcript(said, SESSION.id, Origin.RECOGNISED, "en", "test", 0), turns)
    command = ["propose", str(sqlite_project.path)]
    assert main([*command, "--by", "states-from-turns", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proposals"] == 3
    assert main([*command, "--outcomes", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out).values()
    assert found["open"] == 3
    assert main([*command, "--by", "states-from-turns", "--quality", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["here"] is None
    assert "No submitted tier" in told["why"]
    assert all(0 < each["quality"]["f1_50"] <= 1 for each in told["stated"])
    assert main(command) == 1
    assert "--by" in capsys.readouterr().err


def test_who_marks_without_a_machines_help_is_helped_by_another_scheme_with_the_same_key(talked: Project) -> None:
    asked = replace(BY, for_whom=ADA)
    blind = BlindScope(BlindScopeId("b"), ADA, SESSION.id, STATES, None, BlindTo.MACHINES, CONVERSATION.id)
    talked.annotators.save_scope(blind)
    with pytest.raises(WozError, match="without a machine's help"):
        draft(talked, SESSION.id, asked, CLOCK)
    talked.annotators.save_scope(replace(blind, scheme_id=SchemeId("other")))
    assert draft(talked, SESSION.id, asked, CLOCK).proposals == 7


def test_a_second_coder_sees_and_gets_no_draft_of_the_same_key_by_another_scheme(talked: Project) -> None:
    other = replace(CONVERSATION, id=SchemeId("other"), name="Other states")
    talked.schemes.add(other)
    boss, ben = give_roles(talked, "Ada", tuple(AnnotatorRole)), add_annotator(talked, "A02")
    assign(talked, SESSION.id, Order(f"{other.id}/{STATES}", ben, boss, Part.SECOND), CLOCK)
    drafted = draft(talked, SESSION.id, BY, CLOCK).tier
    seen = {item.id for item in talked.seen_by(ben.id).annotations.load(SESSION.id)}
    assert OWN.id in seen, "people's work by another scheme"
    assert drafted not in seen
    with pytest.raises(WozError, match="without a machine's help"):
        draft(talked, SESSION.id, replace(BY, for_whom=ben.id), CLOCK)
