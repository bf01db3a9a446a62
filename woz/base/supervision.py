"""How all that lives long runs: its faults are logged and shown to the person, and end no more than they must."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from woz.base.errors import WozError

T = TypeVar("T")

log = logging.getLogger(__name__)

SHOWN_S = 10.0
"""For so long after it last happened a fault is shown; one that comes again and again is logged as seldom."""

Tell = Callable[[WozError], object]


@dataclass(slots=True)
class _Fault:
    sentence: str
    happened_s: float
    told_s: float
    for_good: bool
    times: int = 1


class _Turn:
    """Takes an exception that ends its block, and goes on."""

    def __init__(self, supervisor: Supervisor, name: str) -> None:
        self._supervisor = supervisor
        self._name = name

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Exception):
            self._supervisor.failed(self._name, error)
            return True
        return False


class Supervisor:
    """Runs the threads and tasks of one seat, or of one device. Safe from any thread.

    What can go on does each of its turns within `turn`: a fault ends that turn alone. A thread that ends by a fault
    has its `at_fault` called, which ends in order what depends on it. `tell` gets each fault as a sentence, on the
    thread on which it happened.
    """

    def __init__(self, tell: Tell = lambda fault: None, now_s: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._now_s = now_s
        self._lock = threading.Lock()
        self._faults: dict[str, _Fault] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @staticmethod
    def of(loop: asyncio.AbstractEventLoop) -> Supervisor:
        """The one that oversees a loop; for a loop that has none, one that only logs."""
        return _of_loop.setdefault(loop, Supervisor())

    def oversee(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the faults of what is called on a loop."""
        _of_loop[loop] = self
        loop.set_exception_handler(self._take_from_loop)

    @property
    def problem(self) -> str:
        """What the person should know; empty where all is well."""
        with self._lock:
            shown = [f for f in self._faults.values() if f.for_good or self._now_s() - f.happened_s < SHOWN_S]
            return max(shown, key=lambda f: (f.for_good, f.happened_s)).sentence if shown else ""

    def turn(self, name: str) -> _Turn:
        """A context for one turn of something that goes on whatever happens in it."""
        return _Turn(self, name)

    def guarded(self, name: str, call: Callable[[T], object]) -> Callable[[T], None]:
        """The same call, each a turn of its own."""

        def run(value: T) -> None:
            with self.turn(name):
                call(value)

        return run

    def thread(
        self, name: str, work: Callable[[], object], at_fault: Tell = lambda fault: None, daemon: bool = False
    ) -> threading.Thread:
        """A thread, not started yet."""

        def run() -> None:
            try:
                work()
            except Exception as error:
                fault = self.failed(name, error, for_good=True)
                with self.turn(name):
                    at_fault(fault)

        return threading.Thread(target=run, name=name, daemon=daemon)

    def task(
        self, name: str, work: Coroutine[Any, Any, None], loop: asyncio.AbstractEventLoop | None = None
    ) -> asyncio.Task[None]:
        """Start a coroutine on the running loop, or on this one, whose thread must be ours."""
        task = (loop or asyncio.get_running_loop()).create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def every(self, seconds: float, name: str, step: Callable[[], Awaitable[None] | None]) -> None:
        """Do a step again and again, for ever, with a pause before each."""
        while True:
            await asyncio.sleep(seconds)
            with self.turn(name):
                if (rest := step()) is not None:
                    await rest

    def failed(self, name: str, error: Exception, for_good: bool = False) -> WozError:
        """Take a fault that somebody caught; the answer is what the person is told."""
        fault = error if isinstance(error, WozError) else WozError(_sentence(name, error, for_good))
        if times := self._count(name, str(fault), for_good):
            log.error("%s (%d times)", fault, times, exc_info=None if fault is error else error)
            try:
                self._tell(fault)
            except Exception:
                log.exception("a fault could not be told")
        return fault

    def _count(self, name: str, sentence: str, for_good: bool) -> int:
        """How often it has happened, where it is time to say so, else 0."""
        with self._lock:
            now_s, known = self._now_s(), self._faults.get(name)
            fault = _Fault(sentence, now_s, now_s, for_good)
            self._faults[name] = fault
            if known and now_s - known.told_s < SHOWN_S and not for_good:
                fault.told_s, fault.times = known.told_s, known.times + 1
                return 0
            fault.times += known.times if known else 0
            return fault.times

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self.failed(task.get_name(), error)

    def _take_from_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception) and "handle" in context:
            self.failed("live loop", error)
        else:
            loop.default_exception_handler(context)


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Supervisor] = WeakKeyDictionary()


def _sentence(name: str, error: Exception, for_good: bool) -> str:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    then = " and has ended; what else runs goes on" if for_good else "; it goes on"
    return f"The {name} failed ({reason}){then}."
