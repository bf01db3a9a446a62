"""`woz import session` as it is typed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from storage.copies.oldest import SESSION, make_oldest
from tests.storage.examples import CLOCK
from tests.storage.test_session_copy import NAME, fill
from ui.cli import main
from woz.model.ids import SessionId


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's, in its project."""
    with Project.create(tmp_path / "there", "There", CLOCK) as made:
        fill(made)
    Project.create(tmp_path / "here", "Here", CLOCK).close()
    return tmp_path / "there" / "sessions" / NAME


def test_it_comes_with_its_files_and_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "session", str(tmp_path / "here"), str(folder), "--person", "P01=P31", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["session_id"], told["files"], told["people"]) == (NAME, 3, ["E01", "P31", "A01", "A02"])
    assert main(["import", "session", str(tmp_path / "here"), str(folder)]) == 1
    assert "nothing was overwritten" in capsys.readouterr().err


def test_files_that_lie_elsewhere_need_their_project(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stray = tmp_path / "nas" / NAME
    asked = ["import", "session", str(tmp_path / "here"), str(stray)]
    assert main(asked) == 1
    assert "--from" in capsys.readouterr().err
    stray.parent.mkdir()
    folder.rename(stray)
    assert main([*asked, "--from", str(tmp_path / "there"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 3


@pytest.mark.parametrize(
    ("more", "words"),
    [(["--person", "P99=P31"], "P99"), (["--person", "P01"], "="), (["--person", "P01=Anna Miller"], "pseudonym")],
)
def test_what_is_said_of_people_has_to_fit(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], words: str
) -> None:
    assert main(["import", "session", str(tmp_path / "here"), str(folder), *more]) == 1
    assert words in capsys.readouterr().err
    with Project.open(tmp_path / "here", CLOCK) as project:
        assert project.sessions.all() == []


def _held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_older_project_is_read_and_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_oldest(tmp_path / "there")
    (tmp_path / "there" / "sessions" / SESSION).mkdir()
    Project.create(tmp_path / "here", "Here", CLOCK).close()
    before = _held(tmp_path / "there")
    asked = ["import", "session", str(tmp_path / "here"), str(tmp_path / "there" / "sessions" / SESSION), "--json"]
    assert main(asked) == 0, capsys.readouterr().err
    assert json.loads(capsys.readouterr().out)["session_id"] == SESSION
    assert _held(tmp_path / "there") == before
    with Project.open(tmp_path / "here", CLOCK) as project:
        assert [each.title for each in project.sessions.all()] == ["Anna bakes"]


def test_what_an_open_project_has_just_written_comes_along(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It lies in the write-ahead log yet."""
    with Project.open(tmp_path / "there", CLOCK) as source:
        source.sessions.save(replace(source.sessions.get(NAME), title="Named just now"))
        before = _held(tmp_path / "there")
        assert main(["import", "session", str(tmp_path / "here"), str(folder), "--json"]) == 0
        after = _held(tmp_path / "there")
    assert [name for name in before if after.get(name) != before[name]] in ([], ["project.sqlite-shm"])
    assert after.keys() == before.keys()
    with Project.open(tmp_path / "here", CLOCK) as project:
        assert project.sessions.get(NAME).title == "Named just now"


def test_a_project_instead_of_a_session_is_told_with_its_sessions(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, here = folder.parent.parent, str(tmp_path / "here")
    for given in (there, folder.parent):
        assert main(["import", "session", here, str(given)]) == 1
        told = capsys.readouterr().err
        assert f"{given} is not the folder of one session; give one of these: {folder}." in told
    assert main(["import", "session", here, here]) == 1
    assert "holds no session" in capsys.readouterr().err


def test_many_sessions_are_told_by_the_newest(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(tmp_path / "there", CLOCK) as source:
        known = source.sessions.get(NAME)
        for at in range(1, 9):
            source.sessions.save(replace(known, id=SessionId(f"next-{at}"), start_utc_ns=known.start_utc_ns + at))
    assert main(["import", "session", str(tmp_path / "here"), str(tmp_path / "there")]) == 1
    told = capsys.readouterr().err
    assert told.index("next-8") < told.index("next-4")
    assert "next-3" not in told
    assert "and 4 more" in told


def test_a_session_where_the_project_belongs_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = str(tmp_path / "here")
    assert main(["import", "session", str(folder), here]) == 1
    told = capsys.readouterr().err
    assert f"{folder} is a session's folder, and the project that it comes into stands first" in told
    assert f"woz import session {here} {folder}" in told
    there = folder.parent.parent.rename(tmp_path / "over there") / "sessions" / folder.name
    assert main(["import", "session", str(there), here]) == 1
    assert f"woz import session {here} '{there}'" in capsys.readouterr().err


def test_a_folder_of_no_project_is_told_what_to_give(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stray = tmp_path / "nas" / NAME
    assert main(["import", "session", str(tmp_path / "here"), str(stray)]) == 1
    told = capsys.readouterr().err
    assert f"{stray} lies in no project; give a session's folder of another project, OTHER/sessions/ID" in told
    assert "--from OTHER" in told
