"""Between the values of shared work and their rows."""

from __future__ import annotations

import json
from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.tables.work import AssignmentRow, AssignmentWindowRow, CommentRow, GoldTakenBackRow, TakenBackRow
from woz.annotation.windows import merged
from woz.base.interval import Interval
from woz.model.assignment import Assignment, Part
from woz.model.comment import Comment
from woz.model.ids import AnnotatorId, AssignmentId, CommentId, SessionId, TierId
from woz.model.item import ItemRef


def assignment_row(one: Assignment) -> AssignmentRow:
    return AssignmentRow(
        id=one.id,
        session_id=one.session_id,
        tier_type=one.tier_type,
        annotator_id=one.annotator_id,
        part=one.part,
        tier_id=one.tier_id,
        drawn=one.drawn,
        by=one.by,
        made_utc_ns=one.made_utc_ns,
        windows=[
            AssignmentWindowRow(place=place, start_ns=window.start_ns, end_ns=window.end_ns)
            for place, window in enumerate(one.windows)
        ],
    )


def assignment_value(row: AssignmentRow) -> Assignment:
    return Assignment(
        AssignmentId(row.id),
        SessionId(row.session_id),
        row.tier_type,
        AnnotatorId(row.annotator_id),
        Part(row.part),
        TierId(row.tier_id),
        tuple(Interval(window.start_ns, window.end_ns) for window in row.windows),
        row.drawn,
        row.by,
        row.made_utc_ns,
    )


def taken_back_row(one: Assignment) -> TakenBackRow:
    windows = json.dumps([(each.start_ns, each.end_ns) for each in one.windows])
    return TakenBackRow(assignment_id=one.id, session_id=one.session_id, tier_id=one.tier_id, windows=windows)


def gold_taken_back_row(one: Assignment) -> GoldTakenBackRow:
    return GoldTakenBackRow(
        assignment_id=one.id,
        session_id=one.session_id,
        annotator_id=one.annotator_id,
        tier_id=one.tier_id,
        tier_type=one.tier_type,
    )


def adjudications(rows: Rows, session_id: SessionId) -> list[Assignment]:
    """Work of a session's adjudicators, also what was taken back."""
    held = select(AssignmentRow).where(AssignmentRow.session_id == session_id)
    held = held.where(AssignmentRow.part == Part.ADJUDICATOR)
    back = select(GoldTakenBackRow).where(GoldTakenBackRow.session_id == session_id)
    return [*map(assignment_value, rows.scalars(held)), *map(_gold_taken_back_value, rows.scalars(back))]


def _gold_taken_back_value(row: GoldTakenBackRow) -> Assignment:
    return Assignment(
        AssignmentId(row.assignment_id),
        SessionId(row.session_id),
        row.tier_type,
        AnnotatorId(row.annotator_id),
        Part.ADJUDICATOR,
        TierId(row.tier_id),
    )


_Given = dict[str, list[Interval | None]]
"""By tier; None stands for the whole session."""


def given_windows(rows: Rows, session_id: SessionId | None = None) -> dict[str, tuple[Interval, ...]]:
    """In which windows tiers are given to somebody, now or before, each stretch once; without those that are given
    whole, or were where they are given no more.
    """
    back = _taken_back(rows, session_id)
    held = {
        tier_id: windows + [window for window in back.get(tier_id, []) if window]
        for tier_id, windows in _held(rows, session_id).items()
    }
    return _in_windows({**back, **held})


def ever_given_windows(rows: Rows) -> dict[str, tuple[Interval, ...]]:
    """In which windows tiers were given to somebody, now or before, each stretch once; without those that were ever
    given whole.
    """
    held, back = _held(rows), _taken_back(rows)
    return _in_windows({tier_id: held.get(tier_id, []) + back.get(tier_id, []) for tier_id in held.keys() | back})


def _held(rows: Rows, session_id: SessionId | None = None) -> _Given:
    query = select(AssignmentRow.tier_id, AssignmentWindowRow.start_ns, AssignmentWindowRow.end_ns).outerjoin(
        AssignmentWindowRow, AssignmentWindowRow.assignment_id == AssignmentRow.id
    )
    if session_id is not None:
        query = query.where(AssignmentRow.session_id == session_id)
    found: _Given = defaultdict(list)
    for tier_id, start_ns, end_ns in rows.execute(query):
        found[tier_id].append(None if start_ns is None else Interval(start_ns, end_ns))
    return found


def _taken_back(rows: Rows, session_id: SessionId | None = None) -> _Given:
    query = select(TakenBackRow.tier_id, TakenBackRow.windows)
    if session_id is not None:
        query = query.where(TakenBackRow.session_id == session_id)
    found: _Given = defaultdict(list)
    for tier_id, windows in rows.execute(query):
        found[tier_id] += [Interval(start_ns, end_ns) for start_ns, end_ns in json.loads(windows)] or [None]
    return found


def _in_windows(given: _Given) -> dict[str, tuple[Interval, ...]]:
    return {
        tier_id: merged(window for window in windows if window)
        for tier_id, windows in given.items()
        if None not in windows
    }


def comment_row(one: Comment) -> CommentRow:
    return CommentRow(
        id=one.id,
        session_id=one.session_id,
        by=one.by,
        text=one.text,
        made_utc_ns=one.made_utc_ns,
        recipient_id=one.to,
        tier_id=one.tier_id,
        item_kind=one.item.kind if one.item else None,
        item_id=one.item.id if one.item else None,
        at_ns=one.at_ns,
        answers=one.answers,
        closed_by=one.closed_by,
        closed_utc_ns=one.closed_utc_ns,
    )


def comment_value(row: CommentRow) -> Comment:
    return Comment(
        CommentId(row.id),
        SessionId(row.session_id),
        AnnotatorId(row.by),
        row.text,
        row.made_utc_ns,
        AnnotatorId(row.recipient_id) if row.recipient_id is not None else None,
        TierId(row.tier_id) if row.tier_id is not None else None,
        ItemRef(row.item_kind, row.item_id) if row.item_kind and row.item_id else None,
        row.at_ns,
        CommentId(row.answers) if row.answers is not None else None,
        AnnotatorId(row.closed_by) if row.closed_by is not None else None,
        row.closed_utc_ns,
    )
