"""Question sets are given to people to judge: each to as many as the project asks, and to nobody who was there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from woz.annotation.tier_states import KEEPERS
from woz.base.commands import quoted
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.dataset.review.sharing import Draw, shared_out
from woz.lab.ports import Project
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import AnnotatorId, SessionId
from woz.model.review import GivenProgress, GivenQuestion, ReviewTask


@dataclass(frozen=True, slots=True)
class QuestionOrder:
    """Who shall judge a task of the question sets of these sessions, all of them or those that are drawn."""

    to: Sequence[Annotator]
    by: Annotator
    session_ids: Sequence[SessionId]
    task: ReviewTask = ReviewTask.TEXT
    draw: Draw = field(default_factory=Draw)


@dataclass(frozen=True, slots=True)
class SharedOut:
    """What came of an order: of so many `sets` that were chosen, what was `given`, and how many lack how many
    people still. `barred` are those who get nothing of so many sessions, since they are in them, by pseudonym.
    """

    sets: int
    given: tuple[GivenQuestion, ...]
    short: int
    lacking: int
    barred: dict[str, int]


@dataclass(frozen=True, slots=True)
class GivenCounts:
    """How many question sets somebody was given to judge, how many of them they judged, and how many wait for them;
    what is neither, others settled.
    """

    pseudonym: str
    task: ReviewTask
    given: int
    done: int
    open: int


def give_questions(project: Project, order: QuestionOrder, dry_run: bool = False) -> SharedOut:
    """Shares them out by all that was decided, whoever asks; with `dry_run` nothing is changed.

    Raises WozError for who may not give work, or can't do it, and for clips where the project's people judge none.
    """
    _demand_giver(order.by)
    for person in order.to:
        _demand_judge(person)
    project = project.seen_by(order.by.id).whole()
    with project.at_once():
        if order.task == ReviewTask.GROUNDING and not project.reviews.rule().grounding:
            raise WozError(
                "Nobody looks at clips in this project;"
                f" woz questions rule {quoted(project.path)} --grounding yes has people do so."
            )
        places = order.draw.of(project.question_work.places(order.task, order.session_ids))
        people = [each.id for each in order.to]
        barred = _there(project, order.session_ids, order.to)
        load = Counter(each.given.to for each in project.question_work.all() if _loads(each, order.task))
        shares = shared_out(places, people, barred, load, order.draw.seed)
        given = tuple(
            GivenQuestion(
                each.place.question_id, each.place.session_id, order.task, to, order.by.id, str(order.draw)
            )
            for each in shares
            for to in each.to
        )
        if not dry_run:
            project.question_work.add(given)
    names = {each.id: each.pseudonym for each in order.to}
    kept_out = Counter(names[person] for people_there in barred.values() for person in people_there)
    lacking = [each.short for each in shares if each.short > 0]
    return SharedOut(len(places), given, len(lacking), sum(lacking), dict(sorted(kept_out.items())))


def take_back_questions(
    project: Project,
    whose: Collection[Annotator],
    by: Annotator,
    session_ids: Collection[SessionId],
    task: ReviewTask | None = None,
) -> tuple[int, int]:
    """They shall no longer judge what they haven't judged yet: how many these were, and how many of theirs are done
    and stay. Raises WozError for who may not take work back.
    """
    _demand_giver(by)
    project = project.seen_by(by.id).whole()
    them, sessions = {each.id for each in whose}, set(session_ids)
    with project.at_once():
        theirs = [
            each
            for each in project.question_work.all()
            if each.given.to in them and each.given.session_id in sessions and task in (None, each.given.task)
        ]
        going = [each.given for each in theirs if not each.done]
        project.question_work.remove(going)
    return len(going), len(theirs) - len(going)


def given_counts(project: Project, session_ids: Collection[SessionId] | None = None) -> list[GivenCounts]:
    """By pseudonym and task, of all sessions where none are named; of others nothing for who doesn't see it."""
    names = {each.id: each.pseudonym for each in project.annotators.all()}
    sessions = None if session_ids is None else frozenset(session_ids)
    found: dict[tuple[str, ReviewTask], list[GivenProgress]] = {}
    for each in project.question_work.all():
        if sessions is None or each.given.session_id in sessions:
            found.setdefault((names[each.given.to], each.given.task), []).append(each)
    tasks = list(ReviewTask)
    return [
        GivenCounts(name, task, len(those), sum(one.done for one in those), sum(one.open for one in those))
        for (name, task), those in sorted(found.items(), key=lambda one: (one[0][0], tasks.index(one[0][1])))
    ]


def counts_words(each: GivenCounts) -> str:
    """One line."""
    settled = each.given - each.done - each.open
    rest = f", {settled} settled without them" if settled else ""
    sets = counted(each.given, "question set")
    return f"{each.pseudonym}: {sets} given to judge ({each.task}), {each.done} done, {each.open} open{rest}"


def shared_words(found: SharedOut, task: ReviewTask, names: Sequence[str], dry_run: bool = False) -> list[str]:
    """Lines; `names` are the pseudonyms of those among whom it was shared out."""
    if not found.sets:
        return ["There is no question set there; woz questions propose PROJECT makes some."]
    if not found.given and not found.short:
        return [f"None of {counted(found.sets, 'question set')} lacks anybody to judge it ({task})."]
    sets = len({each.question_id for each in found.given})
    verb = "would be given" if dry_run else ("was given" if sets == 1 else "were given")
    told = [f"Of {counted(found.sets, 'question set')} {sets} {verb} to {', '.join(names)} to judge ({task})."]
    if found.short:
        lack = counted(found.short, "question set lacks", "question sets lack")
        told.append(f"{lack} {counted(found.lacking, 'person', 'people')} still: name more with --to.")
    for name, sessions in found.barred.items():
        told.append(f"{name} gets none of {counted(sessions, 'session')} in which they are themselves.")
    return told


def taken_words(taken: int, done: int) -> str:
    return f"Taken back: {taken}; judged already, and kept: {done}."


def freed_words(project: Project, pseudonym: str) -> str:
    """What becomes of the question sets that somebody who has retired was to judge; empty where there are none."""
    whose = project.annotators.named(pseudonym)
    free = sum(each.open and each.given.to == whose.id for each in project.whole().question_work.all())
    if not whose.retired or not free:
        return ""
    sets = counted(free, "question set is", "question sets are")
    return f"{sets} free for others that {pseudonym} was to judge; woz questions assign PROJECT gives them anew."


def _there(
    project: Project, session_ids: Iterable[SessionId], people: Sequence[Annotator]
) -> dict[SessionId, frozenset[AnnotatorId]]:
    """Who of these people is in each session: by the pseudonym, which is all that says that two are one person."""
    by_name = {each.pseudonym.casefold(): each.id for each in people}
    named = {each.id: by_name.get(each.pseudonym.casefold()) for each in project.participants.all()}
    found = dict[SessionId, frozenset[AnnotatorId]]()
    for session_id in session_ids:
        those = (named.get(each) for each in project.sessions.get(session_id).participants)
        if there := frozenset(each for each in those if each is not None):
            found[session_id] = there
    return found


def _loads(each: GivenProgress, task: ReviewTask) -> bool:
    return each.open and each.given.task == task


def _demand_giver(by: Annotator) -> None:
    if by.retired or not KEEPERS & set(by.roles):
        raise WozError(
            f"Only a curator or a manager gives question sets to people, or takes them back, and {by.pseudonym} is"
            " not; a manager changes that with woz annotators role PROJECT."
        )


def _demand_judge(person: Annotator) -> None:
    if person.retired or AnnotatorRole.ANNOTATOR not in person.roles:
        raise WozError(
            f"{person.pseudonym} has retired from this project, or is no annotator of it; woz annotators PROJECT"
            " lists who is."
        )
