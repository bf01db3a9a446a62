"""View and sound in the form: what is chosen is tried at once, and let go for the station."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.bench import Bench
from ui.station.device_card import EARPIECE, MICROPHONE, VIEW, DeviceCard
from ui.station.form import PlanForm
from ui.station.remembered import RememberedDevices
from ui.widgets.meter import Meter
from woz.base.errors import WozError
from woz.capture.choices import USUAL, Chosen
from woz.capture.tabletop import PROCEDURE
from woz.model.people import Role
from woz.model.plan import Plan, person_of

NOW = 1_772_000_000_000_000_000
PLAN = Plan(PROCEDURE, people=(person_of(Role.TRAINEE, "P01", (), NOW),))
TRIED = {"view synthetic", "microphone default", "earpiece default"}


class Opening:
    """In the place of opening the station: notes what was still open then, and fails as it is told to."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.faults: list[str] = []
        self.asked: list[tuple[Plan, Chosen]] = []
        self.held: list[set[str]] = []
        self.threads: list[threading.Thread] = []

    def __call__(self, plan: Plan, chosen: Chosen) -> None:
        self.threads.append(threading.current_thread())
        self.held.append(set(self._bench.open))
        self.asked.append((plan, chosen))
        if self.faults:
            raise WozError(self.faults.pop())


def _shown(qtbot: QtBot, bench: Bench, opening: Opening | None = None) -> PlanForm:
    form = PlanForm(PLAN, [], [], [], NOW, DeviceCard(USUAL, bench), opening or Opening(bench))
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    return form


def _card(form: PlanForm) -> DeviceCard:
    return form.findChildren(DeviceCard)[0]


def _pick(form: PlanForm, name: str) -> QComboBox:
    return next(c for c in form.findChildren(QComboBox) if c.accessibleName() == name)


def _press(form: PlanForm, name: str) -> None:
    next(b for b in form.findChildren(QAbstractButton) if b.accessibleName() == name).click()


def test_what_is_chosen_is_seen_and_heard_at_once(qtbot: QtBot) -> None:
    bench = Bench()
    form = _shown(qtbot, bench)
    qtbot.waitUntil(lambda: bench.open == TRIED)
    qtbot.waitUntil(lambda: _card(form)._view._image is not None)
    qtbot.waitUntil(lambda: form.findChildren(Meter)[0].toolTip() == "-6 dBFS")
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    qtbot.keyClick(form, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert bench.chime
    assert np.any(bench.chime.mixed(np.zeros(4800, np.float32)))
    form.reject()
    assert bench.open == set()


def test_another_choice_restarts_its_own_preview_alone(qtbot: QtBot) -> None:
    bench = Bench()
    form = _shown(qtbot, bench)
    qtbot.waitUntil(lambda: bench.open == TRIED and _pick(form, "View").count() == 2)
    bench.log.clear()
    _pick(form, "View").setCurrentIndex(1)
    qtbot.waitUntil(lambda: "view camera:0" in bench.open)
    assert bench.log == ["close view synthetic", "open view camera:0"]
    form.reject()


def test_a_headset_that_is_plugged_in_meanwhile_is_listed(qtbot: QtBot) -> None:
    bench = Bench()
    form = _shown(qtbot, bench)
    qtbot.waitUntil(lambda: bench.open == TRIED and _pick(form, "Microphone").findText("No microphone") >= 0)
    assert _pick(form, "Microphone").findText("Headset") < 0
    bench.headset = True
    _press(form, "Look for devices again")
    qtbot.waitUntil(lambda: _pick(form, "Microphone").findText("Headset") >= 0)
    assert form.devices_chosen == USUAL
    assert bench.log == [line for line in bench.log if line.startswith("open")]
    form.reject()


def test_without_a_microphone_the_form_stays_and_offers_to_record_without(qtbot: QtBot) -> None:
    bench = Bench("microphone default")
    opening = Opening(bench)
    opening.faults = ["No microphone was found."]
    form = _shown(qtbot, bench, opening)
    microphone = _card(form).rows[MICROPHONE]
    qtbot.waitUntil(lambda: microphone.fault == "The microphone default can't be had.")
    _press(form, "Open the station")
    qtbot.waitUntil(lambda: form._banner.text == "No microphone was found.")
    assert form.isVisible()
    assert form.plan == PLAN
    qtbot.waitUntil(lambda: "view synthetic" in bench.open and microphone.fault != "")
    _press(form, "Record without microphone")
    assert not microphone.fault
    _press(form, "Open the station")
    qtbot.waitUntil(lambda: not form.isVisible())
    assert form.result() == PlanForm.DialogCode.Accepted
    assert opening.asked[1] == (PLAN, replace(USUAL, microphone="none"))
    assert opening.held == [set(), set()]
    assert threading.main_thread() not in opening.threads


def test_a_device_that_hangs_holds_up_no_window(qtbot: QtBot) -> None:
    bench = Bench()
    bench.free.clear()
    form = _shown(qtbot, bench)
    pick = _pick(form, "View")
    qtbot.waitUntil(lambda: pick.count() == 2)
    for index in (1, 0, 1):
        pick.setCurrentIndex(index)
    assert bench.log == []
    bench.free.set()
    qtbot.waitUntil(lambda: "view camera:0" in bench.open)
    assert [line for line in bench.log if "view" in line].count("open view camera:0") == 1
    form.reject()


def test_what_is_not_listed_may_be_chosen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    form = _shown(qtbot, bench)
    card = "ui.station.device_card"
    monkeypatch.setattr(f"{card}.QFileDialog.getOpenFileName", lambda *a: ("/films/cake.mp4", ""))
    _press(form, "Take the view from a file")
    qtbot.waitUntil(lambda: "view file:/films/cake.mp4" in bench.open)
    assert _pick(form, "View").currentText() == "cake.mp4"
    monkeypatch.setattr(f"{card}.QInputDialog.getText", lambda *a, **k: ("aria2:10.0.0.7", True))
    _press(form, "Take the view from another source")
    qtbot.waitUntil(lambda: "view aria2:10.0.0.7" in bench.open)
    assert bench.open == {"view aria2:10.0.0.7", *TRIED} - {"view synthetic"}
    form.reject()


def test_an_earpiece_that_is_not_there_may_be_gone_without(qtbot: QtBot) -> None:
    form = _shown(qtbot, Bench("earpiece default", "view synthetic"))
    rows = _card(form).rows
    qtbot.waitUntil(lambda: bool(rows[EARPIECE].fault and rows[VIEW].fault))
    told = [each.text() for each in form.findChildren(QLabel) if each.isVisible()]
    assert "The earpiece default can't be had." in told
    _press(form, "Record without earpiece")
    assert form.devices_chosen.earpiece == "none"
    form.reject()


def test_choices_are_remembered_for_each_project(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    one, other = (RememberedDevices(settings, tmp_path / name) for name in ("one", "other"))
    one.keep(Chosen("camera:0", "Headset, ALSA", "default"))
    assert one.recall() == Chosen("camera:0", "Headset, ALSA", "default")
    assert other.recall() == Chosen()
    assert Chosen("synthetic").over(one.recall()).over(USUAL) == Chosen("synthetic", "Headset, ALSA", "default")


def _stands(form: PlanForm, beside: bool) -> bool:
    return form._body.beside is beside


def test_a_narrow_window_has_one_column_that_is_never_cut(qtbot: QtBot) -> None:
    form = _shown(qtbot, Bench())
    for width, beside in ((1280, True), (720, False), (1280, True)):
        form.resize(width, 600)
        qtbot.waitUntil(partial(_stands, form, beside))
        assert form.width() == width
        assert form._body.horizontalScrollBar().maximum() == 0
    form.reject()


def test_tab_comes_to_what_stands_below_each_other_in_that_order(qtbot: QtBot) -> None:
    form = _shown(qtbot, Bench("microphone default", "earpiece default"))
    rows = _card(form).rows
    qtbot.waitUntil(lambda: bool(rows[EARPIECE].fault and rows[MICROPHONE].fault))
    at, stops = form.nextInFocusChain(), []
    while at is not None and at is not form:
        if isinstance(at, QAbstractButton | QComboBox) and at.isVisible() and _card(form).isAncestorOf(at):
            place = at.mapTo(form, at.rect().topLeft())
            stops.append((place.y(), place.x()))
        at = at.nextInFocusChain()
    assert stops == sorted(stops)
    assert len(stops) == 9
    form.reject()
