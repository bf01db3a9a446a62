"""The view for an observer: frames that were encoded for the expert, as many as the observer's path carries."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from woz.base.clock import Clock
from woz.base.settings import VideoSettings
from woz.base.supervision import Supervisor
from woz.link.rtp.congestion import HEAVY_LOSS, SILENT_NS
from woz.link.rtp.port import MediaPort
from woz.link.rtp.view_encoder import EncodedView
from woz.link.rtp.view_stream import ViewStream

QUEUE_NS = 150_000_000
"""So much of a queue on the path makes an observer wait."""
LEAST_PAUSE_NS, MOST_PAUSE_NS = 1_000_000_000, 8_000_000_000
"""How long it waits then; twice as long each time, until it went well for as long as the longest."""
MOST_WAITING = 8


class ViewRelay:
    """Belongs to the loop's thread. Nothing of it ever waits for an observer: what doesn't fit is dropped.

    A frame that is dropped makes those after it useless, so it goes on with the next key frame.
    """

    def __init__(
        self, settings: VideoSettings, clock: Clock, loop: asyncio.AbstractEventLoop, want_key: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._loop = loop
        self._watch = Supervisor.of(loop)
        self._want_key = want_key
        pace = replace(settings, link_lowest_bit_rate=settings.link_start_bit_rate)
        self._way = ViewStream(pace, clock, loop, want_key)
        self._waiting: deque[EncodedView] = deque()
        self._fresh = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._awaits_key = True
        self._began_ns = self._resume_ns = clock.now_ns()
        self._pause_ns = LEAST_PAUSE_NS
        self.dropped = 0

    def start(self, port: MediaPort) -> None:
        self._way.start(port)
        self._task = self._watch.task("view for an observer", self._run(), self._loop)

    async def stop(self) -> None:
        await self._way.stop()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def begin_anew(self) -> None:
        """What comes from now on is from another encoder."""
        self._awaits_key = True

    def hold(self) -> None:
        """Stay away for a while: the station has enough to do."""
        if not self._awaits_key:
            self._pause(self._clock.now_ns())

    def pass_on(self, view: EncodedView) -> None:
        """Send a frame where the path has room for it."""
        if self._task is None:
            return
        now_ns = self._clock.now_ns()
        if not self._awaits_key and self._is_congested(now_ns):
            self._pause(now_ns)
        if self._awaits_key and not self._begins(view, now_ns):
            self.dropped += 1
            return
        self._waiting.append(view)
        self._fresh.set()

    def _begins(self, view: EncodedView, now_ns: int) -> bool:
        if now_ns < self._resume_ns:
            return False
        if not view.key:
            self._want_key()
            return False
        self._awaits_key = False
        self._began_ns = now_ns
        return True

    def _is_congested(self, now_ns: int) -> bool:
        rate = self._way.rate
        told = self._way.told_ns > self._began_ns
        badly = told and (rate.queue_ns > QUEUE_NS or rate.loss > HEAVY_LOSS)
        return badly or len(self._waiting) >= MOST_WAITING or self._way.unanswered_ns > SILENT_NS

    def _pause(self, now_ns: int) -> None:
        if now_ns - self._began_ns > MOST_PAUSE_NS:
            self._pause_ns = LEAST_PAUSE_NS
        self._awaits_key = True
        self._resume_ns = now_ns + self._pause_ns
        self._pause_ns = min(MOST_PAUSE_NS, 2 * self._pause_ns)

    async def _run(self) -> None:
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            with self._watch.turn("view for an observer"):
                while self._waiting:
                    await self._way.send(self._waiting.popleft())
