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
from ui.reports.desk_drafts import UNREAD
from woz.model.ids import ParticipantId
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
        assert window._banner.text.endswith(UNREAD)
        window.close()
    assert not waited.exists()
