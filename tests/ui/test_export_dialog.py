"""Export from the home window: who may leave the lab is said beforehand, and what lacks can be entered there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from tests.ui.test_small_screen import SMALL
from ui import theme
from ui.home.export_dialog import ExportDialog
from woz.lab.consenting import enter_consents
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant, Role
from woz.model.session import DataSetSource, SessionState

OTHER = SessionId("20231114-221320-00bb")
P01 = Participant(ParticipantId("p"), "P01", Role.TRAINEE)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as made:
        made.participants.save(P01)
        closed = replace(SESSION, state=SessionState.CLOSED, duration_ns=10**9)
        made.sessions.save(replace(closed, participants=(P01.id,)))
        made.sessions.save(replace(closed, id=OTHER, title="Set", provenance=DataSetSource("Tasks", "CC0-1.0")))
        yield made


def agree(project: Project) -> None:
    enter_consents(project, "P01,release=1", (), None, CLOCK.utc_ns())


def _shown(project: Project, qtbot: QtBot, *chosen: SessionId) -> ExportDialog:
    dialog = ExportDialog(project, chosen or (SID,), lambda _: agree(project))
    qtbot.addWidget(dialog)
    return dialog


def _exported(dialog: ExportDialog, qtbot: QtBot) -> set[str]:
    with qtbot.waitSignal(dialog._work.done, timeout=120_000):
        dialog.begin()
    return {path.name.split(".")[0] for path in dialog._folder.path.iterdir()}


def test_inside_the_lab_all_goes_with_a_warning(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    assert "inside the lab" in dialog._verdict.text()
    assert _exported(dialog, qtbot) == {SID}
    assert "for this lab only" in dialog._banner.text


def test_it_fits_on_a_small_screen_also_where_much_is_left_out(
    project: Project, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "light")
    dialog = _shown(project, qtbot)
    dialog._chooser._show_losses((dialog._chooser.chosen, ["Praat can't hold all; left out: questions."] * 9))
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.resize(*SMALL)
    assert (dialog.width(), dialog.height()) == SMALL


def test_a_refused_release_leads_to_the_consents_and_goes_on(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    dialog._release.setChecked(True)
    assert "may not be released" in dialog._verdict.text()
    assert not dialog._export.isEnabled()
    asking = next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "Consents of Cake")
    asking.click()
    assert "All have agreed" in dialog._verdict.text()
    assert _exported(dialog, qtbot) == {SID}
    assert "lab only" not in dialog._banner.text


def test_a_project_is_released_without_those_who_did_not_agree(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    dialog._release.setChecked(True)
    dialog._all.setChecked(True)
    assert "1 of 2 sessions may not be released" in dialog._verdict.text()
    assert _exported(dialog, qtbot) == {OTHER}


def test_who_has_withdrawn_is_exported_nowhere(project: Project, qtbot: QtBot) -> None:
    project.participants.save(replace(P01, withdrawn=True))
    dialog = _shown(project, qtbot, SID, OTHER)
    assert dialog._going == [OTHER]
    assert "1 of 2 sessions may not be exported" in dialog._verdict.text()


def test_only_chosen_formats_and_nothing_twice(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    for name, box in dialog._chooser.boxes.items():
        box.setChecked(name == "rttm")
    _exported(dialog, qtbot)
    assert [path.name for path in dialog._folder.path.iterdir()] == [f"{SID}.turns.rttm"]
    with qtbot.waitSignal(dialog._work.failed, timeout=120_000):
        dialog.begin()
    assert "exists already" in dialog._banner.text
    assert "--" not in dialog._banner.text


def test_the_window_lives_meanwhile(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    go_on = threading.Event()

    def slow(*arguments: object, **named: object) -> object:
        go_on.wait(120)
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("ui.home.export_dialog.export_sessions", slow)
    dialog = _shown(project, qtbot)
    dialog.show()
    dialog.begin()
    assert dialog._bar.isVisible()
    dialog.reject()
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog._work.failed, timeout=120_000):
        go_on.set()
    assert "unforeseen" in dialog._banner.text
    dialog.reject()
    assert not dialog.isVisible()


def test_what_a_format_leaves_out_is_told_before_it_is_written(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def losses(_: Project, sessions: list[SessionId], names: list[str]) -> list[str]:
        asked.append([*sessions, *names])
        return ["rttm can't hold everything; left out: texts (3)."] if "rttm" in names else []

    monkeypatch.setattr("ui.home.export_dialog.losses", losses)
    dialog = _shown(project, qtbot)
    qtbot.waitUntil(lambda: "Who spoke when, RTTM can't hold everything" in dialog._chooser.told)
    assert "texts (3)" in dialog._chooser.told
    dialog._chooser.boxes["rttm"].setChecked(False)
    qtbot.waitUntil(lambda: not dialog._chooser.told)
    assert asked[-1][0] == SID


def test_a_format_that_counts_frames_asks_for_their_rate(project: Project, qtbot: QtBot) -> None:
    dialog = _shown(project, qtbot)
    for name, box in dialog._chooser.boxes.items():
        box.setChecked(name == "label-studio")
    with qtbot.waitSignal(dialog._work.failed, timeout=120_000):
        dialog.begin()
    assert "frames a second" in dialog._banner.text
    assert "--" not in dialog._banner.text
    dialog._rate.setValue(25)
    _exported(dialog, qtbot)
    assert '"frame_rate": 25.0' in (dialog._folder.path / "label-studio.json").read_text()
