"""`woz procedure`: what it answers, what it writes, what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, MADE, SESSION, SID
from tests.ui.answers import answer_of
from ui.cli import main
from woz.annotation.edits import Edit
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, ProcedureId, TierId
from woz.model.own_schemes import STEPS, steps_scheme
from woz.model.tier import Tier

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


def _refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words]) == 1
    return capsys.readouterr().err


def test_a_procedure_is_listed_shown_and_written(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer_of(capsys, "procedure", "list", str(lab)) == {
        "procedures": [{"id": "tea", "name": "Tea", "steps": 3}]
    }
    shown = answer_of(capsys, "procedure", "show", str(lab), "Tea")
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
    assert answer_of(capsys, "procedure", "show", str(lab), "tea") == shown


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
    assert answer_of(capsys, "procedure", "check", str(lab)) == {"problems": {"Green tea": [], "Tea": []}}
    (tmp_path / "round.yaml").write_text(OWN.replace("id: boil", "id: boil\n    requires: [brew]"))
    wrong = _refused(capsys, "procedure", "import", str(lab), str(tmp_path / "round.yaml"))
    assert "'Boil the water' requires 'Brew', 'Brew' requires 'Boil the water'" in wrong
    assert wrong.count("\n") == 1
    assert "round.yaml" in _refused(capsys, "procedure", "check", str(tmp_path / "round.yaml"))
    assert "There is no file" in _refused(capsys, "procedure", "import", str(lab), str(tmp_path / "none.yaml"))
    assert len(answer_of(capsys, "procedure", "list", str(lab))["procedures"]) == 2


def test_how_a_session_followed_its_procedure(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Project.open(lab, CLOCK) as project:
        procedure = project.procedures.get(ProcedureId("tea"))
        project.sessions.save(replace(SESSION, procedure_id=procedure.id))
        scheme = project.schemes.keep(steps_scheme(procedure))
        tier = Tier(TierId("t"), SID, scheme.id, scheme.version, STEPS, "Steps", MADE)
        steps = [
            Annotation(AnnotationId(f"a{i}"), tier.id, i * 10**9, (i + 1) * 10**9, name, MADE)
            for i, name in enumerate(("brew", "boil", "brew"))
        ]
        project.annotations.record(SID, Edit("Mark", (), (tier, *steps)), "ada")
    told = answer_of(capsys, "procedure", "labels", str(lab), "--session", SID)
    segments = told["tiers"][0]["segments"]
    assert [(s["step_id"], s["is_mistake"], s["missing"], s["next"]) for s in segments] == [
        ("brew", True, ["boil"], ["boil", "warm"]),
        ("boil", False, [], ["warm"]),
        ("brew", False, [], ["warm"]),
    ]
    assert (segments[0]["previous"], segments[0]["start_time"]) == (["boil", "warm"], 0.0)
    assert main(["procedure", "labels", str(lab)]) == 0
    assert "done too early, before: Boil the water" in capsys.readouterr().out
    out = lab / "exports"
    assert main(["export", str(lab), "--format", "procedure-understanding", "--out", str(out)]) == 0
    written = json.loads((out / f"{SID}.procedure.json").read_text())
    assert [tier["segments"] for tier in written["tiers"]] == [segments]
    assert "no procedure 'Cake'" in _refused(capsys, "procedure", "labels", str(lab), "--procedure", "Cake")
