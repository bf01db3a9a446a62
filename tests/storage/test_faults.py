"""When the disk is full, the file is in use, or the process is killed: told plainly, and nothing kept is lost."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from storage import Project
from storage.backends import sqlite as storage_sqlite
from storage.backends.sqlite import SqliteBackend
from storage.place import FILE
from tests.rig.schema_once import MIGRATE
from tests.storage.examples import CLOCK, SID, TIER, segment
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.kinds import Item


@contextlib.contextmanager
def _room_for(pages: int) -> Iterator[None]:
    """SQLite's own bound on a file's size, which it tells as a full disk."""

    def limit(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def test_a_full_disk_keeps_what_was_kept(sqlite_project: Project) -> None:
    sqlite_project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
    sqlite_project.close()
    kept: list[Item] = [TIER]
    with _room_for(120), Project.open(sqlite_project.path, CLOCK) as full:
        with pytest.raises(WozError, match=r"is full.*make room"):
            _fill(full, kept)
        kept[1:] = sorted(kept[1:], key=lambda item: item.id)
        assert full.annotations.load(SID) == tuple(kept)
    with Project.open(sqlite_project.path, CLOCK) as again:
        assert again.annotations.load(SID) == tuple(kept)
        assert len(again.annotations.history(SID)) == len(kept) > 1
        again.annotations.record(SID, Edit("add", (), (segment("more"),)), "ada")


def _fill(project: Project, kept: list[Item]) -> None:
    for i in range(1000):
        large = segment(f"{i}" * 500)
        project.annotations.record(SID, Edit("add", (), (large,)), "ada")
        kept.append(large)


def test_a_project_for_which_there_is_no_room_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteBackend, "migrate", MIGRATE)
    (tmp_path / "here").mkdir()
    for path in (tmp_path / "here", tmp_path / "new"):
        with _room_for(10), pytest.raises(WozError, match="is full"):
            Project.create(path, "new", CLOCK)
    assert [p.name for p in tmp_path.rglob("*")] == ["here"]
    Project.create(tmp_path / "here", "new", CLOCK).close()


def test_a_file_in_use_is_told(sqlite_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_sqlite, "WAIT_S", 0.1)
    with (
        Project.open(sqlite_project.path, CLOCK) as hasty,
        contextlib.closing(sqlite3.connect(sqlite_project.path / FILE, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WozError, match="in use"):
            hasty.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
        assert hasty.annotations.load(SID) == ()
        other.execute("ROLLBACK")
        hasty.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
        assert hasty.annotations.load(SID) == (TIER,)


WRITER = """
import itertools, sys
from pathlib import Path
from storage import Project
from tests.storage.examples import CLOCK, SID, segment
from woz.annotation.edits import Edit
project = Project.open(Path(sys.argv[1]), CLOCK)
for i in itertools.count():
    project.annotations.record(SID, Edit("add", (), tuple(segment(f"{i}-{part}") for part in range(3))), "ada")
    print(i, flush=True)
"""


def test_edits_survive_a_kill(project: Project) -> None:
    """A process is killed while it writes: each edit that it said it had made is there, none by halves."""
    project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
    project.close()
    told = _write_and_kill(project.path)
    with Project.open(project.path, CLOCK) as again:
        stored = set(again.annotations.load(SID))
        assert {segment(f"{i}-{part}") for i in told for part in range(3)} <= stored
        assert {item for logged in again.annotations.history(SID) for item in logged.edit.after} == stored
        again.annotations.record(SID, Edit("clear", tuple(stored)), "ada")
        assert again.annotations.load(SID) == ()


def _write_and_kill(path: Path) -> list[int]:
    command = [sys.executable, "-c", WRITER, str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as child:
        assert child.stdout
        told = [int(child.stdout.readline()) for _ in range(20)]
        child.kill()
        return told + [int(line) for line in child.stdout.read().splitlines()]
