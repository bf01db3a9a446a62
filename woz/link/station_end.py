"""The station's end of the link: waits for the invited expert, sends view and voice, takes what comes back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Protocol

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from woz.clock import Clock
from woz.link.expert_events import Intake
from woz.link.invitation import Invitation
from woz.link.media.view_sender import ViewSender
from woz.link.media.voice_receiver import VoiceReceiver
from woz.link.media.voice_sender import VoiceSender
from woz.link.messages import Message, MessageKind, procedure_to_data, protocol_to_data
from woz.link.peer import Peer
from woz.link.playout import Playout
from woz.link.signaling import Host, SignalingServer
from woz.runtime import LiveLoop
from woz.seats import LinkState
from woz.session import Procedure, SessionId
from woz.session import Protocol as StudyProtocol
from woz.settings import AUDIO_RATE, VideoSettings

log = logging.getLogger(__name__)

LOST_STATES = ("disconnected", "failed", "closed")
SILENT_NS = 2_000_000_000
"""Without a packet for this long, the link counts as lost; it lives again with the next one."""

WATCH_EVERY_S = 0.1


class Station(Protocol):
    """What the link tells the station, on the live loop's thread."""

    def expert_came(self) -> None: ...

    def expert_went(self) -> None: ...

    def expert_did(self, message: Message) -> None: ...

    def expert_saw(self, message: Message) -> None: ...

    def voice_offered(self, message: Message) -> None: ...

    def piece_arrived(self, piece: bytes) -> None: ...


class StationEnd:
    def __init__(
        self,
        station: Station,
        live: LiveLoop,
        clock: Clock,
        procedure: Procedure,
        protocol: StudyProtocol,
        settings: VideoSettings,
        fps: float,
        playout: Playout,
    ) -> None:
        self._station = station
        self._live = live
        self._clock = clock
        self._procedure = procedure
        self._protocol = protocol
        self._settings = settings
        self._fps = fps
        self._playout = playout
        self._peer: Peer | None = None
        self._view: ViewSender | None = None
        self._voice: VoiceSender | None = None
        self._watch: asyncio.Task[None] | None = None
        self._server: SignalingServer | None = None
        self._resampler: soxr.ResampleStream | None = None
        self._dropped_before = 0
        self._intake = Intake()
        self.invitation: Invitation | None = None
        self.state = LinkState.WAITING
        self.delay_ms: float | None = None
        self.clock_residual_ms: float | None = None

    async def listen(self, address: str, port: int, host: str, session_id: SessionId) -> None:
        """Wait for the expert. Raises WozError where the port can't be had."""
        invitation = Invitation.new(host or own_address(), port or 1, session_id)
        server = SignalingServer(invitation, Host(self._is_free, self._make_offer, self._take_answer))
        bound = await server.start(address, port)
        self._server = server
        self._watch = asyncio.ensure_future(self._watch_silence())
        self.invitation = Invitation(invitation.host, bound, session_id, invitation.token)

    async def close(self) -> None:
        if self._watch:
            self._watch.cancel()
        if self._peer:
            self._peer.send(Message(MessageKind.LEAVE))
            await asyncio.sleep(0.05)
            await self._drop_peer()
        if self._server:
            await self._server.close()
        self.state = LinkState.ENDED

    @property
    def dropped(self) -> int:
        """Frames not sent because a newer one was there."""
        return self._dropped_before + (self._view.dropped if self._view else 0)

    @property
    def figures(self) -> dict[str, int] | None:
        """How the path to the expert is; None while nobody is there."""
        view = self._view
        return view.figures() if view and self.state == LinkState.LIVE else None

    # from any thread

    def offer_view(self, image: av.VideoFrame, captured_ns: int) -> None:
        view = self._view
        if view and self.state in (LinkState.LIVE, LinkState.LOST):
            view.offer(image, captured_ns)

    def offer_voice(self, said_ns: int, samples: NDArray[np.float32], rate: int) -> None:
        voice = self._voice
        if voice and self.state in (LinkState.LIVE, LinkState.LOST):
            voice.offer(samples if rate == AUDIO_RATE else self._resampled(samples, rate), said_ns)

    def begin_view_anew(self) -> None:
        """The next frame can be read without those before it."""
        if view := self._view:
            view.want_key()

    def tell(self, message: Message) -> None:
        """Send a message to the expert, where there is one."""
        self._live.loop.call_soon_threadsafe(lambda: self._peer and self._peer.send(message))

    def _resampled(self, samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
        if self._resampler is None:
            self._resampler = soxr.ResampleStream(rate, AUDIO_RATE, 1, dtype="float32")
        out: NDArray[np.float32] = self._resampler.resample_chunk(samples)
        return out

    # signaling

    def _is_free(self) -> bool:
        return self.state in (LinkState.WAITING, LinkState.LOST)

    async def _make_offer(self) -> str:
        await self._drop_peer()
        self.state = LinkState.CONNECTING
        self._view = ViewSender(self._settings, self._fps, self._clock, self._live.loop)
        self._voice = VoiceSender(self._live.loop)
        media = (self._view, self._voice, VoiceReceiver(self._playout))
        self._peer = peer = Peer(
            media, self._clock, self._take_message, self._station.piece_arrived, self._take_state
        )
        return await peer.offer()

    async def _take_answer(self, answer: str) -> None:
        if self._peer:
            await self._peer.answered(answer)

    async def _drop_peer(self) -> None:
        peer, self._peer = self._peer, None
        if self._view:
            self._dropped_before += self._view.dropped
        self._view = self._voice = None
        if peer:
            await peer.close()

    def _take_state(self, state: str) -> None:
        if state == "connected" and self.state != LinkState.LIVE:
            self.state = LinkState.LIVE
        elif state in LOST_STATES and self.state in (LinkState.LIVE, LinkState.CONNECTING):
            self._lose(LinkState.LOST)

    def _lose(self, state: LinkState) -> None:
        self.state = state
        self._station.expert_went()

    async def _watch_silence(self) -> None:
        """Packets tell sooner than ICE whether the link lives."""
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            if self._peer and self.state == LinkState.LIVE and self._peer.silent_ns > SILENT_NS:
                self._lose(LinkState.LOST)
            elif self._peer and self.state == LinkState.LOST and 0 < self._peer.silent_ns < SILENT_NS:
                self.state = LinkState.LIVE
                self._station.expert_came()

    # what comes from the expert

    def _take_message(self, message: Message) -> None:
        handlers: dict[MessageKind, Callable[[Message], None]] = {
            MessageKind.ASK: self._answer_clock,
            MessageKind.HELLO: self._greet,
            MessageKind.EVENT: self._take_event,
            MessageKind.DELAY: self._take_delay,
            MessageKind.UPLOAD: self._station.voice_offered,
            MessageKind.LEAVE: lambda _: self._lose(LinkState.WAITING),
        }
        handler = handlers.get(message.kind)
        if handler:
            handler(message)

    def _answer_clock(self, message: Message) -> None:
        received_ns = self._clock.now_ns()
        if self._peer:
            data = {"sent_ns": message.integer("sent_ns"), "received_ns": received_ns}
            self._peer.send_clock(Message(MessageKind.ANSWER, {**data, "answered_ns": self._clock.now_ns()}))

    def _greet(self, message: Message) -> None:
        if self._peer:
            data = {"procedure": procedure_to_data(self._procedure), "protocol": protocol_to_data(self._protocol)}
            self._peer.send(Message(MessageKind.HELLO, data))
        self._station.expert_came()
        if "outbox" in message.data:
            self._tell_accepted(message.text("outbox", 64))

    def _take_event(self, message: Message) -> None:
        outbox = message.text("outbox", 64)
        try:
            if self._intake.takes(outbox, message.integer("number")):
                self._station.expert_did(message)
        finally:
            self._tell_accepted(outbox)

    def _tell_accepted(self, outbox: str) -> None:
        if self._peer:
            self._peer.send(Message(MessageKind.ACCEPTED, {"outbox": outbox, "number": self._intake.last(outbox)}))

    def _take_delay(self, message: Message) -> None:
        self.delay_ms = message.integer("p50_ns") / 1e6
        self.clock_residual_ms = message.integer("residual_p95_ns") / 1e6
        self._station.expert_saw(message)


def own_address() -> str:
    """The address by which others most likely reach this machine; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"
