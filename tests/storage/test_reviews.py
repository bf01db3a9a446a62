"""Decisions on question sets: what follows from them, who sees them, and taking them back; over both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from storage import Project
from storage.repositories.reviews import Judged
from tests.storage.examples import SID, TRANSCRIPT, TURN, question
from woz.annotation.edits import Edit
from woz.annotation.staleness import sources_of
from woz.base.errors import WozError
from woz.dataset.review.deeds import TakingBack
from woz.dataset.review.sources import said_for
from woz.dataset.review.texts import judged, texts_of
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import AnnotatorId, QuestionId
from woz.model.question import English, Question, ReviewStatus, Wording
from woz.model.review import Decision, ReviewRule, ReviewState, ReviewTask, Texts, Verdict

ADA, BEN, CLEO = (AnnotatorId(name) for name in ("ada", "ben", "cleo"))
TEXT, GROUNDING = ReviewTask
Q = QuestionId("q")


@pytest.fixture
def room(project: Project) -> Project:
    for person in (ADA, BEN):
        project.annotators.save(Annotator(person, person.capitalize()))
    project.annotators.save(Annotator(CLEO, "Cleo", (AnnotatorRole.CURATOR,)))
    project.annotations.record(SID, Edit("Propose", (), (question("q"), replace(question("r"), asked_ns=9))), "woz")
    return project


def _now(project: Project) -> Question:
    (found,) = [i for i in project.annotations.load(SID) if isinstance(i, Question) and i.id == Q]
    return found


def _decide(
    project: Project, by: AnnotatorId, verdict: Verdict, texts: Texts | None = None, why: str = ""
) -> Decision:
    """A curator's where there is a reason."""
    now = _now(project)
    task = GROUNDING if verdict in (Verdict.GROUNDED, Verdict.NOT_GROUNDED, Verdict.CONTAINS_ANSWER) else TEXT
    made = Decision(Q, SID, task, by, verdict, judged(now, task), bool(why), False, why, texts, 5)
    return project.reviews.decide(made).decision


def _take_back(project: Project, made: Decision, utc_ns: int = 1) -> Judged | None:
    return project.reviews.take_back(made.by, TakingBack.of(made, utc_ns))


def _state(project: Project) -> ReviewState:
    return project.reviews.states()[Q]


def _todo(project: Project, by: AnnotatorId, task: ReviewTask) -> list[str]:
    return [each.question_id for each in project.reviews.waiting(by, task) if each.mine is None]


def test_one_person_accepts_by_text_then_clip(room: Project) -> None:
    assert _state(room) == ReviewState.PROPOSED
    assert (_todo(room, ADA, TEXT), _todo(room, ADA, GROUNDING)) == (["q", "r"], [])
    _decide(room, ADA, Verdict.ACCEPTABLE)
    assert (_state(room), _now(room).status) == (ReviewState.IN_REVIEW, ReviewStatus.PROPOSED)
    assert (_todo(room, BEN, TEXT), _todo(room, BEN, GROUNDING)) == (["r"], ["q"])
    made = _decide(room, BEN, Verdict.GROUNDED)
    assert (_state(room), _now(room).status) == (ReviewState.ACCEPTED, ReviewStatus.ACCEPTED)
    assert _todo(room, ADA, GROUNDING) == []
    assert _take_back(room, made)
    assert (_state(room), _now(room).status) == (ReviewState.IN_REVIEW, ReviewStatus.PROPOSED)
    assert _take_back(room, made, 2) is None


def test_without_the_clip_the_text_decides(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(1, grounding=False))
    _decide(room, ADA, Verdict.ACCEPTABLE)
    assert (_state(room), _todo(room, ADA, GROUNDING)) == (ReviewState.ACCEPTED, [])


def test_who_judges_sees_their_own_decisions_only(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(2))
    _decide(room, ADA, Verdict.DISCARD)
    assert _state(room) == ReviewState.IN_REVIEW
    assert [each.mine for each in room.reviews.waiting(BEN, TEXT)] == [None, None]
    assert room.reviews.own(BEN) == []
    assert [each.verdict for each in room.reviews.own(ADA)] == [Verdict.DISCARD]
    for curators_alone in (room.reviews.disputed, room.reviews.decisions):
        with pytest.raises(WozError, match="Ben is no curator"):
            curators_alone(BEN)
    with pytest.raises(WozError, match="no curator"):
        _decide(room, BEN, Verdict.ACCEPTABLE, why="I say so")
    assert room.reviews.disputed(CLEO) == []
    _decide(room, BEN, Verdict.DISCARD)
    assert (_state(room), _now(room).status) == (ReviewState.DISCARDED, ReviewStatus.REJECTED)


def test_a_curator_settles_a_disagreement(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(2, grounding=False))
    new = replace(texts_of(_now(room)), answer="So and so.")
    _decide(room, ADA, Verdict.ACCEPTABLE)
    _decide(room, BEN, Verdict.REVISE, new)
    assert (_state(room), _now(room).answer) == (ReviewState.DISPUTED, "So.")
    (open_,) = room.reviews.disputed(CLEO)
    assert [(each.by, each.revised) for each in open_.decisions] == [(ADA, None), (BEN, new)]
    with pytest.raises(WozError, match="Say why"):
        room.reviews.decide(replace(open_.decisions[0], by=CLEO, curated=True, comment=" "))
    settled = _decide(room, CLEO, Verdict.REVISE, new, "Ben heard it right")
    now = _now(room)
    assert (_state(room), now.answer, now.answer_wording.by) == (ReviewState.ACCEPTED, "So and so.", CLEO)
    assert _take_back(room, settled)
    assert (_state(room), _now(room).answer) == (ReviewState.DISPUTED, "So.")


def test_a_revision_keeps_the_first_text_and_is_taken_back_with_its_decision(room: Project) -> None:
    first = _now(room)
    with pytest.raises(WozError, match="Nothing was changed"):
        _decide(room, ADA, Verdict.REVISE, texts_of(first))
    with pytest.raises(WozError, match="the same"):
        _decide(room, ADA, Verdict.REVISE, Texts("How?", "So.", ("so!", "No.")))
    made = _decide(room, ADA, Verdict.REVISE, Texts(" How much? ", "So.", ("Less.", "", "No.")))
    now = _now(room)
    assert (now.text, now.wording.by, now.answer_wording) == ("How much?", ADA, first.answer_wording)
    assert [(each.text, each.wording.by) for each in now.distractors] == [("Less.", ADA), ("No.", "")]
    assert (_state(room), _todo(room, BEN, GROUNDING)) == (ReviewState.IN_REVIEW, ["q"])
    _take_back(room, made)
    assert replace(_now(room), made=first.made) == first


def test_whoever_decides_again_has_decided_the_last(room: Project) -> None:
    _decide(room, ADA, Verdict.ACCEPTABLE)
    again = _decide(room, ADA, Verdict.DISCARD)
    assert _state(room) == ReviewState.DISCARDED
    _take_back(room, again)
    assert _state(room) == ReviewState.IN_REVIEW


def test_others_who_change_the_texts_make_earlier_decisions_count_no_more(room: Project) -> None:
    before = _now(room)
    _decide(room, ADA, Verdict.ACCEPTABLE)
    changed = replace(_now(room), text="Why?")
    room.annotations.record(SID, Edit("Change", (_now(room),), (changed,)), "woz")
    assert (_state(room), _todo(room, ADA, TEXT)) == (ReviewState.PROPOSED, ["q", "r"])
    with pytest.raises(WozError, match="read it again"):
        room.reviews.decide(Decision(Q, SID, TEXT, ADA, Verdict.ACCEPTABLE, judged(before, TEXT)))


def test_a_stale_question_is_judged_anew(room: Project) -> None:
    _decide(room, ADA, Verdict.ACCEPTABLE)
    _decide(room, ADA, Verdict.GROUNDED)
    now = _now(room)
    stale = replace(now, made=replace(now.made, stale=True))
    room.annotations.record(SID, Edit("Correct", (now,), (stale,)), "woz")
    assert (_state(room), _todo(room, ADA, TEXT), _todo(room, ADA, GROUNDING)) == (
        ReviewState.STALE,
        ["q", "r"],
        [],
    )
    anew = replace(_made(room, Verdict.ACCEPTABLE, 7), by=BEN, said=said_for(stale, {}))
    room.reviews.decide(anew)
    assert (_state(room), _now(room).made.stale) == (ReviewState.IN_REVIEW, False)
    _take_back(room, anew)
    assert _state(room) == ReviewState.STALE


def _correct(project: Project, *texts: str) -> Iterator[Decision]:
    """The question set comes to be of a turn, whose text is corrected to each of these; of each, and of the first,
    the decision that somebody makes who sees it then.
    """
    project.transcripts.add(TRANSCRIPT, [TURN])
    old = _now(project)
    of_turn = replace(old, made=replace(old.made, sources=sources_of([TURN])))
    project.annotations.record(SID, Edit("Derive", (old,), (of_turn,)), "woz")
    turn = TURN
    yield replace(_made(project, Verdict.ACCEPTABLE, 5), said=said_for(of_turn, {turn.id: turn}))
    for utc_ns, text in enumerate(texts, 6):
        said = replace(turn, text=text)
        project.annotations.record(SID, Edit("Correct", (turn,), (said,)), "woz")
        turn = said
        yield replace(_made(project, Verdict.ACCEPTABLE, utc_ns), said=said_for(of_turn, {turn.id: turn}))


def test_who_saw_a_question_set_before_its_transcript_was_corrected_does_not_make_it_fresh(room: Project) -> None:
    """Nor who saw it between two corrections, nor once somebody else has made it fresh."""
    before, between, after = _correct(room, "Mix!", "Stir!")
    unknown = replace(before, said="")
    for late in (before, between, unknown):
        with pytest.raises(WozError, match="corrected after this question set was shown"):
            room.reviews.decide(late)
    assert (_state(room), room.reviews.own(ADA)) == (ReviewState.STALE, [])
    clip = replace(after, task=GROUNDING, verdict=Verdict.GROUNDED, judged=judged(_now(room), GROUNDING))
    with pytest.raises(WozError, match="judged anew first"):
        room.reviews.decide(clip)
    assert _state(room) == ReviewState.STALE
    room.reviews.decide(replace(after, by=BEN))
    assert _state(room) == ReviewState.IN_REVIEW
    with pytest.raises(WozError, match="corrected after this question set was shown"):
        room.reviews.decide(before)
    room.reviews.decide(after)
    assert [each.by for each in room.reviews.decisions(CLEO)] == [BEN, ADA]


def test_a_curator_who_saw_it_before_does_not_settle_it(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(2, grounding=False))
    seen = _correct(room, "Mix!")
    before = next(seen)
    for by, verdict in ((ADA, Verdict.ACCEPTABLE), (BEN, Verdict.DISCARD)):
        room.reviews.decide(replace(before, by=by, verdict=verdict))
    (open_,) = room.reviews.disputed(CLEO)
    next(seen)
    with pytest.raises(WozError, match="corrected after this question set was shown"):
        room.reviews.decide(replace(before, by=CLEO, curated=True, comment="I say so", said=open_.said))
    assert (open_.said, _state(room)) == (before.said, ReviewState.STALE)


def test_a_question_that_is_gone_cant_be_judged(room: Project) -> None:
    gone = Decision(QuestionId("z"), SID, TEXT, ADA, Verdict.ACCEPTABLE, "")
    with pytest.raises(WozError, match="taken away"):
        room.reviews.decide(gone)
    with pytest.raises(WozError, match="annotator"):
        room.reviews.decide(replace(gone, by=AnnotatorId("nobody")))


def _made(project: Project, verdict: Verdict, utc_ns: int, texts: Texts | None = None) -> Decision:
    """ADA's, of the words as they are, which says when it was made."""
    about = judged(_now(project), TEXT)
    return Decision(Q, SID, TEXT, ADA, verdict, about, revised=texts, utc_ns=utc_ns)


def test_a_decision_that_says_when_it_was_made_is_kept_once(room: Project) -> None:
    """Asked for again it is the same, though the texts that it was about are others by now."""
    made = _made(room, Verdict.REVISE, 7, replace(texts_of(_now(room)), answer="So and so."))
    first = room.reviews.decide(made)
    assert (first.decision.utc_ns, first.question.answer_wording.utc_ns) == (7, 7)
    assert room.reviews.decide(made) == first
    assert [each.id for each in room.reviews.own(ADA)] == [first.decision.id]
    room.reviews.decide(_made(room, Verdict.REVISE, 8, replace(texts_of(_now(room)), answer="Thus.")))
    assert (len(room.reviews.own(ADA)), _now(room).answer) == (2, "Thus.")
    assert room.reviews.decide(made).question.answer == "Thus."


def test_what_is_asked_to_be_taken_back_again_is_taken_back_once(room: Project) -> None:
    first, second = (
        room.reviews.decide(_made(room, verdict, utc_ns)).decision
        for utc_ns, verdict in ((5, Verdict.ACCEPTABLE), (6, Verdict.DISCARD))
    )
    taken = _take_back(room, second, 7)
    again = _take_back(room, second, 7)
    assert taken
    assert again
    assert again.decision == taken.decision == second
    assert room.reviews.own(ADA) == [first]
    assert _take_back(room, first, 8)
    assert room.reviews.own(ADA) == []


@pytest.mark.parametrize("of", ["words that are others now", "a question set that is gone"])
def test_nothing_is_taken_back_in_the_place_of_a_decision_that_was_refused(room: Project, of: str) -> None:
    earlier = room.reviews.decide(_made(room, Verdict.ACCEPTABLE, 5)).decision
    refused = replace(_made(room, Verdict.DISCARD, 6), judged="of other words")
    if of == "a question set that is gone":
        refused = replace(refused, question_id=QuestionId("z"))
    with pytest.raises(WozError):
        room.reviews.decide(refused)
    assert _take_back(room, refused, 7) is None
    assert (_state(room), room.reviews.own(ADA)) == (ReviewState.IN_REVIEW, [earlier])


def test_nothing_is_taken_back_of_a_question_set_that_is_gone(room: Project) -> None:
    made = room.reviews.decide(_made(room, Verdict.ACCEPTABLE, 5)).decision
    now = _now(room)
    room.annotations.record(SID, Edit("Take away", (now,), ()), "woz")
    assert _take_back(room, made, 7) is None


@pytest.mark.parametrize("first", [Verdict.ACCEPTABLE, Verdict.DISCARD])
def test_nothing_is_taken_back_of_what_was_decided_on_anew(room: Project, first: Verdict) -> None:
    states = {Verdict.ACCEPTABLE: ReviewState.IN_REVIEW, Verdict.DISCARD: ReviewState.DISCARDED}
    then = next(each for each in states if each != first)
    older, newer = (
        room.reviews.decide(_made(room, verdict, utc_ns)).decision for utc_ns, verdict in ((5, first), (9, then))
    )
    assert _take_back(room, older, 7) is None
    assert (_state(room), room.reviews.own(ADA)) == (states[then], [older, newer])
    for utc_ns, made, state in ((10, newer, states[first]), (11, older, ReviewState.PROPOSED)):
        assert _take_back(room, made, utc_ns)
        assert _state(room) == state


def test_what_was_decided_last_is_taken_back_though_something_older_came_later(room: Project) -> None:
    """As from a window that waited."""
    newer, older = (
        room.reviews.decide(_made(room, verdict, utc_ns)).decision
        for utc_ns, verdict in ((9, Verdict.DISCARD), (5, Verdict.ACCEPTABLE))
    )
    assert _take_back(room, newer, 10)
    assert (_state(room), room.reviews.own(ADA)) == (ReviewState.IN_REVIEW, [older])


FOREIGN = replace(question("f"), language="it", english=None)
ENGLISH = ("Like this?", "Like this.", ("Not like this.", "No."))


def _keep(project: Project, found: Question) -> Question:
    """As it is in the store now."""
    (now,) = [i for i in project.annotations.load(SID) if isinstance(i, Question) and i.id == found.id]
    return now


def test_a_person_writes_the_english_and_nothing_is_judged_by_it(room: Project) -> None:
    room.annotations.record(SID, Edit("Propose", (), (FOREIGN,)), "woz")
    seen, (asked, answer, wrong) = _keep(room, FOREIGN), ENGLISH
    room.reviews.decide(Decision(seen.id, SID, TEXT, ADA, Verdict.ACCEPTABLE, judged(seen, TEXT)))
    with pytest.raises(WozError, match="each wrong answer need a text in English"):
        room.reviews.write_english(
            seen, replace(texts_of(seen), english_question=asked, english_answer=answer), BEN
        )
    whole = replace(
        texts_of(seen), question="nothing of this", english_question=asked, english_answer=answer,
        english_distractors=wrong,
    )  # fmt: skip
    new = room.reviews.write_english(seen, whole, BEN)
    assert new == _keep(room, FOREIGN)
    log = len(room.annotations.history(SID))
    assert room.reviews.write_english(seen, whole, BEN) == new, "asked for again"
    assert len(room.annotations.history(SID)) == log
    assert (new.text, new.english_options) == (seen.text, (answer, *wrong))
    assert new.english
    assert (new.english.checked, new.english.wording.by) == (True, BEN)
    assert room.reviews.states()[new.id] == ReviewState.IN_REVIEW, "ADA's decision counts still"
    with pytest.raises(WozError, match="changed this question set meanwhile"):
        room.reviews.check_english(seen, ADA)


def test_english_that_was_written_since_the_words_were_stays_once_the_clip_is_judged(room: Project) -> None:
    room.reviews.decide(_made(room, Verdict.REVISE, 7, replace(texts_of(_now(room)), answer="So and so.")))
    asked, answer, wrong = ENGLISH
    whole = replace(texts_of(_now(room)), english_question=asked, english_answer=answer, english_distractors=wrong)
    new = room.reviews.write_english(_now(room), whole, BEN)
    assert new.english_options == (answer, *wrong)
    _decide(room, BEN, Verdict.GROUNDED)
    assert _now(room) == replace(new, status=ReviewStatus.ACCEPTED)


def test_what_a_model_translated_is_checked_and_is_not_once_the_original_changes(room: Project) -> None:
    by_model = English("Like this?", "Like this.", wording=Wording("a-model", "prompt 1", 7))
    wrong = tuple(replace(each, english=f"{n}") for n, each in enumerate(FOREIGN.distractors))
    room.annotations.record(
        SID, Edit("Propose", (), (replace(FOREIGN, english=by_model, distractors=wrong),)), "woz"
    )
    seen = room.reviews.check_english(_keep(room, FOREIGN), ADA)
    assert seen.english == replace(by_model, checked=True), "it is the model's still"
    room.reviews.set_rule(ReviewRule(1, grounding=False))
    other = replace(
        texts_of(seen), answer="Cosa.", distractors=texts_of(seen).distractors[:1], english_distractors=("0",)
    )
    room.reviews.decide(Decision(seen.id, SID, TEXT, BEN, Verdict.REVISE, judged(seen, TEXT), revised=other))
    now = _keep(room, FOREIGN)
    assert (now.answer, now.english) == ("Cosa.", by_model)


def test_a_wrong_answer_that_was_taken_names_its_well(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(1, grounding=False))
    taken = (("Left.", "minimal edit: side"),)
    texts = replace(texts_of(_now(room)), distractors=("Left.", "Mine."), english_distractors=(), taken=taken)
    _decide(room, ADA, Verdict.REVISE, texts)
    found = {each.text: (each.wording.by, each.wording.how) for each in _now(room).distractors}
    assert found == {"Left.": (ADA, "taken: minimal edit: side"), "Mine.": (ADA, "revised")}


def test_what_a_curator_settled_was_judged_by_those_who_disagreed(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(2, grounding=False))
    new = replace(texts_of(_now(room)), answer="So and so.")
    _decide(room, ADA, Verdict.ACCEPTABLE)
    _decide(room, BEN, Verdict.REVISE, new)
    assert room.reviews.judging().people["q"] == 2
    _decide(room, CLEO, Verdict.REVISE, new, "better")
    assert (_now(room).answer, room.reviews.judging().people["q"]) == ("So and so.", 2)
    old = _now(room)
    room.annotations.record(SID, Edit("Change", (old,), (replace(old, answer="Otherwise."),)), "woz")
    assert room.reviews.judging().people["q"] == 0, "nobody has seen these words"
