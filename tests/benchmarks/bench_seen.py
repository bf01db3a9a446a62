"""How long until an edit in one editor is seen in another, of another process, on the same session.

`python -m tests.benchmarks.bench_seen --edits 200 --json`, in a file and on a PostgreSQL server of its own. From an
edit in one window until all views of the other show it (ms). The windows edit in turns, at random moments,
offscreen; both processes read one monotonic clock.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from storage import Project
from tests.benchmarks.bench_document import SID, TURNS, make_session
from tests.rig.postgresql import running, server_or_fail
from ui.application.application import application
from ui.application.background import waited
from ui.application.control import Command, Control, private_stdout
from ui.editor.run import shared_editor
from ui.editor.window import EditorWindow
from woz.annotation import commands
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_MS

NAMES = ("ada", "ben")
LONGEST_PAUSE_S = 0.6
"""Longer than a file is looked at again, so that edits come at all moments between two looks."""
PATIENCE_S = 60.0
KINDS = ("sqlite", "postgresql")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--window", nargs=2, metavar=("FOLDER", "NAME"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.window:
        _run_window(Path(options.window[0]), options.window[1])
        return
    found = {kind: _measure(kind, options.items, options.edits) for kind in KINDS}
    told = {"items": options.items, "edits": options.edits, "load": round(os.getloadavg()[0], 1)}
    flat = {f"seen_{name}_ms_{kind}": value for kind, figures in found.items() for name, value in figures.items()}
    told |= flat
    print(json.dumps(told) if options.json else "\n".join(f"{name:24} {value}" for name, value in told.items()))


def _measure(kind: str, items: int, edits: int) -> dict[str, float]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "project"
        database = ""
        if kind == "postgresql":
            server = stack.enter_context(running(server_or_fail()))
            server.run("CREATE DATABASE {}", "bench")
            database = server.url("bench").render_as_string()
        turns = min(TURNS, items // 5)
        make_session(folder, items - turns, turns, database)
        one, other = (stack.enter_context(_window(folder, name)) for name in NAMES)
        taken = list(_edited_in_turns(one, other, edits))
    return {
        "p50": round(statistics.median(taken), 1),
        "p95": round(statistics.quantiles(taken, n=20)[-1], 1),
        "most": round(max(taken), 1),
    }


class Window:
    """An editor in a process of its own, and what it told."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._news: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def say(self, **command: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def hear(self, what: str) -> dict[str, Any]:
        """The next news of this kind."""
        while what not in (news := self._news.get(timeout=PATIENCE_S)):
            pass
        return news

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._news.put(json.loads(line))


@contextmanager
def _window(folder: Path, name: str) -> Iterator[Window]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_seen", "--window", str(folder), name]
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        window = Window(process)
        window.hear("opened")
        yield window
        window.say(do="quit")


def _edited_in_turns(one: Window, other: Window, edits: int) -> Iterator[float]:
    chance = random.Random(1)
    for number in range(edits):
        time.sleep(chance.random() * LONGEST_PAUSE_S)
        mine, theirs = (one, other) if number % 2 else (other, one)
        note = f"edit {number}"
        mine.say(do="note", text=note)
        began = int(mine.hear("edited")["edited"])
        while (seen := theirs.hear("seen"))["note"] != note:
            pass
        yield (int(seen["seen"]) - began) / NS_PER_MS


# the window's own process


class _Hand:
    """Writes notes of one annotation, and tells when it shows another's."""

    def __init__(self, window: EditorWindow) -> None:
        self._document = window.document
        tier = self._document.tiers[0]
        marks = self._document.timed(tier.id)
        self._id = marks[len(marks) // 2].id
        self._note = ""
        self.control = Control(window, {"note": self._write}, private_stdout())
        self._document.subscribe(lambda _: self._look())

    def _write(self, command: Command) -> None:
        began = time.monotonic_ns()
        self._note = str(command["text"])
        self._document.apply(commands.set_note(self._document.annotation(self._id), self._note))
        self.control.tell(edited=began)

    def _look(self) -> None:
        """Told last of all, when the views show it."""
        note = self._document.annotation(self._id).note
        if note != self._note:
            self._note = note
            self.control.tell(seen=time.monotonic_ns(), note=note)


def _run_window(folder: Path, name: str) -> None:
    app = application("light")
    with (
        waited(lambda: Project.open(folder, SystemClock())) as project,
        shared_editor(project, SID, name) as window,
    ):
        window.show()
        hand = _Hand(window)
        hand.control.tell(opened=True)
        app.exec()


if __name__ == "__main__":
    main()
