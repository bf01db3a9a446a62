"""The window of work over all sessions runs the command, shows how far it is, and cancels it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.rig.batch_room import SMALL, recorded_project
from ui.home.batch_dialog import MOST_FORM, BatchDialog
from woz.batch.ledger import Ledger

WITHIN_MS = 240_000


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def test_each_kind_shows_its_own_parameters(qtbot: QtBot, settings: QSettings) -> None:
    dialog = BatchDialog("lab", settings)
    qtbot.addWidget(dialog)
    dialog.choose("frames")
    assert list(dialog._fields) == ["rate"]
    assert dialog._fields["rate"].placeholderText() == "1.0"
    dialog._fields["rate"].setText("4")
    dialog._where.setText("slurm:long")
    assert dialog.arguments == ["batch", "go", "frames", "lab", "--set", "rate=4", "--on", "slurm:long"]
    dialog.choose("check")
    assert dialog.arguments == ["batch", "go", "check", "lab", "--on", "slurm:long"]
    dialog.running.command._tell(" 42%  17 of 40 items; about 3 min left")
    assert dialog.running.bar.value() == 42
    assert dialog.running.stage.text() == "17 of 40 items; about 3 min left"


def test_of_several_that_are_selected_these_alone_are_meant_unless_all_are_chosen(
    qtbot: QtBot, settings: QSettings
) -> None:
    dialog = BatchDialog("lab", settings, selected=["s2", "s1"])
    qtbot.addWidget(dialog)
    dialog.choose("check")
    assert dialog.arguments == ["batch", "go", "check", "lab", "--session", "s2", "--session", "s1"]
    assert dialog._of.currentText() == "the 2 that are selected"
    dialog._of.setCurrentIndex(dialog._of.findText("all"))
    assert dialog.arguments == ["batch", "go", "check", "lab"]
    one = BatchDialog("lab", settings, selected=["s1"])
    qtbot.addWidget(one)
    one.choose("check")
    assert one.arguments == ["batch", "go", "check", "lab"], "one is always selected"


@pytest.mark.parametrize("begun", [False, True])
def test_the_form_is_as_high_as_the_parameters_of_what_is_chosen(
    qtbot: QtBot, settings: QSettings, begun: bool
) -> None:
    """Whether the kind is chosen before the window is shown or in it."""
    dialog = BatchDialog("lab", settings)
    qtbot.addWidget(dialog)
    if begun:
        with qtbot.waitExposed(dialog):
            dialog.show()
    for kind in ("waveforms", "clips", "transcribe", "frames"):
        dialog.choose(kind)
        assert dialog._area.height() == min(MOST_FORM, dialog._form.sizeHint().height())
        lines = 2 + len(dialog._fields)
        assert dialog._area.height() >= min(MOST_FORM, lines * dialog._where.sizeHint().height())


def test_it_plans_runs_and_collects(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    recorded_project(tmp_path / "project", 2).close()
    dialog = BatchDialog(str(tmp_path / "project"), settings)
    qtbot.addWidget(dialog)
    dialog.choose("waveforms")
    with qtbot.waitSignal(dialog.running.ended, timeout=WITHIN_MS) as ended:
        dialog.start()
    assert ended.args == [0], dialog.running.words
    assert "2 sessions have their waveforms." in dialog.running.words


def test_cancelling_keeps_what_was_done(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    recorded_project(tmp_path / "project", 1).close()
    dialog = BatchDialog(str(tmp_path / "project"), settings)
    qtbot.addWidget(dialog)
    dialog._kind.addItem(SMALL, SMALL)
    dialog.choose(SMALL)
    dialog._fields["count"].setText("500")
    dialog._fields["pause_s"].setText("0.05")
    dialog.start()
    runs = tmp_path / "project" / "runs"
    qtbot.waitUntil(lambda: len(list(runs.glob("*/done/*.json"))) > 3, timeout=WITHIN_MS)
    with qtbot.waitSignal(dialog.running.ended, timeout=WITHIN_MS) as ended:
        dialog.reject()
    assert ended.args != [0]
    assert dialog.running.stage.text() == "Cancelled. What is done is kept, and the next start goes on."
    (run,) = runs.iterdir()
    done = [Ledger(run).done(item) for item in Ledger(run).items()]
    assert 3 < len([one for one in done if one]) < 500
    assert dialog._start.isEnabled()
