"""A door, a host and invitations for tests of the handshake, on a loop of the test's own."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import connect

from woz.base.clock import ManualClock
from woz.link.connection.ice import IceServers
from woz.link.handshake.authentication import Authenticator
from woz.link.handshake.busy import BusyError
from woz.link.handshake.certificate import Certificate
from woz.link.handshake.handshake import BUSY
from woz.link.handshake.invitation import Invitation, Invited, text_of
from woz.link.handshake.sealing import ticket_id
from woz.link.signaling.signaling import SignalingServer
from woz.model.ids import SessionId

OFFER, ANSWER = "v=0 the station's description", "v=0 the console's description"
INSTANCE = bytes(range(16))
VALID_S = 3600


class Chair:
    """A `Seat` that keeps what it was given."""

    def __init__(self) -> None:
        self.answer: str | None = None
        self.dropped = False

    async def offer(self) -> str:
        return OFFER

    async def answered(self, answer: str) -> None:
        self.answer = answer

    async def drop(self) -> None:
        self.dropped = True


class Lobby:
    """A `Host`."""

    def __init__(self) -> None:
        self.ice = IceServers("stun:stun.example.org", "turn:turn.example.org:3478", "lab", "word")
        self.chairs: list[Chair] = []
        self.busy = False

    async def seat(self, instance: bytes, invited: Invited) -> Chair:
        if self.busy:
            raise BusyError(BUSY, 70_000_000)
        self.chairs.append(Chair())
        return self.chairs[-1]


class Room:
    """A station's door over real TLS on loopback."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.certificate = Certificate.new()
        self.door = Authenticator(self.clock, self.certificate.fingerprint)
        self.lobby = Lobby()
        self.server = SignalingServer(self.certificate, self.door, self.lobby, self.clock)
        expires = self.clock.utc_ns() // 1_000_000_000 + VALID_S
        self.invitation = Invitation.new("127.0.0.1", 1, SessionId("s"), expires, self.door.fingerprint)
        self.door.expect(self.invitation)
        self.heard: list[IceServers] = []

    async def answer(self, offer: str, ice: IceServers) -> str:
        assert offer == OFFER
        self.heard.append(ice)
        return ANSWER

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Invitation]:
        port = await self.server.start("127.0.0.1", 0)
        try:
            yield self.invitation.at("127.0.0.1", port)
        finally:
            await self.server.close()


def in_room(test: Callable[[Room, Invitation], Awaitable[None]]) -> Room:
    """Run a test's part on a loop, at an open door."""
    room = Room()

    async def run() -> None:
        async with room.open() as invitation:
            await asyncio.wait_for(test(room, invitation), 240)

    asyncio.run(run())
    return room


async def say(invitation: Invitation, *said: dict[str, Any]) -> list[dict[str, Any]]:
    """Say things at the door as they are, without any proof of our own; what was answered to each."""
    answers = []
    async with connect(f"wss://127.0.0.1:{invitation.port}/", ssl=unchecked(), proxy=None) as socket:
        for data in said:
            await socket.send(json.dumps(data))
            answers.append(json.loads(await socket.recv()))
    return answers


def unchecked() -> ssl.SSLContext:
    """TLS with whoever answers."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Unhurried:
    """A caller whose place nobody wants."""

    def __init__(self) -> None:
        self.did: list[str] = []

    def shows_ticket(self) -> None:
        self.did.append("ticket")

    def leave(self) -> None:
        self.did.append("left")


def hello(invitation: Invitation) -> dict[str, Any]:
    return {"ticket": text_of(ticket_id(invitation)), "nonce": text_of(bytes(16))}
