"""Identifiers: a kind of its own for each kind of thing, so that none is taken for another."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from typing import NewType

SessionId = NewType("SessionId", str)
ParticipantId = NewType("ParticipantId", str)
ProcedureId = NewType("ProcedureId", str)
StepId = NewType("StepId", str)
StreamId = NewType("StreamId", str)
TranscriptId = NewType("TranscriptId", str)
TurnId = NewType("TurnId", str)
TierId = NewType("TierId", str)
QuestionId = NewType("QuestionId", str)
JobId = NewType("JobId", str)
TermId = NewType("TermId", str)
SchemeId = NewType("SchemeId", str)
LabelId = NewType("LabelId", str)
AnnotationId = NewType("AnnotationId", str)
LinkId = NewType("LinkId", str)
AnnotatorId = NewType("AnnotatorId", str)
BlindScopeId = NewType("BlindScopeId", str)
AssignmentId = NewType("AssignmentId", str)
CommentId = NewType("CommentId", str)
PackageId = NewType("PackageId", str)


def new_id() -> str:
    """A fresh identifier for anything but a session."""
    return uuid.uuid4().hex


def new_session_id(utc_ns: int) -> SessionId:
    """A session's identifier, which sorts by its start: 20260131-142501-3fa9."""
    stamp = datetime.fromtimestamp(utc_ns / 1e9, UTC).strftime("%Y%m%d-%H%M%S")
    return SessionId(f"{stamp}-{secrets.token_hex(2)}")
