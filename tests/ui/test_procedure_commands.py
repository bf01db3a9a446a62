"""`woz procedure`: what it answers, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ui.cli import main

OWN = """\
name: Tea
steps:
  - name: Boil the water
    id: boil
  - name: Warm the pot
    id: warm
    optional: true
  - name: Brew
    id: brew
    requires: [boil, warm]
"""


@pytest.fixture
def lab(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "tea.yaml").write_text(OWN)
    assert main(["procedure", "import", str(tmp_path / "lab"), str(tmp_path / "tea.yaml")]) == 0
    assert capsys.readouterr().out == "Tea (tea), 3 steps, is in.\n"
    return tmp_path / "lab"


def _told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def _refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words]) == 1
    return capsys.readouterr().err


def test_a_procedure_is_listed_shown_and_written(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(capsys, "procedure", "list", str(lab)) == {
        "procedures": [{"id": "tea", "name": "Tea", "steps": 3}]
    }
    shown = _told(capsys, "procedure", "show", str(lab), "Tea")
    assert [(step["id"], step["optional"], step["requires"]) for step in shown["steps"]] == [
        ("boil", False, []),
        ("warm", True, []),
        ("brew", False, ["boil", "warm"]),
    ]
    assert main(["procedure", "show", str(lab), "tea"]) == 0
    assert "After: Boil the water; Warm the pot" in capsys.readouterr().out
    assert main(["procedure", "export", str(lab), "tea"]) == 0
    written = capsys.readouterr().out
    (lab / "again.yaml").write_text(written)
    assert main(["procedure", "import", str(lab), str(lab / "again.yaml"), "--replace"]) == 0
    capsys.readouterr()
    assert _told(capsys, "procedure", "show", str(lab), "tea") == shown


def test_what_a_format_can_t_hold_is_told(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = lab / "tea.json"
    assert (
        main(["procedure", "export", str(lab), "Tea", "--format", "captaincook4d", "--out", str(out), "--json"])
        == 0
    )
    told = capsys.readouterr()
    assert json.loads(told.out) == {"file": str(out), "format": "captaincook4d", "lost": ["what is optional"]}
    assert "can't hold what is optional" in told.err
    assert json.loads(out.read_text())["edges"] == [[1, 3], [2, 3], [0, 1], [0, 2], [3, 4]]


def test_what_is_wrong_is_one_sentence(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "'Coffee'; it has 'Tea'" in _refused(capsys, "procedure", "show", str(lab), "Coffee")
    assert "has a procedure 'Tea' already" in _refused(
        capsys, "procedure", "import", str(lab), str(tmp_path / "tea.yaml")
    )
    assert main(["procedure", "import", str(lab), str(tmp_path / "tea.yaml"), "--name", "Green tea"]) == 0
    capsys.readouterr()
    assert _told(capsys, "procedure", "check", str(lab)) == {"problems": {"Green tea": [], "Tea": []}}
    (tmp_path / "round.yaml").write_text(OWN.replace("id: boil", "id: boil\n    requires: [brew]"))
    wrong = _refused(capsys, "procedure", "import", str(lab), str(tmp_path / "round.yaml"))
    assert "'Boil the water' requires 'Brew', 'Brew' requires 'Boil the water'" in wrong
    assert wrong.count("\n") == 1
    assert "round.yaml" in _refused(capsys, "procedure", "check", str(tmp_path / "round.yaml"))
    assert "There is no file" in _refused(capsys, "procedure", "import", str(lab), str(tmp_path / "none.yaml"))
    assert len(_told(capsys, "procedure", "list", str(lab))["procedures"]) == 2
