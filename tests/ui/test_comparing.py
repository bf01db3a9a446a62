"""From the home window to agreement and adjudication, by pressed keys; and what isn't there yet says why."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from tests.ui.adjudication_room import doubled_project
from ui.application.children import Children
from ui.home.comparing_dialog import AdjudicationDialog, AgreementDialog
from ui.home.run import Home
from ui.home.window import HomeWindow
from woz.lab.comparable import comparable
from woz.lab.tiers import move_tier
from woz.model.annotator import Annotator
from woz.model.tier import TierState

Key, Ctrl, Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    made: list[tuple[str, ...]] = []
    monkeypatch.setattr(Children, "start", lambda _, *arguments: made.append(arguments))
    return made


@contextlib.contextmanager
def _home(project: Project, qtbot: QtBot) -> Iterator[HomeWindow]:
    window = HomeWindow()
    qtbot.addWidget(window)
    settings = QSettings(str(project.path / "settings.ini"), QSettings.Format.IniFormat)
    home = Home(window, CLOCK, settings)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    home.open(str(project.path))
    try:
        qtbot.waitUntil(lambda: window.selected == SID)
        yield window
    finally:
        home.close()


def _with_dialog(
    window: HomeWindow, kind: type[AgreementDialog | AdjudicationDialog], press: Callable[..., None]
) -> None:
    """Once the dialog is the active one, press its keys."""

    timer = QTimer(window, interval=20)

    def look() -> None:
        shown = QApplication.activeModalWidget()
        if isinstance(shown, kind) and shown.isActiveWindow():
            timer.stop()
            press(shown)

    timer.timeout.connect(look)
    timer.start()


def test_agreement_and_adjudication_are_opened_by_key(
    tmp_path: Path, qtbot: QtBot, started: list[tuple[str, ...]]
) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project, _home(project, qtbot) as window:
        path = str(project.path)

        def choose(dialog: AgreementDialog) -> None:
            for box in dialog.findChildren(QComboBox)[2:]:
                box.setFocus()
                qtbot.keyClick(box, Key.Key_Down)
            qtbot.keyClick(dialog, Key.Key_Return)

        _with_dialog(window, AgreementDialog, choose)
        qtbot.keyClick(window, Key.Key_A, Ctrl | Shift)
        given = ("--tier-type", "steps", "--as", "A02", "--session", SID, "--annotators", "A02", "A03")
        assert started.pop() == ("agree", path, "--window", *given)
        with qtbot.waitActive(window):
            window.activateWindow()
        _with_dialog(
            window, AdjudicationDialog, lambda dialog: qtbot.keyClick(dialog.focusWidget(), Key.Key_Return)
        )
        qtbot.keyClick(window, Key.Key_J, Ctrl | Shift)
        asked = ("--session", SID, "--tier-type", "steps", "--annotator", "A01")
        assert started.pop() == ("adjudicate", path, *asked)


def test_what_is_not_submitted_is_compared_but_not_decided(
    tmp_path: Path, qtbot: QtBot, started: list[tuple[str, ...]]
) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        (found,) = comparable(project.library.sessions())
        assert (found.compared, found.decidable, len(found.coders)) == (True, True, 2)
        ada = project.annotators.named("A02")
        (own,) = (each for each in project.assignments.all(SID) if each.annotator_id == ada.id)
        move_tier(project, SID, own.tier_id, TierState.IN_WORK, ada, "")
        (found,) = comparable(project.library.sessions())
        assert (found.compared, found.decidable, found.unready) == (True, False, (ada.id,))
        dialog = AdjudicationDialog([found], project.annotators.all())
        qtbot.addWidget(dialog)
        assert any("Not all have submitted theirs yet: A02." in each.text() for each in dialog.findChildren(QLabel))
        qtbot.keyClick(dialog, Key.Key_Return)
        assert not dialog.result()
        with _home(project, qtbot) as window:
            qtbot.keyClick(window, Key.Key_J, Ctrl | Shift)
            assert _named(window, "Adjudicate").text().endswith("(no two have submitted the same yet)")
            assert _named(window, "Agreement").isEnabled()
    assert not started


def test_where_nothing_can_be_compared_the_entries_say_so(tmp_path: Path, qtbot: QtBot) -> None:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(SESSION)
        with _home(project, qtbot) as window:
            for name, why in (("Agreement", "annotated"), ("Adjudicate", "submitted")):
                entry = _named(window, name)
                assert not entry.isEnabled()
                assert f"no two have {why} the same yet" in entry.text()


def _named(window: HomeWindow, begin: str) -> QAction:
    return next(each for each in window.findChildren(QAction) if each.text().startswith(begin))


def test_who_logs_in_on_a_server_is_proposed_and_only_keepers_may_look_as_another(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        found, people = comparable(project.library.sessions()), project.annotators.all()
    boss, ada, _ = people

    def offered(kind: type[AgreementDialog | AdjudicationDialog], login: Annotator) -> tuple[str, list[str]]:
        dialog = kind(found, people, last="A03", login=login)
        qtbot.addWidget(dialog)
        box = dialog.findChildren(QComboBox)[-1]
        return dialog.person, [box.itemText(at) for at in range(box.count())]

    assert offered(AgreementDialog, ada) == ("A02", ["A02"])
    assert offered(AgreementDialog, boss) == ("A01", ["A01", "A02", "A03"])
    assert offered(AdjudicationDialog, ada) == ("", [])
    assert offered(AdjudicationDialog, boss) == ("A01", ["A01"])
