"""Packages for annotators elsewhere by windows and by the command line, from the lab and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from tests.storage.package_room import WORDS, Lab
from ui.cli.program import main
from ui.editor.run import run_editor
from ui.home.package_dialogs import (
    KEEP,
    MakePackageDialog,
    OpenPackageDialog,
    ReturnPackageDialog,
    TakePackageDialog,
)
from ui.home.packages import package_warnings
from woz.base.errors import WozError
from woz.model.comment import Comment
from woz.model.ids import CommentId
from woz.model.own_schemes import CONVERSATION
from woz.remote.facts import package_in
from woz.remote.keys import new_identity, recipient_of

WITHIN_MS = 240_000
LATE = date(2999, 1, 1)
"""The last day of packages that commands see, which go by the clock of this computer."""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Project.create(tmp_path / "lab", "Tea", CLOCK) as project:
        project.schemes.add(CONVERSATION)
        yield Lab(project, tmp_path, LATE)


def _run(
    qtbot: QtBot, dialog: MakePackageDialog | OpenPackageDialog | ReturnPackageDialog | TakePackageDialog
) -> str:
    assert dialog._start.isEnabled()
    with qtbot.waitSignal(dialog.running.ended, timeout=WITHIN_MS) as ended:
        dialog.start()
    assert ended.args == [0], dialog.running.words
    return dialog.running.words


def test_from_the_lab_and_back_by_windows(qtbot: QtBot, lab: Lab) -> None:
    project = str(lab.project.path)
    make = MakePackageDialog(project, [str(lab.session_id)], ["A02", "A03"], ["A01"])
    qtbot.addWidget(make)
    assert not make._start.isEnabled()
    make._whose.setCurrentText("A03")
    make._until.setText(LATE.isoformat())
    make._folder.show_path(str(lab.folder / "out"))
    make._key.setText(WORDS)
    assert "for A03" in _run(qtbot, make)
    assert WORDS not in " ".join(make.arguments)
    make._forget()
    opening = OpenPackageDialog()
    qtbot.addWidget(opening)
    opening._file.show_path(str(make.file))
    opening._key.setText(WORDS)
    with qtbot.waitSignal(opening.opened, timeout=WITHIN_MS) as opened:
        _run(qtbot, opening)
    folder = Path(opened.args[0])
    with Project.open(folder, lab.clock) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
    returning = ReturnPackageDialog(str(folder), "A03-back")
    qtbot.addWidget(returning)
    returning._folder.show_path(str(lab.folder / "back"))
    assert "1 edit" in _run(qtbot, returning)
    taking = TakePackageDialog(project, ["A01"])
    qtbot.addWidget(taking)
    taking._file.show_path(str(returning.file))
    assert "1 taken" in _run(qtbot, taking)
    assert lab.marks(lab.project, lab.tiers[lab.ben]) == {"one"}
    taking._clash.setCurrentText(KEEP)
    taking._numbers.setText("3 4")
    assert taking.arguments[-3:] == ["--keep", "3", "4"]


def test_by_a_key_of_age_and_back_by_commands(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """What its annotator says in comments comes back, once."""
    identity, file, folder = new_identity(), lab.folder / "a.woz", lab.folder / "opened"
    for name, secret in (("mine", identity), ("other", new_identity())):
        (lab.folder / name).write_text(f"# as age-keygen writes it\n{secret}\n", encoding="utf-8")
    usual = ["--for", "A03", "--by", "A01", "--until", LATE.isoformat(), "--session", str(lab.session_id)]
    key = ["--recipient", recipient_of(identity)]
    assert main(["package", "make", str(lab.project.path), *usual, *key, "--out", str(file)]) == 0
    assert "by their key of age" in capsys.readouterr().out
    opening = ["package", "open", str(file), "--into", str(folder), "--json"]
    for wrong, why in ((["--identity", str(lab.folder / "other")], "doesn't open"), ([], "--identity FILE")):
        assert main([*opening, *wrong]) == 1
        assert why in capsys.readouterr().err
        assert not folder.exists()
    assert main([*opening, "--identity", str(lab.folder / "mine")]) == 0
    with Project.open(folder, lab.clock) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        said = Comment(CommentId("c"), lab.session_id, lab.ben.id, "Is this a stir?", 0)
        back = ["package", "return", str(folder), "--out", str(lab.folder / "back.age")]
        capsys.readouterr()
        assert main(back) == 0
        assert "comment" not in capsys.readouterr().out
        package.comments.add(said)
    assert main(back) == 0
    assert "1 edit, 1 comment" in capsys.readouterr().out
    assert main([*back, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["comments"] == 1
    taking = ["package", "take", str(lab.project.path), str(lab.folder / "back.age"), "--by", "A01", "--json"]
    for new in (1, 0):
        assert main(taking) == 0
        assert json.loads(capsys.readouterr().out)["comments"] == new
    assert lab.marks(lab.project, lab.tiers[lab.ben]) == {"one"}
    assert [each.text for each in lab.project.comments.all()] == ["Is this a stir?"]


def test_the_editor_asks_nobody_who_they_are_and_refuses_others(lab: Lab) -> None:
    file = lab.send()
    with lab.opened(file) as package:
        assert package_in(package.path) is not None
    with pytest.raises(WozError, match="This package is for A03"):
        run_editor(file.with_suffix(""), None, "A01", "light", None)


def test_a_package_whose_facts_are_damaged_is_told(lab: Lab) -> None:
    (lab.project.path / "package.json").write_text("{", encoding="utf-8")
    [told] = package_warnings(lab.project)
    assert "is damaged" in told


def test_the_plan_of_a_withdrawal_and_the_work_name_what_is_out(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.send()
    path, (package,) = str(lab.project.path), lab.project.packages.all()

    def told(*arguments: str) -> dict[str, Any]:
        assert main([*arguments, "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    (held,) = told("withdraw", path, "P01", "--dry-run")["packages"]
    assert (held["id"], held["annotator"], held["state"]) == (package.id, "A03", "out")
    assert "the trainee's voice" in held["holds"][0]
    work = told("assign", path)["work"]
    assert [bool(each["package"]) for each in work] == [each["annotator"] == "A03" for each in work]
    assert str(package.id) in str(told("progress", path)["packages"])
    assert main(["package", "deleted", path, str(package.id)]) == 0
    capsys.readouterr()
    assert told("withdraw", path, "P01", "--dry-run")["packages"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--until", "soon"], "is no day"),
        (["--until", "1999-12-31"], "would have ended"),
        (["--recipient", "age1nobody"], "no recipient of age"),
        (["--session", "none"], "none"),
    ],
)
def test_bad_input_of_the_command(
    lab: Lab, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    key = [] if "--recipient" in arguments else ["--passphrase-file", str(lab.folder / "words")]
    (lab.folder / "words").write_text(WORDS, encoding="utf-8")
    usual = ["--for", "A03", "--by", "A01", "--until", LATE.isoformat(), "--session", str(lab.session_id), *key]
    out = lab.folder / "never.woz"
    assert main(["package", "make", str(lab.project.path), "--out", str(out), *usual, *arguments]) == 1
    assert words in capsys.readouterr().err
    assert not out.exists()
    assert lab.project.packages.all() == []
