"""Transcripts with their turns, as they are and as they were first made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import select

from storage.repositories.repository import Repository
from storage.tables.models import OriginalTurnRow, TranscriptRow, TurnRow
from storage.tables.rows import original_value, transcript_value, turn_value
from storage.tables.turns import insert_originals, insert_turns
from woz.model.ids import SessionId, TranscriptId
from woz.model.transcript import Transcript, Turn


class Transcripts(Repository):
    def add(self, transcript: Transcript, turns: Iterable[Turn]) -> None:
        """Keep a new transcript with all its turns, also as they are now for good, or nothing of it."""
        made = list(turns)
        with self._database.transaction() as rows:
            rows.add(TranscriptRow(**asdict(transcript)))
            rows.flush()
            insert_turns(rows, made)
            insert_originals(rows, made)

    def of_session(self, session_id: SessionId) -> list[Transcript]:
        """The oldest first."""
        of_session = select(TranscriptRow).where(TranscriptRow.session_id == session_id)
        query = of_session.order_by(TranscriptRow.made_utc_ns, TranscriptRow.id)
        with self._database.snapshot() as rows:
            return [transcript_value(row) for row in rows.scalars(query)]

    def turns(self, transcript_id: TranscriptId) -> list[Turn]:
        """By their start."""
        query = select(TurnRow).where(TurnRow.transcript_id == transcript_id).order_by(TurnRow.start_ns, TurnRow.id)
        with self._database.snapshot() as rows:
            return [turn_value(row) for row in rows.scalars(query)]

    def originals(self, transcript_id: TranscriptId) -> list[Turn]:
        """The turns as they were first made, by their start, whatever became of them since."""
        query = select(OriginalTurnRow).where(OriginalTurnRow.transcript_id == transcript_id)
        with self._database.snapshot() as rows:
            turns = [original_value(row) for row in rows.scalars(query)]
        return sorted(turns, key=lambda turn: (turn.interval, turn.id))
