"""In which step a question stands: of the tiers that are settled, where there are any."""

from __future__ import annotations

from dataclasses import replace

from storage import Project
from tests.storage.examples import CLOCK, SID, TIER, segment
from tests.ui.test_questions_commands import S
from tests.ui.test_questions_window import film, project
from woz.annotation.edits import Edit
from woz.dataset.questions.standing_steps import standing_steps
from woz.lab.annotators import give_roles
from woz.lab.questions import propose_questions, questions_of
from woz.lab.tiers import move_tier
from woz.model.annotator import AnnotatorRole
from woz.model.ids import LabelId, SchemeId, TierId
from woz.model.own_schemes import STEPS
from woz.model.scheme import Label, Overlap, Scheme, TierType
from woz.model.tier import TierState

__all__ = ["film", "project"]
KINDS = (TierType(STEPS, overlap=Overlap.ANY, labels=(Label(LabelId("fit"), "fit"),)),)
SCHEME = Scheme(SchemeId("fitting"), "Fitting", 1, KINDS)
TIERS = tuple(
    replace(TIER, id=TierId(name), scheme_id=SCHEME.id, tier_type=STEPS, name=name) for name in ("1", "2")
)
MARKS = tuple(replace(segment(f"of {tier.id}", 5 * S, 50 * S, "fit"), tier_id=tier.id) for tier in TIERS)


def test_steps_of_tiers_that_are_settled_count_alone_where_there_are_any() -> None:
    other = replace(TIER, id=TierId("states"), state=TierState.LOCKED)
    assert standing_steps([*TIERS, *MARKS, other]) == list(MARKS)
    for state in (TierState.ACCEPTED, TierState.ADJUDICATED, TierState.LOCKED):
        assert standing_steps([TIERS[0], replace(TIERS[1], state=state), *MARKS, other]) == [MARKS[1]]


def test_a_question_that_is_proposed_anew_rests_on_the_step_that_was_accepted(project: Project) -> None:
    project.schemes.add(SCHEME)
    project.annotations.record(SID, Edit("Mark", (), (*TIERS, *MARKS)), "ada")
    propose_questions(project, [SID], CLOCK)
    found = [set(each.evidence.annotations) for each in questions_of(project, SID)]
    assert found == [{"of 1", "of 2"}, {"of 1", "of 2"}, set()]
    boss = give_roles(project, "A01", tuple(AnnotatorRole))
    for state in (TierState.SUBMITTED, TierState.ACCEPTED):
        move_tier(project, SID, "2", state, boss, "")
    propose_questions(project, [SID], CLOCK)
    assert [each.evidence.annotations for each in questions_of(project, SID)] == [("of 2",), ("of 2",), ()]
