"""Sends messages to the other process from a thread of its own, so that nobody waits for a pipe that is full."""

from __future__ import annotations

import contextlib
import queue
import threading
from multiprocessing.connection import Connection
from typing import Any

from woz.base.supervision import Supervisor

ROOM = 1_000


class Outbox:
    """`put` never blocks: a message that finds no room is dropped and counted; one that can't be sent is left out.

    With a `heartbeat`, that message goes out whenever there was nothing to say for half a second.
    """

    def __init__(
        self, connection: Connection[Any, Any], name: str, watch: Supervisor, heartbeat: object | None = None
    ) -> None:
        self._connection = connection
        self._heartbeat = heartbeat
        self._queue: queue.Queue[object] = queue.Queue(ROOM)
        self._closing = threading.Event()
        self._name, self._watch = name, watch
        self._thread = watch.thread(name, self._run, daemon=True)
        self.dropped = 0
        self._thread.start()

    def put(self, message: object) -> None:
        try:
            self._queue.put_nowait(message)
        except queue.Full:
            self.dropped += 1

    def close(self, within_s: float = 2.0) -> None:
        """Send what waits, as far as the time goes."""
        self._closing.set()
        self._thread.join(within_s)

    def _run(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            while (message := self._next()) is not None or not self._closing.is_set():
                if message is not None:
                    self._send(message)

    def _send(self, message: object) -> None:
        """Raises OSError where nobody is there any more."""
        try:
            self._connection.send(message)
        except OSError:
            raise
        except Exception as error:
            self._watch.failed(self._name, error)

    def _next(self) -> object | None:
        try:
            return self._queue.get(timeout=0.05 if self._closing.is_set() else 0.5)
        except queue.Empty:
            return None if self._closing.is_set() else self._heartbeat
