"""Signaling: greetings over WebSockets in TLS."""

from __future__ import annotations

import contextlib
import errno
import json
import socket
import ssl
from collections import OrderedDict
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from woz.errors import WozError
from woz.link.certificate import Certificate, client_context, shows
from woz.link.door import Door
from woz.link.greeting import Answer, Host, introduce, receive_guest
from woz.link.invitation import Invitation, address_text
from woz.link.rendezvous_seats import call
from woz.outside import Data, read

MAX_BYTES = 64 * 1024
MOST_CALLERS = 256
CONNECT_WITHIN_S = 10.0
SERVING: dict[str, Any] = {
    "max_size": MAX_BYTES,
    "max_queue": 4,
    "compression": None,
    "open_timeout": CONNECT_WITHIN_S,
    "ssl_handshake_timeout": CONNECT_WITHIN_S,
    "server_header": None,
}


class SocketLine:
    """A `Line` over a WebSocket."""

    def __init__(self, connection: ClientConnection | ServerConnection) -> None:
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


class SignalingServer:
    """Waits at the station for whoever holds an invitation."""

    def __init__(self, certificate: Certificate, door: Door, host: Host) -> None:
        self._certificate = certificate
        self._door = door
        self._host = host
        self._server: Server | None = None
        self._callers: OrderedDict[int, str] = OrderedDict()

    def expect_call(self, local_port: int, address: str) -> None:
        """Who knocks from this port of our own machine was passed on from that address."""
        self._callers[local_port] = address
        if len(self._callers) > MOST_CALLERS:
            self._callers.popitem(last=False)

    async def start(self, address: str, port: int) -> int:
        """Listen, on any free port where `port` is 0; the answer is the port. Raises WozError where it is taken."""
        context = self._certificate.server_context()
        try:
            self._server = await serve(self._serve_one, address, port, ssl=context, **SERVING)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise WozError(f"Port {port} is in use; choose another with --port, or 0 for any.") from error
            raise WozError(f"{address_text(address, port)} can't be listened on ({error.strerror}).") from error
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def close(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def _serve_one(self, connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionError, ValueError, TimeoutError):
            address, port = connection.remote_address[:2]
            caller = self._callers.pop(port, address)
            await receive_guest(SocketLine(connection), self._door, self._host, str(caller))


async def join(invitation: Invitation, instance: bytes, answer: Answer) -> None:
    """Join by an invitation: `answer` turns the station's offer into our answer.

    Raises WozError where the station is not there, refuses (BusyError where it has no room), or is no station.
    """
    where = address_text(invitation.host, invitation.port)
    try:
        through = await call(invitation) if invitation.by_rendezvous else None
        async with await _connect(where, invitation.fingerprint, through) as connection:
            await introduce(SocketLine(connection), invitation, instance, answer)
    except (ConnectionError, ValueError, TimeoutError) as error:
        raise WozError(f"The station at {where} broke off the greeting; try again.") from error


async def _connect(where: str, fingerprint: bytes, through: socket.socket | None) -> ClientConnection:
    """A WebSocket to whom the certificate shows to be meant, over an open connection where one is given.

    Raises WozError where nobody answers, or another.
    """
    try:
        connection = await connect(
            f"wss://{where}/",
            sock=through,
            ssl=client_context(),
            max_size=MAX_BYTES,
            compression=None,
            user_agent_header=None,
            open_timeout=CONNECT_WITHIN_S,
            proxy=None,
        )
    except (InvalidHandshake, InvalidMessage, ssl.SSLError, EOFError) as error:
        raise WozError(f"What answers at {where} is not a woz station; check the link.") from error
    except (OSError, TimeoutError) as error:
        raise WozError(
            f"No station answers at {where}; check that it is running and that this network reaches it."
        ) from error
    if not shows(connection.transport.get_extra_info("ssl_object"), fingerprint):
        await connection.close()
        raise WozError(f"What answers at {where} is not whom the link names; ask the operator for a new link.")
    return connection


def parse_object(text: object) -> dict[str, Any]:
    """Raises ValueError for what is no JSON object."""
    if not isinstance(text, str):
        raise ValueError("not a text")
    return read(text, Data)
