"""`woz withdraw`: a plan, a question, a certificate."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from storage.copies.backup import back_up
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN
from ui.application.own_file import in_no_window, own_file
from ui.cli.program import main
from ui.reports.desk_drafts import desk_folder, place_of
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.lab.annotators import add_annotator
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant, Role
from woz.store.place import StorePlace, set_place

E07 = Participant(ParticipantId("e"), "E07", Role.EXPERT)
P01 = Participant(ParticipantId("p"), "P01", Role.TRAINEE)
SAID = "Stir the Zwetschgenkompott"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a backup beside it, in which the expert says something."""
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as made:
        for person in (E07, P01):
            made.participants.save(person)
        made.sessions.save(replace(SESSION, participants=(E07.id, P01.id)))
        made.transcripts.add(TRANSCRIPT, [replace(TURN, text=SAID, words=())])
        back_up(made, tmp_path / "backups", False, CLOCK, lambda *_: None)
    return tmp_path / "lab"


def _turns(folder: Path) -> list[str]:
    with Project.open(folder, CLOCK) as project:
        return [turn.text for turn in project.transcripts.turns(TRANSCRIPT.id)]


def test_the_plan_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backups = str(folder.parent / "backups")
    assert main(["withdraw", str(folder), "E07", "--dry-run", "--json", "--backups", backups]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["sums"]["rows"] == {"turns": 1, "words": 3, "turns as first made": 1}
    assert [Path(each["path"]).parent.name for each in plan["backups"]] == ["backups"]
    assert plan["sessions"][0]["session_id"] == SID
    assert _turns(folder) == [SAID]


def test_backups_are_found_by_the_copy_itself_and_under_another_name_of_the_project(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy,) = (folder.parent / "backups").iterdir()
    renamed = folder.rename(folder.parent / "kitchen")
    for named in (copy, copy.parent):
        assert main(["withdraw", str(renamed), "E07", "--dry-run", "--json", "--backups", str(named)]) == 0
        assert [each["path"] for each in json.loads(capsys.readouterr().out)["backups"]] == [str(copy)]


@pytest.mark.parametrize("named", ["mistyped", "lab", "empty", "others"])
def test_a_folder_without_a_backup_of_this_project_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    """It would pass for a backup in which nothing was found."""
    (folder.parent / "empty").mkdir()
    with Project.create(folder.parent / "another", "Lab", SystemClock()) as another:
        back_up(another, folder.parent / "others", False, CLOCK, lambda *_: None)
    backups = [str(folder.parent / "backups"), str(folder.parent / named)]
    assert main(["withdraw", str(folder), "E07", "--yes", "--backups", *backups]) == 1
    assert f"{folder.parent / named} has no backup of this project" in capsys.readouterr().err
    assert _turns(folder) == [SAID]


def test_it_wants_the_pseudonym(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert main(["withdraw", str(folder), "E07"]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert _turns(folder) == [SAID]


def test_a_draft_that_its_window_has_stored_meanwhile_is_in_nobodys_way(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    draft = desk_folder() / f"{place_of(folder)}-judge-ada.jsonl"
    draft.parent.mkdir(parents=True)
    draft.write_text(SAID, encoding="utf-8")

    def answered(_: str) -> str:
        draft.unlink()
        return "E07"

    monkeypatch.setattr("builtins.input", answered)
    assert main(["withdraw", str(folder), "E07"]) == 0
    assert _turns(folder) == []


@pytest.mark.parametrize("of", ["judge", SID])
def test_nobody_is_taken_out_while_a_window_that_would_keep_their_words_is_open(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], of: str
) -> None:
    """It waits for the database, and writes its file anew with the next decision; closed, it leaves that."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with Project.open(folder, CLOCK) as project:
        ada = add_annotator(project, "A07")
    kept, withdraw = desk_folder() / f"{place_of(folder)}-{of}-{ada.id}.jsonl", ["withdraw", str(folder), "E07"]
    with own_file(kept) as own:
        assert own
        own.write_text(f'{{"said": "{SAID}"}}\n{{"said": "nothing of the kind"}}\n', encoding="utf-8")
        assert main([*withdraw, "--dry-run"]) == 0
        assert main([*withdraw, "--yes"]) == 1
        assert "A07 has a window of this project open on this computer; close it" in capsys.readouterr().err
        assert _turns(folder) == [SAID]
    assert main([*withdraw, "--yes"]) == 0
    assert _turns(folder) == []
    assert not kept.exists() or SAID not in kept.read_text(encoding="utf-8")


def test_a_window_that_opens_meanwhile_is_noticed(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    listed = [[first], [first, second]]
    with own_file(second) as own, contextlib.ExitStack() as stack:
        assert own
        with pytest.raises(WozError, match=r"b\.jsonl"):
            stack.enter_context(in_no_window(lambda: listed.pop(0), lambda path: WozError(path.name)))
    listed = [[first], [first, second], [first, second]]
    with in_no_window(lambda: listed.pop(0), lambda path: WozError(path.name)), own_file(second) as own:
        assert own is None
    assert listed == []


def test_windows_on_sessions_of_others_stay_open(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with Project.open(folder, CLOCK) as project:
        other = replace(SESSION, id=SessionId(f"{SID}-b"), participants=())
        project.sessions.save(other)
    with own_file(desk_folder() / f"{place_of(folder)}-{other.id}-ada.unstored") as own:
        assert own
        assert main(["withdraw", str(folder), "E07", "--yes"]) == 0


def test_the_certificate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backups = folder.parent / "backups"
    command = ["withdraw", str(folder), "E07", "--json", "--by", "ada", "--backups", str(backups)]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    plain, page = map(Path, told["certificate"])
    kept = json.loads(plain.read_text(encoding="utf-8"))
    assert (kept["by"], kept["plan"]["sums"]["rows"]["turns"], kept["nothing_found"]) == ("ada", 1, True)
    assert "Withdrawal of E07" in page.read_text(encoding="utf-8")
    assert _turns(folder) == []
    files = (path for root in (folder, backups) for path in root.rglob("*") if path.is_file())
    assert not [path for path in files if b"Zwetschgenkompott" in path.read_bytes()]


def test_somebody_unknown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["withdraw", str(folder), "P99", "--json"]) == 1
    assert "no participant 'P99'" in capsys.readouterr().err


def test_a_store_that_was_not_changed_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_place(folder, StorePlace(str(tmp_path)))
    assert main(["withdraw", str(folder), "E07", "--yes"]) in (0, 1)
    assert f"The store {tmp_path} was not changed: woz media push" in capsys.readouterr().out
