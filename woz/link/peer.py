"""A WebRTC connection between the two seats: media tracks, and the channels beside them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import av
from aiortc import (
    MediaStreamTrack,
    RTCDataChannel,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from woz.link.ice import IceServers
from woz.link.messages import Message

OnFrame = Callable[[av.VideoFrame | av.AudioFrame], None]
OnMessage = Callable[[object], None]
"""Takes a message as it came, unchecked; never raises."""
OnPiece = Callable[[bytes], None]
OnState = Callable[[str], None]

CONTROL, CLOCK, UPLOAD = "control", "clock", "upload"
LOW_WATER = 256 * 1024
FLOOD_BYTES = 1024 * 1024


class Peer:
    """One end of the link. All methods belong to the live loop's thread; the callbacks are called there too."""

    def __init__(
        self, on_frame: OnFrame, on_message: OnMessage, on_piece: OnPiece, on_state: OnState, ice: IceServers
    ) -> None:
        self._connection = RTCPeerConnection(ice.configuration())
        self._on_frame = on_frame
        self._on_message = on_message
        self._on_piece = on_piece
        self._channels: dict[str, RTCDataChannel] = {}
        self._readers: list[asyncio.Task[None]] = []
        self._connection.on("track", self._read_track)
        self._connection.on("datachannel", self._adopt)
        self._connection.on("connectionstatechange", lambda: on_state(self._connection.connectionState))

    @property
    def flooded(self) -> bool:
        """The other side sends parts of messages without end, past what it was allowed to (RFC 9260, 6.2)."""
        sctp = self._connection.sctp
        return sctp is not None and sctp._advertised_rwnd < -FLOOD_BYTES

    async def offer(self, view: MediaStreamTrack, voice: MediaStreamTrack, listening: bool = True) -> str:
        """Open channels and tracks from the station's side; the answer is the description to send.

        Not listening, no voice is taken from the other side.
        """
        self._adopt(self._connection.createDataChannel(CONTROL))
        self._adopt(self._connection.createDataChannel(CLOCK, ordered=False, maxRetransmits=0))
        self._adopt(self._connection.createDataChannel(UPLOAD))
        self._connection.addTrack(voice)
        if not listening:
            self._connection.getTransceivers()[0].direction = "sendonly"
        sender = self._connection.addTrack(view)
        h264 = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == "video/H264"]
        transceiver = next(t for t in self._connection.getTransceivers() if t.sender == sender)
        transceiver.setCodecPreferences(h264)
        transceiver.direction = "sendonly"
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def answer(self, offer: str, voice: MediaStreamTrack | None) -> str:
        """Take the station's offer and add our voice. Raises ValueError for a description that is none."""
        await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        if voice:
            self._connection.addTrack(voice)
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        return str(self._connection.localDescription.sdp)

    async def answered(self, answer: str) -> None:
        """Take the console's answer. Raises ValueError for a description that is none."""
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def send(self, message: Message) -> bool:
        """Send a message in order; False where the link is down."""
        return self._send(CONTROL, message.encode())

    def send_clock(self, message: Message) -> bool:
        """Send a message that is worthless when late."""
        return self._send(CLOCK, message.encode())

    async def send_piece(self, piece: bytes) -> bool:
        """Send bytes of an upload, waiting while many are on their way."""
        channel = self._channels.get(UPLOAD)
        while channel and channel.readyState == "open" and channel.bufferedAmount > LOW_WATER:
            await asyncio.sleep(0.01)
        return self._send(UPLOAD, piece)

    async def close(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        await self._connection.close()

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
        channel.on("message", self._take_piece if channel.label == UPLOAD else self._on_message)

    def _take_piece(self, data: Any) -> None:
        if isinstance(data, bytes):
            self._on_piece(data)

    def _read_track(self, track: MediaStreamTrack) -> None:
        self._readers.append(asyncio.ensure_future(self._read(track)))

    async def _read(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if isinstance(frame, av.VideoFrame | av.AudioFrame):
                    self._on_frame(frame)
