"""What the station asks of the glasses, and waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong

from woz.base.errors import WozError
from woz.capture.aria.messages import Answer, Job, JobKind


class Jobs:
    """Numbers jobs, hands them to `order` (False: nobody takes them), and brings each caller its answer."""

    def __init__(self, order: Callable[[Job], bool]) -> None:
        self._order = order
        self._lock = threading.Lock()
        self._number = 0
        self._waiting: dict[int, Future[str]] = {}

    def begin(self, kind: JobKind, argument: str = "") -> Future[str]:
        future: Future[str] = Future()
        with self._lock:
            self._number += 1
            job = Job(self._number, kind, argument)
            self._waiting[job.number] = future
        if not self._order(job):
            self.answered(Answer(job.number, fault=f"The glasses could not {kind}: they are not connected."))
        return future

    def do(self, kind: JobKind, argument: str = "", within_s: float = 60.0) -> str:
        """Raises WozError where the glasses don't do it, or not in time."""
        try:
            return self.begin(kind, argument).result(within_s)
        except TookTooLong:
            raise WozError(
                f"The glasses did not {kind} within {within_s:.0f} s; see whether they are on."
            ) from None

    def answered(self, answer: Answer) -> None:
        with self._lock:
            future = self._waiting.pop(answer.number, None)
        if future and answer.fault:
            future.set_exception(WozError(answer.fault))
        elif future:
            future.set_result(answer.value)

    def drop(self) -> None:
        """The process that had them is gone."""
        with self._lock:
            numbers = list(self._waiting)
        for number in numbers:
            self.answered(Answer(number, fault="The connection to the glasses was lost on the way; try again."))
