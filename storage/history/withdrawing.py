"""The one way by which anything leaves the log, or the turns as first made: somebody withdrew from the study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec
from sqlalchemy import delete, func, insert, select, true, update
from sqlalchemy.orm import Session as Rows

from storage.history.tombstones import TOMBSTONE, bury
from storage.tables.history import EditItemRow, EditRow
from storage.tables.item_rows import delete_items, read_items, stored_items, update_items
from storage.tables.items import ITEM_TABLES, ItemTable
from storage.tables.models import EventRow, JobRow, OriginalTurnRow, SessionRow, TranscriptRow
from storage.tables.reviews import DecisionRow, GivenRow, decision_value
from storage.tables.rows import event_value
from storage.tables.work import AssignmentRow, CommentRow, GoldTakenBackRow, TakenBackRow
from woz.annotation.withdrawn import Scope, Words, dividing, holds, loses_words, without, words_of
from woz.annotation.withdrawn_events import event_goes
from woz.dataset.review.texts import typed_in
from woz.model.item import ItemRef, ref_to
from woz.model.item_json import from_json
from woz.model.kinds import Item
from woz.model.question import Question
from woz.model.transcript import Turn

TAKEN_AWAY = "(withdrawn)"
"""Stands in the place of a comment or a title that was taken away."""
_AT_ONCE = 500
_originals = msgspec.json.Decoder(list[Turn]).decode
Logged = tuple[int, int, str, str | None, str | None]
"""A row of the log: the edit's id, the place in it, the kind, what was before and after."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What of the database a withdrawal takes away of one session.

    `cleaned` are items of which a part stays, also in other sessions that took an answer over; `log` are rows of
    the log by edit and place.
    """

    words: Words
    gone: tuple[Item, ...]
    cleaned: tuple[Item, ...]
    log: tuple[tuple[int, int], ...]
    originals: tuple[str, ...]
    events: tuple[int, ...]
    comments: tuple[str, ...]
    decisions: tuple[int, ...]
    reasons: tuple[int, ...]

    @property
    def counts(self) -> dict[str, int]:
        """By what people call it; what there is none of isn't named."""
        turns = [item for item in self.gone if isinstance(item, Turn)]
        found = {
            "turns": len(turns),
            "words": sum(len(turn.words) or len(turn.text.split()) for turn in turns),
            "translations": sum(bool(turn.translation) for turn in turns),
            "questions": sum(isinstance(item, Question) for item in self.gone),
            "annotations": sum(type(item).__name__ == "Annotation" for item in self.gone),
            "tiers": sum(type(item).__name__ == "Tier" for item in self.gone),
            "links": sum(type(item).__name__ == "Link" for item in self.gone),
            "changed in part": len(self.cleaned),
            "log entries": len(self.log) + len(self.reasons),
            "turns as first made": len(self.originals),
            "events": len(self.events),
            "comments": len(self.comments),
            "decisions": len(self.decisions),
        }
        return {name: count for name, count in found.items() if count}


class Asked:
    """The questions of all sessions: read where one is wanted, and anew once somebody recorded an edit, which no
    withdrawal does.
    """

    def __init__(self) -> None:
        self._read: tuple[int, ...] | None = None
        self._questions: list[Question] = []

    def losing(self, rows: Rows, scope: Scope, words: Words, gone: frozenset[ItemRef]) -> list[Question]:
        """Those of other sessions that lose something, as they are now."""
        self._demand(rows)
        elsewhere = (each for each in self._questions if each.session_id != scope.session_id)
        losing = [ref_to(each) for each in elsewhere if without(each, words, gone) != each]
        return [item for item, _ in stored_items(rows, losing).values() if isinstance(item, Question)]

    def _demand(self, rows: Rows) -> None:
        now = tuple(rows.execute(select(func.max(EditRow.id), func.count(EditRow.id))).one())
        if now != self._read:
            of: ItemTable = ITEM_TABLES["question"]
            found = (item for item, _ in read_items(rows, of, true()))
            self._read, self._questions = now, [item for item in found if isinstance(item, Question)]


def reached(rows: Rows, scope: Scope, asked: Asked | None = None) -> Reached:
    """Reads all of a session, and changes nothing. Who asks for several gives `asked`."""
    items, log = list(_items(rows, scope)), _log(rows, EditRow.session_id == scope.session_id)
    originals = _original_turns(rows, scope)
    words = words_of(scope, _versions(items, log, originals))
    gone, cleaned = dividing(items, scope, words)
    refs = frozenset(map(ref_to, gone))
    elsewhere, copied = _taken_over(rows, scope, words, refs, asked or Asked())
    ids = {ref.id for ref in refs}
    before = {ref_to(item): item for item in items}
    worded = [item for item in cleaned if loses_words(before[ref_to(item)], item)]
    touched = {str(item.id) for item in (*gone, *worded, *elsewhere)}
    return Reached(
        words,
        tuple(gone),
        (*cleaned, *elsewhere),
        (*_held(log, scope, words, refs), *copied),
        tuple(turn.id for turn in originals if scope.whole or turn.id in words.turns | words.shared),
        _events(rows, scope, words),
        _comments(rows, scope, words, ids),
        _decisions(rows, scope, words, touched),
        _reasons(rows, scope, words),
    )


def each_once(found: Iterable[Reached]) -> list[Reached]:
    """Of several sessions, each row where it is reached first; an item that goes is only where it goes."""
    known = list(found)
    items = {ref_to(item) for one in known for item in one.gone}
    log, decisions = set[tuple[int, int]](), set[int]()
    once = []
    for one in known:
        cleaned = tuple(item for item in one.cleaned if ref_to(item) not in items)
        first = replace(
            one,
            cleaned=cleaned,
            log=tuple(row for row in one.log if row not in log),
            decisions=tuple(row for row in one.decisions if row not in decisions),
        )
        items.update(map(ref_to, cleaned))
        log.update(first.log)
        decisions.update(first.decisions)
        once.append(first)
    return once


def erase(rows: Rows, scope: Scope, found: Reached) -> None:
    """Take it away, within the caller's transaction. Rows of the log stay as tombstones."""
    bury(rows, found.log)
    _in_parts(found.reasons, lambda part: rows.execute(update(EditRow).where(EditRow.id.in_(part)).values(why="")))
    delete_items(rows, found.gone)
    update_items(rows, found.cleaned, None)
    _bury_originals(rows, found.originals)
    _in_parts(found.events, lambda part: rows.execute(delete(EventRow).where(EventRow.id.in_(part))))
    _in_parts(found.decisions, lambda part: rows.execute(delete(DecisionRow).where(DecisionRow.id.in_(part))))
    taken = {"text": TAKEN_AWAY}
    _in_parts(
        found.comments, lambda part: rows.execute(update(CommentRow).where(CommentRow.id.in_(part)).values(**taken))
    )
    asked = [item.id for item in found.gone if isinstance(item, Question)]
    _in_parts(asked, lambda part: rows.execute(delete(GivenRow).where(GivenRow.question_id.in_(part))))
    if scope.whole:
        _erase_whole(rows, scope)


def _erase_whole(rows: Rows, scope: Scope) -> None:
    """That there was a session stays: the log refers to it, and a count of sessions is of all that were held."""
    given = (AssignmentRow, TakenBackRow, GoldTakenBackRow, GivenRow)
    for table in (TranscriptRow, CommentRow, *given, JobRow):
        rows.execute(delete(table).where(table.session_id == scope.session_id))
    emptied = {"title": TAKEN_AWAY, "scenario": "", "place": "", "takes": "[]"}
    rows.execute(update(SessionRow).where(SessionRow.id == scope.session_id).values(**emptied))


def _in_parts(ids: Sequence[Any], act: Any) -> None:
    for at in range(0, len(ids), _AT_ONCE):
        act(list(ids[at : at + _AT_ONCE]))


def _bury_originals(rows: Rows, ids: Sequence[str]) -> None:
    """A trigger lets nobody change such a row, so that it makes room for one without turns."""

    def bury_part(part: list[str]) -> None:
        here = OriginalTurnRow.id.in_(part)
        owners = rows.execute(select(OriginalTurnRow.id, OriginalTurnRow.transcript_id).where(here)).all()
        rows.execute(delete(OriginalTurnRow).where(here))
        empty = [{"id": turn, "transcript_id": owner, "data": "[]"} for turn, owner in owners]
        if empty:
            rows.execute(insert(OriginalTurnRow), empty)

    _in_parts(ids, bury_part)


def _items(rows: Rows, scope: Scope) -> Iterator[Item]:
    tier = ITEM_TABLES["tier"].table.c
    owners: dict[str, Any] = {
        "session": [scope.session_id],
        "tier": select(tier.id).where(tier.session_id == scope.session_id),
        "transcript": select(TranscriptRow.id).where(TranscriptRow.session_id == scope.session_id),
    }
    for of in ITEM_TABLES.values():
        if of.kind.owner in owners:
            column = of.table.c[of.kind.owner_field]
            yield from (item for item, _ in read_items(rows, of, column.in_(owners[of.kind.owner])))


def _log(rows: Rows, where: Any) -> list[Logged]:
    columns = (EditItemRow.edit_id, EditItemRow.place, EditItemRow.kind, EditItemRow.before, EditItemRow.after)
    query = select(*columns).join(EditRow, EditRow.id == EditItemRow.edit_id)
    found = query.where(where, ~TOMBSTONE, EditItemRow.kind != "term")
    return [
        cast(Logged, tuple(row)) for row in rows.execute(found.order_by(EditItemRow.edit_id, EditItemRow.place))
    ]


def _original_turns(rows: Rows, scope: Scope) -> list[Turn]:
    of_session = select(TranscriptRow.id).where(TranscriptRow.session_id == scope.session_id)
    query = select(OriginalTurnRow.data).where(OriginalTurnRow.transcript_id.in_(of_session))
    return [turn for data in rows.scalars(query) for turn in _originals(data)]


def _versions(items: Iterable[Item], log: Iterable[Logged], originals: Iterable[Turn]) -> Iterator[Turn]:
    yield from originals
    for _, _, kind, before, after in log:
        if kind == "turn":
            yield from (cast(Turn, from_json(kind, text)) for text in (before, after) if text is not None)
    yield from (item for item in items if isinstance(item, Turn))


def _held(log: Iterable[Logged], scope: Scope, words: Words, gone: frozenset[ItemRef]) -> Iterator[tuple[int, int]]:
    for edit_id, place, kind, before, after in log:
        texts = (text for text in (before, after) if text is not None)
        if scope.whole or any(holds(from_json(kind, text), scope, words, gone) for text in texts):
            yield edit_id, place


def _taken_over(
    rows: Rows, scope: Scope, words: Words, gone: frozenset[ItemRef], asked: Asked
) -> tuple[list[Item], list[tuple[int, int]]]:
    """Questions of other sessions with an answer from here among their wrong ones; and their rows in the log."""
    if not any(ref.kind == "question" for ref in gone):
        return [], []
    changed = []
    for item in asked.losing(rows, scope, words, gone):
        kept = without(item, words, gone)
        if kept is not None and kept != item:
            changed.append(kept)
    ids = [str(item.id) for item in changed]
    log = _log(rows, EditItemRow.item_id.in_(ids)) if ids else []
    return changed, [(edit_id, place) for edit_id, place, *_ in log]


def _events(rows: Rows, scope: Scope, words: Words) -> tuple[int, ...]:
    found = rows.scalars(select(EventRow).where(EventRow.session_id == scope.session_id))
    return tuple(row.id for row in found if event_goes(event_value(row), scope, words))


def _comments(rows: Rows, scope: Scope, words: Words, gone: set[str]) -> tuple[str, ...]:
    query = select(CommentRow).where(CommentRow.session_id == scope.session_id, CommentRow.text != TAKEN_AWAY)
    return tuple(
        row.id
        for row in rows.scalars(query)
        if scope.whole or row.item_id in gone or words.quotes.found_in(row.text)
    )


def _decisions(rows: Rows, scope: Scope, words: Words, touched: set[str]) -> tuple[int, ...]:
    """On question sets that go or change, wherever they are; and those here that repeat what was said."""
    found: dict[int, None] = {}
    ids = sorted(touched)
    for at in range(0, len(ids), _AT_ONCE):
        on_them = DecisionRow.question_id.in_(ids[at : at + _AT_ONCE])
        found.update(dict.fromkeys(rows.scalars(select(DecisionRow.id).where(on_them))))
    here = select(DecisionRow).where(DecisionRow.session_id == scope.session_id)
    typed = ((row.id, typed_in(decision_value(row))) for row in rows.scalars(here))
    repeating = (key for key, texts in typed if scope.whole or any(map(words.quotes.found_in, texts)))
    return tuple(found | dict.fromkeys(repeating))


def _reasons(rows: Rows, scope: Scope, words: Words) -> tuple[int, ...]:
    query = select(EditRow.id, EditRow.why).where(EditRow.session_id == scope.session_id, EditRow.why != "")
    return tuple(row.id for row in rows.execute(query) if scope.whole or words.quotes.found_in(row.why))
