"""What this computer keeps of a session's windows: after a withdrawal nobody reads what was kept before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, segment
from ui.editor.run import own_draft
from ui.reports.desk_drafts import DELETED, draft_of
from woz.annotation.edits import Edit
from woz.annotation.unstored import Deed, TakingBack, Unstored, Way
from woz.model.ids import ParticipantId, SessionId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Participant, Role

ENDINGS = (".json", ".unstored", ".refused.jsonl", ".gold.submission")


@pytest.fixture(autouse=True)
def own_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def _write(draft: Path) -> list[Path]:
    """All that windows keep beside it."""
    draft.parent.mkdir(parents=True, exist_ok=True)
    files = [draft.with_suffix(ending) for ending in ENDINGS] + [draft.with_name(f"{draft.stem}-typed.json")]
    for each in files:
        each.write_text("words", encoding="utf-8")
    return files


def test_what_was_kept_before_a_withdrawal_goes_unread_and_nothing_else(tmp_path: Path) -> None:
    lab, other = tmp_path / "lab", SessionId(f"{SID}-b")
    first = _write(draft_of(lab, SID, "ada", "").path)
    others = [
        each
        for session, by in ((SID, "ada2"), (SID, "ben"), (other, "ada"))
        for each in _write(draft_of(lab, session, by, "").path)
    ]
    draft_of(lab, SID, "ada", "")
    assert all(each.exists() for each in first)
    draft = draft_of(lab, SID, "ada", "0a1b2c3d")
    assert draft.told.endswith(DELETED)
    second = _write(draft.path)
    assert not any(each.exists() for each in first)
    assert draft_of(lab, SID, "ada", "0a1b2c3d").told == ""
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
        before = _write(own_draft(project, SID, "ada").path)
        assert own_draft(project, SID, "ada").path == before[0]
        plan = {"sessions": [{"session_id": SID}]}
        project.withdrawals.begin(ParticipantId("e"), "ada", json.dumps(plan))
        begun = own_draft(project, SID, "ada").path
        project.withdrawals.end(ParticipantId("e"), "{}")
        ended = own_draft(project, SID, "ada").path
        assert len({before[0], begun, ended}) == 3
        assert not any(each.exists() for each in before)
        assert own_draft(project, SessionId(f"{SID}-b"), "ada").path.stem.endswith(f"{SID}-b-ada")


def test_where_somebody_was_and_what_they_have_seen_goes_without_a_word(tmp_path: Path) -> None:
    path = draft_of(tmp_path / "lab", SID, "ada", "").path
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in ("left", "seen"):
        path.with_name(f"{path.stem}-{name}.json").write_text("{}", encoding="utf-8")
    assert draft_of(tmp_path / "lab", SID, "ada", "0a1b2c3d").told == ""
    assert list(path.parent.iterdir()) == []


def test_what_cannot_be_deleted_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = _write(draft_of(tmp_path / "lab", SID, "ada", "").path)
    really = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == first:
            raise PermissionError(13, "Permission denied")
        really(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    told = draft_of(tmp_path / "lab", SID, "ada", "0a1b2c3d").told
    assert told.endswith(f"{first} may hold their words, and can't be deleted (Permission denied): delete it.")
    assert not any(each.exists() for each in others)


NOTED = replace(segment("b"), note="she said so")
DERIVED = replace(segment("c"), made=Made(Origin.DERIVED, "woz"))


@pytest.mark.parametrize(
    ("deeds", "kept"),
    [
        ((Edit("Mark", (), (segment("a"),)), Edit("Move", (segment("a"),), (segment("a", 1, 4),))), True),
        ((Edit("Mark", (), (segment("a"),)), Edit("Note", (), (NOTED,))), False),
        ((Edit("Mark", (), (segment("a"),)), Edit("Forget", (NOTED,), ())), False),
        ((Edit("Mark", (), (segment("a"),), "she said so"),), False),
        ((Edit("Mark", (), (DERIVED,)),), False),
        ((Edit("Mark", (), (segment("a"),)), TakingBack(Way.UNDO)), False),
    ],
)
def test_edits_of_marks_alone_wait_still(tmp_path: Path, deeds: Sequence[Deed], kept: bool) -> None:
    before = draft_of(tmp_path / "lab", SID, "ada", "").path.with_suffix(".unstored")
    unstored = Unstored(before)
    for deed in deeds:
        unstored.add(deed)
    unstored.keep()
    now = draft_of(tmp_path / "lab", SID, "ada", "0a1b2c3d")
    assert Unstored(now.path.with_suffix(".unstored")).read() == (deeds if kept else ())
    assert (before.exists(), now.told.endswith(DELETED)) == (False, not kept)
