"""Signaling: handshakes over WebSockets in TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections import OrderedDict

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidMessage

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.token_bucket import Rate
from woz.link.handshake.authentication import Authenticator
from woz.link.handshake.certificate import Certificate, WrongCertificateError, client_context
from woz.link.handshake.handshake import Answer, Host, introduce, receive_guest
from woz.link.handshake.invitation import Invitation, address_text
from woz.link.handshake.pending_connections import Caller, Limits, PendingConnections
from woz.link.rendezvous.client import call
from woz.link.signaling.listener import Listener
from woz.link.signaling.websocket_line import MAX_BYTES, ClientLine, ServerLine

MOST_CALLERS = 256
CONNECT_WITHIN_S = 10.0
LINE_WITHIN_S = 5.0
"""A caller that has no line by then is closed."""
WAITING = Limits(12, 64, Rate(100, 20))
"""Who has proved nothing yet."""


class SignalingServer:
    """Waits at the station for whoever holds an invitation."""

    def __init__(self, certificate: Certificate, authenticator: Authenticator, host: Host, clock: Clock) -> None:
        self._context = certificate.server_context()
        self._authenticator = authenticator
        self._host = host
        self.waiting = PendingConnections(WAITING, clock)
        self._listener = Listener(self._serve_one, self.waiting, self._who)
        self._callers: OrderedDict[int, str] = OrderedDict()

    def expect_call(self, local_port: int, address: str) -> None:
        """Who knocks from this port of our own machine was passed on from that address."""
        self._callers[local_port] = address
        if len(self._callers) > MOST_CALLERS:
            self._callers.popitem(last=False)

    async def start(self, address: str, port: int) -> int:
        """Listen, on any free port where `port` is 0; the answer is the port. Raises WozError where it is taken."""
        return self._listener.start(address, port)

    async def close(self) -> None:
        await self._listener.close()

    def _who(self, port: int, address: str) -> str:
        return self._callers.pop(port, address)

    async def _serve_one(self, connected: socket.socket, caller: Caller) -> None:
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            line = await ServerLine.open(connected, self._context, LINE_WITHIN_S)
            try:
                await receive_guest(line, self._authenticator, self._host, caller)
                await line.close()
            finally:
                line.abort()


async def join(invitation: Invitation, instance: bytes, answer: Answer) -> None:
    """Join by an invitation: `answer` turns the station's offer into our answer.

    Raises WozError where the station is not there, refuses (BusyError where it has no room), or is no station.
    """
    where = address_text(invitation.host, invitation.port)
    try:
        through = await call(invitation) if invitation.by_rendezvous else None
        async with await _connect(where, invitation.fingerprint, through) as connection:
            await introduce(ClientLine(connection), invitation, instance, answer)
    except (ConnectionError, ValueError, TimeoutError) as error:
        raise WozError(f"The station at {where} broke off the handshake; try again.") from error


async def _connect(where: str, fingerprint: bytes, through: socket.socket | None) -> ClientConnection:
    """A WebSocket to whom the certificate shows to be meant, over an open connection where one is given.

    The certificate is checked within TLS's handshake: nobody else hears a word. Raises WozError where nobody
    answers, another does, or the station hangs up, as it does on an address that calls too often.
    """
    try:
        return await connect(
            f"wss://{where}/",
            sock=through,
            ssl=client_context(fingerprint),
            max_size=MAX_BYTES,
            compression=None,
            user_agent_header=None,
            open_timeout=CONNECT_WITHIN_S,
            proxy=None,
        )
    except WrongCertificateError as error:
        raise WozError(
            f"What answers at {where} is not whom the link names; ask the operator for a new link."
        ) from error
    except (InvalidHandshake, InvalidMessage, ssl.SSLError, EOFError) as error:
        raise WozError(f"What answers at {where} is not a woz station; check the link.") from error
    except (ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as error:
        raise WozError(f"The station at {where} hung up at once; try again.") from error
    except (OSError, TimeoutError) as error:
        raise WozError(
            f"No station answers at {where}; check that it is running and that this network reaches it."
        ) from error
