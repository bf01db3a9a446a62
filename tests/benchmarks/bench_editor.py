"""How long the editor takes to open, paint, step, jump and edit on a long session, and whether frames are wrong.

`python -m tests.benchmarks.bench_editor --items 20000 --hours 2 --json`, on a display or else offscreen.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from storage import Project
from tests.benchmarks.editor_room import EMPTY, KEY_EVERY, SID, Size, make
from ui.application.application import application
from ui.editor.player import SPEEDS
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.annotation import commands
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S
from woz.capture.frame_code import read_number
from woz.model.ids import SessionId

WIDTH, HEIGHT = 1920, 1080
VIEWS = {"whole": 0.0, "ten_minutes": 600.0, "two_minutes": 120.0, "half_minute": 30.0}
"""Seconds that are in view; 0 for the whole session."""
PAINTS, STEPS, JUMPS, EDITS = 300, 200, 100, 60
SEEKS_A_PLAY = 25
PATIENCE_S = 300.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--seeks", type=int, default=10_000, help="frames that are compared with their code")
    parser.add_argument("--size", default=f"{WIDTH}x{HEIGHT}", help="of the window")
    parser.add_argument("--picture", default="320x240", help="of the film")
    parser.add_argument("--folder", type=Path, help="make the session here, or take the one that is")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        what, folder = options.measure
        with Project.open(Path(folder), SystemClock()) as project:
            print(json.dumps({"empty": _empty, "full": _full}[what](project, options)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary, "session")
        if not Project.is_project(folder):
            width, height = (int(side) for side in options.picture.split("x"))
            make(folder, Size(options.items, round(options.hours * 3600), (width, height)))
        empty, found = (_measured(what, folder, options) for what in ("empty", "full"))
    found["peak_mb"] = round(found["peak_mb"] - empty["peak_mb"], 1)
    print(json.dumps(found) if options.json else "\n".join(f"{name:16} {value}" for name, value in found.items()))


def _measured(what: str, folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Of a process of its own."""
    more = ["--seeks", str(options.seeks), "--items", str(options.items), "--size", options.size]
    command = [sys.executable, "-m", "tests.benchmarks.bench_editor", "--measure", what, str(folder), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


# what is measured


def _empty(project: Project, options: argparse.Namespace) -> dict[str, float]:
    app = _program()
    window = _open(project, EMPTY, options)
    app.processEvents()
    window.close()
    return {"peak_mb": _peak_mb()}


def _full(project: Project, options: argparse.Namespace) -> dict[str, object]:
    """In a program that runs and had another window before."""
    app = _program()
    before = _open(project, EMPTY, options)
    app.processEvents()
    before.close()
    began, busy = time.perf_counter(), time.thread_time()
    window = _open(project, SID, options)
    app.processEvents()
    open_s, open_cpu_s = time.perf_counter() - began, time.thread_time() - busy
    eye = _Eye(app, window)
    eye.wait(lambda: eye.rested)
    waves_s = _waves(app, window, began)
    found: dict[str, object] = {"items": options.items, "open_s": round(open_s, 3), "waves_s": round(waves_s, 2)}
    found["open_cpu_s"] = round(open_cpu_s, 3)
    paints = {view: _paints(window, view) for view in VIEWS}
    found["paint_p95_ms"] = {view: _p95([took for took, _ in both]) for view, both in paints.items()}
    found["paint_cpu_p95_ms"] = {view: _p95([cpu for _, cpu in both]) for view, both in paints.items()}
    found["step_p95_ms"] = _p95(_steps(window, eye))
    found["jump_p95_ms"] = _p95(_jumps(window, eye))
    found["edit_p95_ms"] = _p95(_edits(app, window))
    found["frames_seen"], found["wrong_frames"] = _frames(window, eye, options.seeks)
    found["frames_played"], found["wrong_played"] = _played(app, window, eye, options.seeks // SEEKS_A_PLAY)
    found["peak_mb"] = _peak_mb()
    found["screen"] = f"{app.platformName()} {options.size}"
    window.close()
    return found


def _program() -> QApplication:
    if "DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return application("light")


def _open(project: Project, session: SessionId, options: argparse.Namespace) -> EditorWindow:
    window = editor_window(project, session, "bench")
    window.resize(*(int(side) for side in options.size.split("x")))
    window.show()
    return window


class _Eye(QObject):
    """Sees the pictures that are shown, and reads their numbers."""

    def __init__(self, app: QApplication, window: EditorWindow) -> None:
        super().__init__()
        self._app, self._player = app, window.player
        self.number: int | None = None
        self.seen = self.wrong = 0
        """While it goes: pictures that were shown, and those of them that are not of the frame that is named."""
        window.player.picture.connect(self._see)

    def _see(self, frame: av.VideoFrame) -> None:
        grey = np.asarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8)
        self.number = read_number(grey)
        if self._player.rate:
            self.seen += 1
            self.wrong += not self.right

    @property
    def rested(self) -> bool:
        return self._player.rested

    def wait(self, until: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > end:
                raise TimeoutError("the editor shows nothing new")
            self._app.processEvents()

    def shown(self, act: Callable[[], object]) -> float:
        """Seconds until what was asked for is exactly there and painted."""
        began = time.perf_counter()
        act()
        self.wait(lambda: self.rested)
        self._app.processEvents()
        return time.perf_counter() - began

    @property
    def right(self) -> bool:
        return self.number == self._player.frame_number


def _waves(app: QApplication, window: EditorWindow, began: float) -> float:
    end = time.monotonic() + PATIENCE_S
    while not window.waves_ready and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)
    return time.perf_counter() - began


def _paints(window: EditorWindow, view: str) -> list[tuple[float, float]]:
    """Seconds of paints while the view is panned and zoomed a little: by the clock, and of the processor."""
    line, whole = window.timeline, window.timeline.duration_ns
    took = []
    for n in range(PAINTS):
        span = round(VIEWS[view] * NS_PER_S) or whole - n * NS_PER_S
        start = (n * span // 40) % max(1, whole - span)
        began, busy = time.perf_counter(), time.thread_time()
        line.show_span(start, start + span)
        line.repaint()
        took.append((time.perf_counter() - began, time.thread_time() - busy))
    return took


def _steps(window: EditorWindow, eye: _Eye) -> list[float]:
    """On and back, from places all over the film."""
    took, rng = [], random.Random(1)
    for n in range(STEPS):
        if n % 20 == 0:
            eye.shown(partial(window.player.show_frame, rng.randrange(100, window.player.frame_count - 100)))
        by = 1 if n // 20 % 2 else -1
        took.append(eye.shown(partial(window.player.show_frame, window.player.frame_number + by)))
    return took


def _jumps(window: EditorWindow, eye: _Eye) -> list[float]:
    took = []
    for n in range(JUMPS):
        by = NS_PER_S * (1 if n % 4 else -5)
        took.append(eye.shown(partial(window.player.seek, window.player.position_ns + by)))
    return took


def _edits(app: QApplication, window: EditorWindow) -> list[float]:
    """Until an edit is stored and painted, in a view of ten minutes."""
    document, took = window.document, []
    tier = document.tiers[0]
    window.timeline.show_span(0, 600 * NS_PER_S)
    for n in range(EDITS):
        segment = document.timed(tier.id)[n % 20]
        label = f"l{(int(segment.label[1:]) + 1) % 9}"
        began = time.perf_counter()
        document.apply(commands.relabel(segment, label))
        app.processEvents()
        window.timeline.repaint()
        took.append(time.perf_counter() - began)
    return took


def _frames(window: EditorWindow, eye: _Eye, count: int) -> tuple[int, int]:
    """Seeks anywhere, steps by one, and steps over a key frame: how many were seen, how many of them were wrong."""
    rng, wrong, last = random.Random(2), 0, window.player.frame_count - 1
    number = 0
    for n in range(count):
        number = rng.randint(0, last) if n % 4 == 0 else number + rng.choice((-1, 1, 2, -KEY_EVERY, KEY_EVERY + 1))
        number = min(max(number, 0), last)
        eye.shown(partial(window.player.show_frame, number))
        wrong += not (eye.right and eye.number == number)
    return count, wrong


def _played(app: QApplication, window: EditorWindow, eye: _Eye, count: int) -> tuple[int, int]:
    """Played from anywhere, forward and backward at all speeds, and paused: how many frames were seen, how many of
    them, and of those that it was paused on, were wrong."""
    player, rng, paused = window.player, random.Random(3), 0
    for n in range(count):
        eye.shown(partial(player.show_frame, rng.randint(200, player.frame_count - 200)))
        speed, enough = SPEEDS[n % len(SPEEDS)], eye.seen + rng.randint(2, 8)
        player.shuttle(1 if n % 3 else -1)
        player.set_speed(speed)
        while eye.seen < enough and player.rate:
            app.processEvents()
        eye.shown(partial(player.shuttle, 0))
        paused += not eye.right
    return eye.seen, eye.wrong + paused


def _p95(took: list[float]) -> float:
    return round(float(np.percentile(took, 95)) * 1000, 2)


def _peak_mb() -> float:
    """Of this program alone: what getrusage tells begins with what the parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    main()
