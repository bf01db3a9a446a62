"""A queue of transcriptions in one child process, which can be cancelled; its death harms one task at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from woz.base.clock import Clock, SystemClock
from woz.transcription.child import Child
from woz.transcription.task import Progress, Result, Task


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
        self._child = Child(environment)
        self.cancelled = False

    @property
    def child_pid(self) -> int | None:
        return self._child.pid

    def run(self) -> Iterator[News]:
        """What happens, as it happens; closing it, or `cancel`, ends the child within two seconds.

        Raises WozError where recognition is not installed.
        """
        try:
            for task in self._tasks:
                if self.cancelled:
                    return
                yield from self.one(task)
        finally:
            self._child.close()

    def cancel(self) -> None:
        """From any thread. What was made is kept."""
        self.cancelled = True
        self._child.stop()

    def close(self) -> None:
        """End the child; it is started again when a task comes."""
        self._child.close()

    def one(self, task: Task) -> Iterator[News]:
        """A task besides those of the queue; the child stays for the next one. Raises as `run` does."""
        pace = Pace(self._clock)
        for said in self._child.ask(task.to_data()):
            news = _news(said, task.name)
            yield replace(news, left_s=pace.left_s(news)) if isinstance(news, Progress) else news
            if isinstance(news, Done | Failed):
                return
        if not self.cancelled:
            yield Failed(task.name, self._child.why())


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


def _news(news: dict[str, Any], task: str) -> News:
    if "error" in news:
        return Failed(task, news["error"])
    if "result" in news:
        return Done(task, Result.from_data(news["result"]))
    if "log" in news:
        return Note(task, news["log"])
    return Progress(news["stage"], news["part"], None, task)
