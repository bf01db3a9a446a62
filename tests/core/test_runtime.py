"""Threads that give way to live work."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from woz.base.runtime import GIVING_WAY, give_way


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness for each thread")
def test_a_thread_gives_way_with_those_it_starts_and_no_other_does() -> None:
    before, found = os.getpriority(os.PRIO_PROCESS, 0), []

    def look() -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def lead() -> None:
        give_way()
        look()
        follower = threading.Thread(target=look)
        follower.start()
        follower.join()

    leader = threading.Thread(target=lead)
    leader.start()
    leader.join()
    assert found == [min(19, before + GIVING_WAY)] * 2
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
