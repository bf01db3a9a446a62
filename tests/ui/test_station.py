"""The operator's desk: the form, the lamps, marks, notes, and keys that don't clash with typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.test_station_form import FULL, NOW, _button, _controls, _field, _form
from tests.ui.test_windows import Seat
from ui import theme
from ui.application.background import waited
from ui.application.bridge import Bridge
from ui.station.consent_question import ConsentQuestion
from ui.station.expert_strip import ExpertStrip
from ui.station.keeping import offered_version
from ui.station.lamps import LOOKS, LampList
from ui.station.levels import BARE
from ui.station.mark_list import USUAL, MarkKey, load_marks, marks_text, read_marks, save_marks
from ui.station.marks import MarksDialog
from ui.station.preview import Preview
from ui.station.window import StationWindow
from ui.station.words import battery_text, link_text, minutes_text, path_text, sound_text
from ui.widgets.parts import Banner
from ui.widgets.strokes import FADES_NS, STAYS_NS
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture.source import DeviceStatus, GazeSample
from woz.capture.tabletop import PROCEDURE
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import Absence, StationPhase, StationStatus
from woz.live.station.preflight import Lamp, LampState
from woz.model.events import Event, EventKind
from woz.model.people import ConsentKind, Role
from woz.model.plan import Plan, person_of
from woz.privacy.consent import newest_version

NO_FOCUS = Qt.FocusPolicy.NoFocus
RUNNING = StationStatus(StationPhase.RECORDING, LinkState.LIVE, elapsed_ns=5 * 10**9)
READY = StationStatus(StationPhase.READY, LinkState.WAITING)


class Desk:
    def __init__(self, qtbot: QtBot, settings: QSettings) -> None:
        self.qtbot, self.seat, self.bridge = qtbot, Seat(), Bridge()
        self.window = StationWindow(self.seat, self.bridge, ("P01",), settings)
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def show(self, status: StationStatus) -> None:
        self.bridge.status(status)
        self.qtbot.wait(20)

    def type_keys(self, text: str) -> None:
        self.qtbot.keyClicks(self.window.focusWidget() or self.window, text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)


@pytest.fixture(autouse=True)
def yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked whether to close a window says yes."""
    monkeypatch.setattr("ui.station.window.sure", lambda *a: True)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def desk(qtbot: QtBot, settings: QSettings) -> Desk:
    return Desk(qtbot, settings)


def test_lamps_say_in_words_what_their_colour_says(qtbot: QtBot) -> None:
    shown = LampList()
    qtbot.addWidget(shown)
    for state, (_, _, word) in LOOKS.items():
        advice = "" if state == LampState.GOOD else "Do this."
        shown.show_lamps([Lamp("Disk", state, "some room", advice)])
        assert shown.text_of("Disk") == f"Disk: {word}, some room. {advice}".strip()


def test_the_checks_make_way_for_the_recording(desk: Desk) -> None:
    desk.show(READY)
    assert desk.window.checks.isVisible()
    assert "Not ready" in desk.window.checks.lamps.text_of("Expert")
    assert "P01" in desk.window.checks.lamps.text_of("Consent")
    desk.show(RUNNING)
    assert desk.window.live.isVisible()
    assert not desk.window.checks.isVisible()


class FullSeat(Seat):
    def record(self) -> None:
        super().record()
        raise WozError("The disk is full.")


def test_a_recording_that_cannot_begin_is_told_by_the_status(qtbot: QtBot, settings: QSettings) -> None:
    seat, bridge = FullSeat(), Bridge()
    window = StationWindow(seat, bridge, (), settings)
    qtbot.addWidget(window)
    bridge.status(READY)
    window._record_or_stop()
    bridge.status(replace(READY, problem="The disk is full."))
    assert seat.told == ["record"]
    assert window.problem == "The disk is full."


def test_the_chime_is_played_and_judged(desk: Desk) -> None:
    desk.show(READY)
    assert not _button(desk.window, "Heard").isEnabled()
    desk.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    _button(desk.window, "Not heard").click()
    _button(desk.window, "Heard").click()
    assert desk.seat.told == ["chime", ("chime heard", False), ("chime heard", True)]


def test_recording_without_consent_asks_first_and_stands_on_no(qtbot: QtBot, settings: QSettings) -> None:
    told: list[tuple[tuple[str, ...], str]] = []
    seat, bridge = Seat(), Bridge()
    window = StationWindow(seat, bridge, ("P01",), settings, lambda names, version: told.append((names, version)))
    qtbot.addWidget(window)
    bridge.status(READY)

    def answer(key: Qt.Key | None) -> None:
        def act() -> None:
            (box,) = window.findChildren(ConsentQuestion)
            if key:
                qtbot.keyClick(box.focusWidget() or box, key)
            else:
                _field(box, QLineEdit, "Version of the text that they agreed to").setText("2.1")
                _button(box, "They agreed: record").click()
            box.deleteLater()

        QTimer.singleShot(200, act)
        window._record_or_stop()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        answer(key)
        assert (seat.told, told) == ([], [])
    answer(None)
    assert (seat.told, told) == (["record"], [(("P01",), "2.1")])
    assert "all agreed" in _consent_words(window, bridge)


def _consent_words(window: StationWindow, bridge: Bridge) -> str:
    bridge.status(READY)
    return window.checks.lamps.text_of("Consent")


def test_the_newest_version_of_the_consent_is_offered(qtbot: QtBot) -> None:
    people = [
        person_of(Role.TRAINEE, "P01,recording=2.1@2026-02-01,release=9", (), NOW).participant,
        person_of(Role.TRAINEE, "P02,recording=1@2026-01-01", (), NOW).participant,
    ]
    version = newest_version(people, ConsentKind.RECORDING)
    assert version == "2.1"
    assert newest_version([], ConsentKind.RECORDING) == ""
    parent = QWidget()
    qtbot.addWidget(parent)
    assert ConsentQuestion(parent, ("P03",), version).version == "2.1"


@pytest.mark.parametrize("nothing", ["", "  ", "@", " , "])
def test_a_yes_is_always_to_a_version(qtbot: QtBot, nothing: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    box = ConsentQuestion(parent, ("P03",), "2.1")
    version = _field(box, QLineEdit, "Version of the text that they agreed to")
    agreed = _button(box, "They agreed: record")
    version.setText(nothing)
    assert not agreed.isEnabled()
    version.setText("3")
    assert agreed.isEnabled()


def test_the_first_session_offers_the_version_that_the_others_of_it_agreed_to(tmp_path: Path) -> None:
    agreed = person_of(Role.TRAINEE, "P01,recording=2.1@2026-02-01", (), NOW)
    other = person_of(Role.EXPERT, "E01", (), NOW)
    with Project.create(tmp_path / "lab", "lab", SystemClock()) as project:
        assert waited(lambda: offered_version(project, Plan(PROCEDURE, people=(agreed, other)))) == "2.1"
        assert waited(lambda: offered_version(project, Plan(PROCEDURE, people=(other,)))) == "1"


def test_no_lamp_s_words_and_no_character_of_the_link_are_cut(desk: Desk) -> None:
    """Everything that can be wrong is wrong, in a window of 1280 by 720 with its frame."""
    desk.window.resize(1272, 680)
    desk.show(READY)
    page = desk.window.checks
    area = page.findChildren(QScrollArea)[0]
    held = area.widget()
    assert held
    desk.qtbot.waitUntil(lambda: area.viewport().width() >= held.minimumSizeHint().width())
    assert area.verticalScrollBar().maximum() == 0
    link = page.invitation.link
    assert link.toPlainText() == desk.seat.invitation
    assert link.verticalScrollBar().maximum() == 0


def test_the_operator_sees_the_expert_s_step_and_marks(desk: Desk) -> None:
    strip = desk.window.findChildren(ExpertStrip)[0]
    assert "begun no step" in strip.words
    did = [
        Event(10**9, EventKind.STEP, "expert", {"id": "s", "step_id": PROCEDURE.steps[1].id, "name": "x"}),
        Event(52 * 10**9, EventKind.MARK, "expert", {"id": "m", "name": "Question"}),
        Event(53 * 10**9, EventKind.MARK, "expert", {"id": "n", "name": "Danger"}),
        Event(54 * 10**9, EventKind.UNDO, "expert", {"of": "n"}),
    ]
    for event in did:
        desk.bridge.journalled(event)
    desk.qtbot.waitUntil(lambda: "0:52 Question" in strip.words)
    assert f"Step 2 of {len(PROCEDURE.steps)}: {PROCEDURE.steps[1].name}" in strip.words
    assert "Danger (taken back)" in strip.words
    assert strip.words.endswith("Question × 1")


def test_marks_are_set_by_key_while_recording(desk: Desk) -> None:
    desk.show(READY)
    desk.press(Qt.Key.Key_F2)
    assert desk.seat.told == []
    desk.show(RUNNING)
    desk.press(Qt.Key.Key_F2)
    desk.press(Qt.Key.Key_F7)
    assert desk.seat.told == [("mark", USUAL[0].name), ("mark", USUAL[-1].name)]


def test_digits_typed_into_a_note_set_no_mark(qtbot: QtBot, settings: QSettings) -> None:
    save_marks(settings, (MarkKey("1", "One"), MarkKey("F2", "Two")))
    desk = Desk(qtbot, settings)
    desk.show(RUNNING)
    desk.press(Qt.Key.Key_1)
    desk.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.type_keys("111")
    desk.seat.session_ns = 9_000_000_000
    desk.press(Qt.Key.Key_Return)
    assert desk.seat.told == [("mark", "One"), ("note", "111", 7_000_000_000)]


def test_a_note_that_is_begun_anew_has_a_new_time(desk: Desk) -> None:
    desk.show(RUNNING)
    desk.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.type_keys("a")
    desk.press(Qt.Key.Key_Backspace)
    desk.seat.session_ns = 9_000_000_000
    desk.type_keys("b")
    for _ in range(2):
        desk.press(Qt.Key.Key_Return)
    assert desk.seat.told == [("note", "b", 9_000_000_000)]


def test_marks_can_be_changed_and_are_kept(
    qtbot: QtBot, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(qtbot, settings)
    desk.show(RUNNING)

    def changed(dialog: MarksDialog) -> int:
        dialog.marks = (MarkKey("F9", "Applause"),)
        return 1

    monkeypatch.setattr(MarksDialog, "exec", changed)
    desk.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_F2)
    desk.press(Qt.Key.Key_F9)
    assert desk.seat.told == [("mark", "Applause")]
    assert load_marks(settings) == (MarkKey("F9", "Applause"),)


def test_a_wrong_list_of_marks_is_not_taken(qtbot: QtBot, settings: QSettings) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = MarksDialog(parent, USUAL)
    text = _field(dialog, QPlainTextEdit, "Marks, one a line: key and name")
    for wrong in ("F1 Help", "F2", "F2 a\nF2 b", "Q Question"):
        text.setPlainText(wrong)
        _button(dialog, "Save").click()
        assert dialog.marks == USUAL
        with pytest.raises(ValueError, match=r"key|name|twice"):
            read_marks(wrong)
    text.setPlainText("3 Three\n\n f10  Ten ")
    _button(dialog, "Save").click()
    assert dialog.marks == (MarkKey("3", "Three"), MarkKey("F10", "Ten"))
    settings.setValue("station_marks", "broken")
    assert load_marks(settings) == USUAL
    assert read_marks(marks_text(USUAL)) == USUAL


def test_gaze_is_drawn_where_wanted(desk: Desk) -> None:
    desk.seat.gaze = GazeSample(0, 0, 0.0, 0.0, 1.0)
    picture = av.VideoFrame.from_ndarray(np.full((480, 320), 128, np.uint8), format="yuv420p")
    view = desk.window.findChildren(Preview)[0]

    def differs() -> bool:
        before = view.grab().toImage()
        desk.press(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
        desk.bridge.preview(picture)
        desk.qtbot.wait(50)
        return before != view.grab().toImage()

    desk.bridge.preview(picture)
    desk.qtbot.wait(50)
    assert differs()
    assert differs()


def test_what_the_expert_draws_is_seen_for_a_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0]
    monkeypatch.setattr("ui.station.preview.time.monotonic_ns", lambda: now[0])
    view = desk.window.findChildren(Preview)[0]
    desk.bridge.preview(av.VideoFrame.from_ndarray(np.full((480, 320), 128, np.uint8), format="yuv420p"))
    desk.qtbot.wait(50)
    bare = view.grab().toImage()
    desk.bridge.journalled(Event(0, EventKind.STROKE, "expert", {"points": [[0.2, 0.2], [0.8, 0.8]]}))
    assert view.grab().toImage() != bare
    now[0] = STAYS_NS + FADES_NS
    desk.qtbot.waitUntil(lambda: not view._fading.isActive())
    assert view.grab().toImage() == bare


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (replace(RUNNING, delay_ms=900.0), "poor"),
        (replace(RUNNING, loss=0.3), "poor"),
        (replace(RUNNING, delay_ms=80.0, expert_speaking=True), "speaking"),
        (replace(RUNNING, link=LinkState.LOST, delay_ms=900.0), "lost"),
        (RUNNING, "here"),
        (replace(RUNNING, link=LinkState.WAITING), "No expert yet"),
        (replace(RUNNING, link=LinkState.WAITING, absence=Absence(52 * 10**9)), "The expert left at 0:52"),
        (replace(RUNNING, link=LinkState.LOST, absence=Absence(52 * 10**9)), "lost at 0:52"),
        (replace(READY, absence=Absence()), "The expert left"),
    ],
)
def test_the_state_of_the_link_in_words(status: StationStatus, words: str) -> None:
    assert words in link_text(status)


def test_figures_in_words() -> None:
    full = replace(RUNNING, loss=0.02, bit_rate=2_500_000.0, clock_residual_ms=0.25, observers=2)
    assert path_text(full) == "2% lost · 2.5 Mbit/s · clocks within 0.2 ms · 2 watching"
    assert "comes back" in path_text(replace(full, link=LinkState.LOST))
    assert path_text(READY) == ""
    assert (sound_text(RUNNING), sound_text(replace(RUNNING, sound_losses=1))) == ("whole", "⚠ lost 1 time")
    assert battery_text(None) == "–"
    assert battery_text(DeviceStatus(battery_percent=8.0)) == "⚠ 8 %"
    assert battery_text(DeviceStatus(battery_percent=8.0, charging=True)) == "8 %, charging"
    assert minutes_text(replace(RUNNING, disk_free_bytes=10**9, disk_minutes=5.0)) == "⚠ 5 min left (1.0 GB)"
    assert (
        minutes_text(replace(RUNNING, disk_free_bytes=10**9, disk_minutes=6_000.0))
        == "more than 10 h left (1.0 GB)"
    )


@pytest.mark.parametrize("make", [lambda qtbot, desk: desk.window, lambda qtbot, desk: _form(qtbot, FULL)])
def test_each_control_has_a_name(
    qtbot: QtBot, desk: Desk, make: Callable[[QtBot, Desk], QWidget], qapp: QApplication
) -> None:
    controls = _controls(make(qtbot, desk))
    assert len(controls) > 10
    nameless = [w for w in controls if not (w.accessibleName() or getattr(w, "text", str)())]
    assert nameless == []


@pytest.mark.parametrize(
    "status",
    [
        replace(RUNNING, link=LinkState.WAITING, absence=Absence(52 * 10**9)),
        replace(RUNNING, expert_has_microphone=False, loss=0.2, bit_rate=3e6, clock_residual_ms=0.3, observers=2),
    ],
)
def test_nothing_runs_off_while_recording_without_an_expert_or_their_voice(
    desk: Desk, status: StationStatus, qapp: QApplication
) -> None:
    """The expert gone, or mute; a fault told, marks kept: in a window of 1280 by 720 with its frame."""
    theme.apply(qapp, "light")
    fault = "The microphone has stalled and is opened again; see that it is plugged in. " * 2
    desk.show(replace(status, problem=fault))
    desk.press(Qt.Key.Key_F2)
    desk.window.resize(1272, 680)
    desk.qtbot.wait(50)
    assert desk.window.height() == 680
    page = desk.window.live
    inside = desk.window.rect()
    parts: list[QWidget] = [*page.findChildren(QLabel), *page.findChildren(QAbstractButton)]
    for part in [*parts, *page.findChildren(QLineEdit)]:
        if part.isVisible():
            shown = part.rect().translated(part.mapTo(desk.window, QPoint(0, 0)))
            assert inside.contains(shown), part.accessibleName()
            assert part.height() >= part.minimumSizeHint().height(), part.accessibleName()
    marks = page.marks.findChildren(QAbstractButton)
    assert len(marks) == len(USUAL)
    strip = desk.window.findChildren(ExpertStrip)[0]
    assert inside.contains(strip.rect().translated(strip.mapTo(desk.window, QPoint(0, 0))))


def test_an_expert_who_leaves_is_told_loudly(desk: Desk) -> None:
    gone = replace(RUNNING, link=LinkState.WAITING, absence=Absence(52 * 10**9))
    loud = next(b for b in desk.window.findChildren(Banner) if b.property("role") == "alarm")
    for status, words in ((RUNNING, ""), (gone, "The expert left at 0:52"), (RUNNING, "")):
        desk.show(status)
        assert loud.isVisible() == bool(words)
        assert loud.text.startswith(words)
    desk.show(replace(READY, absence=Absence()))
    assert "has left" in desk.window.checks.lamps.text_of("Expert")


def test_an_expert_without_a_microphone_is_told_beside_the_voices_and_by_no_fault(desk: Desk) -> None:
    for status in (READY, RUNNING):
        for link, there, told in (
            (LinkState.LIVE, False, True),
            (LinkState.LIVE, True, False),
            (LinkState.WAITING, False, False),
        ):
            desk.show(replace(status, link=link, expert_has_microphone=there))
            shown = [each for each in desk.window.findChildren(QLabel) if each.text() == BARE and each.isVisible()]
            assert len(shown) == told
    assert desk.window.problem == ""
    desk.show(replace(READY, link=LinkState.LIVE, expert_has_microphone=False))
    assert "joined without one" in desk.window.checks.lamps.text_of("Expert's microphone")


def test_an_invitation_that_is_copied_by_key_is_said_on_the_page_that_is_shown(desk: Desk) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    for status in (READY, RUNNING):
        desk.show(status)
        for key, link, words in (
            (Qt.Key.Key_O, desk.seat.observer_invitation, "Copied: an invitation for observers"),
            (Qt.Key.Key_C, desk.seat.invitation, "Copied: the invitation for the expert"),
        ):
            desk.press(key, control | shift)
            assert QApplication.clipboard().text() == link
            assert words in [each.text() for each in desk.window.findChildren(QLabel) if each.isVisible()]


def test_when_recording_begins_no_button_waits_for_enter(desk: Desk) -> None:
    desk.show(READY)
    record = _button(desk.window, "Record")
    record.setFocus()
    desk.qtbot.waitUntil(record.hasFocus)
    desk.show(RUNNING)
    assert not isinstance(desk.window.focusWidget(), QAbstractButton)
    desk.press(Qt.Key.Key_F2)
    assert desk.seat.told[-1] == ("mark", "Mistake")
