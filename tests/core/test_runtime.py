"""Threads that give way to live work, and how that ends."""

from __future__ import annotations

import asyncio
import os
import sys
import threading

import pytest

from woz.base.runtime import LiveLoop, give_way


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a policy for each thread")
def test_a_thread_gives_way_with_those_it_starts_and_keeps_its_share() -> None:
    before = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)
    found: list[tuple[int, int]] = []

    def look() -> None:
        thread = threading.get_native_id()
        found.append((os.sched_getscheduler(thread), os.getpriority(os.PRIO_PROCESS, thread)))

    def lead() -> None:
        give_way()
        look()
        follower = threading.Thread(target=look)
        follower.start()
        follower.join()

    leader = threading.Thread(target=lead)
    leader.start()
    leader.join()
    assert found == [(os.SCHED_BATCH, before[1])] * 2
    assert (os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)) == before


def test_what_a_task_begins_as_it_is_cancelled_is_cancelled_too() -> None:
    live, runs, begun = LiveLoop(), threading.Event(), list[asyncio.Task[None]]()

    async def for_ever() -> None:
        await asyncio.Event().wait()

    async def hangs_up_at_last() -> None:
        try:
            runs.set()
            await for_ever()
        finally:
            begun.append(live.supervisor.task("hanging up", for_ever()))

    live.submit(hangs_up_at_last())
    assert runs.wait(120)
    live.close()
    assert [task.cancelled() for task in begun] == [True]
