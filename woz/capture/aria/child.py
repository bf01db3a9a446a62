"""The process that holds the glasses' software: it may crash or hang, and the station goes on."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.supervision import Supervisor
from woz.base.throttle import Throttle
from woz.capture.aria.driver import CONNECT_PATIENCE_S, USUAL_PATIENCE_S, Driver, Outlet
from woz.capture.aria.messages import Alive, Answer, Finished, Job, JobKind, Patience, Play, Refusal, Stop
from woz.capture.aria.outbox import Outbox
from woz.capture.aria.ring import PictureRing, RingAddress

STATUS_EVERY_NS = 5 * NS_PER_S
LEAVE_WITHIN_S = 8.0
LOG_VARIABLE = "WOZ_ARIA_LOG"
"""Names a file that gets what the SDK prints."""
JOB_PATIENCE_S = {JobKind.BEGIN_RECORDING: 60.0, JobKind.END_RECORDING: 60.0, JobKind.FETCH_RECORDING: 7200.0}


def run_child(driver: Driver, address: RingAddress, connection: Connection[Any, Any]) -> None:
    """The child's main function; it leaves without the SDK's own tidying, which may crash."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _redirect_output()
    outbox = Outbox(connection, "data to the station", Supervisor(), Alive())
    outbox.put(Patience(CONNECT_PATIENCE_S))
    try:
        _Child(driver, Outlet(outbox, PictureRing.attach(address)), outbox, connection).run()
    except WozError as error:
        outbox.put(Refusal(str(error)))
    except (EOFError, OSError):
        pass
    except Exception as error:
        outbox.put(Refusal(f"The glasses' software failed ({error}); woz starts it again."))
    outbox.close()
    os._exit(0)


def _redirect_output() -> None:
    """What the SDK prints must not mix with what the station prints."""
    target = os.open(os.environ.get(LOG_VARIABLE, os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)


class _Child:
    def __init__(self, driver: Driver, outlet: Outlet, outbox: Outbox, connection: Connection[Any, Any]) -> None:
        self._driver = driver
        self._outlet = outlet
        self._outbox = outbox
        self._connection = connection
        self._jobs: queue.Queue[Job] = queue.Queue()
        self._fault: WozError | None = None

    def run(self) -> None:
        try:
            self._driver.open(self._outlet)
            self._outlet.patience()
            Supervisor().thread("glasses' jobs", self._work, self._end_by, daemon=True).start()
            self._serve()
        finally:
            Supervisor().thread("leaving of the glasses", _leave, daemon=True).start()
            with contextlib.suppress(Exception):
                self._driver.close()

    def _serve(self) -> None:
        """Take orders until told to stop, or until the driver has no more to give."""
        while not self._driver.finished():
            if self._fault:
                raise self._fault
            if self._connection.poll(0.1) and not self._take(self._connection.recv()):
                return
        self._outbox.put(Finished())

    def _take(self, order: object) -> bool:
        if isinstance(order, Play):
            self._driver.play(order.samples, order.rate)
        elif isinstance(order, Job):
            self._jobs.put(order)
        return not isinstance(order, Stop)

    def _work(self) -> None:
        """Jobs, and the glasses' status between them."""
        status = Throttle(SystemClock(), STATUS_EVERY_NS)
        while self._fault is None:
            try:
                self._do(self._jobs.get(timeout=0.2))
            except queue.Empty:
                if status.due():
                    self._tell_status()

    def _end_by(self, fault: WozError) -> None:
        self._fault = fault

    def _tell_status(self) -> None:
        try:
            if status := self._driver.status():
                self._outlet.condition(status)
        except WozError as error:
            self._fault = error
        except Exception as error:
            self._fault = WozError(f"The glasses' software failed ({error}); woz starts it again.")

    def _do(self, job: Job) -> None:
        self._outlet.patience(JOB_PATIENCE_S[job.kind])
        try:
            self._outbox.put(Answer(job.number, self._answer(job)))
        except WozError as error:
            self._outbox.put(Answer(job.number, fault=str(error)))
        except Exception as error:
            self._outbox.put(Answer(job.number, fault=f"The glasses did not {job.kind} ({error})."))
        self._outlet.patience(USUAL_PATIENCE_S)

    def _answer(self, job: Job) -> str:
        if job.kind == JobKind.BEGIN_RECORDING:
            return self._driver.begin_recording()
        if job.kind == JobKind.END_RECORDING:
            self._driver.end_recording()
        else:
            name, _, target = job.argument.partition("\n")
            self._driver.fetch_recording(name, Path(target))
        return ""


def _leave() -> None:
    """The SDK's own closing may hang."""
    time.sleep(LEAVE_WITHIN_S)
    os._exit(1)
