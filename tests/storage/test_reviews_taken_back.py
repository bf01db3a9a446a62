"""Decisions that are taken back leave what the others make of a question set, in whatever order all came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count, permutations

import pytest

from storage import Project
from tests.storage.examples import SID, question
from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.dataset.review.deeds import TakingBack
from woz.dataset.review.sources import said_for
from woz.dataset.review.texts import judged, texts_of
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import AnnotatorId
from woz.model.question import English, Question, ReviewStatus, Wording
from woz.model.review import Decision, ReviewRule, ReviewState, ReviewTask, Texts, Verdict

ADA, BEN, CLEO = (AnnotatorId(name) for name in ("ada", "ben", "cleo"))
TEXT, GROUNDING = ReviewTask
FIRST = replace(question("q"), asked=Interval(20, 30), clip=Interval(25, 30))
NEW = replace(texts_of(FIRST), answer="So and so.")


@pytest.fixture
def room(sqlite_project: Project) -> Project:
    project = sqlite_project
    for person in (ADA, BEN):
        project.annotators.save(Annotator(person, person.capitalize()))
    project.annotators.save(Annotator(CLEO, "Cleo", (AnnotatorRole.CURATOR,)))
    project.annotations.record(SID, Edit("Propose", (), (FIRST,)), "woz")
    return project


def _now(project: Project) -> Question:
    (found,) = [item for item in project.annotations.load(SID) if isinstance(item, Question)]
    return found


def _seen(by: AnnotatorId, verdict: Verdict, utc_ns: int, texts: Texts | None = None, clip_ns: int = 5) -> Decision:
    """Of somebody who was shown the question set as it was first."""
    task = TEXT if verdict in (Verdict.ACCEPTABLE, Verdict.DISCARD, Verdict.REVISE) else GROUNDING
    about = judged(FIRST, task)
    return Decision(FIRST.id, SID, task, by, verdict, about, revised=texts, clip_ns=clip_ns, utc_ns=utc_ns)


def _decide(project: Project, made: Decision) -> Decision:
    return project.reviews.decide(made).decision


def _take_back(project: Project, made: Decision, utc_ns: int = 100) -> None:
    assert project.reviews.take_back(made.by, TakingBack.of(made, utc_ns))


def _left(project: Project) -> tuple[Question, ReviewState]:
    """All but who made it, and its state."""
    now = _now(project)
    made = replace(FIRST.made, stale=now.made.stale)
    return replace(now, made=made), project.reviews.states()[FIRST.id]


def test_an_older_revision_that_came_late_and_came_to_count_is_taken_back_with_its_text(room: Project) -> None:
    """Ada's newer decision was stored first, from another computer, and is taken back before the older one."""
    newer = _decide(room, _seen(ADA, Verdict.DISCARD, 9))
    older = _decide(room, _seen(ADA, Verdict.REVISE, 5, NEW))
    assert _now(room).answer == FIRST.answer
    _take_back(room, newer)
    assert (_now(room).answer, _now(room).made.by) == (NEW.answer, ADA), "hers, which nothing derives anew"
    _take_back(room, older, 101)
    assert (_now(room), room.reviews.states()[FIRST.id]) == (FIRST, ReviewState.PROPOSED)


DECIDED = {
    "of two minds": [_seen(ADA, Verdict.ACCEPTABLE, 5), _seen(BEN, Verdict.REVISE, 7, NEW)],
    "refused, then of two minds": [_seen(ADA, Verdict.DISCARD, 5), _seen(BEN, Verdict.ACCEPTABLE, 7)],
    "one found it grounded": [
        _seen(ADA, Verdict.GROUNDED, 5, clip_ns=15),
        _seen(BEN, Verdict.NOT_GROUNDED, 7, clip_ns=15),
    ],
    "grounded in two clips": [
        _seen(ADA, Verdict.GROUNDED, 5, clip_ns=15),
        _seen(BEN, Verdict.GROUNDED, 7, clip_ns=20),
    ],
}


@pytest.mark.parametrize("grounding", [True, False])
@pytest.mark.parametrize("decided", DECIDED.values(), ids=DECIDED)
def test_the_order_in_which_decisions_come_and_are_taken_back_makes_no_difference(
    room: Project, decided: Sequence[Decision], grounding: bool
) -> None:
    """Where one person is enough, a second whose window waited is stored all the same."""
    room.reviews.set_rule(ReviewRule(1, grounding))
    both, one = list[object](), dict[int, list[object]]()
    for coming in filter(_possible, permutations(decided)):
        for going in permutations(range(len(coming))):
            kept = [_decide(room, replace(each, utc_ns=each.utc_ns + 1000 * len(both))) for each in coming]
            both.append(_without_times(_left(room)))
            _take_back(room, kept[going[0]], 10_000 * len(both))
            one.setdefault(decided.index(coming[going[1]]), []).append(_without_times(_left(room)))
            _take_back(room, kept[going[1]], 10_000 * len(both) + 1)
            assert (_now(room), room.reviews.states()[FIRST.id]) == (FIRST, ReviewState.PROPOSED)
    for found in (both, *one.values()):
        assert all(each == found[0] for each in found)


def _curated(verdict: Verdict, clip_ns: int = 5) -> Decision:
    return replace(_seen(CLEO, verdict, 9, clip_ns=clip_ns), curated=True, comment="seen twice")


LONG = _seen(ADA, Verdict.GROUNDED, 5, clip_ns=15)
CURATED = {
    "not grounded": [LONG, _seen(BEN, Verdict.NOT_GROUNDED, 7, clip_ns=15), _curated(Verdict.NOT_GROUNDED)],
    "grounded in a shorter clip": [
        LONG,
        _seen(BEN, Verdict.NOT_GROUNDED, 7, clip_ns=15),
        _curated(Verdict.GROUNDED, 8),
    ],
    "none of two clips": [LONG, _seen(BEN, Verdict.GROUNDED, 7, clip_ns=20), _curated(Verdict.CONTAINS_ANSWER)],
    "grounded, as Ada no longer finds": [LONG, _seen(ADA, Verdict.NOT_GROUNDED, 7), _curated(Verdict.GROUNDED, 8)],
}


@pytest.mark.parametrize("decided", CURATED.values(), ids=CURATED)
def test_the_order_makes_no_difference_where_a_curator_settles_a_clip(
    room: Project, decided: Sequence[Decision]
) -> None:
    left: dict[tuple[int, ...], list[object]] = {}
    times = count(1)
    for coming in permutations(range(3)):
        for going in filter(partial(_newest_first, decided), permutations(range(3))):
            shift = 1000 * next(times)
            kept = {nr: _decide(room, replace(decided[nr], utc_ns=decided[nr].utc_ns + shift)) for nr in coming}
            for taken in range(3):
                left.setdefault(tuple(sorted(going[taken:])), []).append(_left(room))
                _take_back(room, kept[going[taken]], 100 * shift + taken)
            assert (_now(room), room.reviews.states()[FIRST.id]) == (FIRST, ReviewState.PROPOSED)
    for found in left.values():
        assert all(each == found[0] for each in found)


def _newest_first(decided: Sequence[Decision], going: Sequence[int]) -> bool:
    """Nobody takes back what they decided anew since."""
    times: dict[AnnotatorId, list[int]] = {}
    for nr in going:
        times.setdefault(decided[nr].by, []).append(-decided[nr].utc_ns)
    return all(each == sorted(each) for each in times.values())


@pytest.mark.parametrize("taken_back", [False, True])
def test_words_that_are_written_anew_have_the_clips_own_length_until_it_is_judged(
    room: Project, taken_back: bool
) -> None:
    """Whatever else is decided on them, and taken back."""
    _decide(room, LONG)
    assert _now(room).clip == Interval(15, 30)
    _decide(room, _seen(BEN, Verdict.REVISE, 7, NEW))
    assert _now(room).clip == FIRST.clip
    about = judged(_now(room), TEXT)
    other = _decide(room, replace(_seen(CLEO, Verdict.ACCEPTABLE, 8), judged=about))
    if taken_back:
        _take_back(room, other)
    assert (_now(room).answer, _now(room).clip) == (NEW.answer, FIRST.clip)


@pytest.mark.parametrize("late", [False, True])
def test_a_clip_that_nobody_finds_grounded_any_more_has_its_own_length(room: Project, late: bool) -> None:
    """Also where it was never found so but by a decision that came late."""
    before, after = _seen(ADA, Verdict.GROUNDED, 5, clip_ns=15), _seen(ADA, Verdict.NOT_GROUNDED, 9, clip_ns=15)
    for each in (after, before) if late else (before, after):
        _decide(room, each)
    assert _left(room) == (replace(FIRST, status=ReviewStatus.REJECTED), ReviewState.DISCARDED)


def _possible(coming: Sequence[Decision]) -> bool:
    """What is about words that were written anew meanwhile is refused."""
    return all(each.revised is None for each in coming[:-1])


def _without_times(left: tuple[Question, ReviewState]) -> object:
    now, state = left
    return replace(now, answer_wording=replace(now.answer_wording, utc_ns=0)), state


def test_nobody_has_accepted_what_was_grounded_once_its_words_are_others_again(room: Project) -> None:
    revised = _decide(room, _seen(ADA, Verdict.REVISE, 5, NEW))
    about = judged(_now(room), GROUNDING)
    _decide(room, replace(_seen(BEN, Verdict.GROUNDED, 6, clip_ns=15), judged=about))
    assert _left(room)[1] == ReviewState.ACCEPTED
    _take_back(room, revised)
    assert _left(room) == (FIRST, ReviewState.PROPOSED)


def test_who_made_it_fresh_and_takes_that_back_leaves_it_fresh_for_whoever_judged_it_then(room: Project) -> None:
    """And stale again once nobody has."""
    room.reviews.set_rule(ReviewRule(2, grounding=False))
    _decide(room, _seen(CLEO, Verdict.ACCEPTABLE, 4))
    now = _now(room)
    stale = replace(now, made=replace(now.made, stale=True))
    room.annotations.record(SID, Edit("Correct", (now,), (stale,)), "woz")
    said = room.reviews.waiting(ADA, TEXT)
    assert [each.mine for each in said] == [None]
    first, second = (_decide(room, _anew(room, by, utc_ns)) for by, utc_ns in ((ADA, 5), (BEN, 6)))
    assert _left(room) == (replace(FIRST, status=ReviewStatus.ACCEPTED), ReviewState.ACCEPTED)
    _take_back(room, first)
    assert _left(room) == (FIRST, ReviewState.IN_REVIEW)
    _take_back(room, second, 101)
    assert _left(room)[1] == ReviewState.STALE


def _anew(project: Project, by: AnnotatorId, utc_ns: int) -> Decision:
    """By somebody who was shown it as it is now; nothing is said where it is from."""
    return replace(_seen(by, Verdict.ACCEPTABLE, utc_ns), said=said_for(_now(project), {}))


def test_what_others_changed_since_and_what_a_curator_settled_stays(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(2, grounding=False))
    first = _decide(room, _seen(ADA, Verdict.ACCEPTABLE, 5))
    _decide(room, _seen(BEN, Verdict.REVISE, 6, NEW))
    curated = replace(_seen(CLEO, Verdict.REVISE, 7, NEW), curated=True, comment="Ben heard it right")
    _decide(room, curated)
    now = _now(room)
    typed = replace(now, type="where", english=English("How?", "So and so.", wording=Wording("ben", "revised", 50)))
    room.annotations.record(SID, Edit("Change", (now,), (typed,)), "woz")
    _take_back(room, first)
    assert _left(room) == (_left_of(typed), ReviewState.ACCEPTED)
    _take_back(room, curated, 101)
    assert _left(room)[0] == replace(_left_of(typed), status=ReviewStatus.PROPOSED), "whose English it is"


def _left_of(now: Question) -> Question:
    return replace(now, made=FIRST.made)


def test_what_is_taken_back_and_changes_nothing_leaves_no_trace(room: Project) -> None:
    room.reviews.set_rule(ReviewRule(2, grounding=False))
    kept = [_decide(room, _seen(by, Verdict.ACCEPTABLE, utc_ns)) for by, utc_ns in ((ADA, 5), (BEN, 6), (CLEO, 7))]
    log = len(room.annotations.history(SID))
    _take_back(room, kept[0])
    assert (_left(room)[1], len(room.annotations.history(SID))) == (ReviewState.ACCEPTED, log)
