"""What is imported into a new or empty folder makes a project; what can't be imported leaves none behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK
from ui.cli.program import main

TURNS = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v trainee>Which one?\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "turns.vtt").write_text(TURNS)
    (folder / "no.mp4").write_text("no video")
    return folder


BAD = {
    "turns": ("turns", "turns.vtt", "--session", "nowhere"),
    "annotations": ("annotations", "turns.vtt", "--session", "nowhere"),
    "media": ("media", "no.mp4"),
    "joined media": ("media", "no.mp4", "--join", "nowhere"),
    "view": ("view", "no.mp4", "--session", "nowhere"),
    "voice": ("voice", "no.mp4"),
}


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
@pytest.mark.parametrize("what", BAD)
def test_what_fails_leaves_no_project(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, there: bool
) -> None:
    lab = tmp_path / "lab"
    if there:
        lab.mkdir()
    verb, name, *rest = BAD[what]
    assert main(["import", verb, str(lab), str(files / name), *rest]) == 1
    assert capsys.readouterr().err.startswith("woz: ")
    assert lab.exists() == there
    assert not there or not list(lab.iterdir())


@pytest.mark.parametrize("verb", ["turns", "annotations"])
def test_what_succeeds_makes_one(files: Path, tmp_path: Path, verb: str) -> None:
    lab = tmp_path / "lab"
    lab.mkdir()
    assert main(["import", verb, str(lab), str(files / "turns.vtt")]) == 0
    with Project.open(lab, CLOCK) as project:
        assert len(project.sessions.all()) == 1


def test_a_project_that_was_there_stays_where_an_import_fails(files: Path, tmp_path: Path) -> None:
    lab = tmp_path / "lab"
    Project.create(lab, "Kitchen", CLOCK).close()
    assert main(["import", "turns", str(lab), str(files / "turns.vtt"), "--session", "nowhere"]) == 1
    with Project.open(lab, CLOCK) as project:
        assert project.name == "Kitchen"
