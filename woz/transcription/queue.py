"""A queue of transcriptions in one child process, which can be cancelled; its death harms one task at most."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO

from woz.clock import Clock, SystemClock
from woz.errors import WozError
from woz.transcription.diagnosis import versions
from woz.transcription.faults import last_words
from woz.transcription.models import is_installed
from woz.transcription.task import Progress, Result, Task

TERM_WITHIN_S = 1.0
QUIET_ENVIRONMENT = {
    "PYANNOTE_METRICS_ENABLED": "0",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""No library of the child calls anybody."""


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the log of a task."""

    task: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    task: str
    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """`sentence` says why, and what to do."""

    task: str
    sentence: str


News = Progress | Note | Done | Failed


class Queue:
    """Tasks one after another. A task that fails leaves the others be."""

    def __init__(
        self, tasks: Sequence[Task], clock: Clock | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._tasks = tasks
        self._clock = clock or SystemClock()
        self._environment = {**os.environ, **QUIET_ENVIRONMENT, **(environment or {})}
        self._child: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None
        self._lock = threading.Lock()
        self.cancelled = False

    @property
    def child_pid(self) -> int | None:
        return self._child.pid if self._child else None

    def run(self) -> Iterator[News]:
        """What happens, as it happens; closing it, or `cancel`, ends the child within two seconds.

        Raises WozError where recognition is not installed.
        """
        if self._tasks and not is_installed():
            raise WozError("Recognition is not installed; run: pip install 'woz[transcribe]' (9 GB with CUDA).")
        try:
            for task in self._tasks:
                if self.cancelled:
                    return
                yield from self._one(task)
        finally:
            self._end()

    def cancel(self) -> None:
        """From any thread. What was made is kept."""
        with self._lock:
            self.cancelled = True
            if self._child and self._child.poll() is None:
                _end(self._child)

    def _one(self, task: Task) -> Iterator[News]:
        pace = Pace(self._clock)
        child = self._started()
        assert child.stdin
        assert child.stdout
        try:
            child.stdin.write(json.dumps(task.to_data()) + "\n")
            child.stdin.flush()
        except OSError:
            pass
        for line in child.stdout:
            news = _news(line, task.name)
            yield replace(news, left_s=pace.left_s(news)) if isinstance(news, Progress) else news
            if isinstance(news, Done | Failed):
                return
        if not self.cancelled:
            yield Failed(task.name, self._why())

    def _started(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._child is None or self._child.poll() is not None:
                self._close()
                self._log = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "woz.transcription.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._log,
                    text=True,
                    env=self._environment,
                )
            return self._child

    def _why(self) -> str:
        assert self._child
        assert self._log
        status = self._child.wait()
        self._log.seek(0)
        return last_words(self._log.read(), status, versions())

    def _end(self) -> None:
        with self._lock:
            if self._child:
                _end(self._child)
            self._close()

    def _close(self) -> None:
        for stream in (self._child.stdin, self._child.stdout) if self._child else ():
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        if self._log:
            self._log.close()
        self._child, self._log = None, None


class Pace:
    """How long a task will still take, from how it went since its stages last took time."""

    STALE = 0.02
    """A step as large as this within a moment came out of the cache, and says nothing about the pace."""
    MOMENT_NS = 50_000_000

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first = self._last = (clock.now_ns(), 0.0)

    def left_s(self, news: Progress) -> float | None:
        """None until there is something to go by."""
        now = (self._clock.now_ns(), news.part)
        if now[1] - self._last[1] >= self.STALE and now[0] - self._last[0] < self.MOMENT_NS:
            self._first = now
        self._last = now
        taken_ns, made = now[0] - self._first[0], now[1] - self._first[1]
        return (1.0 - news.part) * taken_ns / made / 1e9 if made > 0.01 else None


def _news(line: str, task: str) -> News:
    news = json.loads(line)
    if "error" in news:
        return Failed(task, news["error"])
    if "result" in news:
        return Done(task, Result.from_data(news["result"]))
    if "log" in news:
        return Note(task, news["log"])
    return Progress(news["stage"], news["part"], None, task)


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(TERM_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()
