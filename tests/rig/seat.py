"""A station or a console without a window, in a process of its own, that may be killed.

What it says are JSON lines, and what it is told too: see `tests.rig.seat_process`. Its options are the first line
it is told, since all on the machine could read an invitation or a password on a command line.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
QUIT_WITHIN_S = 120
PATIENCE_S = 300

alive: list[Seat] = []


@dataclass(frozen=True)
class Options:
    seat: str
    folder: str
    session: str = ""
    """The station's session; a new one where it is empty."""
    host: str = "127.0.0.1"
    port: int = 0
    link: str = ""
    voice: str = ""
    """A WAV file that is said before the seat's microphone, once."""
    size: int = 320
    glasses: bool = False
    """The view comes from glasses, simulated, whose child process is a real one."""
    rendezvous: str = ""
    ice: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    module: str = "tests.rig.seat_process"
    """What is run."""


def options_told() -> Options:
    """In the seat's process: the first line that it is told."""
    return Options(**json.loads(sys.stdin.readline()))


class Seat:
    """A seat's process, and what it said, read by a thread of ours."""

    def __init__(self, options: Options, namespace: str = "", niceness: int = 0) -> None:
        """Inside a network namespace where one is named. The lower its `niceness`, the more of the processor it
        gets; below 0 needs root."""
        inside = ["ip", "netns", "exec", namespace] if namespace else []
        inside += ["nice", "-n", str(niceness)] if niceness else []
        self.process = subprocess.Popen(
            [*inside, sys.executable, "-m", options.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **options.environment},
        )
        self.options = options
        self.lines: list[dict[str, Any]] = []
        self._waited = 0
        self._reader = threading.Thread(target=self._read, name="seat's words", daemon=True)
        alive.append(self)
        self._reader.start()
        self._say(asdict(options))

    @property
    def last(self) -> dict[str, Any]:
        """How it is."""
        return next((line["now"] for line in reversed(self.lines) if "now" in line), {})

    def do(self, what: str, **more: Any) -> None:
        self._say({"do": what, **more})

    def until(self, true: Callable[[dict[str, Any]], bool], seconds: float = PATIENCE_S) -> dict[str, Any]:
        """How it is, as soon as this is true of it."""
        begin = len(self.lines)
        for _ in self._tries(seconds):
            for line in self.lines[begin:]:
                if "now" in line and true(line["now"]):
                    return dict(line["now"])
        raise AssertionError(f"it did not come to that; last: {self.lines[-1:]}")

    def wait_for(self, key: str, value: Any = None, seconds: float = PATIENCE_S) -> Any:
        """The value of the first line with this key that nobody waited for yet."""
        for _ in self._tries(seconds):
            for n, line in enumerate(self.lines[self._waited :], self._waited):
                if key in line and value in (None, line[key]):
                    self._waited = n + 1
                    return line[key]
        raise AssertionError(f"it said nothing of {key}; last: {self.lines[-1:]}")

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self.process.kill()
        self._end()

    def quit(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.do("quit")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(QUIT_WITHIN_S)
        self.kill()

    def all_of(self, key: str) -> list[Any]:
        """All values of a key that it has said."""
        return [line[key] for line in self.lines if key in line]

    def _say(self, words: dict[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def _tries(self, seconds: float) -> Iterator[None]:
        """Until the time is up, or it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended = not self._reader.is_alive()
            yield
            if ended:
                return
            time.sleep(0.02)

    def _end(self) -> None:
        alive.remove(self)
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(json.loads(line))


def kill_all() -> None:
    """Whatever a test that failed has left running."""
    for seat in tuple(alive):
        seat.kill()


@contextlib.contextmanager
def seated(options: Options, namespace: str = "", niceness: int = 0) -> Iterator[Seat]:
    """A seat's process while the context lasts; told to quit at its end."""
    seat = Seat(options, namespace, niceness)
    try:
        yield seat
    finally:
        if seat in alive:
            seat.quit()
