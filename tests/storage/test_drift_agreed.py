"""What is agreed on drift, kept in a project over both databases."""

from __future__ import annotations

import json

import pytest

from storage import Project
from storage.backends.schema import known_revisions
from tests.storage.examples import CLOCK
from tests.storage.older_revisions import take_back
from ui.cli import main
from woz.annotation.measures.drift_limits import DriftLimits
from woz.base.errors import WozError
from woz.lab.drift_agreed import agree_on_drift

USUAL = DriftLimits(250_000_000, 0.1, 20)


def test_what_is_agreed_stays_and_the_rest_is_as_usual(project: Project) -> None:
    assert project.keeping.drift_limits() == USUAL
    agree_on_drift(project, offset_s=0.4)
    agree_on_drift(project, other_label=0.15, pairs=30)
    project.close()
    with Project.open(project.path, CLOCK) as again:
        assert again.keeping.drift_limits() == DriftLimits(400_000_000, 0.15, 30)


def test_a_project_from_before_has_the_usual_limits(project: Project) -> None:
    take_back(project, "0029")
    with Project.open(project.path, CLOCK) as again:
        assert again.database.revision() == known_revisions()[0]
        assert again.keeping.drift_limits() == USUAL


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"offset_s": -0.1}, "give seconds from 0"),
        ({"offset_s": float("nan")}, "give seconds from 0"),
        ({"other_label": 1.5}, "150 of 100 can't have another label"),
        ({"pairs": 0}, "can't be told from 0 pairs"),
    ],
)
def test_what_can_be_no_limit_is_refused(sqlite_project: Project, asked: dict[str, float], why: str) -> None:
    with pytest.raises(WozError, match=why):
        agree_on_drift(sqlite_project, **asked)  # type: ignore[arg-type]
    assert sqlite_project.keeping.drift_limits() == USUAL


def test_the_command_tells_and_sets_it(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["project", "drift", str(sqlite_project.path)]
    assert main(command) == 0
    assert capsys.readouterr().out == (
        "Drift is told where starts or ends lie more than 0.25 s apart in the median, or more than 10 of 100 pairs"
        " have another label; of 20 pairs at least.\n"
    )
    assert main([*command, "--offset", "0.4", "--other-label", "15", "--pairs", "30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"offset_s": 0.4, "other_label": 0.15, "pairs": 30}
    assert main([*command, "--pairs", "0"]) == 1
    assert "give a number from 1" in capsys.readouterr().err
