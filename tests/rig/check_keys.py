"""Taps, holds and talks in the editor by keys of the X server, as a keyboard's: they repeat while they are down.

`xvfb-run -a python -m tests.rig.check_keys` tells what was made, and fails where it isn't what was pressed. libXtst
is needed. On a French keyboard, whose row types no digits:
`xvfb-run -a -s -noreset sh -c "setxkbmap fr && python -m tests.rig.check_keys"`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest

from storage import Project
from tests.benchmarks.editor_room import write_film
from tests.rig.small_scheme import SCHEME, StubWriter
from ui.application.application import application
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.capture.devices import open_microphone
from woz.capture.virtual import VirtualRoom
from woz.lab.annotators import add_annotator
from woz.lab.schemes import begin_tiers
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.playback.spoken_note import note_length_ns

SID, SECONDS = SessionId("20260101-000000-keys"), 20
PATIENCE_MS = 30_000


class Keyboard:
    """Sends the server's key events through its XTEST extension."""

    def __init__(self) -> None:
        self._x, self._test = (ctypes.CDLL(ctypes.util.find_library(name)) for name in ("X11", "Xtst"))
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XStringToKeysym.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))
        if not self._display:
            raise SystemExit("There is no X server; run it by xvfb-run -a.")

    def down(self, key: str) -> None:
        self._send(key, True)

    def up(self, key: str) -> None:
        self._send(key, False)

    def press(self, key: str) -> None:
        self.down(key)
        self.up(key)
        QTest.qWait(120)

    def _send(self, key: str, down: bool) -> None:
        symbol = ctypes.c_ulong(self._x.XStringToKeysym(key.encode()))
        code = self._x.XKeysymToKeycode(self._display, symbol)
        self._test.XTestFakeKeyEvent(self._display, code, int(down), ctypes.c_ulong(0))
        self._x.XFlush(self._display)


def wait_until(there: Callable[[], bool], what: str) -> None:
    waited = 0
    while not there():
        QTest.qWait(20)
        waited += 20
        if waited > PATIENCE_MS:
            raise SystemExit(f"It never came about that {what}.")


class Desk:
    def __init__(self, window: EditorWindow, keyboard: Keyboard) -> None:
        self.window, self.keyboard = window, keyboard

    def tier(self, kind: str) -> None:
        tier = next(each for each in self.window.document.tiers if each.tier_type == kind)
        self.window._choose(tier.id, None)
        self.window.player.show_frame(0)
        wait_until(lambda: self.window.player.rested, "the first frame is shown")

    @property
    def items(self) -> list[Annotation]:
        tier = self.window._tier
        return list(self.window.document.annotations(tier.id)) if tier else []

    def say(self, what: str) -> None:
        spans = [
            (each.label, (each.start_ns or 0) // NS_PER_MS, each.end_ns and each.end_ns // NS_PER_MS)
            for each in self.items
        ]
        print(f"{what}: {spans}", flush=True)

    def play(self) -> None:
        self.keyboard.press("space")
        wait_until(lambda: self.window.player.playing and self.window.player.position_ns > 0, "it plays")


def taps(desk: Desk) -> None:
    """1 begins, 2 ends it and begins, 2 again ends: a gap; each for half a second."""
    desk.tier("acts")
    desk.play()
    for key in ("1", "2", "2"):
        desk.keyboard.press(key)
        QTest.qWait(500)
    desk.keyboard.press("space")
    desk.say("tapped")
    first, second = desk.items
    assert (first.label, second.label) == ("cut", "stir")
    assert first.end_ns == second.start_ns


def holds(desk: Desk) -> None:
    """Two at once, each longer than a keyboard waits until it repeats."""
    desk.tier("hands")
    desk.keyboard.press("F4")
    desk.play()
    for down, key in ((True, "1"), (True, "2"), (False, "1"), (False, "2")):
        (desk.keyboard.down if down else desk.keyboard.up)(key)
        QTest.qWait(800)
    desk.keyboard.press("space")
    desk.keyboard.press("F4")
    desk.say("held")
    left, right = desk.items
    assert (left.label, right.label) == ("left", "right")
    assert left.interval.intersects(right.interval), "they were held at once"
    assert left.interval.start_ns < right.interval.start_ns < left.interval.end_ns < right.interval.end_ns


def talks(desk: Desk) -> None:
    """While it plays: it pauses and listens as long as F10 is down, and goes on."""
    desk.window.ways.talking._writer = StubWriter()  # type: ignore[assignment]
    desk.window.ways.talking._open = lambda: open_microphone("none", SystemClock(), VirtualRoom(SystemClock()))
    desk.tier("comments")
    desk.play()
    desk.keyboard.down("F10")
    wait_until(lambda: "listens" in desk.window.ways.talking.words, "it listens")
    QTest.qWait(1_500)
    assert (desk.window.ways.talking.on, desk.window.player.rate) == (True, 0), "a key that repeats is still down"
    desk.keyboard.up("F10")
    wait_until(lambda: not desk.window.ways.talking.on, "it listens no longer")
    assert desk.window.player.rate == 1, "it goes on"
    desk.keyboard.press("space")
    wait_until(lambda: desk.window.ways.talking.at_rest, "what was said is kept")
    (point,) = desk.items
    place = point.value("recording")
    length_ns = note_length_ns(desk.window._subject.media.parent / str(place))
    desk.say(f"said for {length_ns // NS_PER_MS} ms in {place}")
    assert length_ns > NS_PER_S


def main() -> int:
    keyboard = Keyboard()
    application("light")
    with (
        tempfile.TemporaryDirectory() as folder,
        Project.create(Path(folder, "lab"), "Keys", SystemClock()) as project,
    ):
        project.sessions.save(Session(SID, "Keys", SessionState.CLOSED, 0, SECONDS * NS_PER_S))
        (project.session_dir(SID) / "sensors").mkdir(parents=True)
        write_film(project.session_dir(SID), SECONDS, (320, 240))
        ada = add_annotator(project, "A01")
        project.schemes.keep(SCHEME)
        begin_tiers(project, SID, SCHEME, ada)
        window = editor_window(project, SID, ada.id)
        window.show()
        window.activateWindow()
        wait_until(window.isActiveWindow, "the window has the keyboard")
        window.timeline.setFocus()
        desk = Desk(window, keyboard)
        for each in (taps, holds, talks):
            each(desk)
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
