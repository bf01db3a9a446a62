"""Somebody withdraws at another computer from the session that is annotated here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.recorded_session import SID
from tests.ui.test_editor import project, recorded
from ui.editor.run import own_draft, shared_editor
from ui.reports.desk_drafts import DELETED
from woz.annotation import commands
from woz.capture.tabletop import PROCEDURE
from woz.lab.withdrawn_since import WITHDREW
from woz.model.ids import ParticipantId
from woz.model.own_schemes import STEPS
from woz.model.people import Participant, Role

__all__ = ["project", "recorded"]


@pytest.fixture(autouse=True)
def own_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def _withdraw(project: Project, pseudonym: str) -> None:
    person = Participant(ParticipantId(pseudonym), pseudonym, Role.EXPERT)
    project.participants.save(person)
    project.withdrawals.begin(person.id, "ada", json.dumps({"sessions": [{"session_id": SID}]}))


def test_an_editor_tells_that_what_waited_was_deleted(qtbot: QtBot, project: Project) -> None:
    waited = own_draft(project, SID, "ada").path.with_suffix(".unstored")
    waited.parent.mkdir(parents=True, exist_ok=True)
    waited.write_text("words", encoding="utf-8")
    _withdraw(project, "E07")
    with shared_editor(project, SID, "ada") as window:
        assert window._banner.text.endswith(DELETED)
        window.close()
    assert not waited.exists()


def test_an_open_editor_stores_marks_and_no_words_once_somebody_withdrew(qtbot: QtBot, project: Project) -> None:
    with shared_editor(project, SID, "ada") as window:
        document = window.document
        tier = next(tier for tier in document.tiers if tier.tier_type == STEPS)
        base = document.annotations(tier.id)[0]
        _withdraw(project, "E08")
        document.apply(commands.set_note(base, "as she said"))
        qtbot.waitUntil(lambda: document.saved)
        qtbot.waitUntil(lambda: window._banner.text == WITHDREW)
        assert document.annotation(base.id) == base
        document.apply(commands.relabel(base, PROCEDURE.steps[2].id))
        qtbot.waitUntil(lambda: document.saved)
        assert document.annotation(base.id).label == PROCEDURE.steps[2].id
        assert document.annotation(base.id).note == ""
        window.close()
    with shared_editor(project, SID, "ada") as again:
        document = again.document
        document.apply(commands.set_note(document.annotation(base.id), "too late"))
        qtbot.waitUntil(lambda: document.saved)
        assert document.annotation(base.id).note == "too late"
        again.close()
