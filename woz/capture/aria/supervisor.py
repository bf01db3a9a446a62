"""Keeps the glasses' process running: starts it, listens, finds crashes and hangs, starts it again."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from woz.base.back_off import BackOff
from woz.base.errors import WozError
from woz.base.supervision import Supervisor as Watch
from woz.base.supervision import Tell
from woz.capture.aria.child import run_child
from woz.capture.aria.driver import CONNECT_PATIENCE_S, Driver
from woz.capture.aria.messages import Finished, FromGlasses, Patience, Refusal, Stop, ToGlasses
from woz.capture.aria.outbox import Outbox
from woz.capture.aria.ring import RingAddress

log = logging.getLogger(__name__)

FIRST_DELAY_S, LONGEST_DELAY_S = 1.0, 30.0
STEADY_S = 30.0
"""A process that ran for this long starts the delays anew."""
END_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Loss:
    """The process is gone: why, in a sentence without its end, and when it is started again."""

    reason: str
    again_in_s: float


class _Run:
    """One process, from its start to its end."""

    def __init__(self, driver: Driver, address: RingAddress, number: int, watch: Watch) -> None:
        context = multiprocessing.get_context("spawn")
        self.number = number
        self.connection, far = context.Pipe()
        arguments = (driver, address, far)
        self.process = context.Process(target=run_child, args=arguments, name="glasses", daemon=True)
        self.process.start()
        far.close()
        self.outbox = Outbox(self.connection, "orders to the glasses", watch)
        self.over = threading.Event()
        self.killed_for = ""
        self._heard = time.monotonic()
        self._patience_s = CONNECT_PATIENCE_S
        self._end_by: float | None = None
        self._watcher = watch.thread("watch of the glasses", self._watch)
        self._watcher.start()

    def heard(self, patience_s: float | None) -> None:
        self._heard = time.monotonic()
        self._patience_s = patience_s or self._patience_s

    def end(self) -> None:
        """Ask it to end; it is killed where it doesn't."""
        if self._end_by is None:
            self._end_by = time.monotonic() + END_WITHIN_S
            self.outbox.put(Stop())

    def kill(self, reason: str) -> None:
        self.killed_for = reason
        self.process.kill()

    def close(self) -> None:
        self.over.set()
        self._watcher.join()
        self.process.kill()
        self.process.join()
        self.outbox.close()
        self.connection.close()
        self.process.close()

    def _watch(self) -> None:
        while not self.over.wait(0.2):
            silent_s = time.monotonic() - self._heard
            if silent_s > self._patience_s:
                self.kill(f"it did not answer for {silent_s:.0f} s")
            elif self._end_by is not None and time.monotonic() > self._end_by:
                self.kill("it did not end when asked to")


class Supervisor:
    """Runs the driver in a process of its own until stopped. The callbacks come on the supervisor's thread.

    `on_message(run, message)` gets all but the talk about the process itself; `on_loss` a process that is gone;
    `on_end` comes once: there is no more to come, for a fault where one is given. `tell` gets each fault of what
    runs here, which ends no more than it must.
    """

    def __init__(
        self,
        driver: Driver,
        address: RingAddress,
        on_message: Callable[[int, FromGlasses], None],
        on_loss: Callable[[Loss], None],
        on_end: Callable[[WozError | None], None],
        tell: Tell,
    ) -> None:
        self._driver = driver
        self._address = address
        self._on_message = on_message
        self._on_loss = on_loss
        self._on_end = on_end
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._run: _Run | None = None
        self._watch = Watch(tell)
        self._thread = self._watch.thread("keeping of the glasses", self._keep, on_end)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the process has ended and the last callback has returned."""
        self._ended.set()
        with self._lock:
            if self._run:
                self._run.end()
        if self._thread is not threading.current_thread() and self._thread.is_alive():
            self._thread.join()

    @property
    def pid(self) -> int | None:
        """The process's id while it runs."""
        with self._lock:
            return self._run.process.pid if self._run else None

    def order(self, order: ToGlasses) -> bool:
        """Never blocks; False where no process runs."""
        with self._lock:
            if self._run:
                self._run.outbox.put(order)
            return self._run is not None

    def restart(self, reason: str) -> None:
        """End the process as if it had hung."""
        with self._lock:
            if self._run:
                self._run.kill(reason)

    def _keep(self) -> None:
        back_off, number = BackOff(FIRST_DELAY_S, LONGEST_DELAY_S), 0
        while not self._ended.is_set():
            number, began = number + 1, time.monotonic()
            reason = self._why_it_is_gone(number)
            if reason is None or self._ended.is_set():
                break
            if time.monotonic() - began > STEADY_S:
                back_off.reset()
            delay_s = back_off.next_s()
            log.info("the glasses' process is gone: %s; again in %.0f s", reason, delay_s)
            self._on_loss(Loss(reason, delay_s))
            self._ended.wait(delay_s)
        self._on_end(None)

    def _why_it_is_gone(self, number: int) -> str | None:
        try:
            return self._one_run(number)
        except Exception as error:
            self._watch.failed("process of the glasses", error)
            return f"it failed ({error})"

    def _one_run(self, number: int) -> str | None:
        """Why the process is gone; None where it has done all that it had to do."""
        run = _Run(self._driver, self._address, number, self._watch)
        with self._lock:
            self._run = run
        if self._ended.is_set():
            run.end()
        try:
            return self._listen(run)
        finally:
            with self._lock:
                self._run = None
            run.close()

    def _listen(self, run: _Run) -> str | None:
        refused = ""
        while (message := _received(run.connection)) is not None:
            run.heard(message.within_s if isinstance(message, Patience) else None)
            if isinstance(message, Finished):
                return None
            if isinstance(message, Refusal):
                refused = message.text
            elif not isinstance(message, Patience):
                with self._watch.turn("taking of the glasses' data"):
                    self._on_message(run.number, message)
        run.process.join()
        return refused or run.killed_for or _how_it_ended(run.process.exitcode)


def _received(connection: Connection[Any, Any]) -> FromGlasses | None:
    """The next message; None where there will be none."""
    try:
        message: FromGlasses = connection.recv()
    except (EOFError, OSError):
        return None
    return message


def _how_it_ended(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return f"it crashed ({signal.Signals(-exitcode).name})"
    return f"it ended with status {exitcode}"
