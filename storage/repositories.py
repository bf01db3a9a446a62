"""Repositories: one a kind of value. All raise WozError where the file can't be read or written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select

from storage.database import Database
from storage.jobs import Job, JobState
from storage.models import (
    CodebookRow,
    EventRow,
    JobRow,
    LabelRow,
    ParticipantRow,
    ProcedureRow,
    SessionRow,
    StreamRow,
    TranscriptRow,
    TurnRow,
)
from storage.rows import (
    procedure_row,
    procedure_value,
    session_row,
    session_value,
    turn_row,
    turn_value,
)
from woz.codebook import Codebook, Label
from woz.errors import WozError
from woz.events import Event, EventKind
from woz.session import (
    CodebookId,
    JobId,
    Origin,
    Participant,
    ParticipantId,
    Procedure,
    ProcedureId,
    Role,
    Session,
    SessionId,
    SessionState,
    Stream,
    StreamId,
    StreamKind,
    TierKind,
    Transcript,
    TranscriptId,
    Turn,
)


class Repository:
    def __init__(self, database: Database) -> None:
        self._database = database

    def _save(self, row: Any) -> None:
        with self._database.transaction() as rows:
            rows.merge(row)


class Sessions(Repository):
    def save(self, session: Session) -> None:
        """Add it, or replace the one by its id."""
        self._save(session_row(session))

    def get(self, session_id: SessionId) -> Session:
        with self._database.transaction() as rows:
            row = rows.get(SessionRow, session_id)
            if row is None:
                raise WozError(f"This project has no session {session_id}; woz check lists those it has.")
            return session_value(row)

    def all(self) -> list[Session]:
        """All sessions, the newest first."""
        with self._database.transaction() as rows:
            return [
                session_value(r) for r in rows.scalars(select(SessionRow).order_by(SessionRow.start_utc_ns.desc()))
            ]

    def unfinished(self) -> list[Session]:
        """Those that a crash left in state recording."""
        return [session for session in self.all() if session.state == SessionState.RECORDING]


class Participants(Repository):
    def save(self, participant: Participant) -> None:
        self._save(ParticipantRow(**asdict(participant)))

    def get(self, participant_id: ParticipantId) -> Participant:
        found = next((p for p in self.all() if p.id == participant_id), None)
        if found is None:
            raise WozError(f"This project has no participant {participant_id}.")
        return found

    def all(self) -> list[Participant]:
        with self._database.transaction() as rows:
            found = rows.scalars(select(ParticipantRow).order_by(ParticipantRow.pseudonym))
            return [
                Participant(ParticipantId(r.id), r.pseudonym, Role(r.role), r.consent_utc_ns, r.withdrawn)
                for r in found
            ]


class Procedures(Repository):
    def save(self, procedure: Procedure) -> None:
        self._save(procedure_row(procedure))

    def get(self, procedure_id: ProcedureId) -> Procedure:
        with self._database.transaction() as rows:
            row = rows.get(ProcedureRow, procedure_id)
            if row is None:
                raise WozError(f"This project has no procedure {procedure_id}.")
            return procedure_value(row)

    def all(self) -> list[Procedure]:
        with self._database.transaction() as rows:
            return [procedure_value(row) for row in rows.scalars(select(ProcedureRow).order_by(ProcedureRow.name))]


class Streams(Repository):
    def replace(self, session_id: SessionId, streams: Iterable[Stream]) -> None:
        """Make these the streams of a session."""
        with self._database.transaction() as rows:
            rows.execute(delete(StreamRow).where(StreamRow.session_id == session_id))
            rows.add_all(
                StreamRow(
                    id=s.id,
                    session_id=s.session_id,
                    kind=s.kind,
                    path=s.path,
                    track=s.track,
                    interval=s.interval,
                    clock_map=s.clock_map,
                    sha256=s.sha256,
                )
                for s in streams
            )

    def of_session(self, session_id: SessionId) -> list[Stream]:
        with self._database.transaction() as rows:
            found = rows.scalars(select(StreamRow).where(StreamRow.session_id == session_id))
            return [
                Stream(
                    StreamId(r.id),
                    session_id,
                    StreamKind(r.kind),
                    r.path,
                    r.track,
                    r.interval,
                    r.clock_map,
                    r.sha256,
                )
                for r in found
            ]


class Events(Repository):
    def replace(self, session_id: SessionId, events: Iterable[Event]) -> None:
        """Make these the events of a session: the journal is the truth, and may be read in again."""
        with self._database.transaction() as rows:
            rows.execute(delete(EventRow).where(EventRow.session_id == session_id))
            rows.add_all(
                EventRow(session_id=session_id, t_ns=e.t_ns, kind=e.kind, by=e.by, data=json.dumps(dict(e.data)))
                for e in events
            )

    def of_session(self, session_id: SessionId, kind: EventKind | None = None) -> list[Event]:
        query = select(EventRow).where(EventRow.session_id == session_id).order_by(EventRow.t_ns, EventRow.id)
        with self._database.transaction() as rows:
            found = [Event(r.t_ns, EventKind(r.kind), r.by, json.loads(r.data)) for r in rows.scalars(query)]
        return [event for event in found if kind in (None, event.kind)]


class Transcripts(Repository):
    def add(self, transcript: Transcript, turns: Sequence[Turn]) -> None:
        with self._database.transaction() as rows:
            rows.add(TranscriptRow(**asdict(transcript)))
            rows.flush()
            rows.add_all(turn_row(turn) for turn in turns)

    def of_session(self, session_id: SessionId) -> list[Transcript]:
        query = (
            select(TranscriptRow).where(TranscriptRow.session_id == session_id).order_by(TranscriptRow.made_utc_ns)
        )
        with self._database.transaction() as rows:
            return [
                Transcript(
                    TranscriptId(r.id), session_id, Origin(r.origin), r.language, r.made_by, r.made_utc_ns, r.note
                )
                for r in rows.scalars(query)
            ]

    def turns(self, transcript_id: TranscriptId) -> list[Turn]:
        """By their start."""
        query = select(TurnRow).where(TurnRow.transcript_id == transcript_id).order_by(TurnRow.start_ns)
        with self._database.transaction() as rows:
            return [turn_value(row) for row in rows.scalars(query)]


class Codebooks(Repository):
    def save(self, codebook: Codebook) -> None:
        labels = [
            LabelRow(codebook_id=codebook.id, place=i, **asdict(lab)) for i, lab in enumerate(codebook.labels)
        ]
        self._save(CodebookRow(id=codebook.id, name=codebook.name, kind=codebook.kind, labels=labels))

    def all(self) -> list[Codebook]:
        with self._database.transaction() as rows:
            return [
                Codebook(
                    CodebookId(r.id),
                    r.name,
                    TierKind(r.kind),
                    tuple(Label(lab.key, lab.name, lab.colour, lab.shortcut) for lab in r.labels),
                )
                for r in rows.scalars(select(CodebookRow))
            ]


class Jobs(Repository):
    def save(self, job: Job) -> None:
        self._save(JobRow(**asdict(job)))

    def all(self) -> list[Job]:
        with self._database.transaction() as rows:
            return [
                Job(
                    JobId(r.id),
                    SessionId(r.session_id),
                    r.kind,
                    JobState(r.state),
                    r.message,
                    r.made_utc_ns,
                    r.ended_utc_ns,
                )
                for r in rows.scalars(select(JobRow).order_by(JobRow.made_utc_ns))
            ]
