"""Sends the view: the newest frame when the encoder is free, at the rate the path carries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import av

from woz.base.clock import Clock
from woz.base.loop_queue import LoopQueue
from woz.base.settings import VideoSettings
from woz.base.supervision import Supervisor
from woz.base.token_bucket import Bucket, Rate
from woz.link.rtp.bitrate_ladder import BitrateLadder
from woz.link.rtp.port import MediaPort
from woz.link.rtp.view_encoder import EncodedView, ViewEncoder
from woz.link.rtp.view_stream import ViewStream

KEYS = Rate(2, 4)
"""Key frames that are made because somebody asks."""


class ViewSender:
    """Belongs to the loop's thread, except `offer`. Frames overtaken by a newer one are dropped, and counted.

    A frame that can't be encoded or sent costs itself: the encoder begins anew, with a key frame.

    `pass_on` gets each encoded frame once it has left for our own receiver.
    """

    def __init__(
        self,
        settings: VideoSettings,
        fps: float,
        clock: Clock,
        loop: asyncio.AbstractEventLoop,
        pass_on: Callable[[EncodedView], None] = lambda view: None,
    ) -> None:
        self._settings = settings
        self._fps = fps
        self._loop = loop
        self._watch = Supervisor.of(loop)
        self._handoff: LoopQueue[tuple[av.VideoFrame, int]] = LoopQueue(loop, self._take, 1)
        self._counted = 0
        self._pass_on = pass_on
        self._way = ViewStream(settings, clock, loop, self.want_key)
        self._encoder = ViewEncoder(settings, fps)
        self._ladder: BitrateLadder | None = None
        self._newest: tuple[av.VideoFrame, int] | None = None
        self._fresh = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._keys = Bucket(KEYS, clock)
        self._key_wanted = True
        self._next_due_ns = 0
        self.rate = self._way.rate
        self.dropped = 0
        self.overtaken = 0
        """Those of the dropped that a newer frame overtook, since encoding and sending took too long."""

    def start(self, port: MediaPort) -> None:
        """Begin to send; with a key frame."""
        self._way.start(port)
        self.start_alone()

    def start_alone(self) -> None:
        """Begin to encode; frames are passed on, at the rate that a link begins with."""
        self._task = self._watch.task("view sender", self._run(), self._loop)

    async def stop(self) -> None:
        await self._way.stop()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def offer(self, image: av.VideoFrame, capture_ns: int) -> None:
        """Put up a yuv420p picture for sending; from one thread, which never waits.

        `capture_ns` is on the station's clock.
        """
        self._handoff.put((image, capture_ns))

    def want_key(self) -> None:
        """Make the next frame a key frame, unless there have been many just now."""
        self._key_wanted = self._key_wanted or self._keys.take()

    def figures(self) -> dict[str, int]:
        """How the path is, for the journal: bits a second, nanoseconds, and packets lost of a thousand."""
        return {
            "bit_rate": self.rate.target,
            "round_trip_ns": self._way.round_trip_ns or 0,
            "queue_ns": self.rate.queue_ns,
            "lost_per_mille": round(self.rate.loss * 1000),
        }

    @property
    def sent(self) -> int:
        return self._way.sent

    def _take(self, picture: tuple[av.VideoFrame, int]) -> None:
        late = self._handoff.dropped - self._counted
        self._counted += late
        late += self._newest is not None
        self.dropped += late
        self.overtaken += late
        self._newest = picture
        self._fresh.set()

    async def _run(self) -> None:
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            newest, self._newest = self._newest, None
            with self._watch.turn("view sender"):
                if newest and (view := await self._encode(*newest)):
                    await self._way.send(view)
                    self._pass_on(view)

    async def _encode(self, image: av.VideoFrame, capture_ns: int) -> EncodedView | None:
        self._ladder = self._ladder or BitrateLadder(image.width, image.height, self._fps)
        rung = self._ladder.choose(self.rate.target)
        if rung.fps < self._fps and capture_ns < self._next_due_ns:
            self.dropped += 1
            return None
        interval_ns = round(1e9 / rung.fps)
        self._next_due_ns = max(self._next_due_ns + interval_ns, capture_ns + interval_ns // 2)
        self._encoder.aim(self.rate.target, rung.fps)
        key, self._key_wanted = self._key_wanted, False
        try:
            return await self._loop.run_in_executor(None, self._encoder.encode, image, capture_ns, rung.scale, key)
        except Exception:
            self._encoder, self._key_wanted = ViewEncoder(self._settings, self._fps), True
            raise
