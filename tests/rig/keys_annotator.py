"""Annotates a session by pressed keys alone, as a script says: taps, holds, refines, talks, submits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from ui.editor.new_tier import NewTierDialog
from ui.editor.player import Player
from ui.editor.window import EditorWindow
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation

PATIENCE_S = 300.0
LOOK_MS = 2
UP, DOWN, RIGHT = (",", "Shift+,"), (".", "Shift+."), "Return"


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be seen: `key` is that of its label; times are the session's (ns)."""

    key: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Person:
    """How late a press comes (s, its mean and spread), how long an edge is looked at, how fast it plays.

    The lags are assumed, as of a practised hand; nobody was measured.
    """

    seed: int
    lag_s: float = 0.25
    spread_s: float = 0.08
    look_s: float = 0.0
    speed_steps: int = 0


class KeysAnnotator:
    """At a shown window: keys are pressed and released, what it shows is read, and nothing else is called."""

    def __init__(self, window: EditorWindow, person: Person) -> None:
        self._window, self._person = window, person
        self._random = np.random.default_rng(person.seed)
        self.pressed = 0

    # keys

    def press(self, *keys: str) -> None:
        for key in keys:
            self._come_back()
            combination = QKeySequence(key)[0]  # type: ignore[index]
            QTest.keyClick(self._target, combination.key(), combination.keyboardModifiers())
            self.pressed += 1

    def _come_back(self) -> None:
        """As a window manager gives the keyboard back to the window when a dialog of it is closed."""
        if QApplication.activeModalWidget() is None and not self._window.isActiveWindow():
            self._window.activateWindow()
            self.until(self._window.isActiveWindow)

    def until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end:
                raise TimeoutError("the window didn't come so far")
            QTest.qWait(LOOK_MS)

    def new_tier(self, name: str) -> None:
        """Of the tier type with this name, as one goes to it in the list."""

        def pick() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, NewTierDialog):
                QTimer.singleShot(LOOK_MS, pick)
                return
            while dialog.offer and dialog.offer.tier_type.name() != name:
                QTest.keyClick(dialog.list, Qt.Key.Key_Down)
                self.pressed += 1
            QTest.keyClick(dialog.list, Qt.Key.Key_Return)

        pick_later = QTimer(self._window)
        pick_later.setSingleShot(True)
        pick_later.timeout.connect(pick)
        pick_later.start(0)
        self.press("Ctrl+N")
        self.until(lambda: not isinstance(QApplication.activeModalWidget(), QDialog))

    # passes

    def tap(self, acts: Sequence[Act]) -> None:
        """A label's key as each begins, the same again where nothing follows at once."""
        taps = [(act.start_ns, act.key) for act in acts]
        follows = {act.start_ns for act in acts}
        taps += [(act.end_ns, act.key) for act in acts if act.end_ns not in follows]
        self._begin_playing()
        for at_ns, key in sorted(taps):
            self._wait_for(at_ns)
            self.press(key)
        self._end_playing()

    def hold(self, acts: Sequence[Act]) -> None:
        """Keys go down as acts begin and come up as they end; F4 before and after."""
        self.press("F4")
        self._begin_playing()
        line = self._window.timeline
        changes = [(act.start_ns, True, act.key) for act in acts] + [(act.end_ns, False, act.key) for act in acts]
        for at_ns, down, key in sorted(changes):
            self._wait_for(at_ns)
            (QTest.keyPress if down else QTest.keyRelease)(line, QKeySequence(key)[0].key())  # type: ignore[index]
            self.pressed += down
        self._end_playing()
        self.press("F4")

    def talk(self, places_ns: Sequence[int], said_s: float, rating: str) -> None:
        """F10 held as something is to be said, then the rating is typed."""
        line = self._window.timeline
        self._begin_playing()
        for at_ns in places_ns:
            self._wait_for(at_ns)
            QTest.keyPress(line, Qt.Key.Key_F10)
            QTest.qWait(round(said_s * 1000))
            QTest.keyRelease(line, Qt.Key.Key_F10)
            self.pressed += 1
            if self._player.playing:
                self.press("Space")
            self.press("D")
            for digit in rating:
                self.press(digit)
            self.press("Return", "Escape", "Space")
        self._end_playing()

    def refine(self, truth: Sequence[int], frame_ns: int) -> None:
        """Edge after edge is brought to the nearest of the true ones (ns), and found right."""
        refining = self._window.ways.refining
        self.press("Home", "F5")
        while refining.edge is not None:
            edge = refining.edge
            true_ns = min(truth, key=lambda t: abs(t - edge.t_ns))
            QTest.qWait(round(self._person.look_s * 1000))
            off = round((true_ns - edge.t_ns) / frame_ns)
            single, ten = DOWN if off > 0 else UP
            self.press(*[ten] * (abs(off) // 10), *[single] * (abs(off) % 10), RIGHT)

    def fill_in(self, starts_ns: Sequence[int], value: str) -> None:
        """The first attribute that is missing, of the segments that start at these times."""
        self.press("Escape", "Home")
        for start_ns in starts_ns:
            while self._player.position_ns < start_ns:
                self.press("PgDown")
            self.press("Return", "D", *value, "Return", "Escape")

    # seeing

    @property
    def items(self) -> list[Annotation]:
        """Of the chosen tier."""
        tier = self._window._tier
        return list(self._window.document.annotations(tier.id)) if tier else []

    @property
    def _player(self) -> Player:
        return self._window.player

    @property
    def _target(self) -> QWidget:
        """Keys go to a field that is typed in, else to the window, as a keyboard's do."""
        field = QApplication.focusWidget()
        return field if isinstance(field, QLineEdit) else self._window

    def _begin_playing(self) -> None:
        self.press("Escape", "Home")
        self.press(*["Ctrl+Up"] * self._person.speed_steps)
        self.press("Space")
        self.until(lambda: self._player.playing)

    def _end_playing(self) -> None:
        if self._player.playing:
            self.press("Space")
        self.press(*["Ctrl+Down"] * self._person.speed_steps)

    def _wait_for(self, at_ns: int) -> None:
        """Until it is seen, and the hand has followed."""
        lag_s = max(0.05, float(self._random.normal(self._person.lag_s, self._person.spread_s)))
        self.until(lambda: self._player.position_ns >= at_ns)
        QTest.qWait(round(lag_s * 1000))


def made_up_acts(seconds: int, keys: str, shortest_s: float, longest_s: float, seed: int) -> list[Act]:
    """Acts one after another, a gap after each fourth, on frames of 20 a second, from a second on."""
    random, acts, at_s = np.random.default_rng(seed), list[Act](), 1.0
    while at_s + shortest_s < seconds - 1:
        end_s = min(seconds - 1.0, at_s + float(random.uniform(shortest_s, longest_s)))
        start, end = (round(t * 20) * NS_PER_S // 20 for t in (at_s, end_s))
        others = [key for key in keys if not acts or key != acts[-1].key]
        acts.append(Act(str(random.choice(others)), start, end))
        at_s = end / NS_PER_S + (shortest_s if len(acts) % 4 == 0 else 0)
    return acts
