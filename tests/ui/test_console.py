"""The expert's desk, as an expert uses it: by keys, by mouse, while typing, with the link coming and going."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.ui.test_windows import Seat, dressed, picture, show
from ui.application.bridge import Bridge
from ui.console import cue_voice
from ui.console.list_panel import ListDialog, ListPanel
from ui.console.loop import SPAN_NS, Kept, LoopCorner, PictureRing
from ui.console.note_field import NoteField
from ui.console.own_list import OwnList, quick_marks
from ui.console.status_bar import StatusBar
from ui.console.steps_panel import StepsPanel
from ui.console.view import MAX_ZOOM, ConsoleView
from ui.console.voice_panel import NO_MICROPHONE, VoicePanel
from ui.console.window import ConsoleWindow
from ui.theme import colours
from ui.widgets.strokes import FADES_NS, MAX_POINTS, STAYS_NS, Stroke
from woz.base.errors import WozError
from woz.capture.tabletop import PROCEDURE
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ConsoleStatus, ViewFrame
from woz.model.protocol import PROACTIVE, Protocol, ProtocolKind

__all__ = ["dressed"]

POINTING = Protocol("Pointing", "Point.", "1", ProtocolKind.CUSTOM, pointing_allowed=True)


class Desk:
    def __init__(self, qtbot: QtBot, lists: Path) -> None:
        self.seat, self.bridge = Seat(), Bridge()
        self.window = ConsoleWindow(self.seat, self.bridge, lists)
        qtbot.addWidget(self.window)
        show(qtbot, self.window)
        self.bridge.procedure(PROCEDURE)
        self._qtbot = qtbot

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self._qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def see(self) -> ConsoleView:
        self.bridge.view(ViewFrame(picture(), 77))
        self._qtbot.waitUntil(lambda: ("shown", 77) in self.seat.told)
        self.seat.told.clear()
        return self.window.findChildren(ConsoleView)[0]


@pytest.fixture
def desk(qtbot: QtBot, dressed: str, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path / "lists")


def test_the_expert_marks_by_key(desk: Desk, qtbot: QtBot) -> None:
    k = Qt.Key
    desk.press(k.Key_N, k.Key_N, k.Key_P, k.Key_2, k.Key_X, k.Key_C, k.Key_M, k.Key_M, k.Key_S, k.Key_9)
    steps = [("step", PROCEDURE.steps[i].id) for i in (0, 1, 0)]
    marks = [("quick mark", "Hesitation"), "mistake", "correct"]
    assert desk.seat.told == [*steps, *marks, ("mute", True), ("mute", False), "snapshot"]
    for state in LinkState:
        desk.bridge.status(ConsoleStatus(state, recording=True, delay_ms=40.0, open_mistakes=2))
    desk.bridge.status(ConsoleStatus(LinkState.LIVE, upload=1.0))
    bar = desk.window.findChildren(StatusBar)[0]
    qtbot.waitUntil(lambda: "Safe to close" in bar.words)
    desk.window.close()
    assert desk.seat.told[-1] == "leave"


def test_letters_of_a_note_are_no_keys(desk: Desk, qtbot: QtBot) -> None:
    desk.press(Qt.Key.Key_T)
    field = desk.window.findChildren(NoteField)[0]
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "xn 5mr")
    assert desk.seat.told == []
    assert field.text() == "xn 5mr"
    desk.press(Qt.Key.Key_Return)
    assert desk.seat.told == [("note", "xn 5mr", 42)]
    assert not field.hasFocus()
    desk.press(Qt.Key.Key_X)
    assert desk.seat.told[-1] == "mistake"


def test_a_note_is_of_when_typing_began(qtbot: QtBot) -> None:
    now = iter([100, 900])
    field = NoteField(lambda: next(now))
    qtbot.addWidget(field)
    written: list[object] = []
    field.written.connect(lambda text, began_ns: written.append((text, began_ns)))
    qtbot.keyClicks(field, "ab")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.keyClicks(field, "cd")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert written == [("cd", 900)]


def test_space_speaks_while_it_is_held(desk: Desk, qtbot: QtBot) -> None:
    desk.press(Qt.Key.Key_Space)
    assert desk.seat.told == []
    desk.press(Qt.Key.Key_H)
    qtbot.keyPress(desk.window, Qt.Key.Key_Space)
    assert desk.seat.told == [("mute", True), ("mute", False)]
    qtbot.keyRelease(desk.window, Qt.Key.Key_Space)
    assert desk.seat.told[-1] == ("mute", True)
    desk.press(Qt.Key.Key_T)
    qtbot.keyClick(desk.window.findChildren(NoteField)[0], Qt.Key.Key_Space)
    assert len(desk.seat.told) == 3
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_H)
    assert desk.seat.told[-1] == ("mute", False)


def test_the_trainee_is_made_louder_here_alone(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Up, modifier=Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.seat.told == [("volume", 1.1), ("volume", 1.0)]


def test_what_must_be_seen_is_said_in_words(qtbot: QtBot, dressed: str) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_status(ConsoleStatus(LinkState.LIVE, True, 61_000_000_000, 87.4, heard=True))
    assert bar.words == "Connected · Delay 87 ms · You are heard · ● Recording 1:01"
    bar.show_status(ConsoleStatus(LinkState.LOST, True, unsent=2))
    assert bar.words.startswith("Link lost · 2 marks kept here · Delay – · You are not heard: no link")
    bar.show_status(ConsoleStatus(LinkState.LIVE, muted=True))
    assert "You are muted" in bar.words
    for muted in (False, True):
        bar.show_status(ConsoleStatus(LinkState.LIVE, muted=muted, has_microphone=False))
        assert "You are not heard: no microphone" in bar.words


def test_a_sentence_that_is_spoken_for_who_is_silent_is_told_as_heard(qtbot: QtBot, dressed: str) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    heard, unheard = (f"color: {colour}" for colour in (colours().success, colours().danger))
    for muted, has_microphone in ((True, True), (False, False)):
        silent = ConsoleStatus(LinkState.LIVE, muted=muted, has_microphone=has_microphone)
        bar.show_status(replace(silent, cue="Well done."))
        assert (bar._heard.text(), bar._heard.styleSheet()) == ("A sentence is spoken for you", heard)
        for status in (silent, replace(silent, cue="Well done.", link=LinkState.LOST)):
            bar.show_status(status)
            assert bar._heard.styleSheet() == unheard


def test_where_the_trainee_has_no_earpiece_nothing_is_told_as_heard(qtbot: QtBot, dressed: str) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    unheard = f"color: {colours().danger}"
    for status in (
        ConsoleStatus(LinkState.LIVE),
        ConsoleStatus(LinkState.LIVE, muted=True),
        ConsoleStatus(LinkState.LIVE, cue="Well done."),
    ):
        bar.show_status(replace(status, trainee_has_earpiece=False))
        assert "You are not heard: no earpiece there" in bar.words
        assert bar._heard.styleSheet() == unheard


def test_without_a_microphone_there_is_nothing_to_mute(desk: Desk, qtbot: QtBot) -> None:
    panel, bar = desk.window.findChildren(VoicePanel)[0], desk.window.findChildren(StatusBar)[0]
    mute, hold, volume = panel.controls
    assert panel._own.isVisible()
    desk.bridge.status(ConsoleStatus(LinkState.LIVE, has_microphone=False))
    qtbot.waitUntil(lambda: not mute.isEnabled())
    assert (hold.isEnabled(), volume.isEnabled(), panel._own.isVisible()) == (False, True, False)
    assert mute.toolTip() == hold.toolTip() == NO_MICROPHONE
    for key in (Qt.Key.Key_M, Qt.Key.Key_H):
        desk.press(key)
        assert NO_MICROPHONE in bar.words
        bar.tell("")
    assert desk.seat.told == []
    desk.bridge.status(ConsoleStatus(LinkState.LIVE))
    qtbot.waitUntil(mute.isEnabled)
    assert mute.toolTip() == ""
    desk.press(Qt.Key.Key_M)
    assert desk.seat.told == [("mute", True)]


def test_every_control_has_a_name_and_tab_reaches_it(desk: Desk) -> None:
    reached = set()
    for _ in range(20):
        desk.press(Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.accessibleName() or getattr(focus, "text", str)(), focus
        reached.add(focus)
    assert set(desk.window.findChildren(VoicePanel)[0].controls) <= reached
    assert {panel.edit_button for panel in desk.window.findChildren(ListPanel)} <= reached


def test_ones_own_list_is_kept_and_damage_gives_the_defaults(qtbot: QtBot, dressed: str, tmp_path: Path) -> None:
    panel = ListPanel("Quick marks", "", quick_marks(tmp_path))
    qtbot.addWidget(panel)
    dialog = ListDialog("Quick marks", panel.entries, panel)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText("\n".join(["Über", "", *"abcdefghijk"]))
    panel.replace(dialog.entries)
    assert panel.entries == quick_marks(tmp_path).load() == ["Über", *"abcdefgh"]
    taken: list[str] = []
    panel.chosen.connect(taken.append)
    panel.take(0)
    panel.take(20)
    assert taken == ["Über"]
    for damage in ("{", '{"a": 1}'):
        (tmp_path / "quick_marks.json").write_text(damage)
        assert quick_marks(tmp_path).load()[0] == "Question"
    (tmp_path / "file").write_text("")
    with pytest.raises(WozError, match="can't be kept"):
        OwnList("x.json", (), tmp_path / "file").save(["a"])


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")
def test_a_sentence_is_spoken_by_key(desk: Desk, qtbot: QtBot) -> None:
    desk.press(Qt.Key.Key_1, modifier=Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(desk.seat.told), timeout=120_000)
    ((kind, text, samples),) = desk.seat.told
    assert (kind, text) == ("cue", "Well done.")
    assert 48_000 * 0.3 < samples < 48_000 * 3
    desk.press(Qt.Key.Key_Escape)
    assert desk.seat.told[-1] == "stop cues"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")
def test_sentences_sound_and_are_no_options() -> None:
    sound = cue_voice.synthesize("--version is a word too")
    assert len(sound) > 48_000 * 0.5
    assert np.max(np.abs(sound)) == pytest.approx(0.5, abs=0.01)


def test_without_a_voice_the_expert_is_told(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    cue_voice.synthesize.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    desk.press(Qt.Key.Key_2, modifier=Qt.KeyboardModifier.AltModifier)
    banner = desk.window._banner
    qtbot.waitUntil(lambda: "install it" in banner.text)


def test_the_view_is_magnified_around_the_mouse(desk: Desk) -> None:
    view = desk.see()
    spot = QPointF(view.rect().center()) + QPointF(40, 30)
    before = view._part(spot)
    assert before is not None
    _wheel(view, spot, 120 * 3)
    assert view.zoom == pytest.approx(1.25**3)
    assert view._part(spot) == pytest.approx(before, abs=1e-6)
    _wheel(view, spot, 120 * 100)
    assert view.zoom == MAX_ZOOM
    desk.press(Qt.Key.Key_0)
    assert view.zoom == 1
    desk.press(Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus)
    assert view.zoom == pytest.approx(1.25)


def test_a_magnified_view_is_dragged_within_its_edges(desk: Desk, qtbot: QtBot) -> None:
    view = desk.see()
    view.magnify(5)
    middle = view.rect().center()
    before = view._part(QPointF(middle))
    _drag(qtbot, view, [middle, middle + QPoint(30, 0)])
    after = view._part(QPointF(middle))
    assert before is not None
    assert after is not None
    assert after[0] < before[0]
    _drag(qtbot, view, [middle, middle + QPoint(100_000, 0)])
    assert view._centre.x() == pytest.approx(0.5 / view.zoom)
    assert desk.seat.told == []


def test_drawing_only_where_the_study_allows_it(desk: Desk, qtbot: QtBot) -> None:
    view = desk.see()
    middle = view.rect().center()
    path = [middle, middle + QPoint(20, 0), middle + QPoint(20, 40), middle + QPoint(50_000, 40)]
    desk.bridge.protocol(PROACTIVE)
    qtbot.wait(20)
    _drag(qtbot, view, path)
    assert desk.seat.told == []
    desk.bridge.protocol(POINTING)
    qtbot.waitUntil(lambda: view.pointing)
    _drag(qtbot, view, path)
    ((kind, points, began_ns),) = desk.seat.told
    assert (kind, began_ns) == ("stroke", 42)
    assert points[0] == pytest.approx((0.5, 0.5), abs=0.01)
    assert points[-1][0] == 1
    assert len(points) == 4
    yellow = view.grab().toImage().pixelColor(middle + QPoint(10, 0))
    assert yellow.red() > yellow.blue() + 100


def test_a_stroke_is_bounded_and_fades() -> None:
    stroke = Stroke(0)
    for i in range(3 * MAX_POINTS):
        stroke.add((i / (3 * MAX_POINTS), (i % 2) / 2))
    assert len(stroke.points) == MAX_POINTS
    assert stroke.opacity(10**15) == 1
    stroke.ended_ns = 0
    half = STAYS_NS + FADES_NS // 2
    assert [stroke.opacity(t) for t in (STAYS_NS, half, STAYS_NS + FADES_NS)] == [1, pytest.approx(0.5), 0]


def test_the_ring_is_bounded_by_time_number_and_bytes() -> None:
    ring = PictureRing(max_pictures=10, max_bytes=1000)
    for i in range(20):
        ring.add(Kept(i, b"x" * 10))
    assert len(ring.pictures) == 10
    ring.add(Kept(20, b"x" * 950))
    assert ring.bytes <= 1000
    assert len(ring.pictures) == 6
    ring.add(Kept(30 + SPAN_NS, b"x"))
    assert [k.at_ns for k in ring.pictures] == [30 + SPAN_NS]
    ring.add(Kept(31 + SPAN_NS, b"x" * 2000))
    assert ring.pictures == []
    assert ring.bytes == 0


def test_the_corner_shows_again_what_was(qtbot: QtBot, dressed: str) -> None:
    now = [0]
    view = ConsoleView(lambda: now[0])
    view.resize(400, 400)
    qtbot.addWidget(view)
    corner = LoopCorner(view, lambda: now[0])
    assert not corner.toggle()
    for second, grey in enumerate((40, 220)):
        now[0] = second * 1_000_000_000
        image = QImage(64, 64, QImage.Format.Format_RGB888)
        image.fill(grey << 16 | grey << 8 | grey)
        corner.keep(image)
    view.show()
    assert corner.toggle()
    dark = corner.grab().toImage().pixelColor(20, 20).lightness()
    now[0] += 1_000_000_000
    corner._advance()
    assert corner.grab().toImage().pixelColor(20, 20).lightness() > dark + 100
    assert not corner.toggle()
    assert not corner.isVisible()


def test_the_corner_by_key(desk: Desk) -> None:
    desk.see()
    corner = desk.window.findChildren(LoopCorner)[0]
    desk.press(Qt.Key.Key_R)
    assert corner.isVisible()
    desk.press(Qt.Key.Key_R)
    assert not corner.isVisible()


def test_each_text_field_has_its_letters(desk: Desk) -> None:
    fields = desk.window.findChildren(QLineEdit)
    assert [type(field) for field in fields] == [NoteField]


def _wheel(view: ConsoleView, spot: QPointF, delta: int) -> None:
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        spot,
        view.mapToGlobal(spot),
        QPoint(),
        QPoint(0, delta),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def _drag(qtbot: QtBot, view: ConsoleView, path: list[QPoint]) -> None:
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=path[0])
    for spot in path[1:]:
        qtbot.mouseMove(view, spot)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=path[-1])


def test_an_observer_has_the_view_alone(qtbot: QtBot) -> None:
    seat = Seat()
    seat.observing = True
    window = ConsoleWindow(seat, Bridge())
    qtbot.addWidget(window)
    window.show()
    qtbot.keyClick(window, Qt.Key.Key_X)
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert seat.told == []
    assert window._view.isVisible()
    assert not any(part.isVisible() for part in (window._steps, window._marks, window._voice, window._note))


def test_the_gaze_is_drawn_where_the_protocol_shows_it(desk: Desk, qtbot: QtBot) -> None:
    def ring() -> bool:
        view = desk.see()
        desk.bridge.view(ViewFrame(picture(), 78, (0.25, 0.5)))
        bare = view.grab().toImage()
        qtbot.waitUntil(lambda: ("shown", 78) in desk.seat.told)
        return view.grab().toImage() != bare

    assert not ring()
    desk.bridge.protocol(replace(PROACTIVE, gaze_shown=True))
    assert ring()
    desk.press(Qt.Key.Key_G)
    assert not ring()


def test_the_step_that_runs_is_chosen_but_the_expert_s_choice_is_left_alone(desk: Desk) -> None:
    steps = desk.window.findChildren(StepsPanel)[0]
    running = ConsoleStatus(LinkState.LIVE, recording=True, current_step=PROCEDURE.steps[2].id)
    desk.bridge.status(running)
    assert (steps._steps.currentRow(), desk.seat.told) == (2, [])
    desk.press(Qt.Key.Key_N)
    desk.bridge.status(running)
    assert steps._steps.currentRow() == 3
