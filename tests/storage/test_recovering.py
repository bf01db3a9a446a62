"""What `woz recover` finds to do in a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK
from ui.cli import main
from woz.base.errors import UnreachableError, WozError
from woz.lab.recovering import recover_project, recover_session
from woz.lab.taking_in import take_in
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder

UNTOLD = SessionId("20231114-221500-00bb")


def _closed(project: Project, session_id: SessionId, *more: Event) -> None:
    folder = SessionFolder.create(project.sessions_dir, session_id, CLOCK.utc_ns(), "Cake")
    journal = Journal(folder.events)
    for event in (Event(3, EventKind.NOTE, "console", {"text": "whisk"}), *more):
        journal.append(event)
    journal.close()
    Manifest(session_id, SessionState.CLOSED, CLOCK.utc_ns(), "Cake", 65_000_000_000).save(folder.manifest_path)


def test_sessions_at_another_place_may_be_other_projects(
    sqlite_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WOZ_MEDIA_ROOT", str(tmp_path / "nas"))
    (tmp_path / "nas").mkdir()
    with Project.open(sqlite_project.path, CLOCK) as project:
        _closed(project, UNTOLD)
        assert not any(UNTOLD in line for line in recover_project(project))


def test_a_session_that_is_named_is_taken_in_also_from_another_place(
    sqlite_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WOZ_MEDIA_ROOT", str(tmp_path / "nas"))
    (tmp_path / "nas").mkdir()
    with Project.open(sqlite_project.path, CLOCK) as project:
        _closed(project, UNTOLD)
        for wrong in ("20231114-221500-0000", "../sessions", ".."):
            with pytest.raises(WozError, match="There is no session"):
                recover_session(project, SessionId(wrong))
    assert main(["recover", str(sqlite_project.path), "--session", UNTOLD]) == 0
    assert f"{UNTOLD}: closed, 65.0 s" in capsys.readouterr().out
    assert sqlite_project.sessions.get(UNTOLD).state == SessionState.CLOSED


def test_a_session_that_is_named_and_can_t_be_recovered_fails_the_command(
    sqlite_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    _closed(sqlite_project, UNTOLD)
    SessionFolder(sqlite_project.session_dir(UNTOLD)).manifest_path.write_text("{")
    assert main(["recover", str(sqlite_project.path), "--session", UNTOLD]) == 1
    told = capsys.readouterr()
    assert (told.out, "manifest.json" in told.err) == ("", True)
    assert all(session.id != UNTOLD for session in sqlite_project.sessions.all())


@pytest.mark.parametrize("named", [False, True])
def test_a_damaged_manifest_is_made_anew_from_the_journal(sqlite_project: Project, named: bool) -> None:
    """The project knows of the session by itself, or is told of it by its name."""
    project = sqlite_project
    _closed(project, UNTOLD, Event(0, EventKind.SESSION_BEGIN, "station", {"start_utc_ns": CLOCK.utc_ns()}))
    SessionFolder(project.session_dir(UNTOLD)).manifest_path.write_text("{")
    if named:
        told = recover_session(project, UNTOLD)
    else:
        project.sessions.save(Session(UNTOLD, "Cake", SessionState.RECORDING, CLOCK.utc_ns()))
        told = next(line for line in recover_project(project) if UNTOLD in line)
    assert told == f"{UNTOLD}: recovered, 0.0 s"
    assert project.sessions.get(UNTOLD).state == SessionState.RECOVERED
    assert SessionFolder.open(project.session_dir(UNTOLD)).manifest().start_utc_ns == CLOCK.utc_ns()


def test_what_a_killed_import_left_is_left_to_the_same_import(sqlite_project: Project) -> None:
    _closed(sqlite_project, UNTOLD, Event(0, EventKind.SOURCE, "import", {"imported": "film.mp4"}))
    assert not any(UNTOLD in line for line in recover_project(sqlite_project))
    assert all(session.id != UNTOLD for session in sqlite_project.sessions.all())


def test_a_session_that_was_closed_while_the_database_was_away_is_taken_in(sqlite_project: Project) -> None:
    project = sqlite_project
    _closed(project, UNTOLD)
    assert f"{UNTOLD}: closed, 65.0 s" in recover_project(project)
    kept = project.sessions.get(UNTOLD)
    assert (kept.title, kept.state, kept.duration_ns) == ("Cake", SessionState.CLOSED, 65_000_000_000)
    assert [event.data["text"] for event in project.events.of_session(UNTOLD)] == ["whisk"]
    assert not any(UNTOLD in line for line in recover_project(project))


def test_what_was_taken_in_by_half_is_taken_in_again(
    sqlite_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = sqlite_project
    _closed(project, UNTOLD)
    project.sessions.save(Session(UNTOLD, "Cake", SessionState.RECORDING, CLOCK.utc_ns()))

    def away(*_: object) -> None:
        raise UnreachableError("The server doesn't answer.")

    with monkeypatch.context() as patch:
        patch.setattr("woz.lab.taking_in.live_items", away)
        with pytest.raises(UnreachableError):
            take_in(project, SessionFolder.open(project.session_dir(UNTOLD)).manifest())
    assert f"{UNTOLD}: closed, 65.0 s" in recover_project(project)
    assert project.sessions.get(UNTOLD).state == SessionState.CLOSED
