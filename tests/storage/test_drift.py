"""Whose coding drifts is told by itself, and to nobody who may not know of it."""

from __future__ import annotations

import json

import pytest

from storage import Project
from tests.storage.drift_room import TOLD, DriftRoom
from ui.cli import main
from woz.annotation.edits import Edit
from woz.lab.annotators import retire_annotator
from woz.lab.drift_agreed import agree_on_drift
from woz.lab.drifting import drift_lines
from woz.lab.progress import progress_csv, progress_of, progress_words
from woz.model.annotation import Annotation
from woz.model.annotator import BlindScope
from woz.model.ids import BlindScopeId, SessionId


@pytest.fixture
def room(project: Project) -> DriftRoom:
    return DriftRoom(project)


def test_progress_tells_whose_coding_lies_beyond_what_is_agreed(room: DriftRoom) -> None:
    """Against two others, whose median is between: they are not told that they are early."""
    found = progress_of(room.project)
    (told,) = found.drift
    assert (told.person, told.against, told.tier_type, told.label) == ("A03", "", "other", "a")
    assert (told.since, told.until, told.pairs, told.agreed) == ("2026-10-12", "2026-10-19", 80, 0.25)
    assert told.value == pytest.approx(0.4)
    assert f"  ⚠ other: {TOLD.format(80)}" in progress_words(found).splitlines()
    assert "drift,A03,other start a,0.4000" in progress_csv(found).splitlines()
    agree_on_drift(room.project, offset_s=0.4)
    assert progress_of(room.project).drift == ()


def test_what_two_differ_by_is_said_once(room: DriftRoom) -> None:
    for session in room.sessions:
        whole = room.project.annotations.load(session)
        gone = tuple(each for each in reversed(whole) if str(each.id).startswith(f"{session} A04"))
        room.project.annotations.record(session, Edit("Delete", gone, ()), room.boss.id)
    found = progress_of(room.project).drift
    assert [(each.person, each.against) for each in found] == [("A02", "A03"), ("A03", "A02")]
    (line,) = drift_lines(found)
    assert "A02 begins a 0.40 s earlier than A03 in the median of 40 pairs" in line


def test_people_are_told_their_own_and_not_whose_the_others_are(room: DriftRoom) -> None:
    (own,) = progress_of(room.project, "A03").drift
    assert (own.person, own.against) == ("A03", "")
    for other in ("A02", "A04"):
        assert progress_of(room.project, other).drift == ()


def test_who_is_blind_to_a_session_learns_nothing_of_it(room: DriftRoom) -> None:
    _blind(room, "A03", room.sessions[1])
    (told,) = progress_of(room.project, "A03").drift
    assert (told.since, told.pairs) == ("2026-10-19", 40)
    _blind(room, "A03", room.sessions[2])
    assert progress_of(room.project, "A03").drift == ()
    assert progress_of(room.project.seen_by(room.project.annotators.named("A03").id)).drift == ()
    assert len(progress_of(room.project).drift) == 1


def test_agreement_of_one_is_without_sessions_that_they_are_blind_to(room: DriftRoom) -> None:
    session = room.sessions[1]
    marks = (each for each in room.project.annotations.load(session) if isinstance(each, Annotation))
    gone = tuple(each for each in marks if each.tier_id == f"{session} A03")
    room.project.annotations.record(session, Edit("Delete", gone, ()), room.boss.id)

    def agreed(name: str) -> float | None:
        (own,) = progress_of(room.project, name).people
        return own.agreement

    assert agreed("A03") == pytest.approx(0.8)
    _blind(room, "A03", session)
    assert agreed("A03") == 1.0
    assert agreed("A02") == pytest.approx(10 / 11)
    _blind(room, "A03", room.sessions[0])
    _blind(room, "A03", room.sessions[2])
    assert agreed("A03") is None


def test_nothing_is_told_where_work_is_not_measured_nor_of_who_is_retired(room: DriftRoom) -> None:
    room.project.work.measure(False)
    assert progress_of(room.project).drift == progress_of(room.project, "A03").drift == ()
    room.project.work.measure(True)
    retire_annotator(room.project, "A03")
    assert progress_of(room.project).drift == ()


def test_the_commands_tell_it(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    room = DriftRoom(sqlite_project)
    path = str(room.project.path)
    assert main(["progress", path, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["drift"]
    assert (told["person"], told["kind"], told["words"]) == ("A03", "start", TOLD.format(80))
    assert main(["progress", path, "--annotator", "A03"]) == 0
    assert TOLD.format(80) in capsys.readouterr().out
    agree = ["agree", path, "--tier-type", "other", "--annotators", "A02", "A03"]
    assert main(agree) == 0
    said = TOLD.format(40).replace("the others", "A02")
    assert f"  {said}" in capsys.readouterr().out.splitlines()
    assert main([*agree, "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert [each["words"] for each in pair["drifting"]] == [said]
    assert said in pair["words"]


def _blind(room: DriftRoom, whose: str, session: SessionId) -> None:
    person = room.project.annotators.named(whose)
    room.project.annotators.save_scope(BlindScope(BlindScopeId(f"{whose} {session}"), person.id, session, "other"))
