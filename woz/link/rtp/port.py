"""Our media on aiortc's encrypted transport: the one file that touches what aiortc keeps for itself.

aiortc finds the path (ICE), agrees on keys (DTLS) and carries the data channels; packets of the view and the voices
go straight to its SRTP session, past its own senders, jitter buffers and receivers.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from typing import Any

from aiortc import RTCDtlsTransport, RTCRtpCodecParameters, RTCSctpTransport
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import RtpPacket

from woz.base.clock import Clock
from woz.base.supervision import Supervisor
from woz.link.rtp.packets import KINDS, rtp

OnPacket = Callable[[int, int, bytes, bool, int], None]
"""Called with (sequence, stamp, payload, again, arrival_ns)."""


def unread_bytes(transport: RTCSctpTransport) -> int:
    """How far the other side is past the room that it was given for parts of messages (RFC 9260, 6.2)."""
    return -int(transport._advertised_rwnd)


def is_delivered(transport: RTCSctpTransport) -> bool:
    """Whether the other side has acknowledged all that was sent to it (RFC 9260, 6.2)."""
    return not (transport._data_channel_queue or transport._outbound_queue or transport._sent_queue)


def stays_here(transport: RTCSctpTransport) -> bool:
    """Whether the path that was found ends on this machine itself."""
    ice = transport.transport.transport._connection
    own = {candidate.host for candidate in ice.local_candidates if candidate.type == "host"}
    return any(pair.remote_candidate.host in own for pair in ice._nominated.values())


class MediaPort:
    """Sends and receives RTP packets over one DTLS transport; belongs to the loop's thread."""

    def __init__(self, transport: RTCDtlsTransport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._ssrc = {kind: secrets.randbits(31) * 2 + 1 for kind in KINDS}
        self._takers: dict[int, OnPacket] = {}
        self.last_arrival_ns: int | None = None
        self.refused = 0
        """Packets that were not what they should be."""
        codecs = [RTCRtpCodecParameters(f"application/woz{n}", 90_000, payloadType=n) for n in KINDS]
        transport._register_rtp_receiver(self, RTCRtpReceiveParameters(codecs=codecs, encodings=[]))

    def listen(self, payload_type: int, taker: OnPacket) -> None:
        self._takers[payload_type] = taker

    async def send(self, payload_type: int, sequence: int, stamp: int, payload: bytes, again: bool = False) -> None:
        """Send a packet now; one that can't be sent is lost, as packets are."""
        packet = rtp(payload_type, sequence, stamp, self._ssrc[payload_type], payload, again)
        with contextlib.suppress(ConnectionError, OSError):
            await self._transport._send_rtp(packet)

    def close(self) -> None:
        self._transport._unregister_rtp_receiver(self)

    # called by the transport

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        now_ns = self._clock.now_ns()
        self.last_arrival_ns = now_ns
        taker = self._takers.get(packet.payload_type)
        if taker is None:
            return
        with Supervisor.of(asyncio.get_running_loop()).turn("taking of packets"):
            self._give(taker, packet, now_ns)

    def _give(self, taker: OnPacket, packet: RtpPacket, now_ns: int) -> None:
        try:
            taker(packet.sequence_number, packet.timestamp, packet.payload, bool(packet.marker), now_ns)
        except ValueError:
            self.refused += 1

    async def _handle_rtcp_packet(self, packet: Any) -> None: ...

    def _handle_disconnect(self) -> None: ...
