"""How work runs: live work on an asyncio loop in a thread of its own, to which others give way; processes' ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from woz.base.supervision import Supervisor

T = TypeVar("T")

log = logging.getLogger(__name__)

END_WITHIN_S = 10.0
"""What still runs then is left behind."""
WATCH_WITHIN_S = 5.0
"""So is a thread that only watches, once it was waited for so long."""


class LiveLoop:
    """Runs coroutines for callers in other threads. Close it, or its thread lives on."""

    def __init__(self, name: str = "live", supervisor: Supervisor | None = None) -> None:
        self.supervisor = supervisor or Supervisor()
        self.loop = asyncio.new_event_loop()
        self.supervisor.oversee(self.loop)
        self._thread = self.supervisor.thread(name, self._run, daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop; the future gives its result to the caller's thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def call(self, work: Coroutine[Any, Any, T], timeout_s: float | None = None) -> T:
        """Run a coroutine on the loop and wait for its result. Never call it from the loop itself."""
        return self.submit(work).result(timeout_s)

    def close(self) -> None:
        """Cancel what still runs and end the thread; returns also where either hangs."""
        if self.loop.is_closed():
            return
        with contextlib.suppress(TimeoutError):
            self.call(self._cancel_all(), END_WITHIN_S)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(END_WITHIN_S)
        if self._thread.is_alive():
            log.warning("The loop of live work hangs, and is left behind.")
        else:
            self.loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _cancel_all(self) -> None:
        """Also what others begin as they are cancelled, such as the end of a connection."""
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def end_watch(thread: threading.Thread, within_s: float | None = None) -> None:
    """Wait for a thread that was told to end, or never began; returns also where it hangs, as a disk may."""
    if thread.is_alive():
        thread.join(WATCH_WITHIN_S if within_s is None else within_s)
    if thread.is_alive():
        log.warning("The %s hangs, and is left behind.", thread.name)


def end_process(process: subprocess.Popen[Any], within_s: float) -> None:
    """Ask it to end, and make it where it doesn't in time."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def give_way() -> None:
    """Let live work interrupt this thread and those it starts, which keep their share of a busy machine: a niceness
    would starve them beside other programs. On Linux, where each thread has a policy of its own (sched(7))."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(threading.get_native_id(), os.SCHED_BATCH, os.sched_param(0))
