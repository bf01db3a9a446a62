"""A key that can't act says why: whatever the state, each key changes what is seen, or says something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import PATIENCE_MS, Hand, hand, recorded
from ui.editor.keys import Entry, Place

__all__ = ["hand", "recorded"]

ANSWER_MS = 30_000
NOTHING_WANTED = {
    "Stop",
    "Choose nothing",
    "All of the picture",
    "Choose the segment here",
    "Back to the time line",
}
"""What is so already: it stands, nothing is chosen, all of the picture is seen."""


@contextmanager
def closed_at_once(hand: Hand) -> Iterator[list[str]]:
    """The titles of windows that keys open."""
    titles: list[str] = []

    def close() -> None:
        for each in QApplication.topLevelWidgets():
            if each is not hand.window and each.isVisible() and each.windowTitle():
                titles.append(each.windowTitle())
                (each.reject if isinstance(each, QDialog) else each.close)()

    timer = QTimer()
    timer.timeout.connect(close)
    timer.start(20)
    try:
        yield titles
    finally:
        timer.stop()


class _Desk:
    """Comes to the same state again before each key."""

    def __init__(self, hand: Hand, qtbot: QtBot, opened: list[str], frame: int, chosen: bool) -> None:
        self._hand, self._qtbot, self._opened = hand, qtbot, opened
        self._frame, self._chosen = frame, chosen
        self._base = hand.document.items

    def silent(self, entry: Entry) -> bool:
        self._stand()
        self._opened.clear()
        before = self._seen()
        entry.action.trigger()
        silent = False
        try:
            self._qtbot.waitUntil(lambda: bool(self._opened) or self._seen() != before, timeout=ANSWER_MS)
        except self._qtbot.TimeoutError:
            silent = True
        self._back()
        return silent

    def _stand(self) -> None:
        window = self._hand.window
        if not window.isActiveWindow():
            window.activateWindow()
            self._qtbot.waitUntil(window.isActiveWindow)
        window.player.show_frame(self._frame)
        if window._tier:
            window._choose(window._tier.id, None)
        self._qtbot.waitUntil(lambda: window.player.rested)
        if self._chosen:
            window._marking.choose_here()
        window._panel.find_bar.close_bar()
        window._hint("")
        window.tell("")
        window.timeline.setFocus()
        self._qtbot.wait(20)

    def _seen(self) -> QImage:
        return self._hand.window.grab().toImage()

    def _back(self) -> None:
        window, document = self._hand.window, self._hand.document
        window.ways.refining.end()
        window.ways.talking.end()
        self._qtbot.waitUntil(lambda: window.ways.talking.at_rest, timeout=PATIENCE_MS)
        window._marking.passes.end()
        window.player.shuttle(0)
        window.player.hear_alone(None)
        if window._turn_pass.isVisible():
            window._turn_pass.close_pass()
        while document.items != self._base and document.undo_name:
            document.undo()


@pytest.mark.parametrize("state", ["no tier", "an empty tier", "nothing chosen", "one chosen", "start", "end"])
def test_no_key_is_refused_in_silence(hand: Hand, qtbot: QtBot, state: str) -> None:
    window = hand.window
    if state != "no tier":
        hand.new_tier("Acts")
    if state not in ("no tier", "an empty tier"):
        for key, start, end in (("1", 10, 30), ("2", 50, 60)):
            hand.stand(start)
            hand.press("I")
            hand.stand(end)
            hand.press(key)
    frame = {"start": 0, "end": window.player.frame_count - 1}.get(state, 20)
    left_out = {"Close", *NOTHING_WANTED, f"To the {state}"}
    tried = [each for each in window._keys.entries if Place.TIME_LINE in each.places and each.name not in left_out]
    assert len(tried) > 80
    with closed_at_once(hand) as opened:
        desk = _Desk(hand, qtbot, opened, frame, state == "one chosen")
        silent = [f"{'/'.join(each.keys)} {each.name}" for each in tried if desk.silent(each)]
    assert not silent, "\n".join(silent)
