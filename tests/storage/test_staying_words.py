"""What was said in a session that stays in the lab goes along with no other session's question sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from storage import Project
from tests.core.release_room import question
from tests.storage.examples import SID
from woz.annotation.edits import Edit
from woz.lab.exporting import export_sessions
from woz.model.ids import SessionId
from woz.model.question import Distractor, Wording
from woz.model.session import DataSetSource, Session, SessionState
from woz.privacy.names.listing import NameKind


def test_a_wrong_answer_of_a_session_without_consent_is_in_no_export_for_a_release(
    project: Project, tmp_path: Path
) -> None:
    session = project.sessions.get(SID)
    project.sessions.save(replace(session, provenance=DataSetSource("Lamps", "CC BY 4.0")))
    stays = SessionId("20260201-100000-0001")
    project.sessions.save(Session(stays, "Lamp", SessionState.CLOSED, 0, 12_000_000_000))
    secret = question(stays, "a", answer="Behind the old barn.")
    project.annotations.record(stays, Edit("Write", (), (secret,)), "woz")
    wrong = (Distractor("The blue one."), Distractor(secret.answer, source=secret.id))
    project.annotations.record(SID, Edit("Write", (), (question(SID, "b", distractors=wrong),)), "woz")
    for release in (True, False):
        (file,) = export_sessions(project, [SID], tmp_path / str(release), ["qa"], release=release).files
        text = file.read_text(encoding="utf-8")
        assert "The blue one." in text
        assert ("old barn" in text) != release


def test_one_that_a_person_took_is_known_where_names_are_replaced_too(project: Project, tmp_path: Path) -> None:
    session = project.sessions.get(SID)
    project.sessions.save(replace(session, provenance=DataSetSource("Lamps", "CC BY 4.0")))
    project.names.change(lambda names: replace(names.with_name("Anneliese", NameKind.PERSON), applied=True))
    stays = SessionId("20260201-100000-0001")
    project.sessions.save(Session(stays, "Lamp", SessionState.CLOSED, 0, 12_000_000_000))
    secret = question(stays, "a", answer="Where Anneliese keeps the old barn.")
    project.annotations.record(stays, Edit("Write", (), (secret,)), "woz")
    taken = Distractor(secret.answer, Wording("A01", "taken: answer to a like question"))
    wrong = (Distractor("The blue one."), taken)
    project.annotations.record(SID, Edit("Write", (), (question(SID, "b", distractors=wrong),)), "woz")
    (file,) = export_sessions(project, [SID], tmp_path / "out", ["qa"], release=True).files
    text = file.read_text(encoding="utf-8")
    assert "The blue one." in text
    assert "old barn" not in text
