"""What goes from a device's thread to the loop: all of it while the loop runs, the newest where it stands still."""

from __future__ import annotations

import asyncio
import threading

import av
import numpy as np

from woz.base.clock import SystemClock
from woz.base.loop_queue import LoopQueue
from woz.base.settings import VideoSettings
from woz.link.rtp.view_sender import ViewSender
from woz.link.rtp.voice_sender import ROOM, VoiceSender

BLOCK = np.full(480, 0.1, np.float32)


def test_a_loop_that_runs_gets_all_of_it_in_order() -> None:
    got: list[int] = []

    async def take_all() -> None:
        handoff = LoopQueue(asyncio.get_running_loop(), got.append, 50)

        def put_all() -> None:
            for item in range(2_000):
                while item - len(got) > 40:
                    pass
                handoff.put(item)

        putting = threading.Thread(target=put_all)
        putting.start()
        while len(got) < 2_000:
            await asyncio.sleep(0)
        putting.join()
        assert handoff.dropped == 0

    asyncio.run(take_all())
    assert got == list(range(2_000))


def test_of_what_waits_for_a_loop_that_stands_still_the_newest_are_kept_and_the_rest_is_counted() -> None:
    got: list[int] = []

    async def stand_still() -> None:
        handoff = LoopQueue(asyncio.get_running_loop(), got.append, 5)
        for item in range(100):
            handoff.put(item)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert handoff.dropped == 95

    asyncio.run(stand_still())
    assert got == [95, 96, 97, 98, 99]


def test_a_voice_that_the_loop_has_no_time_for_is_bounded_and_counted() -> None:
    async def stand_still() -> None:
        payloads: list[bytes] = []
        sender = VoiceSender(asyncio.get_running_loop(), payloads.append)
        for n in range(ROOM + 30):
            sender.offer(BLOCK, n * 10_000_000)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (len(payloads), sender.dropped) == (ROOM, 30)

    asyncio.run(stand_still())


def test_of_pictures_that_the_loop_has_no_time_for_the_newest_waits() -> None:
    async def stand_still() -> None:
        sender = ViewSender(VideoSettings(), 20, SystemClock(), asyncio.get_running_loop())
        for n in range(30):
            sender.offer(av.VideoFrame(64, 64, "yuv420p"), n)
        await asyncio.sleep(0)
        assert (sender.dropped, sender.overtaken) == (29, 29)
        assert sender._newest is not None
        assert sender._newest[1] == 29

    asyncio.run(stand_still())


def test_what_is_put_after_the_loop_has_ended_goes_nowhere() -> None:
    loop = asyncio.new_event_loop()
    handoff: LoopQueue[int] = LoopQueue(loop, lambda item: None, 5)
    loop.close()
    for item in range(20):
        handoff.put(item)
    assert handoff.dropped == 15
