"""Transcripts with their turns, as they are and as they were first made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import cast

import msgspec
from sqlalchemy import insert, select

from storage.repositories.repository import Repository
from storage.tables.item_rows import insert_items, read_items
from storage.tables.items import ITEM_TABLES
from storage.tables.models import OriginalTurnRow, TranscriptRow
from storage.tables.rows import transcript_value
from woz.model.ids import SessionId, TranscriptId
from woz.model.transcript import Transcript, Turn

_TURN = ITEM_TABLES["turn"]
_decode = msgspec.json.Decoder(list[Turn]).decode


class Transcripts(Repository):
    def add(self, transcript: Transcript, turns: Iterable[Turn]) -> None:
        """Keep a new transcript with all its turns, also as they are now for good, or nothing of it."""
        made = list(turns)
        with self._database.transaction() as rows:
            rows.add(TranscriptRow(**asdict(transcript)))
            rows.flush()
            insert_items(rows, made)
            if made:
                rows.execute(insert(OriginalTurnRow), [original_turn(turn) for turn in made])

    def of_session(self, session_id: SessionId) -> list[Transcript]:
        """The oldest first."""
        of_session = select(TranscriptRow).where(TranscriptRow.session_id == session_id)
        query = of_session.order_by(TranscriptRow.made_utc_ns, TranscriptRow.id)
        with self._database.snapshot() as rows:
            return [transcript_value(row) for row in rows.scalars(query)]

    def turns(self, transcript_id: TranscriptId) -> list[Turn]:
        """By their start."""
        turn = _TURN.table.c
        with self._database.snapshot() as rows:
            found = read_items(rows, _TURN, turn.transcript_id == transcript_id, (turn.start_ns, turn.id))
            return [cast(Turn, item) for item, _ in found]

    def originals(self, transcript_id: TranscriptId) -> list[Turn]:
        """The turns as they were first made, by their start, whatever became of them since."""
        query = select(OriginalTurnRow.data).where(OriginalTurnRow.transcript_id == transcript_id)
        with self._database.snapshot() as rows:
            turns = [turn for data in rows.scalars(query) for turn in _decode(data)]
        return sorted(turns, key=lambda turn: (turn.interval, turn.id))


def original_turn(turn: Turn) -> dict[str, str]:
    return {"id": turn.id, "transcript_id": turn.transcript_id, "data": msgspec.json.encode([turn]).decode()}
