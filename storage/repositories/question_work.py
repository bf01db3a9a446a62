"""Which question sets who shall judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.backends.own_time import own_time_ns
from storage.history.viewer import Viewer
from storage.repositories.repository import Repository
from storage.repositories.reviews import given_to, judged_sets, rule_of
from storage.tables.annotator_rows import annotator_value
from storage.tables.annotators import AnnotatorRow
from storage.tables.item_rows import in_parts
from storage.tables.reviews import GivenRow, given_row, given_value
from woz.annotation.tier_states import KEEPERS
from woz.dataset.review.sharing import Place
from woz.dataset.review.state import judges_as_it_is, still_to_judge
from woz.model.ids import AnnotatorId, SessionId
from woz.model.question import Question
from woz.model.review import Decision, GivenProgress, GivenQuestion, ReviewRule, ReviewTask

_ROW = GivenRow


class QuestionWork(Repository):
    """Of others' work it tells curators and managers alone, where somebody is its `viewer`."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        super().__init__(database)
        self._viewer = viewer.id

    def add(self, given: Iterable[GivenQuestion]) -> None:
        """With the database's time; what somebody has already stays as it is."""
        with self._database.transaction() as rows:
            now_ns = own_time_ns(rows)
            known = {tuple(row) for row in rows.execute(select(_ROW.question_id, _ROW.task, _ROW.annotator_id))}
            new = {(str(each.question_id), str(each.task), str(each.to)): each for each in given}
            rows.add_all(
                given_row(replace(each, made_utc_ns=now_ns)) for key, each in new.items() if key not in known
            )

    def remove(self, given: Iterable[GivenQuestion]) -> None:
        going: dict[tuple[ReviewTask, AnnotatorId], list[str]] = {}
        for each in given:
            going.setdefault((each.task, each.to), []).append(each.question_id)
        with self._database.transaction() as rows:
            for (task, to), question_ids in going.items():
                theirs = (_ROW.task == task) & (_ROW.annotator_id == to)
                for part in in_parts(question_ids):
                    rows.execute(delete(_ROW).where(theirs, _ROW.question_id.in_(part)))

    def places(self, task: ReviewTask, session_ids: Collection[SessionId]) -> list[Place]:
        """All question sets of these sessions, by session and time, each with whom it lacks; none lacks anybody
        that is settled.
        """
        with self._database.snapshot() as rows:
            rule, given = rule_of(rows), given_to(rows, task)
            return [
                _place(question, decisions, task, rule, given.get(question.id, frozenset()))
                for question, decisions in judged_sets(rows, session_ids)
            ]

    def all(self) -> list[GivenProgress]:
        """How far each one that was given is, by session and time; those that are gone aren't told."""
        with self._database.snapshot() as rows:
            query = select(_ROW).order_by(_ROW.task, _ROW.annotator_id)
            if _sees_own_alone(rows, self._viewer):
                query = query.where(_ROW.annotator_id == self._viewer)
            given = [given_value(row) for row in rows.scalars(query)]
            return _progress(rows, given) if given else []


def _sees_own_alone(rows: Rows, viewer: str) -> bool:
    if not viewer:
        return False
    row = rows.get(AnnotatorRow, viewer)
    return row is None or not KEEPERS & set(annotator_value(row).roles)


def _place(
    question: Question,
    decisions: Sequence[Decision],
    task: ReviewTask,
    rule: ReviewRule,
    given: frozenset[AnnotatorId],
) -> Place:
    taken = given | judges_as_it_is(question, decisions, task)
    wanted = still_to_judge(question, decisions, task, rule)
    settled_by = {each.by for each in decisions if each.curated}
    lacks = max(0, rule.people - len(taken)) if wanted else 0
    return Place(question.id, question.session_id, lacks, taken | settled_by)


def _progress(rows: Rows, given: Sequence[GivenQuestion]) -> list[GivenProgress]:
    rule, by_question = rule_of(rows), dict[str, list[GivenQuestion]]()
    for each in given:
        by_question.setdefault(each.question_id, []).append(each)
    found = []
    for question, decisions in judged_sets(rows, sorted({each.session_id for each in given})):
        for each in by_question.get(question.id, ()):
            done = each.to in judges_as_it_is(question, decisions, each.task)
            wanted = not done and still_to_judge(question, decisions, each.task, rule)
            found.append(GivenProgress(each, done, wanted))
    return found
