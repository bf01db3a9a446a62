"""A project with one session: a film with a face and two voices, and a question set of somebody who agreed."""

from __future__ import annotations

from pathlib import Path

from storage import Project
from tests.core.face_room import write_film
from tests.core.release_room import S, question, turns
from woz.annotation.edits import Edit
from woz.base.clock import ManualClock
from woz.lab.annotators import add_annotator
from woz.lab.taking_in import take_in_turns
from woz.model.ids import ParticipantId, SessionId, TranscriptId
from woz.model.origin import Origin
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.review import ReviewRule
from woz.model.session import Session, SessionState
from woz.model.transcript import Transcript

CLOCK = ManualClock(utc_ns=1_700_000_000_000_000_000)
KEY = SessionId("s1")
FRAMES = 180


def make_lab(path: Path) -> Path:
    """In a new folder; A01 and A02 annotate."""
    with Project.create(path, "Lamps", CLOCK) as project:
        project.reviews.set_rule(ReviewRule(release_people=0))
        agreed = (Consent(ConsentKind.RELEASE, "1", 0),)
        project.participants.save(Participant(ParticipantId("P01"), "P01", Role.TRAINEE, agreed))
        session = Session(KEY, "Lamp", SessionState.CLOSED, 0, 7 * S, participants=(ParticipantId("P01"),))
        project.sessions.save(session)
        take_in_turns(project, Transcript(TranscriptId("t"), KEY, Origin.SCRIPT, "en", "test", 0), turns(KEY))
        project.annotations.record(KEY, Edit("Write", (), (question(KEY, "a"),)), "woz")
        for name in ("A01", "A02"):
            add_annotator(project, name)
        write_film(project.session_dir(KEY) / "ego.mkv", FRAMES)
    return path
