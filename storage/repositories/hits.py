"""What was found, read with the turns around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session as Rows

from storage.repositories.labels import Labels, all_labels
from storage.repositories.places import Place
from storage.tables.grams import grams, sought
from storage.tables.item_rows import stored_items
from storage.tables.items import ITEM_TABLES
from storage.tables.models import SessionRow, TranscriptRow
from woz.annotation.texts import texts_of
from woz.lab.search import CONTEXT, Hit, Line
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.people import Role
from woz.model.question import Question
from woz.model.transcript import Turn

_TIER, _TURN = ITEM_TABLES["tier"].table, ITEM_TABLES["turn"].table


def _side(number: int, where: ColumnElement[bool], order: ColumnElement[int]) -> Select[Any]:
    turn = _TURN.c
    here = (turn.transcript_id == bindparam("transcript")) & (turn.id != bindparam("item")) & where
    lines = select(literal_column(str(number)).label("side"), turn.speaker, turn.start_ns, turn.text).where(here)
    return select(lines.order_by(order, turn.id).limit(literal_column(str(CONTEXT))).subquery())


_AROUND = union_all(
    _side(0, _TURN.c.start_ns < bindparam("start"), _TURN.c.start_ns.desc()),
    _side(1, _TURN.c.start_ns >= bindparam("begins"), _TURN.c.start_ns),
)
"""The turns beside a place, those nearest to it first, in one statement: there is one for each hit."""


def hits_at(rows: Rows, places: Sequence[Place], terms: Sequence[str]) -> list[Hit]:
    """In the order of the places; without those whose item is gone."""
    reader = _Reader(rows, places, terms)
    return [hit for place in places if (hit := reader.hit(place))]


class _Reader:
    def __init__(self, rows: Rows, places: Sequence[Place], terms: Sequence[str]) -> None:
        self._connection = rows.connection()
        self._terms = [term for term in map(sought, terms) if term]
        self._items = {ref: item for ref, (item, _) in stored_items(rows, {_ref(p) for p in places}).items()}
        sessions = {place.session_id for place in places}
        query = select(SessionRow.id, SessionRow.title, SessionRow.start_utc_ns)
        self._sessions = {row[0]: row for row in rows.execute(query.where(SessionRow.id.in_(sessions)))}
        made = select(TranscriptRow.session_id, TranscriptRow.id).where(TranscriptRow.session_id.in_(sessions))
        newest = rows.execute(made.order_by(TranscriptRow.made_utc_ns, TranscriptRow.id))
        self._transcripts: dict[str, str] = {row[0]: row[1] for row in newest}
        marked = {item.tier_id for item in self._items.values() if isinstance(item, Annotation)}
        self._labels = all_labels(rows) if marked else Labels({}, {})
        tiers = (
            select(_TIER, SessionRow.procedure_id)
            .join(SessionRow, SessionRow.id == _TIER.c.session_id)
            .where(_TIER.c.id.in_(marked))
        )
        self._tiers = {row.id: row for row in rows.execute(tiers)} if marked else {}

    def hit(self, place: Place) -> Hit | None:
        item = self._items.get(_ref(place))
        if item is None:
            return None
        start_ns, end_ns = _span(item)
        _, title, start_utc_ns = self._sessions[place.session_id]
        before, after = self._context(place.session_id, item, start_ns, end_ns)
        return Hit(
            SessionId(place.session_id),
            title,
            start_utc_ns,
            place.kind,
            place.item_id,
            place.field,
            start_ns,
            end_ns,
            self._who(item),
            self._text(place, item),
            before,
            after,
        )

    def _text(self, place: Place, item: Item) -> str:
        if isinstance(item, Turn) and not place.field:
            return item.text
        texts = [text for field, text in texts_of(item) if place.field in ("", field)] if self._terms else []
        return next((text for text in texts if self._fits(text)), "")

    def _fits(self, text: str) -> bool:
        parts = f" {grams(text)}"
        return all(term.run in parts for term in self._terms)

    def _who(self, item: Item) -> str:
        """Who speaks, or an annotation's label."""
        if isinstance(item, Turn):
            return item.speaker
        if isinstance(item, Annotation):
            tier = self._tiers[item.tier_id]
            return self._labels.name(tier, tier.procedure_id, item.label) or item.label
        return item.asked_by if isinstance(item, Question) else ""

    def _context(
        self, session_id: str, item: Item, start_ns: int | None, end_ns: int | None
    ) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        transcript = item.transcript_id if isinstance(item, Turn) else self._transcripts.get(session_id)
        if transcript is None or start_ns is None or end_ns is None:
            return (), ()
        begins = _context_begins_ns(item, start_ns, end_ns)
        beside = {"transcript": transcript, "item": item.id, "start": start_ns, "begins": begins}
        before, after = list[Line](), list[Line]()
        for side, speaker, at_ns, text in self._connection.execute(_AROUND, beside):
            (after if side else before).append(Line(Role(speaker), at_ns, text))
        return tuple(reversed(before)), tuple(after)


def _ref(place: Place) -> ItemRef:
    return ItemRef(place.kind, place.item_id)


def _context_begins_ns(item: Item, start_ns: int, end_ns: int) -> int:
    """From where the turns after it are counted: a question's answer is one of them."""
    if isinstance(item, Turn):
        return start_ns
    return min(item.asked.end_ns, item.answered.start_ns) if isinstance(item, Question) else end_ns


def _span(item: Item) -> tuple[int | None, int | None]:
    if isinstance(item, Annotation):
        return item.start_ns, item.start_ns if item.end_ns is None else item.end_ns
    if isinstance(item, Question):
        return item.asked.start_ns, item.answered.end_ns
    return (item.interval.start_ns, item.interval.end_ns) if isinstance(item, Turn) else (None, None)
