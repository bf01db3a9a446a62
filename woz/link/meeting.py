"""The station's place at a rendezvous: guests are greeted there as at the station's own door."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import secrets
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from woz.errors import WozError
from woz.link.door import Door
from woz.link.greeting import Host, receive_guest
from woz.link.invitation import ROOM_BYTES, Meeting, text_of
from woz.link.reach import RendezvousAddress
from woz.link.signaling import connect_tls, parse_object

HOST_PATH = "/host"
REGISTER_WITHIN_S = 10.0
AGAIN_EVERY_S = 2.0
MAX_WAITING = 8
KEY_BYTES = 32


def room_of(key: bytes) -> bytes:
    """A room's name shows nothing of the key, by which the station alone can open it."""
    return hashlib.sha256(key).digest()[:ROOM_BYTES]


class MeetingPoint:
    """Keeps a room open at a rendezvous, and opens it again whenever the connection breaks."""

    def __init__(self, address: RendezvousAddress, door: Door, host: Host) -> None:
        self._address = address
        self._door = door
        self._host = host
        self._key = secrets.token_bytes(KEY_BYTES)
        self._lines: dict[int, RoomLine] = {}
        self._greetings: set[asyncio.Task[None]] = set()
        self._keeper: asyncio.Task[None] | None = None
        self.meeting = Meeting(room_of(self._key), address.fingerprint)

    async def start(self) -> None:
        """Open the room. Raises WozError where the rendezvous isn't there, or has no room."""
        self._keeper = asyncio.ensure_future(self._keep(await self._open()))

    async def close(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, *self._greetings, return_exceptions=True)

    async def _open(self) -> ClientConnection:
        socket = await connect_tls(self._address.host, self._address.port, HOST_PATH, self._address.fingerprint)
        try:
            await socket.send(json.dumps({"key": text_of(self._key)}))
            async with asyncio.timeout(REGISTER_WITHIN_S):
                opened = parse_object(await socket.recv()).get("open")
        except (ConnectionClosed, TimeoutError, ValueError):
            opened = None
        if opened is not True:
            await socket.close()
            raise WozError("The rendezvous has no room for this station now; try again in a while.")
        return socket

    async def _keep(self, socket: ClientConnection) -> None:
        connected: ClientConnection | None = socket
        while True:
            if connected:
                async with connected:
                    await self._serve(connected)
            await asyncio.sleep(AGAIN_EVERY_S)
            connected = None
            with contextlib.suppress(WozError):
                connected = await self._open()

    async def _serve(self, socket: ClientConnection) -> None:
        try:
            with contextlib.suppress(ConnectionClosed):
                async for text in socket:
                    with contextlib.suppress(ValueError):
                        self._take(socket, parse_object(text))
        finally:
            for line in self._lines.values():
                line.cut()
            self._lines.clear()

    def _take(self, socket: ClientConnection, data: dict[str, Any]) -> None:
        number, said = data.get("guest"), data.get("say")
        if not isinstance(number, int):
            return
        if isinstance(data.get("from"), str):
            self._receive(RoomLine(socket, number), data["from"])
        elif number in self._lines and isinstance(said, str):
            self._lines[number].take(said)
        elif number in self._lines:
            self._lines.pop(number).cut()

    def _receive(self, line: RoomLine, address: str) -> None:
        self._lines[line.number] = line
        task = asyncio.ensure_future(self._greet(line, address))
        self._greetings.add(task)
        task.add_done_callback(self._greetings.discard)

    async def _greet(self, line: RoomLine, address: str) -> None:
        with contextlib.suppress(ConnectionError, ValueError, TimeoutError):
            await receive_guest(line, self._door, self._host, address)
        if self._lines.pop(line.number, None):
            await line.end()


class RoomLine:
    """A `Line` to one guest, over the station's connection to the rendezvous."""

    def __init__(self, socket: ClientConnection, number: int) -> None:
        self.number = number
        self._socket = socket
        self._came: asyncio.Queue[str | None] = asyncio.Queue(MAX_WAITING)

    def take(self, text: str) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._came.put_nowait(text)

    def cut(self) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._came.put_nowait(None)

    async def end(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self._send({"guest": self.number})

    async def send(self, data: dict[str, Any]) -> None:
        await self._send({"guest": self.number, "say": json.dumps(data)})

    async def receive(self) -> dict[str, Any]:
        text = await self._came.get()
        if text is None:
            raise ConnectionError("closed")
        return parse_object(text)

    async def _send(self, data: dict[str, Any]) -> None:
        try:
            await self._socket.send(json.dumps(data))
        except ConnectionClosed as error:
            raise ConnectionError("closed") from error
