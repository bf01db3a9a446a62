"""Each computer has its own place of a project's recordings; without it all but playing works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage import Project
from storage.media_root import media_root, set_media_root
from tests.storage.examples import CLOCK, SESSION, SID, TIER
from ui.cli.program import main
from woz.annotation.edits import Edit
from woz.base.errors import WozError


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "woz" / "media-roots.json"


def test_recordings_are_found_where_the_computer_says(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nas = tmp_path / "nas"
    nas.mkdir()
    assert project.session_dir(SID) == project.path / "sessions" / SID
    set_media_root(project.path, nas)
    with Project.open(project.path, CLOCK) as again:
        assert again.session_dir(SID) == nas / "sessions" / SID
        assert again.warnings == ()
    monkeypatch.setenv("WOZ_MEDIA_ROOT", str(tmp_path / "disk"))
    with Project.open(project.path, CLOCK) as again:
        assert again.sessions_dir == tmp_path / "disk" / "sessions"
    monkeypatch.delenv("WOZ_MEDIA_ROOT")
    set_media_root(project.path, None)
    assert media_root(project.path) == project.path


def test_without_the_media_root_all_else_works_and_it_is_said(
    project: Project, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nas = tmp_path / "nas"
    nas.mkdir()
    set_media_root(project.path, nas)
    nas.rmdir()
    with Project.open(project.path, CLOCK) as again:
        [warning] = again.warnings
        assert str(nas) in warning
        assert "nothing can be played" in warning
        assert again.sessions.all() == [SESSION]
        again.annotations.record(SID, Edit("new", (), (TIER,)), "ada")
    assert "nothing can be played" in caplog.text


def test_a_root_that_is_not_there_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(WozError, match="no folder"):
        set_media_root(project.path, tmp_path / "nas")
    assert media_root(project.path) == project.path


@pytest.mark.parametrize("text", ["{", "[]", '{"/a": 5}', pytest.param("[" * 100_000, id="nested")])
def test_settings_that_are_none_are_told(settings: Path, text: str, tmp_path: Path) -> None:
    settings.parent.mkdir(parents=True)
    settings.write_text(text)
    with pytest.raises(WozError, match="correct or delete it"):
        media_root(tmp_path)


def test_the_command_sets_and_tells(
    sqlite_project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nas = tmp_path / "nas"
    nas.mkdir()
    command = ["project", "media-root", str(sqlite_project.path)]
    assert main([*command, str(nas), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["media_root"] == str(nas)
    nas.rmdir()
    assert main(command) == 0
    assert "all but playing works" in capsys.readouterr().out
    assert main([*command, "--own", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["media_root"] == str(sqlite_project.path)
    assert main(["project", "media-root", str(tmp_path)]) == 1
