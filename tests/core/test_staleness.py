"""What is derived becomes stale when what it was derived from changes, and only then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from woz.annotation.logged import ItemChange
from woz.annotation.staleness import became_stale, sources_of, transcript_ref
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, QuestionId, SchemeId, SessionId, TierId, TranscriptId, TurnId
from woz.model.item import ref_to
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Turn

SID, TRANSCRIPT = SessionId("s"), TranscriptId("r")


def turn(name: str, start: int, end: int, speaker: Role = Role.TRAINEE) -> Turn:
    return Turn(TurnId(name), TRANSCRIPT, speaker, Interval(start, end), f"Words of {name}?")


ASKED, REPLY, LATER = turn("a", 0, 10), turn("b", 12, 20, Role.EXPERT), turn("c", 50, 60)
OF_TRANSCRIPT = Made(Origin.DERIVED, "woz", sources=(Source(transcript_ref(TRANSCRIPT)),))
TIER = Tier(TierId("t"), SID, SchemeId("x"), 1, "states", "States", OF_TRANSCRIPT)
QUESTION = Question(
    QuestionId("q"),
    SID,
    Interval(0, 25),
    Role.TRAINEE,
    ASKED.text,
    REPLY.text,
    ASKED.interval,
    REPLY.interval,
    made=Made(Origin.DERIVED, "woz", sources=sources_of((ASKED, REPLY))),
)


def state(name: str, start: int, end: int) -> Annotation:
    return Annotation(AnnotationId(name), TIER.id, start, end, "trainee", Made(Origin.DERIVED, "woz"))


DERIVED = (QUESTION, state("s1", 0, 10), state("s2", 10, 12), state("s3", 20, 50), state("s4", 60, 100))


def stale(*changes: tuple[Turn | None, Turn | None]) -> set[str]:
    made = []
    for old, new in changes:
        known = old or new
        assert known
        made.append(ItemChange(ref_to(known), old, new))
    found = became_stale(made, DERIVED, (TIER,))
    assert all(change.before in DERIVED and change.after is not None for change in found)
    return {change.item.id for change in found}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((ASKED, replace(ASKED, text="Others?")), {"q"}),
        ((REPLY, replace(REPLY, speaker=Role.TRAINEE)), {"q"}),
        ((ASKED, replace(ASKED, interval=Interval(0, 11))), {"q", "s1", "s2"}),
        ((REPLY, None), {"q"}),
        ((None, turn("d", 30, 40)), {"s3"}),
        ((LATER, replace(LATER, interval=Interval(45, 65))), {"s3", "s4"}),
        ((ASKED, replace(ASKED, checked=True, translation="Mine?")), set()),
        ((LATER, replace(LATER, text="Others.")), set()),
        ((None, replace(turn("d", 30, 40), transcript_id=TranscriptId("other"))), set()),
    ],
)
def test_by_what_it_becomes_stale(change: tuple[Turn | None, Turn | None], expected: set[str]) -> None:
    assert stale(change) == expected


def test_what_is_stale_stays_so_and_a_question_that_a_person_wrote_anew_becomes_so() -> None:
    change = ItemChange(ref_to(ASKED), ASKED, replace(ASKED, text="Others?"))
    was = replace(QUESTION, made=replace(QUESTION.made, stale=True))
    assert became_stale([change], [was], ()) == ()
    revised = replace(QUESTION, made=replace(QUESTION.made, origin=Origin.MANUAL))
    assert [found.item.id for found in became_stale([change], [revised], ())] == [QUESTION.id]


def test_what_the_same_edit_changes_is_fresh() -> None:
    changes = [
        ItemChange(ref_to(ASKED), ASKED, replace(ASKED, text="Others?")),
        ItemChange(ref_to(QUESTION), QUESTION, replace(QUESTION, text="Others?")),
    ]
    assert became_stale(changes, [QUESTION], ()) == ()
