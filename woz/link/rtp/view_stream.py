"""The way of encoded frames to one receiver: their packets, what was lost again, and how fast the path carries."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence

from woz.base.clock import Clock
from woz.base.settings import VideoSettings
from woz.base.supervision import Supervisor
from woz.base.token_bucket import Bucket, Rate
from woz.link.rtp.congestion import RateController, Report
from woz.link.rtp.fec import fec_packets
from woz.link.rtp.packets import FEC, FEEDBACK, VIEW, Feedback, Fragment, fragments, unwrapped
from woz.link.rtp.port import MediaPort
from woz.link.rtp.view_encoder import EncodedView

BURST = 40
"""Packets that leave at once; a frame of more is spread, so that neither queues nor the voice suffer."""

SPREAD = 4.0
"""How much faster than the target rate the rest of a large frame leaves."""

HISTORY = 4096
COPY_AFTER_S = 0.008
"""A packet sent again is followed by a copy: a second loss would cost another round trip."""

PARITY_FOR_NS = 10_000_000_000
"""For so long after a loss, frames travel with FEC."""

TICK_S = 0.1
FEEDBACKS = Rate(250, 250)
AGAIN = Rate(2000, 1000)
"""Feedback that is listened to, and packets that are sent again, of one receiver."""


class ViewStream:
    """Belongs to the loop's thread. Before it is started, and after it is stopped, what is sent goes nowhere."""

    def __init__(
        self, settings: VideoSettings, clock: Clock, loop: asyncio.AbstractEventLoop, key_wanted: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._loop = loop
        self._watch = Supervisor.of(loop)
        self._tell_key_wanted = key_wanted
        self._port: MediaPort | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._frame = 0
        self._sequence = secrets.randbits(14)
        self._sent: OrderedDict[int, tuple[int, bytes]] = OrderedDict()
        self._feedbacks, self._again = Bucket(FEEDBACKS, clock), Bucket(AGAIN, clock)
        self.rate = RateController(
            settings.link_lowest_bit_rate, settings.link_bit_rate, settings.link_start_bit_rate
        )
        self._fec_sent = 0
        self._parity_until_ns = 0
        self._unanswered_since_ns: int | None = None
        self.told_ns = 0
        """When feedback came last."""
        self.round_trip_ns: int | None = None
        self.sent = 0

    def start(self, port: MediaPort) -> None:
        self._port = port
        port.listen(FEEDBACK, self._take_feedback)
        tick = self._watch.every(TICK_S, "rate of the view", lambda: self.rate.tick(self._clock.now_ns()))
        self._tasks = [self._watch.task("rate of the view", tick, self._loop)]

    async def stop(self) -> None:
        self._port = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def unanswered_ns(self) -> int:
        """How long there has been no feedback to what was sent."""
        return self._clock.now_ns() - self._unanswered_since_ns if self._unanswered_since_ns else 0

    async def send(self, view: EncodedView) -> None:
        """Send a frame; it takes as long as its packets should be spread over."""
        if self._port is None:
            return
        self._unanswered_since_ns = self._unanswered_since_ns or self._clock.now_ns()
        parts, first = fragments(self._frame, view.key, view.capture_ns, view.data), self._sequence
        for n, fragment in enumerate(parts):
            if n >= BURST and n % 8 == 0:
                await asyncio.sleep(8 * len(fragment.data) * 8 / (SPREAD * self.rate.target))
            payload = fragment.encode()
            self._remember(payload)
            if self._port:
                await self._port.send(VIEW, self._sequence, self._now_us(), payload)
            self._sequence += 1
        await self._send_parities(parts, first)
        self._frame += 1
        self.sent += 1

    async def _send_parities(self, parts: Sequence[Fragment], first_sequence: int) -> None:
        """On a path that loses packets."""
        if self._clock.now_ns() >= self._parity_until_ns:
            return
        for n, fec in enumerate(fec_packets(parts, first_sequence)):
            if n and n % 8 == 0:
                await asyncio.sleep(8 * len(fec.data) * 8 / (SPREAD * self.rate.target))
            if self._port:
                await self._port.send(FEC, self._fec_sent, self._now_us(), fec.encode())
            self._fec_sent += 1

    def _remember(self, payload: bytes) -> None:
        self._sent[self._sequence] = (self._now_us(), payload)
        while len(self._sent) > HISTORY:
            self._sent.popitem(last=False)

    def _now_us(self) -> int:
        return self._clock.now_ns() // 1000

    def _take_feedback(self, sequence: int, stamp: int, payload: bytes, again: bool, now_ns: int) -> None:
        feedback = Feedback.decode(payload)
        if not self._feedbacks.take():
            return
        self.told_ns, self._unanswered_since_ns = now_ns, None
        now_us = self._now_us()
        round_trip_us = now_us - unwrapped(feedback.echo_us, now_us, 32) - feedback.held_us
        self.round_trip_ns = max(0, round_trip_us) * 1000
        if feedback.lost:
            self._parity_until_ns = now_ns + PARITY_FOR_NS
        if feedback.packets:
            self._report(feedback, self.round_trip_ns)
        if feedback.key_wanted:
            self._tell_key_wanted()
        if feedback.asked and self._again.take(2 * len(feedback.asked)):
            copies = self._send_again(feedback.asked)
            self._tasks.append(self._watch.task("view sender", copies, self._loop))
            self._tasks = [task for task in self._tasks if not task.done()]

    def _report(self, told: Feedback, round_trip_ns: int) -> None:
        now_ns, transit_ns = self._clock.now_ns(), told.transit_us * 1000
        self.rate.report(Report(now_ns, transit_ns, told.received_bytes, told.packets, told.lost, round_trip_ns))

    async def _send_again(self, asked: Sequence[int]) -> None:
        known = [n for n in (unwrapped(short, self._sequence) for short in asked) if n in self._sent]
        for copy in range(2):
            for n in known:
                if self._port and n in self._sent:
                    stamp, payload = self._sent[n]
                    await self._port.send(VIEW, n, stamp, payload, again=True)
            if copy == 0:
                await asyncio.sleep(COPY_AFTER_S)
