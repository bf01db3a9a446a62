"""`woz release synthesize` on published annotations: asked, kept, gone on with, released, withdrawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage import Project
from tests.core.model_server import model_server
from tests.core.test_synthetic_dialogues import answer
from tests.ui.answers import answer_of, refusal_of
from ui.cli import main
from woz.base.clock import SystemClock
from woz.dataset.synthesis.keeping import DIALOGUES, EXCHANGES, INSTRUCTIONS
from woz.lab.withdrawn_folders import Traces, clean_folders, working_folders

TEN = json.dumps({"instructions": [f"Watch, way {n}." for n in range(10)]})


def told(body: dict[str, Any]) -> str:
    wanted = body["response_format"]["json_schema"]["name"]
    return TEN if wanted == "instructions" else answer(body)


@pytest.fixture(scope="module")
def cooking(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    whole = shared_data / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    file = folder / "few.json"
    file.write_text(json.dumps(json.loads(whole.read_text(encoding="utf-8"))[:3]), encoding="utf-8")
    published = ["--source-name", "CaptainCook4D", "--licence", "Apache-2.0"]
    assert (
        main(["import", "annotations", str(folder / "lab"), str(file), "--format", "captaincook4d", *published])
        == 0
    )
    return folder / "lab"


def test_a_budget_ends_it_the_same_command_goes_on_and_a_release_takes_it(
    cooking: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with model_server(told) as server:
        command = ["release", "synthesize", str(cooking), "--endpoint", server.url, "--model", "stub"]
        command += ["--tier-state", "in work", "--dialogues", "3"]
        assert main([*command, "--most-requests", "2"]) == 1
        assert "budget is spent (2 requests" in capsys.readouterr().err
        found = answer_of(capsys, *command)
        assert found["synthetic-dialogues"]["whole"] == {"no_talk": 3, "talk_some": 3, "talk_more": 3}
        assert found["synthetic-dialogues"]["spent"]["kept"] == 2
        assert found["instructions"]["kinds"] == ["recognition"]
        asked = len(server.asked)
        assert main(command) == 0
        assert len(server.asked) == asked, "nothing is asked twice"
        assert "stub wrote 9 of 9" in capsys.readouterr().out
    build: list[str | Path] = [
        "release",
        "build",
        cooking,
        "cooked",
        "--out",
        tmp_path / "out",
        "--tier-state",
        "in work",
    ]
    build += ["--task", "synthetic-dialogues", "--task", "instructions", "--without-clips", "--shares", "train=1"]
    built = answer_of(capsys, *build)
    assert built["tasks"]["synthetic-dialogues"]["synthetic"] is True
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "Programs and models that made transcripts or texts: stub: prompt" in card
    assert answer_of(capsys, "release", "check", tmp_path / "out")["whole"]


def test_what_is_refused_is_said_in_a_sentence(cooking: Path, capsys: pytest.CaptureFixture[str]) -> None:
    away: list[str | Path] = [
        "release",
        "synthesize",
        cooking,
        "--endpoint",
        "https://example.org/v1",
        "--tier-state",
        "in work",
    ]
    assert "give --send to send them" in refusal_of(capsys, *away)
    here: list[str | Path] = ["release", "synthesize", cooking, "--endpoint", "http://127.0.0.1:9/v1"]
    assert "can't be reached" in refusal_of(capsys, *here, "--tier-state", "in work", "--tries", "1")
    assert "No session has a tier of steps that is locked" in refusal_of(capsys, *here, "--tier-state", "locked")
    assert "--dialogues 1 to 1000" in refusal_of(capsys, *here, "--dialogues", "0")


def test_a_model_that_writes_nothing_usable_ends_with_1_and_says_so(
    cooking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["release", "synthesize", str(cooking), "--model", "parrot", "--tier-state", "in work"]
    with model_server("What should be done?") as server:
        command += ["--endpoint", server.url, "--dialogues", "1"]
        assert main(command) == 1
        said = capsys.readouterr()
        assert "parrot wrote 0 of 3" in said.out
        assert "For synthetic-dialogues the model wrote no dialogue that is good enough" in said.err
        assert "For instructions the model wrote no instructions" in said.err
        found = answer_of(capsys, *command, "--task", "instructions", status=1)
        assert found["instructions"]["kinds"] == []


def test_a_file_that_was_meddled_with_is_named(
    cooking: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = cooking / DIALOGUES
    whole = file.read_bytes() if file.exists() else b""
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b'{"session": 1}\n')
    build: list[str | Path] = [
        "release",
        "build",
        cooking,
        "x",
        "--out",
        tmp_path / "x",
        "--task",
        "synthetic-dialogues",
    ]
    assert "delete it, and run that again" in refusal_of(capsys, *build)
    file.write_bytes(whole)


def test_who_withdraws_takes_what_was_written_of_their_sessions(
    cooking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with model_server(told) as server:
        command = ["release", "synthesize", str(cooking), "--endpoint", server.url, "--model", "stub"]
        assert main([*command, "--tier-state", "in work", "--dialogues", "3"]) == 0
    with Project.open(cooking, SystemClock()) as project:
        first, *others = [session.id for session in project.sessions.all()]
        folders = working_folders(project, [])
        clean_folders(folders, Traces.of([], [first], [first, *others]))
    for name in (DIALOGUES, EXCHANGES):
        left = (cooking / name).read_text(encoding="utf-8")
        assert first not in left
        assert all(each in left for each in others)
    assert (cooking / INSTRUCTIONS).exists()
    assert "stub" in capsys.readouterr().out
