"""One encoded view for many: the very packets that the expert gets, handed on to whoever else looks on."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from typing import Any

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av.packet import Packet

MAX_WAITING = 30
"""Packets that may wait for a slow observer; then all are dropped, and it waits for a key frame."""
_START_CODE = b"\x00\x00\x01"
_IDR = 5


class Fanout:
    """Takes packets, gives each of its tracks the same; never waits for any of them."""

    def __init__(self) -> None:
        self._tracks: frozenset[FanoutTrack] = frozenset()

    def open(self, loop: asyncio.AbstractEventLoop) -> FanoutTrack:
        """A new track, sent by a peer on `loop`. Call `close` with it when the peer goes."""
        track = FanoutTrack(loop)
        self._tracks |= {track}
        return track

    def close(self, track: FanoutTrack) -> None:
        self._tracks -= {track}
        track.stop()

    def take(self, packet: Packet[Any]) -> None:
        """Hand on a packet of H.264 in Annex B; from any thread, at once."""
        tracks = self._tracks
        if tracks:
            key = is_key_frame(bytes(packet))
            for track in tracks:
                track.put(packet, key)


class FanoutTrack(MediaStreamTrack):
    """One observer's view. It begins with a key frame, also after packets had to be dropped."""

    kind = "video"

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._peer_loop = loop
        self._lock = threading.Lock()
        self._packets: deque[Packet[Any]] = deque()
        self._wants_key = True
        self._fresh = asyncio.Event()
        self.dropped = 0

    def put(self, packet: Packet[Any], key: bool) -> None:
        """From any thread."""
        with self._lock:
            if len(self._packets) >= MAX_WAITING:
                self.dropped += len(self._packets)
                self._packets.clear()
                self._wants_key = True
            if self._wants_key and not key:
                self.dropped += 1
                return
            self._wants_key = False
            self._packets.append(packet)
            first = len(self._packets) == 1
        if first:
            self._wake()

    async def recv(self) -> Packet[Any]:
        while True:
            self._fresh.clear()
            if self.readyState != "live":
                raise MediaStreamError
            with self._lock:
                if self._packets:
                    return self._packets.popleft()
            await self._fresh.wait()

    def stop(self) -> None:
        super().stop()
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):
            self._peer_loop.call_soon_threadsafe(self._fresh.set)


async def pump(view: MediaStreamTrack) -> None:
    """Pull a view that no peer pulls, so that its packets are made for the others, until it is stopped."""
    with contextlib.suppress(MediaStreamError):
        while True:
            await view.recv()


def is_key_frame(stream: bytes) -> bool:
    """Whether H.264 in Annex B holds a slice of an IDR picture (ITU-T H.264, table 7-1)."""
    at = stream.find(_START_CODE)
    while at >= 0 and at + 3 < len(stream):
        if stream[at + 3] & 0x1F == _IDR:
            return True
        at = stream.find(_START_CODE, at + 3)
    return False
