"""Finds words in what was said, annotated, noted and asked, over all sessions of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, not_, or_, select
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.history.hiding import hidden_annotation, hidden_link, hidden_question, is_blind
from storage.history.viewer import Viewer
from storage.repositories.hits import hits_at
from storage.repositories.labels import labels_named
from storage.repositories.places import Place, superseded
from storage.repositories.repository import Repository
from storage.repositories.structured import annotation_places, turn_places
from storage.tables.grams import sought
from storage.tables.items import ITEM_TABLES
from storage.tables.matching import by_index, looked_through, with_words
from storage.tables.models import SessionRow
from storage.tables.search import SearchableRow
from woz.lab.search import Found, Query

_NAMES = ("tier", "annotation", "link", "question")
_TIER, _ANNOTATION, _LINK, _QUESTION = (ITEM_TABLES[name].table for name in _NAMES)

LOOKED_THROUGH = 20_000
"""On a server so many of the newest texts are looked through as they lie: what is frequent is found at once there,
and what is not has few places, all of which the index gives. The server can't know which, since words go
together."""
_KEYS = (_TIER.c.scheme_id, _TIER.c.scheme_version, _TIER.c.tier_type)


class Search(Repository):
    """Implements `woz.lab.ports.Search`. Without `by` in a query, it is searched for the viewer."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        super().__init__(database)
        self._reads_as = viewer.reads_as

    def find(self, query: Query) -> Found:
        by = self._reads_as(query.by)
        with self._database.snapshot() as rows:
            blind = by if by and is_blind(rows, by) else ""
            places = list(islice(_once(_places(rows, query, blind)), query.limit + 1))
            hits = hits_at(rows, places[: query.limit], query.terms)
        ordered = sorted(hits, key=lambda hit: hit.start_ns or 0)
        ordered.sort(key=lambda hit: (hit.session_start_utc_ns, hit.session), reverse=True)
        return Found(tuple(ordered), len(places) > query.limit)


def _places(rows: Rows, query: Query, blind: str) -> Iterator[Place]:
    if query.of_turns:
        yield from turn_places(rows, query, blind)
    elif query.of_annotations:
        yield from annotation_places(rows, query, blind)
    else:
        yield from (Place(*row) for row in _in_texts(rows, query, blind))
        yield from _in_labels(rows, query, blind)


def _once(places: Iterable[Place]) -> Iterator[Place]:
    known = set()
    for place in places:
        if place not in known:
            known.add(place)
            yield place


def _in_texts(rows: Rows, query: Query, blind: str) -> Iterator[Any]:
    """Those that were written last first."""
    row = SearchableRow
    columns: list[Any] = [row.session_id, row.kind, row.item_id, row.field]
    found: Select[Any] = select(*columns).where(not_(superseded(row.owner_id))).limit(query.limit + 1)
    if query.session is not None:
        found = found.where(row.session_id == query.session)
    if blind:
        found = found.where(not_(_hidden(blind)))
    terms = [term for term in map(sought, query.terms) if term]
    if not terms:
        return
    dialect = rows.get_bind().dialect.name
    if dialect != "postgresql" or query.session is not None:
        yield from rows.execute(with_words(found, terms, dialect))
        return
    border = (rows.scalar(select(func.max(row.id))) or 0) - LOOKED_THROUGH
    newest = list(rows.execute(looked_through(found, terms, border)))
    yield from newest
    if len(newest) <= query.limit:
        held = by_index(terms, border)
        yield from rows.execute(found.join(held, held.c.id == row.id).order_by(row.id.desc()))


def _hidden(blind: str) -> Any:
    marked = (
        select(_ANNOTATION.c.id)
        .join(_TIER, _TIER.c.id == _ANNOTATION.c.tier_id)
        .where(_ANNOTATION.c.id == SearchableRow.item_id, hidden_annotation(blind, _ANNOTATION, _TIER))
        .exists()
    )
    linked = select(_LINK.c.id).where(_LINK.c.id == SearchableRow.item_id, hidden_link(blind, _LINK)).exists()
    asked = (
        select(_QUESTION.c.id)
        .where(_QUESTION.c.id == SearchableRow.item_id, hidden_question(blind, _QUESTION))
        .exists()
    )
    return or_(marked, linked, asked)


def _in_labels(rows: Rows, query: Query, blind: str) -> Iterator[Place]:
    """Annotations by what their schemes, and procedures, call their labels."""
    labels = labels_named(rows, query.terms)
    if not labels:
        return
    found = (
        select(_TIER.c.session_id, _ANNOTATION.c.id, _ANNOTATION.c.label, *_KEYS, SessionRow.procedure_id)
        .join(_TIER, _TIER.c.id == _ANNOTATION.c.tier_id)
        .join(SessionRow, SessionRow.id == _TIER.c.session_id)
        .where(_ANNOTATION.c.label.in_(labels.ids))
        .order_by(_ANNOTATION.c.made_utc_ns.desc(), _ANNOTATION.c.id)
    )
    if query.session is not None:
        found = found.where(_TIER.c.session_id == query.session)
    if blind:
        found = found.where(not_(hidden_annotation(blind, _ANNOTATION, _TIER)))
    for row in rows.execute(found):
        if labels.name(row, row.procedure_id, row.label):
            yield Place(row[0], "annotation", row[1], "label")
