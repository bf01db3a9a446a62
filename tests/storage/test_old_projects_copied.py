"""Projects of earlier revisions, opened and brought to a server and back by the command, hold the same."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from storage import Project
from storage.backends.copying import sums_of
from storage.place import FILE
from tests.storage.examples import CLOCK
from ui.cli.program import main
from woz.model.ids import SessionId

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(params=["revision_0001", "revision_0003", "revision_0007"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    with contextlib.closing(sqlite3.connect(folder / FILE)) as connection:
        connection.executescript((DATA / f"{request.param}.sql").read_text(encoding="utf-8"))
    return folder


def test_an_old_project_goes_to_a_server_and_back_with_equal_hashes(
    old: Path, new_database: Callable[[], URL], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(old, CLOCK) as opened:
        sums, held = sums_of(opened.database.backend), _held(opened)
    assert list(old.glob(f"{FILE}.backup-*"))
    address = new_database().render_as_string()
    there = _copied(capsys, old, tmp_path / "there", "--database", address)
    back = _copied(capsys, tmp_path / "there", tmp_path / "back")
    hashes = [(each.table, each.rows, each.sha256) for each in sums]
    assert there == back == hashes
    assert sum(rows for _, rows, _ in hashes) > 10
    for folder in (tmp_path / "there", tmp_path / "back"):
        with Project.open(folder, CLOCK) as copy:
            assert _held(copy) == held


def _copied(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[tuple[str, int, str]]:
    assert main(["project", "copy", *map(str, arguments), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    return [(each["table"], each["rows"], each["sha256"]) for each in said["tables"]]


def _held(project: Project) -> object:
    sessions = [SessionId(session.id) for session in project.sessions.all()]
    return (
        project.sessions.all(),
        project.participants.all(),
        [set(project.annotations.load(session)) for session in sessions],
        [project.annotations.history(session) for session in sessions],
    )
