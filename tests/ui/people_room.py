"""A project of several people with a session each, to be released without clips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from storage import Project
from tests.core.release_room import LENGTH_S, S, question, turns
from woz.annotation.edits import Edit
from woz.base.clock import ManualClock
from woz.lab.taking_in import take_in_turns
from woz.model.ids import ParticipantId, SessionId, TranscriptId
from woz.model.origin import Origin
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.review import ReviewRule
from woz.model.session import Session, SessionState
from woz.model.transcript import Transcript

CLOCK = ManualClock(utc_ns=1_700_000_000_000_000_000)
HALVES = ("--shares", "train=0.5,test=0.5", "--without-clips")


def make_lab(path: Path, *people: str) -> Path:
    """Of four people, where none are named."""
    with Project.create(path, "Lamps", CLOCK) as project:
        project.reviews.set_rule(ReviewRule(release_people=0))
    add_people(path, *people or ("P01", "P02", "P03", "P04"))
    return path


def add_people(lab: Path, *people: str) -> None:
    """Each agreed to release, and has one question set."""
    with Project.open(lab, CLOCK) as project:
        for person in people:
            _session(project, person)


def _session(project: Project, person: str) -> None:
    key, agreed = SessionId(f"s{person}"), (Consent(ConsentKind.RELEASE, "1", 0),)
    project.participants.save(Participant(ParticipantId(person), person, Role.TRAINEE, agreed))
    people = (ParticipantId(person),)
    project.sessions.save(Session(key, "Lamp", SessionState.CLOSED, 0, LENGTH_S * S, participants=people))
    script = Transcript(TranscriptId(f"t{person}"), key, Origin.SCRIPT, "en", "test", 0)
    take_in_turns(project, script, [replace(turn, transcript_id=script.id) for turn in turns(key)])
    project.annotations.record(key, Edit("Write", (), (question(key, "a"),)), "woz")
