"""Seconds of work: added up by tier, person and day, in both databases; a project can leave them unmeasured."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import SESSION, SID
from ui.cli import main
from woz.model.ids import SessionId, TierId
from woz.model.work import Work

ONE = Work(SID, TierId("t"), "ada", "2026-01-31", 5_000_000_000)


@pytest.fixture
def kept(project: Project) -> Project:
    project.sessions.save(SESSION)
    project.sessions.save(replace(SESSION, id=SessionId("other")))
    return project


def test_what_is_added_to_a_day_is_one_row(kept: Project) -> None:
    kept.work.add([ONE, replace(ONE, active_ns=1), replace(ONE, by="ben")])
    kept.work.add(
        [ONE, replace(ONE, day="2026-02-01"), replace(ONE, session_id=SessionId("other"), tier_id=TierId("u"))]
    )
    assert [(w.tier_id, w.by, w.day, w.active_ns) for w in kept.work.all()] == [
        ("t", "ada", "2026-01-31", 10_000_000_001),
        ("t", "ben", "2026-01-31", 5_000_000_000),
        ("u", "ada", "2026-01-31", 5_000_000_000),
        ("t", "ada", "2026-02-01", 5_000_000_000),
    ]
    assert {w.by for w in kept.work.all(by="ben")} == {"ben"}
    assert [w.tier_id for w in kept.work.all(SessionId("other"))] == ["u"]


def test_a_project_can_leave_it_unmeasured(kept: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert kept.work.measured
    kept.work.add([ONE])
    path = str(kept.path)
    assert main(["project", "work", path, "off", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"measured": False}
    kept.work.add([ONE])
    assert [w.active_ns for w in kept.work.all()] == [ONE.active_ns]
    assert main(["project", "work", path, "on"]) == 0
    assert "measures" in capsys.readouterr().out
    assert kept.work.measured
