"""Threads that give way to live work."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from woz.base.runtime import give_way


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
