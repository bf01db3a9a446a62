"""A connection between the two seats: aiortc's path, keys and data channels, and our own media on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription

from woz.base.clock import Clock
from woz.base.supervision import Supervisor
from woz.link.connection.ice import IceServers
from woz.link.messages.messages import Message
from woz.link.rtp.port import MediaPort, is_delivered, stays_here, unread_bytes

OnMessage = Callable[[object], None]
"""Takes a message as it came, unchecked."""
OnChunk = Callable[[bytes], None]
OnState = Callable[[str], None]

CONTROL, CLOCK, UPLOAD = "control", "clock", "upload"
LOW_WATER = 16 * 1024
FLOOD_BYTES = 1024 * 1024
DELIVERY_S, DELIVERY_LOOK_S = 2.0, 0.01


class Medium(Protocol):
    """A sender or receiver of view or voice."""

    def start(self, port: MediaPort) -> None: ...

    async def stop(self) -> None: ...


class Peer:
    """One end of the link. All methods belong to the live loop's thread; the callbacks are called there too."""

    def __init__(
        self,
        media: Sequence[Medium],
        clock: Clock,
        ice: IceServers,
        on_message: OnMessage,
        on_chunk: OnChunk,
        on_state: OnState,
    ) -> None:
        self._connection = RTCPeerConnection(ice.configuration())
        self._media = media
        self._clock = clock
        self._on_message = on_message
        self._on_chunk = on_chunk
        self._on_state = on_state
        self._channels: dict[str, RTCDataChannel] = {}
        self._port: MediaPort | None = None
        self._connected_ns: int | None = None
        self._connection.on("datachannel", self._adopt)
        self._connection.on("connectionstatechange", lambda: self._watched(self._change))

    async def offer(self) -> str:
        """Open the channels from the station's side; the answer is the description to send."""
        self._adopt(self._connection.createDataChannel(CONTROL))
        self._adopt(self._connection.createDataChannel(CLOCK, ordered=False, maxRetransmits=0))
        self._adopt(self._connection.createDataChannel(UPLOAD))
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def answer(self, offer: str) -> str:
        """Take the station's offer. Raises ValueError for a description that is none."""
        await self._take(offer, "offer")
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        return str(self._connection.localDescription.sdp)

    async def answered(self, answer: str) -> None:
        """Take the console's answer. Raises ValueError for a description that is none."""
        await self._take(answer, "answer")

    @property
    def state(self) -> str:
        """As WebRTC names it: new, connecting, connected, failed or closed."""
        return str(self._connection.connectionState)

    @property
    def stood(self) -> bool:
        """Whether the connection was ever made."""
        return self._connected_ns is not None

    @property
    def flooded(self) -> bool:
        """The other side sends parts of messages without end, past what it was allowed to (RFC 9260, 6.2)."""
        sctp = self._connection.sctp
        return sctp is not None and unread_bytes(sctp) > FLOOD_BYTES

    @property
    def stays_here(self) -> bool:
        """Whether the other side is on this machine, too."""
        sctp = self._connection.sctp
        return sctp is not None and stays_here(sctp)

    @property
    def silent_ns(self) -> int:
        """How long no packet has come, since the connection stood; 0 before that."""
        if self._connected_ns is None or self._port is None:
            return 0
        return self._clock.now_ns() - max(self._connected_ns, self._port.last_arrival_ns or 0)

    def send(self, message: Message) -> bool:
        """Send a message in order; False where the link is down."""
        return self._send(CONTROL, message.encode())

    def send_clock(self, message: Message) -> bool:
        """Send a message that is worthless when late."""
        return self._send(CLOCK, message.encode())

    @property
    def has_room(self) -> bool:
        """Whether a chunk would be on its way at once."""
        channel = self._channels.get(UPLOAD)
        return bool(channel and channel.readyState == "open" and channel.bufferedAmount < LOW_WATER)

    def send_chunk(self, chunk: bytes) -> bool:
        """Send a chunk of a recording; False where the link is down."""
        return self._send(UPLOAD, chunk)

    async def delivered(self) -> None:
        """Comes back when the other side has all that was sent, or after two seconds."""
        for _ in range(round(DELIVERY_S / DELIVERY_LOOK_S)):
            sctp = self._connection.sctp
            if sctp is None or self.state != "connected" or is_delivered(sctp):
                return
            await asyncio.sleep(DELIVERY_LOOK_S)

    async def close(self) -> None:
        port, self._port = self._port, None
        if port:
            for ended in await asyncio.gather(*(medium.stop() for medium in self._media), return_exceptions=True):
                if isinstance(ended, Exception):
                    Supervisor.of(asyncio.get_running_loop()).failed("link", ended)
            port.close()
        await self._connection.close()

    async def _take(self, description: str, kind: str) -> None:
        """aiortc raises whatever it stumbles over in a description that is none."""
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(description, kind))
        except Exception as error:
            raise ValueError("not a session description") from error

    @staticmethod
    def _watched(call: Callable[[], None]) -> None:
        """A fault in what is called ends neither the connection nor the library's own tasks."""
        with Supervisor.of(asyncio.get_running_loop()).turn("link"):
            call()

    def _change(self) -> None:
        state = self.state
        if state == "connected" and self._port is None and self._connection.sctp:
            self._connected_ns = self._clock.now_ns()
            self._port = MediaPort(self._connection.sctp.transport, self._clock)
            for medium in self._media:
                medium.start(self._port)
        self._on_state(state)

    def _send(self, name: str, data: str | bytes) -> bool:
        channel = self._channels.get(name)
        if channel is None or channel.readyState != "open":
            return False
        channel.send(data)
        return True

    def _adopt(self, channel: RTCDataChannel) -> None:
        if channel.label not in (CONTROL, CLOCK, UPLOAD):
            channel.close()
            return
        self._channels[channel.label] = channel
        take = self._take_chunk if channel.label == UPLOAD else self._on_message
        channel.on("message", lambda data: self._watched(lambda: take(data)))

    def _take_chunk(self, data: Any) -> None:
        if isinstance(data, bytes):
            self._on_chunk(data)
