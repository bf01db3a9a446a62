"""Signaling: how two peers that hold the same invitation swap their WebRTC descriptions, over one WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from woz.errors import WozError
from woz.link.invitation import Invitation

MAX_BYTES = 128 * 1024
ANSWER_WITHIN_S = 15.0
REFUSED = "The station refused this invitation; ask the operator for a new link."
BUSY = "Somebody is connected with this invitation already; close the other console first."

MakeOffer = Callable[[], Awaitable[str]]
TakeAnswer = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Host:
    """What the station lends the signaling: is there room, make an offer, take the answer to it."""

    is_free: Callable[[], bool]
    offer: MakeOffer
    answered: TakeAnswer


class SignalingServer:
    """Waits at the station for whoever holds the invitation."""

    def __init__(self, invitation: Invitation, host: Host) -> None:
        self._invitation = invitation
        self._host = host
        self._server: Server | None = None
        self._joining = asyncio.Lock()

    async def start(self, address: str, port: int) -> int:
        """Listen, on any free port where `port` is 0; the answer is the port. Raises WozError where it is taken."""
        try:
            self._server = await serve(self._serve_one, address, port, max_size=MAX_BYTES, max_queue=4)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise WozError(f"Port {port} is in use; choose another with --port, or 0 for any.") from error
            raise WozError(f"The station can't listen on {address}:{port} ({error.strerror}).") from error
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def close(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def _serve_one(self, socket: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed, ValueError, TimeoutError):
            join = await _receive(socket)
            if not self._admits(join):
                await _send(socket, {"refused": REFUSED})
            elif self._joining.locked() or not self._host.is_free():
                await _send(socket, {"refused": BUSY})
            else:
                async with self._joining:
                    await self._exchange(socket)

    def _admits(self, join: dict[str, Any]) -> bool:
        session, token = str(join.get("session", "")), str(join.get("token", ""))
        right_token = hmac.compare_digest(token.encode(), self._invitation.token.encode())
        return right_token and session == self._invitation.session_id

    async def _exchange(self, socket: ServerConnection) -> None:
        await _send(socket, {"offer": await self._host.offer()})
        answer = (await _receive(socket)).get("answer")
        if isinstance(answer, str):
            await self._host.answered(answer)


async def join(invitation: Invitation, answer: Callable[[str], Awaitable[str]]) -> None:
    """Join by an invitation: `answer` turns the station's offer into our answer.

    Raises WozError where the station is not there, refuses, or is no station.
    """
    where = f"{invitation.host}:{invitation.port}"
    try:
        async with await _connect(invitation, where) as socket:
            await _send(socket, {"session": invitation.session_id, "token": invitation.token})
            reply = await _receive(socket)
            if "refused" in reply:
                raise WozError(str(reply["refused"])[:300])
            await _send(socket, {"answer": await answer(str(reply["offer"]))})
            await socket.wait_closed()
    except (ConnectionClosed, ValueError, KeyError, TimeoutError) as error:
        raise WozError(f"The station at {where} broke off the greeting; try again.") from error


async def _connect(invitation: Invitation, where: str) -> ClientConnection:
    host = f"[{invitation.host}]" if ":" in invitation.host else invitation.host
    try:
        return await connect(
            f"ws://{host}:{invitation.port}/", max_size=MAX_BYTES, open_timeout=ANSWER_WITHIN_S, proxy=None
        )
    except (OSError, TimeoutError) as error:
        raise WozError(
            f"No station answers at {where}; check that it is running and that this network reaches it."
        ) from error
    except (InvalidHandshake, InvalidMessage) as error:
        raise WozError(f"What answers at {where} is not a woz station; check the link.") from error


async def _send(socket: ClientConnection | ServerConnection, data: dict[str, Any]) -> None:
    await socket.send(json.dumps(data))


async def _receive(socket: ClientConnection | ServerConnection) -> dict[str, Any]:
    async with asyncio.timeout(ANSWER_WITHIN_S):
        data = json.loads(await socket.recv())
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data
