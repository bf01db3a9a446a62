"""A project brought from a file to a server and back, or out of a backup: all of it, or nothing."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from storage import Project
from storage.backends.copying import sums_of
from storage.backends.sqlite import SqliteBackend
from storage.copies.backup import back_up, copies_of
from storage.copies.recordings import Recordings
from storage.copies.transfer import Transfer, copy_project, restore
from storage.place import FILE
from tests.rig.schema_once import MIGRATE
from tests.storage.examples import CLOCK, SESSION, SID, TIER, TRANSCRIPT, TURN, question, segment
from tests.storage.older_revisions import take_back
from ui.cli.program import main
from woz.annotation.edits import Edit
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.model.ids import SessionId, TurnId


def silent(percent: int, what: str) -> None: ...


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def full(sqlite_project: Project) -> Project:
    """A project in a file, with all kinds of values that the two databases keep differently."""
    turns = [replace(TURN, id=TurnId(str(i)), confidence=(1.0, 0.1, None)[i % 3]) for i in range(2100)]
    sqlite_project.transcripts.add(TRANSCRIPT, turns)
    edited = replace(
        turns[0], text="日本 \U0001f370 'quoted' \\ \"", origins=(TurnId("a"), TurnId("ü")), checked=True
    )
    for edit in (
        Edit("new", (), (TIER, segment("a", 0, 2**62), question("q"))),
        Edit("correct", (turns[0],), (edited,)),
    ):
        sqlite_project.annotations.record(SID, edit, "ada")
    folder = sqlite_project.session_dir(SID)
    folder.mkdir()
    (folder / "ego.mkv").write_bytes(bytes(range(256)) * 1000)
    return sqlite_project


def _address(url: URL) -> str:
    return url.render_as_string()


def test_there_and_back_all_is_the_same(full: Project, new_database: Callable[[], URL], tmp_path: Path) -> None:
    items = full.annotations.load(SID)
    there = copy_project(full.path, tmp_path / "there", _address(new_database()), True, CLOCK, silent)
    back = copy_project(tmp_path / "there", tmp_path / "back", "", True, CLOCK, silent)
    assert there.tables == back.tables == sums_of(full.database.backend)
    assert {table.table: table.rows for table in there.tables}["turn"] == 2100
    assert there.files == back.files == 1
    for path in (tmp_path / "there", tmp_path / "back"):
        with Project.open(path, CLOCK) as copy:
            assert set(copy.annotations.load(SID)) == set(items)
            assert [each.edit for each in copy.annotations.history(SID)] == [
                each.edit for each in full.annotations.history(SID)
            ]
            assert (copy.session_dir(SID) / "ego.mkv").read_bytes() == (
                full.session_dir(SID) / "ego.mkv"
            ).read_bytes()
            copy.annotations.record(SID, Edit("more", (), (segment("b"),)), "bob")
            assert len(copy.annotations.history(SID)) == 3
    assert not (tmp_path / "there" / FILE).exists()


def test_a_copy_without_recordings_plays_them_where_they_are(full: Project, tmp_path: Path) -> None:
    made = copy_project(full.path, tmp_path / "copy", "", False, CLOCK, silent)
    assert made.files == 0
    with Project.open(tmp_path / "copy", CLOCK) as copy:
        assert copy.session_dir(SID) == full.session_dir(SID)


def test_what_is_no_text_of_postgresql_is_left_out(
    sqlite_project: Project, new_database: Callable[[], URL], tmp_path: Path
) -> None:
    with sqlite_project.database.transaction() as rows:
        rows.execute(text("UPDATE session SET title = 'Ca' || char(0) || 'ke'"))
    copy_project(sqlite_project.path, tmp_path / "there", _address(new_database()), False, CLOCK, silent)
    with Project.open(tmp_path / "there", CLOCK) as there:
        assert there.sessions.all() == [SESSION]


def test_what_serves_the_search_alone_is_made_anew(
    sqlite_project: Project, new_database: Callable[[], URL], tmp_path: Path
) -> None:
    with sqlite_project.database.transaction() as rows:
        rows.execute(text("CREATE VIRTUAL TABLE found USING fts5(title)"))
        rows.execute(text("INSERT INTO found VALUES ('Cake')"))
    made = copy_project(sqlite_project.path, tmp_path / "there", _address(new_database()), False, CLOCK, silent)
    assert not [table.table for table in made.tables if table.table.startswith("found")]


def test_a_copy_that_differs_leaves_nothing(
    full: Project, new_database: Callable[[], URL], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import storage.backends.copying as copying

    url, honest = new_database(), copying._parts
    monkeypatch.setattr(
        copying, "_parts", lambda rows, size: ([*part[1:]] for part in honest(rows, size) if part[1:])
    )
    with pytest.raises(WozError, match=r"differs.*nothing was left"):
        copy_project(full.path, tmp_path / "there", _address(url), True, CLOCK, silent)
    assert not (tmp_path / "there").exists()
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = copy_project(full.path, tmp_path / "there", _address(url), True, CLOCK, silent)
    assert made.tables == sums_of(full.database.backend)


def test_a_project_that_was_moved_is_kept_and_says_where_it_is(
    full: Project, new_database: Callable[[], URL], tmp_path: Path
) -> None:
    before = sums_of(full.database.backend)
    copy_project(full.path, tmp_path / "there", _address(new_database()), True, CLOCK, silent, move=True)
    with pytest.raises(WozError, match=f"was moved to {tmp_path / 'there'}"):
        Project.open(full.path, CLOCK)
    assert sums_of(full.database.backend) == before
    with pytest.raises(WozError, match="without --move"):
        copy_project(tmp_path / "there", tmp_path / "back", "", True, CLOCK, silent, move=True)


def test_nobody_writes_while_a_project_is_moved(
    full: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.backends import sqlite

    monkeypatch.setattr(sqlite, "WAIT_S", 0.1)
    refused: list[str] = []

    def tell(percent: int, what: str) -> None:
        with Project.open(full.path, CLOCK) as other:
            try:
                other.sessions.save(replace(SESSION, id=SessionId(f"late-{percent}-{what}")))
            except WozError as error:
                refused.append(str(error))

    copy_project(full.path, tmp_path / "there", "", False, CLOCK, tell, move=True)
    assert refused
    assert all("in use" in words for words in refused)


def test_a_full_target_is_refused(project: Project, server_project: Project, tmp_path: Path) -> None:
    taken = server_project.place.url
    assert taken
    with pytest.raises(WozError, match="holds something already"):
        copy_project(project.path, tmp_path / "there", _address(taken), False, CLOCK, silent)
    with pytest.raises(WozError, match="is a project already"):
        copy_project(project.path, project.path, "", False, CLOCK, silent)
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("revision", ["", "0029"])
def test_a_backup_of_either_kind_is_restored_to_either(
    project: Project, new_database: Callable[[], URL], tmp_path: Path, revision: str
) -> None:
    """Also an older one, which stays as it is."""
    project.annotations.record(SID, Edit("new", (), (TIER, segment("a"))), "ada")
    project.session_dir(SID).mkdir()
    (project.session_dir(SID) / "ego.mkv").write_bytes(b"view")
    made = back_up(project, tmp_path / "away", True, CLOCK, silent)
    assert (made.folder / FILE).is_file()
    if revision:
        take_back(Project.open(made.folder, CLOCK), revision)
    kept = _held(made.folder)
    for name, address in (("in a file", ""), ("on a server", _address(new_database()))):
        done: Transfer = restore(made.folder, tmp_path / name, address, CLOCK, silent)
        assert done.tables == sums_of(project.database.backend)
        with Project.open(tmp_path / name, CLOCK) as again:
            assert again.annotations.load(SID) == project.annotations.load(SID)
            assert (again.session_dir(SID) / "ego.mkv").read_bytes() == b"view"
    assert _held(made.folder) == kept


def _held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_that_cannot_be_written_is_restored(
    sqlite_project: Project,
    public_dir: Path,
    as_somebody: Callable[[], contextlib.AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The folder, and its file alone."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(public_dir / "own" / "config"))
    monkeypatch.setattr(SqliteBackend, "migrate", MIGRATE)
    made = back_up(sqlite_project, public_dir / "away", False, CLOCK, silent)
    (made.folder / FILE).chmod(0o444)
    (public_dir / "own").mkdir()
    (public_dir / "own").chmod(0o777)
    with as_somebody():
        for backup in (made.folder, made.folder / FILE):
            restore(backup, public_dir / "own" / backup.name, "", CLOCK, silent)
            with Project.open(public_dir / "own" / backup.name, CLOCK) as again:
                assert again.sessions.all() == [SESSION]


def test_a_backup_of_a_newer_woz_is_refused_by_its_own_name(sqlite_project: Project, tmp_path: Path) -> None:
    made = back_up(sqlite_project, tmp_path / "away", False, CLOCK, silent)
    with contextlib.closing(sqlite3.connect(made.folder / FILE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(WozError, match=f"{made.folder} was made by a newer woz; update the program"):
        restore(made.folder, tmp_path / "again", "", CLOCK, silent)
    assert not (tmp_path / "again").exists()


def test_a_file_of_before_a_new_version_is_restored(tmp_path: Path) -> None:
    first = Path(__file__).parent / "data" / "revision_0001.sql"
    with contextlib.closing(sqlite3.connect(tmp_path / "old")) as connection:
        connection.executescript(first.read_text(encoding="utf-8"))
    restore(tmp_path / "old", tmp_path / "again", "", CLOCK, silent)
    with Project.open(tmp_path / "again", CLOCK) as again:
        assert [session.id for session in again.sessions.all()] == [SID]


def test_the_commands_make_copy_back_up_and_restore(
    new_database: Callable[[], URL], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: object) -> dict[str, object]:
        assert main([*map(str, arguments), "--json"]) == 0
        said: dict[str, object] = json.loads(capsys.readouterr().out)
        return said

    lab = tmp_path / "lab"
    made = run("new", lab, "--name", "Kitchen", "--database", _address(new_database()))
    assert (made["name"], made["folder"]) == ("Kitchen", str(lab))
    assert run("new", tmp_path / "plain")["database"] == str(tmp_path / "plain" / FILE)
    copied = run("project", "copy", lab, tmp_path / "own")
    assert copied["rows"] == 1
    assert main(["project", "copy", str(tmp_path / "own"), str(tmp_path / "words")]) == 0
    assert "were read back and are the same" in capsys.readouterr().out
    first = run("backup", lab, tmp_path / "away", "--every", 24, "--keep", 3)
    assert run("backup", lab, tmp_path / "away", "--every", 24)["folder"] is None
    assert run("restore", first["folder"], tmp_path / "again")["rows"] == 1
    with Project.open(tmp_path / "again", CLOCK) as again:
        assert again.name == "Kitchen"


def test_old_copies_go_and_those_of_others_stay(sqlite_project: Project, tmp_path: Path) -> None:
    from storage.copies.backup import newest_age_s, remove_old

    away = tmp_path / "away"
    clocks = [ManualClock(utc_ns=CLOCK.utc_ns() + hour * 3_600_000_000_000) for hour in range(4)]
    for clock in clocks[:3]:
        back_up(sqlite_project, away, False, clock, silent)
    with Project.create(tmp_path / "other" / "project", "x", clocks[3]) as namesake:
        other = back_up(namesake, away, False, clocks[3], silent).folder
    (away / "letter").mkdir()
    assert newest_age_s(sqlite_project, away, clocks[3]) == 3600
    copies = copies_of(sqlite_project, away)
    assert len(copies) == 3
    assert remove_old(sqlite_project, away, 2) == copies[:1]
    assert sorted(away.iterdir()) == sorted([*copies[1:], other, away / "letter"])


def test_recordings_that_are_away_are_told_before_anything_is_made(
    sqlite_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WOZ_MEDIA_ROOT", str(tmp_path / "unplugged"))
    with pytest.raises(WozError, match="connect its disk"):
        copy_project(sqlite_project.path, tmp_path / "there", "", True, CLOCK, silent)
    assert not (tmp_path / "there").exists()
    assert Recordings(tmp_path).bytes == 0
