"""`woz scheme`: what each of its verbs answers, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from tests.ui.answers import answer_of, refusal_of
from ui.cli import main
from woz.schemes.reading import scheme_from_text
from woz.schemes.shipped import shipped, shipped_names


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(SESSION)
    return tmp_path / "lab"


def test_schemes_are_listed_and_shown(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [each["id"] for each in answer_of(capsys, "scheme", "list")["schemes"]] == list(shipped_names())
    assert answer_of(capsys, "scheme", "list", lab) == {"schemes": []}
    assert main(["scheme", "list"]) == 0
    listed = capsys.readouterr().out
    assert "Procedure steps (the procedure’s steps), Conversation states (7 labels)" in listed
    assert "0 labels" not in listed
    assert main(["scheme", "show", "dialogue-acts"]) == 0
    assert "    Open question (open-question)  [2]" in capsys.readouterr().out
    assert "neither a file nor a scheme" in refusal_of(capsys, "scheme", "show", "nothing")


def test_a_default_is_shown_as_the_file_has_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.yaml"
    attributes = "[{key: seen, kind: bool, default: true}, {key: how, kind: choice, values: [well], default: well}]"
    file.write_text(f"scheme: s\nname: S\ntier types: [{{key: a, attributes: {attributes}}}]\n", "utf-8")
    assert main(["scheme", "show", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "attribute seen: bool, required never, true at first" in shown
    assert "attribute how: choice, required never, 'well' at first" in shown


def test_a_file_is_checked_finding_by_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, broken = (tmp_path / name for name in ("good.yaml", "bad.yaml", "broken.yaml"))
    assert main(["scheme", "new", "egoinstruct", "--out", str(good), "--name", "My Kitchen"]) == 0
    capsys.readouterr()
    assert answer_of(capsys, "scheme", "check", good)["findings"] == []
    assert yaml.safe_load(good.read_text(encoding="utf-8"))["scheme"] == "my-kitchen"
    bad.write_text("scheme: s\nname: S\ntier types: [{key: a, parent: {tier type: b}}]\nlinks: []\n", "utf-8")
    assert main(["scheme", "check", str(bad)]) == 1
    assert capsys.readouterr().out == "error: tier type 'a': Its parent 'b' is no tier type of this scheme.\n"
    broken.write_text("scheme: s\nname: S\ntiers: []\n", "utf-8")
    assert main(["scheme", "check", str(broken), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert "'tiers' is no key that a scheme has here" in found["sentence"]
    assert "exists already" in refusal_of(capsys, "scheme", "new", "egoinstruct", "--out", good)


def test_a_scheme_goes_in_is_used_and_goes_on(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer_of(capsys, "scheme", "import", lab, "egoinstruct", "--dry-run")
    assert (told["new"], told["taken_in"]) == (True, False)
    assert answer_of(capsys, "scheme", "import", lab, "egoinstruct")["taken_in"]
    tiers = answer_of(capsys, "scheme", "use", lab, "egoinstruct", "--session", SID)["tiers"]
    assert [each["tier_type"] for each in tiers] == ["steps", "conversation"]
    file = tmp_path / "next.yaml"
    assert answer_of(capsys, "scheme", "export", lab, "EgoInstruct", "--out", file)["version"] == 1
    text = file.read_text(encoding="utf-8")
    assert scheme_from_text(text) == shipped("egoinstruct")
    assert not answer_of(capsys, "scheme", "import", lab, file)["new"]
    file.write_text(text.replace("en: Other talk", "en: Small talk"), "utf-8")
    assert "say --yes to go on" in refusal_of(capsys, "scheme", "import", lab, file)
    told = answer_of(capsys, "scheme", "import", lab, file, "--yes")
    assert [each["sentence"] for each in told["effects"]] == [
        "'Other talk' is called 'Small talk' from now on; nothing is annotated with it."
    ]
    assert [each["session"] for each in told["moved"]] == [SID]
    assert [each["version"] for each in answer_of(capsys, "scheme", "list", lab)["schemes"]] == [2]
    assert main(["scheme", "export", str(lab), "egoinstruct", "--version", "1"]) == 0
    assert capsys.readouterr().out == text
