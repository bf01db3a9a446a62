"""`woz add` says what a part takes before it fetches anything, and which are here."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from ui.cli.program import main
from woz.parts import place


@pytest.fixture(autouse=True)
def nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program without recognition."""
    monkeypatch.setattr(place, "user_data_path", lambda _: tmp_path)
    monkeypatch.setattr(place, "in_own_environment", lambda _: False)
    monkeypatch.setattr("ui.reports.parts_words.in_own_environment", lambda _: False)


def test_what_there_is_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add"]) == 0
    told = capsys.readouterr().out
    assert "speech is not here; run: woz add speech" in told
    assert "GB in" in told


def test_a_dry_run_says_what_it_would_take_and_takes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["add", "speech", "--device", "cuda", "--dry-run"]) == 0
    assert f"it takes about 8 GB in {tmp_path / 'parts' / 'speech'}" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("platform", "most"), [("linux", 7), ("darwin", 1)])
def test_what_it_takes_where_the_smaller_build_cannot_be_had_is_said_before(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, platform: str, most: int
) -> None:
    monkeypatch.setattr("woz.parts.making.sys", Mock(platform=platform))
    assert main(["add", "blur", "--device", "cpu", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "it takes about 1 GB in" in told
    assert ("taken: about 7 GB." in told) == (most > 1)
    main(["add", "blur", "--device", "cpu", "--dry-run", "--json"])
    assert json.loads(capsys.readouterr().out)["takes_at_most_bytes"] == most * 10**9


def test_programs_are_told_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "blur", "--device", "cpu", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["part"], told["here"], told["takes_bytes"]) == ("blur", False, 10**9)


def test_without_uv_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert main(["add", "blur", "--device", "cpu", "--json"]) == 1
    assert capsys.readouterr().err.startswith("woz: uv is needed for this")
