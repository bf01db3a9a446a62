"""Receives the view: assembles, asks again, decodes at once, and tells the sender how the path is."""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Callable
from typing import Any

import av
from av.video.codeccontext import VideoCodecContext

from woz.base.clock import Clock
from woz.base.runtime import end_watch
from woz.base.supervision import Supervisor
from woz.link.rtp.fec import FecPacket
from woz.link.rtp.frame_assembler import EncodedFrame, FrameAssembler
from woz.link.rtp.packets import FEC, FEEDBACK, VIEW, Feedback, Fragment, unwrapped
from woz.link.rtp.port import MediaPort

OnView = Callable[[av.VideoFrame, int, int], None]
"""Called on the decoder's thread with (image, capture_ns, received_ns)."""

OnEncoded = Callable[[bytes, int, bool], None]
"""Called on the decoder's thread with an access unit of H.264 (Annex B), its capture_ns, and whether it is key."""

TICK_S = 0.008
FEEDBACK_EVERY_NS = 25_000_000
DECODING_NS = 40_000_000
"""A frame may be in the decoder for this long; what is older is a queue, as one on the path is."""

END_WITHIN_S = 8.0
"""Less than a seat that closes waits for its link."""
MOST_UNDECODED = 120
"""Frames that may wait for the decoder."""

MOST_PIXELS = 4096 * 4096


class ViewReceiver:
    """Belongs to the loop's thread; the pictures come on the decoder's."""

    def __init__(
        self, on_view: OnView, clock: Clock, loop: asyncio.AbstractEventLoop, on_encoded: OnEncoded | None = None
    ) -> None:
        self._on_view = on_view
        self._on_encoded = on_encoded
        self._clock = clock
        self._loop = loop
        self._assembler = FrameAssembler()
        self._frames: queue.SimpleQueue[EncodedFrame | None] = queue.SimpleQueue()
        self._watch = Supervisor.of(loop)
        self._decoder = self._watch.thread("view decoder", self._decode, daemon=True)
        self._task: asyncio.Task[None] | None = None
        self._near = 0
        self._feedbacks = 0
        self._told_ns = 0
        self._newest: tuple[int, int] = (0, 0)
        self._decoded_ns: int | None = None
        self._transit_origin: int | None = None
        self._transit: int | None = None
        self._bytes = self._packets = self._lost_before = 0

    def start(self, port: MediaPort) -> None:
        port.listen(VIEW, self._take)
        port.listen(FEC, self._take_fec)
        self._decoder.start()
        tell = self._watch.every(TICK_S, "feedback on the view", lambda: self._tell(port))
        self._task = self._watch.task("feedback on the view", tell, self._loop)

    async def stop(self) -> None:
        """Returns also where a picture hangs in what it is shown to: nothing of it is kept by the decoder."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._frames.put(None)
            await self._loop.run_in_executor(None, end_watch, self._decoder, END_WITHIN_S)

    @property
    def lost(self) -> int:
        """Packets that had to be asked for, since the beginning."""
        return self._assembler.lost

    @property
    def expected(self) -> int:
        """Packets sent to us, since the beginning."""
        return self._assembler.expected

    def _take(self, short: int, stamp: int, payload: bytes, again: bool, now_ns: int) -> None:
        fragment = Fragment.decode(payload)
        self._near = sequence = unwrapped(short, self._near or short)
        self._count(payload)
        self._packets += 1
        if not again:
            self._time(stamp, now_ns // 1000)
        self._put(self._assembler.add(sequence, fragment, now_ns, again))

    def _take_fec(self, short: int, stamp: int, payload: bytes, again: bool, now_ns: int) -> None:
        fec = FecPacket.decode(payload)
        first = unwrapped(fec.first_sequence, self._near or fec.first_sequence)
        self._count(payload)
        self._put(self._assembler.add_fec(first, fec, now_ns))

    def _count(self, payload: bytes) -> None:
        self._bytes += len(payload)

    def _put(self, frames: list[EncodedFrame]) -> None:
        for frame in frames:
            if self._frames.qsize() < MOST_UNDECODED:
                self._frames.put(frame)
            else:
                self._assembler.undecodable()

    def _time(self, stamp: int, now_us: int) -> None:
        passage = now_us - unwrapped(stamp, now_us, 32)
        if self._transit_origin is None:
            self._transit_origin = passage
        transit = passage - self._transit_origin
        self._transit = transit if self._transit is None else min(self._transit, transit)
        self._newest = (stamp, now_us)

    async def _tell(self, port: MediaPort) -> None:
        now_ns = self._clock.now_ns()
        asked, key_wanted = self._assembler.asks(now_ns), self._assembler.key_wanted(now_ns)
        regular = self._packets and now_ns - self._told_ns >= FEEDBACK_EVERY_NS
        if asked or key_wanted or regular:
            self._told_ns = now_ns
            await port.send(FEEDBACK, self._feedbacks, 0, self._feedback(asked, key_wanted, now_ns).encode())
            self._feedbacks += 1

    def _feedback(self, asked: list[int], key_wanted: bool, now_ns: int) -> Feedback:
        stamp, came_us = self._newest
        lost = max(0, self._assembler.lost - self._lost_before)
        held_us = max(0, now_ns // 1000 - came_us)
        packets = self._packets if self._transit is not None else 0
        transit_us = (self._transit or 0) + self._behind_ns(now_ns) // 1000
        told = Feedback(stamp, held_us, transit_us, self._bytes, packets, lost, key_wanted, asked)
        self._bytes = self._packets = 0
        self._transit = None
        self._lost_before = max(self._lost_before, self._assembler.lost)
        return told

    def _behind_ns(self, now_ns: int) -> int:
        """How far the decoder is behind what has come."""
        received_ns = self._decoded_ns
        return max(0, now_ns - received_ns - DECODING_NS) if received_ns is not None else 0

    # on the decoder's thread

    def _decode(self) -> None:
        codec = _open()
        while frame := self._frames.get():
            self._decoded_ns = frame.received_ns
            with self._watch.turn("spare of the view"):
                if self._on_encoded:
                    self._on_encoded(frame.data, frame.capture_ns, frame.key)
            try:
                images = codec.decode(av.Packet(frame.data))
            except Exception as error:
                if not isinstance(error, av.FFmpegError):
                    self._watch.failed("view decoder", error)
                codec, images = _open(), []
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._assembler.undecodable)
            with self._watch.turn("view decoder"):
                for image in images:
                    self._on_view(image, frame.capture_ns, frame.received_ns)
            self._decoded_ns = None


def _open() -> VideoCodecContext:
    codec: Any = av.CodecContext.create("h264", "r")
    codec.thread_count = 1
    codec.options = {"flags": "low_delay", "max_pixels": str(MOST_PIXELS)}
    return codec  # type: ignore[no-any-return]
