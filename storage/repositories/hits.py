"""What was found, read with the turns around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select
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


def hits_at(rows: Rows, places: Sequence[Place], terms: Sequence[str]) -> list[Hit]:
    """In the order of the places; without those whose item is gone."""
    reader = _Reader(rows, places, terms)
    return [hit for place in places if (hit := reader.hit(place))]


class _Reader:
    def __init__(self, rows: Rows, places: Sequence[Place], terms: Sequence[str]) -> None:
        self._rows = rows
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
        turn = _TURN.c
        of_it = turn.transcript_id == transcript
        begins = end_ns if not isinstance(item, Turn) else start_ns
        other = turn.id != item.id
        before = self._lines(of_it & other & (turn.start_ns < start_ns), turn.start_ns.desc())
        return tuple(reversed(list(before))), tuple(
            self._lines(of_it & other & (turn.start_ns >= begins), turn.start_ns)
        )

    def _lines(self, where: ColumnElement[bool], order: ColumnElement[int]) -> Iterator[Line]:
        query = select(_TURN.c.speaker, _TURN.c.start_ns, _TURN.c.text).where(where).order_by(order, _TURN.c.id)
        for speaker, start_ns, text in self._rows.execute(query.limit(CONTEXT)):
            yield Line(Role(speaker), start_ns, text)


def _ref(place: Place) -> ItemRef:
    return ItemRef(place.kind, place.item_id)


def _span(item: Item) -> tuple[int | None, int | None]:
    if isinstance(item, Annotation):
        return item.start_ns, item.start_ns if item.end_ns is None else item.end_ns
    if isinstance(item, Question):
        return item.asked.start_ns, item.answered.end_ns
    return (item.interval.start_ns, item.interval.end_ns) if isinstance(item, Turn) else (None, None)
