"""A withdrawal builds the next versions of releases, as they were built before, without what is theirs."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.answers import answer_of, refusal_of
from tests.ui.people_room import CLOCK, HALVES, make_lab
from ui.cli import main
from ui.home.withdrawal_dialog import REBUILD, WithdrawalDialog
from ui.reports import withdrawal_page
from woz.base.errors import WozError
from woz.dataset.release.checking import frozen
from woz.dataset.release.comparing import reached
from woz.model.ids import ParticipantId

OPTIONS = (
    *HALVES,
    "--seed",
    "3",
    "--licence",
    "cc-by-4.0",
    "--fewest-wrong",
    "2",
    "--task",
    "when-to-speak",
    "--author",
    "Ada Lovelace",
)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return make_lab(tmp_path / "lab")


def _released(lab: Path, out: Path, capsys: pytest.CaptureFixture[str], version: str = "1.0.0") -> Path:
    answer_of(capsys, "release", "build", lab, "lamps", "--out", out, "--release-version", version, *OPTIONS)
    return out


def _query(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["query"]
    return found


def test_it_is_built_as_the_one_before_and_the_certificate_names_its_hash(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (_released(lab, tmp_path / name, capsys, name) for name in ("1.0.0", "1.1.0"))
    done = answer_of(capsys, "withdraw", lab, "P02", "--yes", "--rebuild", tmp_path / "new")
    new = tmp_path / "new" / "lamps-1.1.1"
    digest = sha256((new / "manifest.json").read_bytes()).hexdigest()
    assert done["rebuilt"] == [{"called": "lamps 1.1.1", "path": str(new), "manifest_sha256": digest, "why": ""}]
    assert set(done["plan"]["releases"]) == {str(first), str(second)}
    plain, page = (Path(each).read_text(encoding="utf-8") for each in done["certificate"])
    assert digest in plain
    assert digest in page
    was, now = _query(second), _query(new)
    assert now["earlier"]["version"] == "1.1.0"
    changed = {name for name in was if was[name] != now[name]}
    assert changed == {"version", "earlier", "locked", "locked_by"}
    before, after = frozen(second).groups, frozen(new).groups
    assert after == {group: split for group, split in before.items() if group != "P02"}
    assert reached(new, "P02") == {}
    assert answer_of(capsys, "release", "check", new)["whole"]


def test_the_command_is_told_where_it_was_not_asked_for(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = _released(lab, tmp_path / "one", capsys)
    assert main(["withdraw", str(lab), "P02", "--yes"]) == 0
    assert f"woz release next {lab} {first} --into FOLDER builds it." in capsys.readouterr().out
    (told,) = answer_of(capsys, "release", "next", lab, first, "--into", tmp_path / "new")["releases"]
    assert (told["called"], told["why"]) == ("lamps 1.0.1", "")
    assert reached(tmp_path / "new" / "lamps-1.0.1", "P02") == {}


def test_a_withdrawal_that_goes_on_builds_no_other_version(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _released(lab, tmp_path / "one", capsys)
    withdraw = ("withdraw", lab, "P02", "--yes", "--rebuild", tmp_path / "new")
    with monkeypatch.context() as full:
        full.setattr(withdrawal_page, "certificate_page", _fails)
        assert main([*map(str, withdraw)]) == 1
    capsys.readouterr()
    built = (tmp_path / "new" / "lamps-1.0.1" / "manifest.json").stat().st_mtime_ns
    (told,) = answer_of(capsys, *withdraw)["rebuilt"]
    assert (told["called"], told["why"]) == ("lamps 1.0.1", "")
    assert (tmp_path / "new" / "lamps-1.0.1" / "manifest.json").stat().st_mtime_ns == built
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["lamps-1.0.1"]


def _fails(*_: object) -> str:
    raise WozError("The disk is full.")


def test_one_that_cannot_be_built_hinders_no_withdrawal_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = make_lab(tmp_path / "alone", "P01")
    _released(lab, tmp_path / "one", capsys)
    assert main(["withdraw", str(lab), "P01", "--yes", "--rebuild", str(tmp_path / "new")]) == 1
    assert "lamps 1.0.1 was not built: " in capsys.readouterr().out
    with Project.open(lab, CLOCK) as project:
        found = project.withdrawals.found(ParticipantId("P01"))
        assert found is not None
        assert found.ended_utc_ns
    assert not list((tmp_path / "new").glob("lamps*"))


def test_what_another_project_built_is_refused_before_anything_is_changed(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = _released(make_lab(tmp_path / "another"), tmp_path / "theirs", capsys)
    why = refusal_of(capsys, "withdraw", lab, "P02", "--yes", "--releases", out, "--rebuild", tmp_path / "new")
    assert f"This project didn't build lamps 1.0.0 ({out})" in why
    with Project.open(lab, CLOCK) as project:
        assert not project.participants.get(ParticipantId("P02")).withdrawn


def test_the_window_shows_what_is_built_before_it_is_allowed(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], qtbot: QtBot
) -> None:
    _released(lab, tmp_path / "one", capsys)
    with Project.open(lab, CLOCK) as project:
        dialog = WithdrawalDialog(project, "P02")
        qtbot.addWidget(dialog)
        dialog._fields[REBUILD].show_path(str(tmp_path / "new"))
        qtbot.mouseClick(dialog._again, Qt.MouseButton.LeftButton)
        place = tmp_path / "new" / "lamps-1.0.1"
        assert f"lamps 1.0.1 ({place}) is the next version of {tmp_path / 'one'}" in dialog._plan.toPlainText()
        assert dialog.arguments[-2:] == ["--rebuild", str(tmp_path / "new")]
    assert not (tmp_path / "new").exists()
