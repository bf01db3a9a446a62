"""The tables of a project's database."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, composite, mapped_column, relationship

from storage.tables.types import TEXT, WHOLE
from woz.base.interval import Interval

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {str: TEXT, int: WHOLE}


def _owner(target: str, index: bool = True) -> Mapped[str]:
    return mapped_column(ForeignKey(target, ondelete="CASCADE"), index=index)


class About(Base):
    """One row: the project itself, and how many people judge each of its question sets, on which tasks.

    `retention`, `planned` and `drift_limits` are JSON: for how long recordings are kept, how many hours are to be
    recorded, and how far somebody's coding may lie from the others'.
    """

    __tablename__ = "about"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    made_utc_ns: Mapped[int]
    measures_work: Mapped[bool] = mapped_column(default=True)
    blurs_faces: Mapped[bool] = mapped_column(default=False)
    masks_voices: Mapped[bool] = mapped_column(default=False)
    voice_secret: Mapped[str] = mapped_column(default="")
    names: Mapped[str] = mapped_column(default="")
    review_people: Mapped[int]
    review_release_people: Mapped[int] = mapped_column(default=5)
    review_wrong_answers: Mapped[int] = mapped_column(default=4)
    review_grounding: Mapped[bool]
    retention: Mapped[str] = mapped_column(default="")
    planned: Mapped[str] = mapped_column(default="")
    drift_limits: Mapped[str] = mapped_column(default="")


class ParticipantRow(Base):
    __tablename__ = "participant"
    id: Mapped[str] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    withdrawn: Mapped[bool]
    consents: Mapped[list[ConsentRow]] = relationship(
        order_by="ConsentRow.place", cascade="all, delete-orphan", lazy="selectin"
    )
    languages: Mapped[list[LanguageRow]] = relationship(
        order_by="LanguageRow.place", cascade="all, delete-orphan", lazy="selectin"
    )


class ConsentRow(Base):
    __tablename__ = "consent"
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    given_utc_ns: Mapped[int]
    until_utc_ns: Mapped[int | None]


class LanguageRow(Base):
    """A language that a participant speaks: its BCP 47 tag."""

    __tablename__ = "participant_language"
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str]


class ProcedureRow(Base):
    """`tools` is JSON."""

    __tablename__ = "procedure"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str]
    tools: Mapped[str]
    steps: Mapped[list[StepRow]] = relationship(
        order_by="StepRow.place", cascade="all, delete-orphan", lazy="selectin"
    )


class StepRow(Base):
    """A step's id is its own within its procedure only; `tools` is JSON."""

    __tablename__ = "step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["procedure_id", "parent_id"], ["step.procedure_id", "step.id"], name="fk_step_parent"
        ),
    )
    procedure_id: Mapped[str] = mapped_column(ForeignKey("procedure.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    name: Mapped[str]
    position: Mapped[int]
    parent_id: Mapped[str | None]
    description: Mapped[str]
    tools: Mapped[str]
    optional: Mapped[bool]
    repeatable: Mapped[bool]
    global_id: Mapped[str]
    prerequisites: Mapped[list[PrerequisiteRow]] = relationship(
        foreign_keys="[PrerequisiteRow.procedure_id, PrerequisiteRow.step_id]",
        order_by="PrerequisiteRow.place",
        cascade="all, delete-orphan",
        lazy="selectin",
    )


class PrerequisiteRow(Base):
    __tablename__ = "step_prerequisite"
    __table_args__ = (
        ForeignKeyConstraint(
            ["procedure_id", "step_id"],
            ["step.procedure_id", "step.id"],
            name="fk_step_prerequisite_step",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["procedure_id", "before_id"],
            ["step.procedure_id", "step.id"],
            name="fk_step_prerequisite_before",
            ondelete="CASCADE",
        ),
    )
    procedure_id: Mapped[str] = mapped_column(primary_key=True)
    step_id: Mapped[str] = mapped_column(primary_key=True)
    before_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]


class SessionRow(Base):
    """`source` and `licence` are empty where it is of no published data set; `takes` is JSON."""

    __tablename__ = "session"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    state: Mapped[str]
    start_utc_ns: Mapped[int]
    duration_ns: Mapped[int | None]
    procedure_id: Mapped[str | None] = mapped_column(ForeignKey("procedure.id"))
    scenario: Mapped[str]
    source: Mapped[str]
    licence: Mapped[str]
    place: Mapped[str]
    takes: Mapped[str]
    protocol: Mapped[ProtocolRow | None] = relationship(cascade="all, delete-orphan", lazy="selectin")
    participants: Mapped[list[SessionParticipantRow]] = relationship(
        order_by="SessionParticipantRow.place", cascade="all, delete-orphan", lazy="selectin"
    )


class ProtocolRow(Base):
    """The protocol of one session, as it was then."""

    __tablename__ = "session_protocol"
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    text: Mapped[str]
    version: Mapped[str]
    kind: Mapped[str]
    gaze_shown: Mapped[bool]
    pointing_allowed: Mapped[bool]
    cue_delay_ms: Mapped[int]


class SessionParticipantRow(Base):
    """`role` is NULL where nothing is known of the participant in this session."""

    __tablename__ = "session_participant"
    __table_args__ = (CheckConstraint("skill BETWEEN 0 AND 10", name="skill"),)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    place: Mapped[int]
    role: Mapped[str | None]
    experience: Mapped[str | None]
    times: Mapped[int | None]
    skill: Mapped[int | None]


class StreamRow(Base):
    __tablename__ = "stream"
    __table_args__ = (CheckConstraint("end_ns >= start_ns", name="interval"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = _owner("session.id")
    kind: Mapped[str]
    path: Mapped[str]
    track: Mapped[int]
    start_ns: Mapped[int]
    end_ns: Mapped[int]
    interval: Mapped[Interval] = composite("start_ns", "end_ns")
    clock_map: Mapped[str | None]
    sha256: Mapped[str | None]
    view: Mapped[str]


class EventRow(Base):
    __tablename__ = "event"
    __table_args__ = (Index("ix_event_session_time", "session_id", "t_ns"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = _owner("session.id", index=False)
    t_ns: Mapped[int]
    kind: Mapped[str]
    by: Mapped[str]
    data: Mapped[str]


class TranscriptRow(Base):
    __tablename__ = "transcript"
    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = _owner("session.id")
    origin: Mapped[str]
    language: Mapped[str]
    made_by: Mapped[str]
    made_utc_ns: Mapped[int]
    note: Mapped[str]


class OriginalTurnRow(Base):
    """A turn as it was first made, as JSON; a trigger refuses to change it."""

    __tablename__ = "original_turn"
    id: Mapped[str] = mapped_column(primary_key=True)
    transcript_id: Mapped[str] = _owner("transcript.id")
    data: Mapped[str]


class ReviewRow(Base):
    """Who judged a question, when, and how."""

    __tablename__ = "review"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(index=True)
    by: Mapped[str]
    made_utc_ns: Mapped[int]
    status: Mapped[str]


class JobRow(Base):
    __tablename__ = "job"
    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = _owner("session.id")
    kind: Mapped[str]
    state: Mapped[str]
    message: Mapped[str]
    made_utc_ns: Mapped[int]
    ended_utc_ns: Mapped[int | None]
