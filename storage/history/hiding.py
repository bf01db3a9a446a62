"""The rule of `woz.annotation.blindness` as a condition of a query, for what is asked of all sessions at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.orm import Session as Rows
from sqlalchemy.orm import aliased

from storage.tables.annotator_rows import annotator_value
from storage.tables.annotators import AnnotatorRow, BlindScopeRow
from storage.tables.items import ITEM_TABLES
from woz.annotation.blindness import ALL_TYPES
from woz.annotation.live_scheme import WITHHELD
from woz.annotation.tier_states import KEEPERS
from woz.model.annotator import ANY_SCHEME, BlindTo
from woz.model.origin import Origin

_TIER, _ANNOTATION = ITEM_TABLES["tier"].table, ITEM_TABLES["annotation"].table


def is_blind(rows: Rows, annotator: str) -> bool:
    """Whether there is a scope for somebody at all."""
    return rows.scalar(select(BlindScopeRow.id).where(BlindScopeRow.annotator_id == annotator).limit(1)) is not None


def sees_own_alone(rows: Rows, annotator: str) -> bool:
    """Of lists of people and what they were given, which hold nothing that they made: who is blind to others in
    something, and neither curator nor manager, who see to all of it.
    """
    if not annotator or not is_blind(rows, annotator):
        return False
    row = rows.get(AnnotatorRow, annotator)
    return row is None or not KEEPERS & set(annotator_value(row).roles)


def hidden_tier(annotator: str, tier: FromClause) -> ColumnElement[bool]:
    """Whether a tier holds, or may hold, what somebody doesn't see."""
    scope = aliased(BlindScopeRow)
    return exists().where(_holds(scope, annotator, tier), _blind_to(scope, annotator, tier.c.annotator_id))


def hidden_annotation(annotator: str, annotation: FromClause, tier: FromClause) -> ColumnElement[bool]:
    """Whether an annotation of a tier is one that somebody doesn't see."""
    scope = aliased(BlindScopeRow)
    made_by = case((annotation.c.made_origin == Origin.MANUAL, annotation.c.made_by))
    by = func.coalesce(tier.c.annotator_id, made_by)
    return exists().where(
        _holds(scope, annotator, tier), _blind_to(scope, annotator, by), _within(scope, annotation)
    )


def hidden_link(annotator: str, link: FromClause) -> ColumnElement[bool]:
    """Whether a link leads to what somebody doesn't see.

    A tier that a scope of the whole session is for counts as hidden, also where something of theirs is in it.
    """
    annotation, tier, scope = _ANNOTATION.alias(), _TIER.alias(), aliased(BlindScopeRow)
    ends = (link.c.source_id, link.c.target_id)
    marked = (
        select(annotation.c.id)
        .join(tier, tier.c.id == annotation.c.tier_id)
        .where(annotation.c.id.in_(ends), hidden_annotation(annotator, annotation, tier))
        .exists()
    )
    whole = exists().where(
        tier.c.id.in_(ends),
        _holds(scope, annotator, tier),
        _blind_to(scope, annotator, tier.c.annotator_id),
        scope.start_ns.is_(None),
    )
    return or_(marked, whole)


def hidden_question(annotator: str, question: FromClause) -> ColumnElement[bool]:
    """Whether a question set rests on what somebody doesn't see; of what is gone nobody can tell any more."""
    annotation, tier, scope = _ANNOTATION.alias(), _TIER.alias(), aliased(BlindScopeRow)
    marks = question.c.evidence_annotations
    named = func.replace(marks, _as_json(annotation.c.id), "") != marks
    seen = (
        select(func.count())
        .select_from(annotation)
        .join(tier, tier.c.id == annotation.c.tier_id)
        .where(
            tier.c.session_id == question.c.session_id,
            named,
            not_(hidden_annotation(annotator, annotation, tier)),
        )
        .scalar_subquery()
    )
    quotes = func.length(marks) - func.length(func.replace(marks, '"', ""))
    somewhere = exists().where(scope.annotator_id == annotator, scope.session_id == question.c.session_id)
    return and_(somewhere, seen * 2 < quotes)


def _as_json(text: ColumnElement[str]) -> ColumnElement[str]:
    """As it stands among others; no pattern, since each database has its own signs and cases in those."""
    escaped = func.replace(func.replace(text, "\\", "\\\\"), '"', '\\"')
    return literal('"').concat(escaped).concat('"')


def _holds(scope: Any, annotator: str, tier: FromClause) -> ColumnElement[bool]:
    return and_(
        scope.annotator_id == annotator,
        scope.session_id == tier.c.session_id,
        tier.c.tier_type != WITHHELD,
        scope.tier_type.in_((ALL_TYPES, tier.c.tier_type)),
        scope.scheme_id.in_((ANY_SCHEME, tier.c.scheme_id)),
    )


def _blind_to(scope: Any, annotator: str, by: Any) -> ColumnElement[bool]:
    machine = and_(by.is_(None), scope.hidden.in_((BlindTo.BOTH, BlindTo.MACHINES)))
    return or_(machine, and_(by != annotator, scope.hidden.in_((BlindTo.BOTH, BlindTo.PEOPLE))))


def _within(scope: Any, annotation: FromClause) -> ColumnElement[bool]:
    start, end = annotation.c.start_ns, func.coalesce(annotation.c.end_ns, annotation.c.start_ns)
    begins = and_(start >= scope.start_ns, start < scope.end_ns)
    meets = and_(start < scope.end_ns, end > scope.start_ns, start < end, scope.start_ns < scope.end_ns)
    return or_(scope.start_ns.is_(None), begins, meets)
