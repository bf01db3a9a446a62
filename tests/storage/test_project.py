"""Projects on disk: made, opened, refused."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from storage import Project
from storage.place import FILE
from tests.storage.examples import CLOCK, SESSION, SID
from woz.base.errors import WozError

Somebody = Callable[[], AbstractContextManager[None]]


def test_a_new_project_has_its_name_and_rooms(tmp_path: Path) -> None:
    path = tmp_path / "new" / "Küche #1? 100%"
    with Project.create(path, "Küche", CLOCK) as project:
        assert project.name == "Küche"
        assert project.path == path
        assert project.sessions_dir.is_dir()
        assert project.session_dir(SID) == project.sessions_dir / SID
        project.sessions.save(SESSION)
    assert Project.is_project(path)
    assert sorted(p.name for p in path.iterdir()) == [FILE, "sessions"]
    with Project.open(path, CLOCK) as again:
        assert again.sessions.all() == [SESSION]


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(WozError, match="not empty"):
        Project.create(tmp_path, "new", CLOCK)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(WozError, match="can't be made"):
        Project.create(tmp_path / "letter.txt", "new", CLOCK)
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_a_project_is_not_made_twice(project: Project) -> None:
    with pytest.raises(WozError, match="already"):
        Project.create(project.path, "again", CLOCK)
    assert project.name == "Kitchen"


def test_folders_that_are_no_project_are_told(tmp_path: Path) -> None:
    assert not Project.is_project(tmp_path)
    with pytest.raises(WozError, match="no such folder"):
        Project.open(tmp_path / "nowhere", CLOCK)
    with pytest.raises(WozError, match=f"it has no {FILE}"):
        Project.open(tmp_path, CLOCK)


def test_another_programs_database_is_refused_and_untouched(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute("CREATE TABLE recipe (name)")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(WozError, match="not a woz project's database"):
        Project.open(tmp_path, CLOCK)
    assert (tmp_path / FILE).read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("damage", ["other", "cut", "header"])
def test_a_damaged_file_is_told_and_untouched(sqlite_project: Project, damage: str) -> None:
    sqlite_project.close()
    file = sqlite_project.path / FILE
    whole = file.read_bytes()
    damaged = {"other": b"no database at all" * 1000, "cut": whole[:5000], "header": b"x" * 100 + whole[100:]}[
        damage
    ]
    file.write_bytes(damaged)
    with pytest.raises(WozError, match="damaged"):
        Project.open(sqlite_project.path, CLOCK)
    assert file.read_bytes() == damaged


def test_damage_found_later_is_told(sqlite_project: Project) -> None:
    sqlite_project.close()
    file = sqlite_project.path / FILE
    size = len(file.read_bytes())
    with Project.open(sqlite_project.path, CLOCK) as opened, file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(b"\xff" * (size - 4096))
        raw.flush()
        with pytest.raises(WozError, match="damaged"):
            opened.sessions.all()


def test_a_read_only_project_is_refused(public_dir: Path, as_somebody: Somebody) -> None:
    Project.create(public_dir / "p", "Kitchen", CLOCK).close()
    (public_dir / "p").chmod(0o555)
    with as_somebody(), pytest.raises(WozError, match="can't be written"):
        Project.open(public_dir / "p", CLOCK)
    (public_dir / "p").chmod(0o700)
    assert sorted(p.name for p in (public_dir / "p").iterdir()) == [FILE, "sessions"]


def test_a_project_is_not_made_in_a_read_only_place(public_dir: Path, as_somebody: Somebody) -> None:
    (public_dir / "empty").mkdir()
    for path in (public_dir, public_dir / "empty"):
        path.chmod(0o555)
    for path in (public_dir / "new", public_dir / "empty"):
        with as_somebody(), pytest.raises(WozError, match=r"can't be made .*Permission denied"):
            Project.create(path, "new", CLOCK)
    public_dir.chmod(0o755)
    assert [p.name for p in public_dir.rglob("*")] == ["empty"]


def test_a_folder_that_may_not_be_looked_into_is_told(public_dir: Path, as_somebody: Somebody) -> None:
    Project.create(public_dir / "p", "Kitchen", CLOCK).close()
    (public_dir / "p").chmod(0o000)
    with as_somebody(), pytest.raises(WozError, match="can't be read"):
        Project.open(public_dir / "p", CLOCK)
    (public_dir / "p").chmod(0o700)
