"""Sends the view: the newest frame when the encoder is free, at the rate the path carries, lost packets again."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Sequence

import av

from woz.clock import Clock
from woz.link.media.congestion import RateController, Report
from woz.link.media.ladder import Ladder
from woz.link.media.port import MediaPort
from woz.link.media.wire import FEEDBACK, VIEW, Feedback, fragments, unwrapped
from woz.link.view_codec import EncodedView, ViewEncoder
from woz.settings import VideoSettings

BURST = 40
"""Packets that leave at once; a frame of more is spread, so that neither queues nor the voice suffer."""

SPREAD = 4.0
"""How much faster than the target rate the rest of a large frame leaves."""

HISTORY = 4096
COPY_AFTER_S = 0.008
"""A packet sent again is followed by a copy: a second loss would cost another round trip."""

TICK_S = 0.1


class ViewSender:
    """Belongs to the loop's thread, except `offer`. Frames overtaken by a newer one are dropped, and counted."""

    def __init__(self, settings: VideoSettings, fps: float, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        self._settings = settings
        self._fps = fps
        self._clock = clock
        self._loop = loop
        self._encoder = ViewEncoder(settings, fps)
        self._ladder: Ladder | None = None
        self._newest: tuple[av.VideoFrame, int] | None = None
        self._fresh = asyncio.Event()
        self._port: MediaPort | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._frame = 0
        self._sequence = secrets.randbits(14)
        self._sent: OrderedDict[int, tuple[int, bytes]] = OrderedDict()
        self._key_wanted = True
        self._next_due_ns = 0
        self.rate = RateController(
            settings.link_lowest_bit_rate, settings.link_bit_rate, settings.link_start_bit_rate
        )
        self.round_trip_ns: int | None = None
        self.dropped = 0
        self.sent = 0

    def start(self, port: MediaPort) -> None:
        """Begin to send; with a key frame."""
        self._port = port
        port.listen(FEEDBACK, self._take_feedback)
        self._tasks = [self._loop.create_task(self._run(port)), self._loop.create_task(self._tick())]

    async def stop(self) -> None:
        self._port = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def offer(self, image: av.VideoFrame, capture_ns: int) -> None:
        """Put up a yuv420p picture for sending; from any thread. `capture_ns` is on the station's clock."""
        self._loop.call_soon_threadsafe(self._put, image, capture_ns)

    def want_key(self) -> None:
        """Begin anew with a key frame; from any thread."""
        self._key_wanted = True

    def figures(self) -> dict[str, int]:
        """How the path is, for the journal: bits a second, nanoseconds, and packets lost of a thousand."""
        return {
            "bit_rate": self.rate.target,
            "round_trip_ns": self.round_trip_ns or 0,
            "queue_ns": self.rate.queue_ns,
            "lost_per_mille": round(self.rate.loss * 1000),
        }

    def _put(self, image: av.VideoFrame, capture_ns: int) -> None:
        self.dropped += self._newest is not None
        self._newest = (image, capture_ns)
        self._fresh.set()

    async def _run(self, port: MediaPort) -> None:
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            newest, self._newest = self._newest, None
            if newest and (view := await self._encode(*newest)):
                await self._send(port, view)

    async def _encode(self, image: av.VideoFrame, capture_ns: int) -> EncodedView | None:
        self._ladder = self._ladder or Ladder(image.width, image.height, self._fps)
        rung = self._ladder.choose(self.rate.target)
        if rung.fps < self._fps and capture_ns < self._next_due_ns:
            self.dropped += 1
            return None
        interval_ns = round(1e9 / rung.fps)
        self._next_due_ns = max(self._next_due_ns + interval_ns, capture_ns + interval_ns // 2)
        self._encoder.aim(self.rate.target, rung.fps)
        key, self._key_wanted = self._key_wanted, False
        return await self._loop.run_in_executor(None, self._encoder.encode, image, capture_ns, rung.scale, key)

    async def _send(self, port: MediaPort, view: EncodedView) -> None:
        for n, fragment in enumerate(fragments(self._frame, view.key, view.capture_ns, view.data)):
            if n >= BURST and n % 8 == 0:
                await asyncio.sleep(8 * len(fragment.data) * 8 / (SPREAD * self.rate.target))
            payload = fragment.encode()
            self._remember(payload)
            await port.send(VIEW, self._sequence, self._now_us(), payload)
            self._sequence += 1
        self._frame += 1
        self.sent += 1

    def _remember(self, payload: bytes) -> None:
        self._sent[self._sequence] = (self._now_us(), payload)
        while len(self._sent) > HISTORY:
            self._sent.popitem(last=False)

    def _now_us(self) -> int:
        return self._clock.now_ns() // 1000

    # feedback

    def _take_feedback(self, sequence: int, stamp: int, payload: bytes, again: bool, now_ns: int) -> None:
        feedback = Feedback.decode(payload)
        now_us = self._now_us()
        round_trip_us = now_us - unwrapped(feedback.echo_us, now_us, 32) - feedback.held_us
        self.round_trip_ns = max(0, round_trip_us) * 1000
        if feedback.packets:
            self.rate.report(
                Report(
                    self._clock.now_ns(),
                    feedback.transit_us * 1000,
                    feedback.received_bytes,
                    feedback.packets,
                    feedback.lost,
                    self.round_trip_ns,
                )
            )
        if feedback.key_wanted:
            self._key_wanted = True
        if feedback.asked:
            self._tasks.append(self._loop.create_task(self._send_again(feedback.asked)))
            self._tasks = [task for task in self._tasks if not task.done()]

    async def _send_again(self, asked: Sequence[int]) -> None:
        known = [n for n in (unwrapped(short, self._sequence) for short in asked) if n in self._sent]
        for copy in range(2):
            for n in known:
                if self._port and n in self._sent:
                    stamp, payload = self._sent[n]
                    await self._port.send(VIEW, n, stamp, payload, again=True)
            if copy == 0:
                await asyncio.sleep(COPY_AFTER_S)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.rate.tick(self._clock.now_ns())
