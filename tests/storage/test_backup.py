"""A project's copy in another folder: whole, checked, and a project itself; or none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from storage.copies.backup import back_up
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant, Role
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.session_folder import SessionFolder

CLOCK = SystemClock()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "lab", "Lab", CLOCK)
    made.participants.save(Participant(ParticipantId("p"), "P01", Role.TRAINEE))
    folder = made.session_dir(SessionId("20260101-000000-0000"))
    (folder / "sensors").mkdir(parents=True)
    (folder / "ego.mkv").write_bytes(bytes(range(256)) * 40_000)
    (folder / "sensors" / "gaze.csv").write_text("1,2\n")
    return made


def test_a_copy_is_a_project_with_all_that_was_in_it(project: Project, tmp_path: Path) -> None:
    told: list[int] = []
    made = back_up(project, tmp_path / "away", True, CLOCK, lambda percent, what: told.append(percent))
    assert told == sorted(told)
    assert made.files == 2
    for path in project.sessions_dir.rglob("*"):
        if path.is_file():
            assert (made.folder / path.relative_to(project.path)).read_bytes() == path.read_bytes()
    with Project.open(made.folder, CLOCK) as copy:
        assert copy.name == "Lab"
        assert [person.pseudonym for person in copy.participants.all()] == ["P01"]
    assert [path.name for path in (tmp_path / "away").iterdir()] == [made.folder.name]


def test_a_copy_without_recordings_holds_the_database_alone(project: Project, tmp_path: Path) -> None:
    made = back_up(project, tmp_path / "away", False, CLOCK, lambda *_: None)
    assert sorted(path.name for path in made.folder.iterdir()) == ["project.sqlite", "sessions"]
    assert not list((made.folder / "sessions").iterdir())


def test_a_session_that_is_being_recorded_is_left_out_and_named(project: Project, tmp_path: Path) -> None:
    folder = project.session_dir(SessionId("20260102-000000-0000"))
    folder.mkdir()
    (folder / "ego.mkv").write_bytes(b"half")
    lock = RecordingLock(SessionFolder(folder).lock)
    assert lock.take()
    made = back_up(project, tmp_path / "away", True, CLOCK, lambda *_: None)
    lock.release()
    assert made.left_out == (folder.name,)
    assert made.files == 2
    assert not (made.folder / "sessions" / folder.name).exists()
    assert back_up(project, tmp_path / "later", True, CLOCK, lambda *_: None).left_out == ()


def test_a_copy_that_differs_is_told_and_not_left(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.copies.recordings._sum_of", lambda path: "another")
    with pytest.raises(WozError, match="differs"):
        back_up(project, tmp_path / "away", True, CLOCK, lambda *_: None)
    assert list((tmp_path / "away").iterdir()) == []


def test_a_copy_needs_room_and_another_place(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WozError, match="elsewhere"):
        back_up(project, project.path / "copies", False, CLOCK, lambda *_: None)
    monkeypatch.setattr("storage.copies.recordings.ROOM_BYTES", 10**18)
    with pytest.raises(WozError, match="choose another folder"):
        back_up(project, tmp_path / "away", False, CLOCK, lambda *_: None)
    assert list((tmp_path / "away").iterdir()) == []
