"""A handshake's line over a WebSocket in TLS (RFC 6455): the station's side, on a socket that was taken."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from woz.base.outside import Data, read

MAX_BYTES = 64 * 1024
CHUNK = 16 * 1024
BYE_WITHIN_S = 1.0


class ClientLine:
    """A `Line` of the console."""

    def __init__(self, connection: ClientConnection) -> None:
        self._socket = connection

    async def send(self, data: dict[str, Any]) -> None:
        try:
            await self._socket.send(json.dumps(data))
        except ConnectionClosed as error:
            raise ConnectionError("closed") from error

    async def receive(self) -> dict[str, Any]:
        try:
            return parse_object(await self._socket.recv())
        except ConnectionClosed as error:
            raise ConnectionError("closed") from error


class ServerLine:
    """A `Line` of the station; `open` makes one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._protocol = ServerProtocol(max_size=MAX_BYTES)
        self._events: list[Any] = []

    @classmethod
    async def open(cls, connected: socket.socket, context: ssl.SSLContext, within_s: float) -> ServerLine:
        """TLS and the WebSocket's handshake on a socket, which is closed with the line.

        Raises OSError, ValueError or TimeoutError where the other side doesn't get so far in time.
        """
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(CHUNK, loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        times = {"ssl_handshake_timeout": within_s, "ssl_shutdown_timeout": BYE_WITHIN_S}
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, connected, ssl=context, **times)
        line = cls(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
        try:
            async with asyncio.timeout(within_s):
                await line._shake_hands()
        except BaseException:
            line.abort()
            raise
        return line

    async def send(self, data: dict[str, Any]) -> None:
        if self._protocol.state is not State.OPEN:
            raise ConnectionError("closed")
        self._protocol.send_text(json.dumps(data).encode())
        await self._flush()

    async def receive(self) -> dict[str, Any]:
        while True:
            frame = await self._next()
            if frame.opcode is Opcode.CLOSE:
                raise ConnectionError("closed")
            if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                if frame.opcode is not Opcode.TEXT or not frame.fin:
                    raise ValueError("not one text")
                return parse_object(bytes(frame.data).decode())

    async def close(self) -> None:
        """Say that it is over, and hear it."""
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            if self._protocol.state is State.OPEN:
                self._protocol.send_close()
                await self._flush()
                async with asyncio.timeout(BYE_WITHIN_S):
                    while (await self._next()).opcode is not Opcode.CLOSE:
                        pass
        self.abort()

    def abort(self) -> None:
        self._writer.transport.abort()

    async def _shake_hands(self) -> None:
        request = await self._next()
        if not isinstance(request, Request):
            raise ValueError("no handshake")
        self._protocol.send_response(self._protocol.accept(request))
        await self._flush()
        if self._protocol.state is not State.OPEN:
            raise ValueError("no WebSocket")

    async def _next(self) -> Any:
        while not self._events:
            data = await self._reader.read(CHUNK)
            if not data:
                raise ConnectionError("closed")
            self._protocol.receive_data(data)
            self._events += self._protocol.events_received()
            await self._flush()
            if not self._events and (self._protocol.handshake_exc or self._protocol.parser_exc):
                raise ValueError("not a WebSocket's words")
        return self._events.pop(0)

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._writer.write(data)
        await self._writer.drain()


def parse_object(text: object) -> dict[str, Any]:
    """Raises ValueError for what is no JSON object."""
    if not isinstance(text, str):
        raise ValueError("not a text")
    return read(text, Data)
