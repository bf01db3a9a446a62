"""From the form to the station and back, and from a session to the next: what was entered comes along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.bench import Bench
from ui import theme
from ui.application.devices import Devices
from ui.application.programs import program
from ui.station.device_card import DeviceCard
from ui.station.form import PlanForm
from ui.station.options import StationOptions
from ui.station.person_card import PersonCard
from ui.station.run import run_station
from ui.station.window import StationWindow
from woz.base.clock import SystemClock
from woz.capture.choices import Chosen
from woz.capture.tabletop import PROCEDURE
from woz.lab.planning import PlanOptions, plan_anew, save_plan
from woz.live.seats.station_seat import StationPhase
from woz.model.people import ConsentKind, Role
from woz.model.plan import Plan, person_of

T = TypeVar("T", bound=QWidget)
NOW = 1_772_000_000_000_000_000
PATIENCE_MS, LOOK_MS = 120_000, 20
P07 = person_of(Role.TRAINEE, "P07,experience=2,skill=3,languages=it,recording=2.1", (), NOW)
E01 = person_of(Role.EXPERT, "E01,experience=often,recording=2.1", (), NOW)


def _card(qtbot: QtBot) -> PersonCard:
    card = PersonCard(Role.TRAINEE, [P07.participant], NOW)
    qtbot.addWidget(card)
    card.fill(P07)
    return card


def test_another_pseudonym_is_another_person_who_agreed_to_nothing_yet(qtbot: QtBot) -> None:
    card = _card(qtbot)
    filled = card.person
    card._pseudonym.setCurrentText("P08")
    found = card.person
    assert filled
    assert found
    assert (filled.before, found.before) == (P07.participant, None)
    assert found.participant.id != P07.participant.id
    assert found.participant.consents == ()
    assert found.participant.languages == ()
    assert (found.attendance.times, found.attendance.skill) == (None, None)


def test_what_was_entered_before_the_pseudonym_stays(qtbot: QtBot) -> None:
    card = PersonCard(Role.TRAINEE, [], NOW)
    qtbot.addWidget(card)
    card._languages.setText("en")
    card._pseudonym.setCurrentText("P08")
    assert card.person
    assert card.person.participant.languages == ("en",)


def test_another_session_asks_anew_what_holds_for_one(tmp_path: Path) -> None:
    plan = Plan(PROCEDURE, people=(P07, E01))
    with Project.create(tmp_path / "lab", "lab", SystemClock()) as project:
        save_plan(project, plan)
        more = person_of(Role.TRAINEE, "P07,release=1", [P07.participant], NOW).participant
        project.participants.save(more)
        again, back = (plan_anew(project, plan, another) for another in (True, False))
    assert back.people[0].attendance == P07.attendance
    assert again.people[0].attendance == replace(P07.attendance, experience=None, times=None, skill=None)
    for found in (again, back):
        assert ConsentKind.RELEASE in {consent.kind for consent in found.people[0].participant.consents}
        assert found.people[1].participant == E01.participant


def test_the_form_begins_at_the_trainee(qtbot: QtBot) -> None:
    form = PlanForm(
        Plan(PROCEDURE, people=(P07,)), [], [], [], NOW, DeviceCard(Chosen("synthetic", "none", "none"), Bench())
    )
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    focused = form.focusWidget()
    assert focused is not None
    qtbot.keyClicks(focused, "P09")
    assert form.plan.participants[0].pseudonym == "P09"
    form.reject()


def test_a_device_is_called_by_a_name_also_where_there_is_none(qtbot: QtBot) -> None:
    card = DeviceCard(Chosen("synthetic", "default", "default"), Bench())
    qtbot.addWidget(card)
    names = [pick.currentText() for pick in card.findChildren(QComboBox)]
    card.end()
    assert names == ["A drawn task, no camera", "The system's microphone", "The system's sound output"]


def test_windows_that_are_started_look_like_the_one_that_starts_them(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    command = program("join")
    theme.apply(qapp, "light")
    assert command[-3:] == ["--theme", "dark", "join"]
    assert program("annotate", "lab")[-4:] == ["--theme", "light", "annotate", "lab"]


class Operator:
    """Does one thing after the other as soon as it can be done, while the program runs."""

    def __init__(self, steps: Iterator[Callable[[], bool]]) -> None:
        self.fault: BaseException | None = None
        self._steps, self._now, self._looks = steps, next(steps), 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        self._looks += 1
        try:
            if self._looks > PATIENCE_MS // LOOK_MS:
                raise TimeoutError(f"waited in vain for {self._now}")
            if self._now():
                self._now = next(self._steps)
        except BaseException as fault:
            self._timer.stop()
            self.fault = None if isinstance(fault, StopIteration) else fault
            if self.fault:
                QApplication.closeAllWindows()


def _window(kind: type[T]) -> T | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


def _press(kind: type[QWidget], text: str) -> Callable[[], bool]:
    def pressed() -> bool:
        window = _window(kind)
        found = window.findChildren(QAbstractButton) if window else []
        made = next((b for b in found if b.text() == text and b.isEnabled()), None)
        if made:
            made.click()
        return made is not None

    return pressed


def _see(seen: list[tuple[Plan, Chosen]], pseudonym: str) -> Callable[[], bool]:
    """How the form is filled in; the trainee is then another."""

    def filled() -> bool:
        form = _window(PlanForm)
        if form:
            seen.append((form.plan, form.devices_chosen))
            form._cards[0]._pseudonym.setCurrentText(pseudonym)
        return form is not None

    return filled


def _phase(phase: StationPhase) -> Callable[[], bool]:
    def reached() -> bool:
        window = _window(StationWindow)
        return window is not None and window._phase == phase

    return reached


def test_back_to_the_form_and_on_to_another_session(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real station with the drawn task and devices in the program; nothing is kept of what was not recorded."""
    monkeypatch.setattr("ui.station.window.sure", lambda *a: True)
    monkeypatch.setattr("woz.capture.bench.look", Bench().look)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    seen: list[tuple[Plan, Chosen]] = []
    facts = "recording=2.1,skill=3"
    wished = PlanOptions(
        PROCEDURE.name, scenario="In parts.", protocol="on-demand", trainee=f"P07,{facts}", expert=f"E01,{facts}"
    )
    steps: list[Callable[[], bool]] = [
        _press(StationWindow, "Back to the form"),
        _see(seen, "P08"),
        _press(PlanForm, "Open the station"),
        _press(StationWindow, "Record"),
        _phase(StationPhase.RECORDING),
        _press(StationWindow, "Stop"),
        _press(StationWindow, "New session"),
        _see(seen, "P09"),
        _press(PlanForm, "Cancel"),
    ]
    monkeypatch.setattr("ui.station.window.ConsentQuestion.exec", lambda self: 1)
    operator = Operator(iter(steps))
    devices = Devices("virtual", "virtual")
    options = StationOptions(tmp_path / "lab", "synthetic?size=192", devices, "127.0.0.1", plan=wished)
    assert run_station(options) == 0
    if operator.fault:
        raise operator.fault
    (back, devices_back), (again, devices_again) = seen
    assert [person.pseudonym for person in back.participants] == ["P07", "E01"]
    assert back.people[0].attendance.skill == 3
    assert [person.pseudonym for person in again.participants] == ["P08", "E01"]
    assert again.people[0].attendance.skill is None
    assert back.scenario == again.scenario == "In parts."
    assert devices_back == devices_again == Chosen("synthetic?size=192", "virtual", "virtual")
    with Project.open(tmp_path / "lab", SystemClock()) as project:
        assert sorted(person.pseudonym for person in project.participants.all()) == ["E01", "P08"]
        (session,) = project.sessions.all()
        assert len(session.participants) == 2


def test_what_was_entered_is_not_lost_by_a_key_alone(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def no(parent: QWidget, question: str, *words: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("ui.station.form.sure", no)
    devices = DeviceCard(Chosen("synthetic", "none", "none"), Bench())
    form = PlanForm(Plan(PROCEDURE, people=(P07,)), [PROCEDURE], [P07.participant], [], NOW, devices)
    qtbot.addWidget(form)
    form.show()
    form._cards[0]._pseudonym.setCurrentText("P09")
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert asked == ["Leave the form?"]
    assert form.isVisible()
    form._cards[0].fill(P07)
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert len(asked) == 1
    assert not form.isVisible()


def test_what_was_entered_before_is_not_lost_by_a_key_alone(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [False, True]
    monkeypatch.setattr("ui.station.form.sure", lambda *_: answers.pop(0))
    devices = DeviceCard(Chosen("synthetic", "none", "none"), Bench())
    plan = Plan(PROCEDURE, people=(P07,))
    form = PlanForm(plan, [PROCEDURE], [P07.participant], [], NOW, devices, entered=True)
    qtbot.addWidget(form)
    form.show()
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert form.isVisible()
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert answers == []
