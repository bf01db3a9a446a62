"""Repositories: one a kind of value, each speaking in woz's own.

All raise WozError where the file can't be read or written, and ContradictionError (a fault of the program) where
what is to be saved refers to something that isn't stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select

from storage.backends.database import Database
from storage.tables.models import (
    CodebookRow,
    EventRow,
    JobRow,
    OriginalTurnRow,
    ParticipantRow,
    ProcedureRow,
    SessionRow,
    StreamRow,
    TranscriptRow,
    TurnRow,
)
from storage.tables.rows import (
    codebook_row,
    codebook_value,
    event_row,
    event_value,
    job_value,
    original_value,
    participant_row,
    participant_value,
    procedure_row,
    procedure_value,
    session_row,
    session_value,
    stream_row,
    stream_value,
    transcript_value,
    turn_value,
)
from storage.tables.turns import insert_originals, insert_turns
from woz.base.errors import WozError
from woz.model.codebook import Codebook
from woz.model.events import Event, EventKind
from woz.model.ids import CodebookId, ParticipantId, ProcedureId, SessionId, TranscriptId
from woz.model.job import Job
from woz.model.people import Participant
from woz.model.procedure import Procedure
from woz.model.session import Session, SessionState
from woz.model.stream import Stream
from woz.model.transcript import Transcript, Turn


class Repository:
    def __init__(self, database: Database) -> None:
        self._database = database

    def _save(self, row: Any) -> None:
        """Add it, or make the one by its id like it."""
        with self._database.transaction() as rows:
            rows.merge(row)


class Sessions(Repository):
    def save(self, session: Session) -> None:
        """Add it, or replace the one by its id."""
        self._save(session_row(session))

    def get(self, session_id: SessionId) -> Session:
        with self._database.snapshot() as rows:
            row = rows.get(SessionRow, session_id)
            if row is None:
                raise WozError(f"This project has no session {session_id}; woz check lists those it has.")
            return session_value(row)

    def all(self) -> list[Session]:
        """All sessions, the newest first."""
        query = select(SessionRow).order_by(SessionRow.start_utc_ns.desc(), SessionRow.id.desc())
        with self._database.snapshot() as rows:
            return [session_value(row) for row in rows.scalars(query)]

    def unfinished(self) -> list[Session]:
        """Those in state recording: being recorded now, or left so by a crash."""
        return [session for session in self.all() if session.state == SessionState.RECORDING]


class Participants(Repository):
    def save(self, participant: Participant) -> None:
        """Raises WozError where somebody else has the pseudonym."""
        of_another = (ParticipantRow.pseudonym == participant.pseudonym) & (ParticipantRow.id != participant.id)
        with self._database.transaction() as rows:
            if rows.scalar(select(ParticipantRow.id).where(of_another)) is not None:
                raise WozError(f"There is a participant {participant.pseudonym} already; choose another pseudonym.")
            rows.merge(participant_row(participant))

    def get(self, participant_id: ParticipantId) -> Participant:
        with self._database.snapshot() as rows:
            row = rows.get(ParticipantRow, participant_id)
            if row is None:
                raise WozError(f"This project has no participant {participant_id}.")
            return participant_value(row)

    def all(self) -> list[Participant]:
        """By pseudonym."""
        with self._database.snapshot() as rows:
            found = rows.scalars(select(ParticipantRow).order_by(ParticipantRow.pseudonym))
            return [participant_value(row) for row in found]


class Procedures(Repository):
    def save(self, procedure: Procedure) -> None:
        self._save(procedure_row(procedure))

    def get(self, procedure_id: ProcedureId) -> Procedure:
        with self._database.snapshot() as rows:
            row = rows.get(ProcedureRow, procedure_id)
            if row is None:
                raise WozError(f"This project has no procedure {procedure_id}.")
            return procedure_value(row)

    def all(self) -> list[Procedure]:
        with self._database.snapshot() as rows:
            return [procedure_value(row) for row in rows.scalars(select(ProcedureRow).order_by(ProcedureRow.name))]


class Streams(Repository):
    def replace(self, session_id: SessionId, streams: Iterable[Stream]) -> None:
        """Make these the streams of a session."""
        new = [stream_row(stream) for stream in streams]
        with self._database.transaction() as rows:
            rows.execute(delete(StreamRow).where(StreamRow.session_id == session_id))
            rows.add_all(new)

    def of_session(self, session_id: SessionId) -> list[Stream]:
        """By path and track."""
        query = (
            select(StreamRow).where(StreamRow.session_id == session_id).order_by(StreamRow.path, StreamRow.track)
        )
        with self._database.snapshot() as rows:
            return [stream_value(row) for row in rows.scalars(query)]


class Events(Repository):
    def append(self, session_id: SessionId, events: Iterable[Event]) -> None:
        """Add events to those that a session has."""
        new = [event_row(session_id, event) for event in events]
        with self._database.transaction() as rows:
            rows.add_all(new)

    def replace(self, session_id: SessionId, events: Iterable[Event]) -> None:
        """Make these the events of a session: the journal is the truth, and may be read in again."""
        new = [event_row(session_id, event) for event in events]
        with self._database.transaction() as rows:
            rows.execute(delete(EventRow).where(EventRow.session_id == session_id))
            rows.add_all(new)

    def of_session(self, session_id: SessionId, kind: EventKind | None = None) -> list[Event]:
        """By time, of one kind or of all."""
        query = select(EventRow).where(EventRow.session_id == session_id).order_by(EventRow.t_ns, EventRow.id)
        if kind is not None:
            query = query.where(EventRow.kind == kind)
        with self._database.snapshot() as rows:
            return [event_value(row) for row in rows.scalars(query)]


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


class Codebooks(Repository):
    def save(self, codebook: Codebook) -> None:
        self._save(codebook_row(codebook))

    def get(self, codebook_id: CodebookId) -> Codebook:
        with self._database.snapshot() as rows:
            row = rows.get(CodebookRow, codebook_id)
            if row is None:
                raise WozError(f"This project has no codebook {codebook_id}.")
            return codebook_value(row)

    def all(self) -> list[Codebook]:
        """By name."""
        with self._database.snapshot() as rows:
            return [codebook_value(row) for row in rows.scalars(select(CodebookRow).order_by(CodebookRow.name))]


class Jobs(Repository):
    def save(self, job: Job) -> None:
        self._save(JobRow(**asdict(job)))

    def all(self) -> list[Job]:
        """The oldest first."""
        with self._database.snapshot() as rows:
            return [job_value(row) for row in rows.scalars(select(JobRow).order_by(JobRow.made_utc_ns, JobRow.id))]
