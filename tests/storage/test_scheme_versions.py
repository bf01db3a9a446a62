"""A scheme taken in as its next version: what it does to stored annotations, in one edit a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.core.scheme_room import mark, scheme
from tests.core.test_scheme_versions import FIRST, SECOND
from tests.storage.examples import CLOCK, SESSION, SID
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.lab.annotators import add_annotator
from woz.lab.schemes import begin_tiers, move_on, planned, scheme_named, take_in_scheme
from woz.model.annotation import Annotation
from woz.model.ids import ProcedureId, SchemeId, SessionId, StepId
from woz.model.made import PROGRAM
from woz.model.procedure import Procedure, Step
from woz.model.scheme import MoveKind
from woz.model.tier import Tier, TierState

PROCEDURE = Procedure(ProcedureId("p"), "P", (Step(StepId("x"), "X", 0), Step(StepId("y"), "Y", 1)))
OTHER = SessionId("20260131-150000-0002")


@pytest.fixture(params=["file", "server"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """Two sessions with tiers of the first version, in each three annotations; in a file, then on a server."""
    url = ""
    if request.param == "server":
        url = request.getfixturevalue("new_database")().render_as_string(hide_password=False)
    with Project.create(tmp_path / "project", "Kitchen", CLOCK, url) as made:
        made.procedures.save(PROCEDURE)
        kept = take_in_scheme(made, FIRST)
        for session_id in (SID, OTHER):
            made.sessions.save(replace(SESSION, id=session_id, procedure_id=PROCEDURE.id))
            (tier,) = begin_tiers(made, session_id, kept)
            marks = tuple(
                replace(mark(f"{session_id}-{label}", "steps", label, i, i + 1), tier_id=tier.id)
                for i, label in enumerate(("fit", "other", "put"))
            )
            made.annotations.record(session_id, Edit("Mark", (), marks), PROGRAM)
        yield made


def _labels(project: Project, session_id: SessionId) -> list[str]:
    items = project.annotations.load(session_id)
    return sorted(item.label for item in items if isinstance(item, Annotation))


def _tier(project: Project, session_id: SessionId) -> Tier:
    (found,) = [item for item in project.annotations.load(session_id) if isinstance(item, Tier)]
    return found


def test_what_would_happen_is_told_before_anything_does(project: Project) -> None:
    plan = planned(project, SECOND)
    assert (plan.new, plan.scheme.version, plan.moving, plan.closed) == (True, 2, 2, ())
    assert plan.effects[0].sentence == "2 annotations of 'Fit gear' in 2 sessions become 'Insert gear'."
    assert [each.sentence for each in plan.effects if each.move.kind == MoveKind.SPLIT] == [
        "2 annotations of 'Other' in 2 sessions must be looked at, since it was split into 'Look' and 'Wait'."
    ]
    assert [scheme.version for scheme in project.schemes.all()] == [1]


def test_tiers_move_on_by_an_edit_a_session_that_can_be_taken_back(project: Project) -> None:
    kept = take_in_scheme(project, SECOND)
    moved = move_on(project, kept)
    assert [each.session_id for each in moved] == [each.id for each in project.sessions.all()]
    assert _labels(project, SID) == ["insert", "insert", "other"]
    assert _tier(project, SID).scheme_version == 2
    assert move_on(project, kept) == []
    edit_id = next(each.edit_id for each in moved if each.session_id == SID)
    assert edit_id is not None
    project.annotations.take_back(SID, PROGRAM, edit_id)
    assert (_labels(project, SID), _tier(project, SID).scheme_version) == (["fit", "other", "put"], 1)
    assert (_labels(project, OTHER), _tier(project, OTHER).scheme_version) == (["insert", "insert", "other"], 2)


def test_a_closed_tier_stays_and_is_told(project: Project) -> None:
    tier = _tier(project, SID)
    person = add_annotator(project, "A01")
    project.annotations.record(SID, Edit("Submit", (tier,), (replace(tier, state=TierState.SUBMITTED),)), person.id)
    plan = planned(project, SECOND)
    assert (plan.moving, [each.id for each in plan.closed]) == (1, [tier.id])
    assert [each.session_id for each in move_on(project, take_in_scheme(project, SECOND))] == [OTHER]
    assert _labels(project, SID) == ["fit", "other", "put"]


def test_where_merging_would_let_one_cover_another_the_session_stays(project: Project) -> None:
    strict = scheme("tier types: [{key: steps, overlap: other label, labels: [{id: a}, {id: b}]}]")
    strict = replace(strict, id=SchemeId("strict"))
    kept = take_in_scheme(project, strict)
    (tier,) = begin_tiers(project, SID, kept)
    marks = tuple(replace(mark(x, "steps", x, 0, 5), tier_id=tier.id) for x in ("a", "b"))
    project.annotations.record(SID, Edit("Mark", (), marks), PROGRAM)
    merged = scheme(
        "tier types: [{key: steps, overlap: other label, labels: [{id: a}]}]\n"
        "moves: [{kind: merged, tier type: steps, from: b, to: [a]}]\n"
    )
    (moved,) = move_on(project, take_in_scheme(project, replace(merged, id=SchemeId("strict"))))
    assert (moved.edit_id, "cover another" in moved.why_not) == (None, True)


def test_a_scheme_with_errors_is_not_taken_in(project: Project) -> None:
    with pytest.raises(WozError, match=r"can't be taken in: It has no tier type"):
        planned(project, replace(SECOND, tier_types=(), moves=()))
    assert not planned(project, FIRST).new


def test_a_scheme_is_found_by_name_and_tiers_begin_once(project: Project) -> None:
    assert scheme_named(project, "S") == scheme_named(project, "s") == FIRST
    with pytest.raises(WozError, match="it has: s"):
        scheme_named(project, "t")
    assert begin_tiers(project, SID, FIRST) == []
    person = add_annotator(project, "A01")
    assert [each.annotator_id for each in begin_tiers(project, SID, FIRST, person)] == [person.id]


def test_an_open_session_has_the_steps_of_its_procedure_as_labels(project: Project) -> None:
    own = replace(scheme("tier types: [{key: doing, labels from: procedure}]"), id=SchemeId("own"))
    begin_tiers(project, SID, take_in_scheme(project, own))
    document = Document(SID, project.annotations.open(SID, PROGRAM), project.annotations, PROGRAM)
    (tier,) = [each for each in document.tiers if each.tier_type == "doing"]
    assert [str(label.id) for label in document.tier_type(tier).labels] == ["x", "y"]


def test_ids_and_items_are_the_same_at_each_reading(project: Project) -> None:
    kept = take_in_scheme(project, SECOND)
    before = {item.id for item in project.annotations.load(SID)}
    move_on(project, kept)
    first, second = (project.annotations.load(SID) for _ in range(2))
    assert first == second
    assert {item.id for item in first} == before
    assert [each.id for each in project.schemes.all()] == [each.id for each in project.schemes.all()]
