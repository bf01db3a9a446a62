"""A tier of a scheme's version that isn't here: said for as long as it is so, and what is in it stays."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from storage.place import FILE
from tests.ui.at_once import editor_at_once
from tests.ui.recorded_session import CLOCK, SID
from tests.ui.test_editor import recorded
from ui.editor.window import EditorWindow
from woz.annotation.edits import Edit
from woz.model.ids import TierId
from woz.model.own_schemes import STEPS

__all__ = ["recorded"]


@pytest.fixture
def lab(recorded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(recorded, tmp_path / "p"))


def _opened(project: Project, qtbot: QtBot) -> EditorWindow:
    window = editor_at_once(project, SID, "ada")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def test_a_scheme_that_is_not_in_the_project_is_told(lab: Path, qtbot: QtBot) -> None:
    with contextlib.closing(sqlite3.connect(lab / FILE)) as rows, rows:
        rows.execute("PRAGMA foreign_keys=off")
        rows.execute("DELETE FROM scheme WHERE id = (SELECT scheme_id FROM tier WHERE tier_type = ?)", [STEPS])
    with Project.open(lab, CLOCK) as project:
        before = project.annotations.load(SID)
        window = _opened(project, qtbot)
        assert window.scheme_notice.isVisible()
        assert "version 1, which isn't known here" in window.scheme_notice.text
        assert "woz scheme import" in window.scheme_notice.text
        window.close()
        assert project.annotations.load(SID) == before


def test_a_version_that_another_brings_meanwhile_is_told(lab: Path, qtbot: QtBot) -> None:
    with Project.open(lab, CLOCK) as project:
        window = _opened(project, qtbot)
        assert not window.scheme_notice.text
        tier = next(each for each in window.document.tiers if each.tier_type == STEPS)
        scheme = next(each for each in project.schemes.all() if each.id == tier.scheme_id)
        kept = project.schemes.keep(replace(scheme, name="Another"))
        assert kept.version == 2
        other = replace(tier, id=TierId("other"), name="Other", scheme_version=2)
        project.annotations.record(SID, Edit("new tier", (), (other,)), "ben")
        window.document.follow()
        assert "The tier Other is of the scheme" in window.scheme_notice.text
        window.close()
        again = _opened(project, qtbot)
        assert not again.scheme_notice.text
        again.close()
