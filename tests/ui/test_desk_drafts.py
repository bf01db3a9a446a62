"""What this computer keeps of a session's windows: after a withdrawal nobody reads what was kept before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from ui.editor.run import running_file
from ui.reports.desk_drafts import draft_of
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant, Role

ENDINGS = (".json", ".unstored", ".refused.jsonl", ".gold.submission")


@pytest.fixture(autouse=True)
def own_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def _write(draft: Path) -> list[Path]:
    """All that windows keep beside it."""
    draft.parent.mkdir(parents=True, exist_ok=True)
    files = [draft.with_suffix(ending) for ending in ENDINGS]
    for each in files:
        each.write_text("words", encoding="utf-8")
    return files


def test_what_was_kept_before_a_withdrawal_goes_unread_and_nothing_else(tmp_path: Path) -> None:
    lab, other = tmp_path / "lab", SessionId(f"{SID}-b")
    first = _write(draft_of(lab, SID, "ada", ""))
    others = [
        each
        for session, by in ((SID, "ada2"), (SID, "ben"), (other, "ada"))
        for each in _write(draft_of(lab, session, by, ""))
    ]
    draft_of(lab, SID, "ada", "")
    assert all(each.exists() for each in first)
    second = _write(draft_of(lab, SID, "ada", "0a1b2c3d"))
    assert not any(each.exists() for each in first)
    draft_of(lab, SID, "ada", "0a1b2c3d")
    assert all(each.exists() for each in (*second, *others))
    draft_of(lab, SID, "ada", "4e5f6a7b")
    assert not any(each.exists() for each in second)
    assert all(each.exists() for each in others)


def test_an_editor_keeps_its_drafts_anew_once_somebody_withdrew_from_its_session(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(SESSION)
        project.participants.save(Participant(ParticipantId("e"), "E07", Role.EXPERT))
        before = _write(running_file(project, SID, "ada"))
        assert running_file(project, SID, "ada") == before[0]
        plan = {"sessions": [{"session_id": SID}]}
        project.withdrawals.begin(ParticipantId("e"), "ada", json.dumps(plan))
        begun = running_file(project, SID, "ada")
        project.withdrawals.end(ParticipantId("e"), "{}")
        ended = running_file(project, SID, "ada")
        assert len({before[0], begun, ended}) == 3
        assert not any(each.exists() for each in before)
        assert running_file(project, SessionId(f"{SID}-b"), "ada").stem.endswith(f"{SID}-b-ada")
