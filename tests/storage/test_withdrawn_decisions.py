"""What people typed as they judged question sets goes with the words of who withdraws, where it repeats them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import SESSION, SID, TRANSCRIPT, TURN, question
from woz.annotation.edits import Edit
from woz.annotation.withdrawn import Scope
from woz.dataset.review.texts import judged, texts_of
from woz.model.annotator import Annotator
from woz.model.ids import AnnotatorId, ParticipantId
from woz.model.people import Attendance, Participant, Role
from woz.model.question import QuestionKind
from woz.model.review import Decision, ReviewRule, ReviewTask, Texts, Verdict

TRAINEE = Participant(ParticipantId("t"), "P01", Role.TRAINEE)
EXPERT = Participant(ParticipantId("e"), "E07", Role.EXPERT)
ADA, TEXT = AnnotatorId("ada"), ReviewTask.TEXT
HERS = "Xylophonist quokkas juggle Zwetschgenknoedel"
ASKED = replace(question("w"), kind=QuestionKind.WRITTEN, text="What is wrong?", answer="Nothing at all.")
OLD = texts_of(ASKED)


@pytest.mark.parametrize(
    ("comment", "revised", "left"),
    [
        ("", replace(OLD, distractors=(f"{HERS}!", "No.")), 0),
        ("", replace(OLD, english_question=f"Is “{HERS}” wrong?"), 0),
        (f"She said {HERS}.", None, 0),
        ("Good.", replace(OLD, answer="Nothing."), 1),
    ],
)
def test_a_revision_that_repeats_what_they_said_goes(
    project: Project, comment: str, revised: Texts | None, left: int
) -> None:
    """Another is wanted still, so that the question set itself holds nothing of it."""
    for person in (TRAINEE, EXPERT):
        project.participants.save(person)
    here = tuple(Attendance(p.id, p.role) for p in (TRAINEE, EXPERT))
    project.sessions.save(replace(SESSION, participants=(TRAINEE.id, EXPERT.id), attendance=here))
    project.annotators.save(Annotator(ADA, "Ada"))
    project.transcripts.add(TRANSCRIPT, [replace(TURN, speaker=Role.TRAINEE, text=HERS, words=())])
    project.annotations.record(SID, Edit("Ask", (), (ASKED,)), "woz")
    project.reviews.set_rule(ReviewRule(2))
    verdict = Verdict.REVISE if revised else Verdict.ACCEPTABLE
    project.reviews.decide(
        Decision(ASKED.id, SID, TEXT, ADA, verdict, judged(ASKED, TEXT), comment=comment, revised=revised)
    )
    assert project.withdrawals.annotators(SID) == ("Ada",), "whose window may keep something elsewhere"
    scope = Scope(SID, TRAINEE.pseudonym, frozenset({Role.TRAINEE}), False)
    project.withdrawals.erase(scope)
    assert len(project.reviews.own(ADA)) == left
