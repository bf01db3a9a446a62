"""What people decide on question sets. Whoever judges gets their own decisions only; a curator gets all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.history.blindness import blind_scopes, seen_among
from storage.history.log import versions_of
from storage.history.recording import record
from storage.history.schemes import KnownSchemes
from storage.tables.annotator_rows import annotator_value
from storage.tables.annotators import AnnotatorRow
from storage.tables.item_order import ORDERS
from storage.tables.item_rows import in_parts, read_items, stored_items
from storage.tables.items import ITEM_TABLES
from storage.tables.models import About, SessionRow
from storage.tables.reviews import DecisionRow, GivenRow, decision_row, decision_value
from woz.annotation.edits import Edit
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.dataset.review.agreement import Agreeing, Judging
from woz.dataset.review.deeds import TakingBack
from woz.dataset.review.sources import said_for, turns_of
from woz.dataset.review.state import (
    Outcome,
    counted,
    judges_as_it_is,
    judges_of,
    outcome_of,
    settled,
    state_of,
    to_judge,
)
from woz.dataset.review.texts import concerns, demand_english, demand_sound, in_english, judged, texts_of
from woz.dataset.review.undecided import Undecided, settled_anew, undecided
from woz.model.annotator import AnnotatorRole
from woz.model.ids import AnnotatorId, QuestionId, SessionId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.question import Question
from woz.model.review import Decision, ReviewRule, ReviewState, ReviewTask, Texts
from woz.model.transcript import Turn

SESSIONS_READ = 20
"""So many sessions' question sets are in memory at a time."""
SETTLE, UNSETTLE = "Judge a question", "Take back a judgement of a question"
CHECK_ENGLISH, WRITE_ENGLISH = "Check the English text of a question", "Write the English text of a question"
_GONE = "This question set was taken away meanwhile; go on with the next one."
_CHANGED = "Somebody changed this question set meanwhile; read it again, then decide."
_CORRECTED = (
    "The transcript was corrected after this question set was shown to you; where it waits for you still, compare"
    " it with what is said now, then decide anew."
)
_WORDS_FIRST = (
    "The transcript of this question set was corrected: its words are judged anew first, under Text; go on with the"
    " next one."
)
_NO_CURATOR = "{} is no curator of this project; a manager makes one with woz annotators role PROJECT."
_ROW, _GIVEN = DecisionRow, GivenRow
_HOLDS = _ROW.withdrawn_utc_ns.is_(None)
_QUESTIONS = select(ITEM_TABLES["question"].table.c.id)
_THERE = _ROW.question_id.in_(_QUESTIONS)
"""On a question set that is there still."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question set in somebody's list, with their own decisions on it as it is, by time; the last one counts."""

    question_id: QuestionId
    session_id: SessionId
    own: tuple[Decision, ...] = ()

    @property
    def mine(self) -> Decision | None:
        return self.own[-1] if self.own else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision that was kept or taken back, and the question set as it is then."""

    decision: Decision
    question: Question


@dataclass(frozen=True, slots=True)
class Disputed:
    """A question set on which people disagree, with all that was decided on it; `said` names what is said where it
    is from.
    """

    question: Question
    task: ReviewTask
    decisions: tuple[Decision, ...]
    said: str = ""


class Reviews:
    """May be used from any thread but the window's."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._schemes = KnownSchemes()

    def rule(self) -> ReviewRule:
        with self._database.snapshot() as rows:
            return rule_of(rows)

    def set_rule(self, rule: ReviewRule) -> None:
        """From now on; what was settled by an earlier rule stays so until somebody decides on it again."""
        with self._database.transaction() as rows:
            rows.execute(
                update(About).values(
                    review_people=rule.people,
                    review_release_people=rule.release_people,
                    review_wrong_answers=rule.wrong_answers,
                    review_grounding=rule.grounding,
                )
            )

    def waiting(
        self, by: AnnotatorId, task: ReviewTask, session_id: SessionId | None = None, others: bool = False
    ) -> list[Waiting]:
        """What somebody can judge, and what they judged already, by session and time; first what was given to them,
        and nothing else where there is some, but with `others`. A place that is kept for somebody else isn't
        offered, nor what they are blind to. Of others' decisions it tells nothing but that enough people decided,
        or are to.
        """
        with self._database.snapshot() as rows:
            blind = {scope.session_id for scope in blind_scopes(rows, by)}
            rule, found, given, doubtful = rule_of(rows), list[Waiting](), given_to(rows, task), list[Question]()
            mine = {question_id for question_id, people in given.items() if by in people}
            for question, decisions in judged_sets(rows, None if session_id is None else [session_id]):
                own = () if question.made.stale else _own(question, decisions, by, task)
                if not own and not to_judge(question, decisions, task, rule):
                    continue
                kept = given.get(question.id, frozenset()) - {by}
                if (
                    own
                    or question.id in mine
                    or ((others or not mine) and _lacks(question, decisions, task, rule, kept))
                ):
                    found.append(Waiting(question.id, question.session_id, own))
                    doubtful += [question] if question.session_id in blind else []
            hidden = _hidden(rows, doubtful, by)
        shown = (each for each in found if each.question_id not in hidden)
        return sorted(shown, key=lambda each: each.question_id not in mine)

    def is_given(self, by: AnnotatorId, task: ReviewTask) -> bool:
        """Whether question sets were given to somebody, so that nothing else is offered to them."""
        with self._database.snapshot() as rows:
            found = select(_GIVEN.question_id).where(_GIVEN.annotator_id == by, _GIVEN.task == task)
            return rows.scalar(found.where(_GIVEN.question_id.in_(_QUESTIONS)).limit(1)) is not None

    def own(self, by: AnnotatorId) -> list[Decision]:
        """All that somebody decided and did not take back, the oldest first."""
        query = select(_ROW).where(_HOLDS, _ROW.annotator_id == by).order_by(_ROW.id)
        with self._database.snapshot() as rows:
            return [decision_value(row) for row in rows.scalars(query)]

    def states(self) -> dict[QuestionId, ReviewState]:
        """The state of each question set of the project."""
        with self._database.snapshot() as rows:
            rule = rule_of(rows)
            return {question.id: state_of(question, found, rule) for question, found in judged_sets(rows)}

    def disputed(self, curator: AnnotatorId) -> list[Disputed]:
        """What people disagree on, by session and time, without what the curator is blind to. Raises WozError for
        somebody who is no curator.
        """
        with self._database.snapshot() as rows:
            _demand_curator(rows, curator)
            rule, found = rule_of(rows), list[Disputed]()
            for question, decisions in judged_sets(rows):
                if state_of(question, decisions, rule) == ReviewState.DISPUTED:
                    task = _disputed_task(question, decisions, rule)
                    own = [each for each in counted(question, decisions) if each.task == task]
                    found.append(Disputed(question, task, tuple(own)))
            hidden = _hidden(rows, [each.question for each in found], curator)
            found = [each for each in found if each.question.id not in hidden]
            said = _said(rows, [each.question for each in found])
        return [replace(each, said=said[each.question.id]) for each in found]

    def decisions(self, curator: AnnotatorId) -> list[Decision]:
        """All that was decided. Raises WozError for somebody who is no curator."""
        with self._database.snapshot() as rows:
            _demand_curator(rows, curator)
            return [decision_value(row) for row in rows.scalars(select(_ROW).where(_HOLDS).order_by(_ROW.id))]

    def asked(self, curator: AnnotatorId) -> dict[QuestionId, Question]:
        """All question sets, without those that the curator is blind to. Raises WozError for somebody who is no
        curator.
        """
        with self._database.snapshot() as rows:
            _demand_curator(rows, curator)
            blind = {scope.session_id for scope in blind_scopes(rows, curator)}
            found = {question.id: question for question, _ in judged_sets(rows)}
            hidden = _hidden(rows, [each for each in found.values() if each.session_id in blind], curator)
            return {question_id: each for question_id, each in found.items() if question_id not in hidden}

    def mark(self) -> tuple[int, int]:
        """Another one after each decision, and after each that was taken back."""
        with self._database.snapshot() as rows:
            newest, holding = rows.execute(select(func.max(_ROW.id), func.count().filter(_HOLDS))).one()
        return newest or 0, holding

    def judging(self) -> Judging:
        """How those who judge do, over all question sets; who they are is not told."""
        with self._database.snapshot() as rows:
            if not rows.scalar(select(func.count()).select_from(_ROW).where(_HOLDS)):
                return Judging()
            people, tallied = dict[str, int](), {task: Agreeing(task) for task in ReviewTask}
            for question, decisions in judged_sets(rows):
                people[question.id] = judges_of(question, decisions)
                for each in tallied.values():
                    each.add(question.id, decisions)
            for gone, decisions in _decisions(rows, ~_THERE).items():
                for each in tallied.values():
                    each.add(QuestionId(gone), decisions)
        return Judging({task: each.agreement() for task, each in tallied.items()}, people)

    def decide(self, decision: Decision) -> Judged:
        """Keep a decision, and what the question set becomes by it. One that says when it was made is kept once,
        however often it is asked for.

        Raises WozError where the question set is gone, where it or what is said there was changed since it was
        shown, and for who may not decide.
        """
        now_ns = self._clock.utc_ns()
        with self._database.transaction() as rows:
            _demand_person(rows, decision.by)
            if decision.curated:
                _demand_curator(rows, decision.by)
            question = _question(rows, decision.question_id)
            if (before := _kept_before(rows, decision)) is not None:
                return Judged(decision_value(before), question)
            if judged(question, decision.task) != decision.judged:
                raise WozError(_CHANGED)
            _demand_heard(rows, decision, question)
            decision = demand_sound(decision, question)
            if question.made.stale:
                _withdraw_all(rows, question.id, now_ns)
            fresh = replace(question, made=replace(question.made, stale=False))
            row = decision_row(replace(decision, utc_ns=decision.utc_ns or now_ns))
            rows.add(row)
            rows.flush()
            row.edit_id = self._settle(rows, question, fresh, decision.by, now_ns)
            return Judged(decision_value(row), _question(rows, question.id))

    def take_back(self, by: AnnotatorId, deed: TakingBack) -> Judged | None:
        """Take back the decision of somebody's own that is meant, and what followed from it; asked for again, it is
        done once.

        None, and nothing is done, where it never came to be, counts no more, or they decided anew since, and where
        the question set is gone.
        """
        now_ns = self._clock.utc_ns()
        with self._database.transaction() as rows:
            own = (_ROW.annotator_id == by) & (_ROW.question_id == deed.question_id)
            own &= (_ROW.task == deed.task) & _ROW.curated.is_(deed.curated)
            meant = select(_ROW).where(own, _THERE, _ROW.made_utc_ns == deed.of_utc_ns)
            row = rows.scalar(meant.order_by(_ROW.id.desc()).limit(1))
            if row is None:
                return None
            taken = decision_value(row)
            if row.withdrawn_utc_ns == deed.utc_ns:
                return Judged(taken, _question(rows, taken.question_id))
            if row.withdrawn_utc_ns is not None or _decided_anew(rows, own, row):
                return None
            row.withdrawn_utc_ns = deed.utc_ns
            rows.flush()
            self._unsettle(rows, taken, by, now_ns)
            return Judged(taken, _question(rows, taken.question_id))

    def check_english(self, seen: Question, by: AnnotatorId) -> Question:
        """Note that somebody compared the English text with the original; it judges nothing else.

        Raises WozError where the question set was changed since it was seen, or lacks a part of its English.
        """
        return self._change_english(seen, by, CHECK_ENGLISH, lambda old, _: _checked(old))

    def write_english(self, seen: Question, texts: Texts, by: AnnotatorId) -> Question:
        """Keep the English of these texts, as somebody wrote it; it judges nothing, and asked for again changes
        nothing. Raises WozError as `check_english` does.
        """
        wanted = texts_of(in_english(seen, texts, by, self._clock.utc_ns()))
        return self._change_english(
            seen, by, WRITE_ENGLISH, lambda old, now_ns: in_english(old, texts, by, now_ns), wanted
        )

    def _change_english(
        self,
        seen: Question,
        by: AnnotatorId,
        name: str,
        change: Callable[[Question, int], Question],
        wanted: Texts | None = None,
    ) -> Question:
        now_ns = self._clock.utc_ns()
        with self._database.transaction() as rows:
            _demand_person(rows, by)
            old = _question(rows, seen.id)
            if texts_of(old) == wanted != texts_of(seen):
                return old
            if texts_of(old) != texts_of(seen):
                raise WozError(_CHANGED)
            new = change(old, now_ns)
            if new != old:
                record(rows, self._schemes, old.session_id, Edit(name, (old,), (new,)), by, now_ns)
            return _question(rows, seen.id)

    def _unsettle(self, rows: Rows, taken: Decision, by: AnnotatorId, now_ns: int) -> None:
        """What it had a part in is taken back, whoever's decision settled that; then the rest settles it anew."""
        question = _question(rows, taken.question_id)
        rest = _decisions_on(rows, question)
        back = _undecided(rows, question, rest)
        wanted = settled_anew(back.question, rest, rule_of(rows))
        if replace(wanted, made=question.made) == question and wanted.made.stale == question.made.stale:
            return
        for new, undoes in ((back.question, back.undoes), (wanted, None)):
            if new != question:
                edit = Edit(UNSETTLE, (question,), (new,))
                record(rows, self._schemes, taken.session_id, edit, by, now_ns, undoes)
                question = _question(rows, question.id)

    def _settle(self, rows: Rows, question: Question, fresh: Question, by: AnnotatorId, now_ns: int) -> int | None:
        """The edit that makes a question set what it is by the decisions; None where it is that already.

        `fresh` is the same as it is now that somebody has judged it. Its clip follows from the decisions anew.
        """
        decisions, rule = _decisions_on(rows, question), rule_of(rows)
        if not question.made.stale:
            fresh = replace(fresh, clip=_undecided(rows, question, decisions).question.clip)
        wanted = settled(fresh, decisions, rule)
        if wanted == question:
            return None
        edit = Edit(SETTLE, (question,), (wanted,))
        return record(rows, self._schemes, question.session_id, edit, by, now_ns).id


def rule_of(rows: Rows) -> ReviewRule:
    about = rows.get(About, 1)
    if about is None:
        return ReviewRule()
    return ReviewRule(
        about.review_people, about.review_grounding, about.review_release_people, about.review_wrong_answers
    )


def judged_sets(
    rows: Rows, session_ids: Collection[SessionId] | None = None
) -> Iterator[tuple[Question, Sequence[Decision]]]:
    """All question sets, or some sessions', each with what was decided on it, by session and time; those of a few
    sessions are read at a time.
    """
    of, by_start = ITEM_TABLES["question"], (SessionRow.start_utc_ns, SessionRow.id)
    where = true() if session_ids is None else SessionRow.id.in_(session_ids)
    sessions = rows.scalars(select(SessionRow.id).where(where).order_by(*by_start)).all()
    for part in in_parts(sessions, SESSIONS_READ):
        places = {each: place for place, each in enumerate(part)}
        decisions = _decisions(rows, _ROW.session_id.in_(part))
        items = read_items(rows, of, of.table.c.session_id.in_(part), ORDERS["question"])
        found = [cast(Question, item) for item, _ in items]
        found.sort(key=lambda each: (places[each.session_id], each.at_ns))
        yield from ((question, decisions.get(question.id, [])) for question in found)


def given_to(rows: Rows, task: ReviewTask) -> Mapping[str, frozenset[AnnotatorId]]:
    """To whom each question set that is there was given; who has retired judges none."""
    query = select(_GIVEN.question_id, _GIVEN.annotator_id)
    query = query.join(AnnotatorRow, AnnotatorRow.id == _GIVEN.annotator_id)
    query = query.where(_GIVEN.task == task, AnnotatorRow.retired.is_(False), _GIVEN.question_id.in_(_QUESTIONS))
    found: dict[str, set[AnnotatorId]] = {}
    for question_id, annotator_id in rows.execute(query):
        found.setdefault(question_id, set()).add(AnnotatorId(annotator_id))
    return {question_id: frozenset(people) for question_id, people in found.items()}


def _lacks(
    question: Question,
    decisions: Sequence[Decision],
    task: ReviewTask,
    rule: ReviewRule,
    kept: frozenset[AnnotatorId],
) -> bool:
    """Whether it lacks people beside those for whom a place is kept."""
    return len(kept | judges_as_it_is(question, decisions, task)) < rule.people


def _hidden(rows: Rows, questions: Iterable[Question], by: AnnotatorId) -> set[QuestionId]:
    """Those that rest on what somebody is blind to."""
    asked: dict[ItemRef, tuple[Item, int | None]] = {ref_to(each): (each, None) for each in questions}
    return {QuestionId(ref.id) for ref in asked.keys() - seen_among(rows, asked, by).keys()} if asked else set()


def _said(rows: Rows, questions: Sequence[Question]) -> dict[QuestionId, str]:
    """What is said where each of them is from, by name."""
    turns = stored_items(rows, {ref for each in questions for ref in turns_of(each)}).values()
    by_id: dict[str, Turn] = {item.id: item for item, _ in turns if isinstance(item, Turn)}
    return {each.id: said_for(each, by_id) for each in questions}


def _demand_heard(rows: Rows, decision: Decision, question: Question) -> None:
    """Raises WozError where what is said there isn't what they were shown; of what they were shown nobody knows, it
    isn't where it was corrected.
    """
    if decision.said:
        heard = decision.said == _said(rows, [question])[question.id]
    else:
        heard = not question.made.stale
    if not heard:
        raise WozError(_CORRECTED)
    if question.made.stale and decision.task != ReviewTask.TEXT:
        raise WozError(_WORDS_FIRST)


def _own(
    question: Question, decisions: Iterable[Decision], by: AnnotatorId, task: ReviewTask
) -> tuple[Decision, ...]:
    """What somebody who judges decided on it as it is, by time."""
    mine = (each for each in decisions if each.by == by and each.task == task and not each.curated)
    about = [each for each in mine if concerns(each, question)]
    return tuple(sorted(about, key=lambda each: (each.utc_ns, each.id)))


def _decisions(rows: Rows, where: Any) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    for row in rows.scalars(select(_ROW).where(_HOLDS, where).order_by(_ROW.id)):
        found.setdefault(row.question_id, []).append(decision_value(row))
    return found


def _decisions_on(rows: Rows, question: Question) -> list[Decision]:
    return _decisions(rows, _ROW.question_id == question.id).get(question.id, [])


def _undecided(rows: Rows, question: Question, decisions: Sequence[Decision]) -> Undecided:
    return undecided(question, list(versions_of(rows, ref_to(question))), (SETTLE, UNSETTLE), decisions)


def _checked(question: Question) -> Question:
    demand_english(question)
    assert question.english
    return replace(question, english=replace(question.english, checked=True))


def _question(rows: Rows, question_id: QuestionId) -> Question:
    for item, _ in stored_items(rows, [ItemRef("question", question_id)]).values():
        return cast(Question, item)
    raise WozError(_GONE)


def _kept_before(rows: Rows, decision: Decision) -> DecisionRow | None:
    """The same decision, by when it was made."""
    if not decision.utc_ns:
        return None
    same = (_ROW.annotator_id == decision.by) & (_ROW.question_id == decision.question_id)
    same &= (_ROW.task == decision.task) & _ROW.curated.is_(decision.curated)
    return rows.scalar(select(_ROW).where(same, _ROW.made_utc_ns == decision.utc_ns).limit(1))


def _decided_anew(rows: Rows, own: ColumnElement[bool], row: DecisionRow) -> bool:
    made = _ROW.made_utc_ns
    later = (made > row.made_utc_ns) | ((made == row.made_utc_ns) & (_ROW.id > row.id))
    return rows.scalar(select(_ROW.id).where(_HOLDS, own, later).limit(1)) is not None


def _withdraw_all(rows: Rows, question_id: QuestionId, now_ns: int) -> None:
    """What was decided before the transcript was corrected counts no more."""
    rows.execute(update(_ROW).where(_ROW.question_id == question_id, _HOLDS).values(withdrawn_utc_ns=now_ns))


def _disputed_task(question: Question, decisions: Sequence[Decision], rule: ReviewRule) -> ReviewTask:
    text = outcome_of(question, decisions, ReviewTask.TEXT, rule.people)
    return ReviewTask.TEXT if text == Outcome.DISPUTED else ReviewTask.GROUNDING


def _demand_person(rows: Rows, by: AnnotatorId) -> None:
    row = rows.get(AnnotatorRow, by)
    if row is None or row.retired:
        raise WozError("Whoever decides has to be an annotator of this project; woz annotators PROJECT lists them.")


def _demand_curator(rows: Rows, by: AnnotatorId) -> None:
    row = rows.get(AnnotatorRow, by)
    if row is None or AnnotatorRole.CURATOR not in annotator_value(row).roles or row.retired:
        raise WozError(_NO_CURATOR.format(row.pseudonym if row else by))
