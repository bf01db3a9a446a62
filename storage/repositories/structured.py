"""Turns and annotations by what they are, and by what is beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal, not_, or_, select
from sqlalchemy.orm import Session as Rows
from sqlalchemy.orm import aliased

from storage.history.hiding import hidden_annotation, hidden_link
from storage.repositories.labels import Labels, labels_called
from storage.repositories.places import Place, superseded
from storage.tables.grams import folded, sought
from storage.tables.items import ITEM_TABLES
from storage.tables.matching import holding, with_words
from storage.tables.models import SessionRow, TranscriptRow
from storage.tables.search import SearchableRow
from woz.base.errors import WozError
from woz.lab.search import ANY_LINK, Query

_TIER, _ANNOTATION, _LINK, _TURN = (ITEM_TABLES[name].table for name in ("tier", "annotation", "link", "turn"))
_ATTRIBUTE = ITEM_TABLES["annotation"].own[0].table
LOOKED_THROUGH = 100
"""So many of the newest sessions."""
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def turn_places(rows: Rows, query: Query, blind: str) -> Iterator[Place]:
    """Raises WozError for a step that is nobody's label."""
    turn, transcript = _TURN.c, aliased(TranscriptRow)
    labels = _called(rows, query.within_step)
    label = [_ANNOTATION.c.label, *_keys()] if labels else []
    columns: list[Any] = [transcript.session_id, *_named("turn", turn.id), *label]
    found: Select[Any] = select(*columns)
    found = found.select_from(_TURN).join(transcript, transcript.id == turn.transcript_id)
    found = found.where(not_(superseded(transcript.id)))
    if labels:
        found = _going_on(found, transcript, labels, blind)
    if query.speaker:
        found = found.where(turn.speaker == query.speaker)
    if query.followed_by:
        found = found.where(_followed(query))
    if query.session is not None:
        found = found.where(transcript.session_id == query.session)
    if labels is None:
        yield from _newest_first(rows, found, query, (transcript.session_id, turn.start_ns, turn.id))
        return
    found = _wording(rows, found, query, turn.id)
    order = (transcript.session_id.desc(), turn.start_ns, turn.id)
    for row in rows.execute(found.order_by(*order)):
        if labels.name(row, row.procedure_id, row.label):
            yield Place(*row[:4])


def annotation_places(rows: Rows, query: Query, blind: str) -> Iterator[Place]:
    """Raises WozError for a label that nobody has."""
    mark, labels = _ANNOTATION.c, _called(rows, query.label)
    columns: list[Any] = [_TIER.c.session_id, *_named("annotation", mark.id), mark.label, *_keys()]
    found: Select[Any] = select(*columns).select_from(_ANNOTATION).join(_TIER, _TIER.c.id == mark.tier_id)
    found = found.join(SessionRow, SessionRow.id == _TIER.c.session_id)
    if labels:
        found = found.where(mark.label.in_(labels.ids))
    found = found.where(*(_has(rows, key, value) for key, value in query.attributes))
    if query.without_link:
        found = found.where(not_(_linked(query.without_link, blind)))
    if query.session is not None:
        found = found.where(_TIER.c.session_id == query.session)
    if blind:
        found = found.where(not_(hidden_annotation(blind, _ANNOTATION, _TIER)))
    if labels is None:
        yield from _newest_first(rows, found, query, (_TIER.c.session_id, mark.start_ns, mark.id))
        return
    found = _wording(rows, found, query, mark.id)
    order = (_TIER.c.session_id.desc(), mark.start_ns, mark.id)
    for row in rows.execute(found.order_by(*order)):
        if labels.name(row, row.procedure_id, row.label):
            yield Place(*row[:4])


def _named(kind: str, item_id: ColumnElement[str]) -> list[ColumnElement[str]]:
    """The columns of a place behind its session's."""
    return [literal(kind).label("kind"), item_id, literal("").label("field")]


def _newest_first(rows: Rows, found: Select[Any], query: Query, by: tuple[Any, Any, Any]) -> Iterator[Place]:
    """`by` are the columns of the session, the time and the item. The newest sessions are looked through as they
    lie: what is frequent is found there, and of what is not the rest holds few.
    """
    session_id, start_ns, item_id = by
    newest = select(SessionRow.id).order_by(SessionRow.id.desc()).offset(LOOKED_THROUGH - 1).limit(1)
    border = None if query.session else rows.scalar(newest)
    if border is not None:
        dialect = rows.get_bind().dialect.name
        begun = _worded(found.where(session_id >= border), query, item_id, border, dialect)
        places = list(_first(rows, begun, start_ns, query.limit))
        yield from places
        if len(places) > query.limit:
            return
        found = found.where(session_id < border)
    yield from _first(rows, _wording(rows, found, query, item_id), start_ns, query.limit)


def _first(rows: Rows, found: Select[Any], start_ns: ColumnElement[int], limit: int) -> Iterator[Place]:
    """As many as are wanted, and one more, where no label is left to be told from others of its id.

    What is found stays a query of its own, which OFFSET keeps a server from merging with the rest: for the first
    few alone it may go through an index in their order, and come upon what is rare last.
    """
    each = found.add_columns(start_ns.label("begins_ns")).offset(0).subquery()
    ordered = select(each).order_by(each.c.session_id.desc(), each.c.begins_ns, each.c.id)
    yield from (Place(*row[:4]) for row in rows.execute(ordered.limit(limit + 1)))


def _called(rows: Rows, name: str) -> Labels | None:
    if not name:
        return None
    found = labels_called(rows, name)
    if not found:
        raise WozError(f"No scheme or procedure of this project has a label {name}; woz scheme show lists them.")
    return found


def _keys() -> list[Any]:
    return [_TIER.c.scheme_id, _TIER.c.scheme_version, _TIER.c.tier_type, SessionRow.procedure_id]


def _wording(rows: Rows, found: Select[Any], query: Query, item_id: ColumnElement[str]) -> Select[Any]:
    """With the words that are asked for. They are looked up once, not for each of the others."""
    terms = [term for term in map(sought, query.terms) if term]
    if not terms:
        return found
    words = with_words(select(SearchableRow.item_id), terms, rows.get_bind().dialect.name)
    return found.where(item_id.in_(words.order_by(None)))


def _worded(found: Select[Any], query: Query, item_id: ColumnElement[str], since: str, dialect: str) -> Select[Any]:
    """As `_wording`, of sessions from one on, and without the index."""
    terms = [term for term in map(sought, query.terms) if term]
    if not terms:
        return found
    own = select(SearchableRow.item_id).where(SearchableRow.session_id >= since)
    return found.where(item_id.in_(own.where(*holding(terms, dialect))))


def _going_on(found: Select[Any], transcript: Any, labels: Labels, blind: str) -> Select[Any]:
    mark = _ANNOTATION.c
    found = (
        found.join(_TIER, _TIER.c.session_id == transcript.session_id)
        .join(SessionRow, SessionRow.id == _TIER.c.session_id)
        .join(_ANNOTATION, mark.tier_id == _TIER.c.id)
        .where(mark.label.in_(labels.ids), mark.start_ns <= _TURN.c.start_ns, mark.end_ns > _TURN.c.start_ns)
    )
    return found.where(not_(hidden_annotation(blind, _ANNOTATION, _TIER))) if blind else found


def _followed(query: Query) -> ColumnElement[bool]:
    own, following = _TURN.c, _TURN.alias()
    return (
        select(following.c.id)
        .where(
            following.c.transcript_id == own.transcript_id,
            following.c.speaker == query.followed_by,
            following.c.start_ns > own.start_ns,
            following.c.start_ns <= own.end_ns + query.within_ns,
        )
        .exists()
    )


def _has(rows: Rows, key: str, value: str) -> ColumnElement[bool]:
    truth = _TRUTH.get(value.casefold())
    same: list[ColumnElement[bool]] = [_ATTRIBUTE.c.text_value.in_(_alike(rows, key, value))]
    same.append(_ATTRIBUTE.c.bool_value.is_(truth) if truth is not None else false())
    number = _number(value)
    if number is not None:
        same += [_ATTRIBUTE.c.real_value == number]
        same += [_ATTRIBUTE.c.int_value == int(number)] if number.is_integer() and abs(number) < 2**53 else []
    return _ANNOTATION.c.id.in_(select(_ATTRIBUTE.c.annotation_id).where(_ATTRIBUTE.c.key == key, or_(*same)))


def _alike(rows: Rows, key: str, value: str) -> list[str]:
    """The texts that an attribute has which are the same as words are compared: whatever their case and width."""
    own, wanted = _ATTRIBUTE.c, folded(value)
    texts = select(own.text_value).where(own.key == key, own.text_value.is_not(None)).distinct()
    return [text for text in rows.scalars(texts) if folded(text) == wanted]


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


def _linked(kind: str, blind: str) -> ColumnElement[bool]:
    """By a link that is seen."""
    own = _ANNOTATION.c.id
    links: list[ColumnElement[bool]] = []
    for end in (_LINK.alias(), _LINK.alias()):
        side = end.c.source_id if not links else end.c.target_id
        query = select(end.c.id).where(side == own)
        if kind != ANY_LINK:
            query = query.where(end.c.type == kind)
        links.append((query.where(not_(hidden_link(blind, end))) if blind else query).exists())
    return or_(*links)
