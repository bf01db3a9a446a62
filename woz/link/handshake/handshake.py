"""The handshake: how station and console prove to each other who they are, and swap their session descriptions.

console: ticket, nonce / station: nonce / console: instance, proof / station: proof, sealed offer / console: sealed
answer / station: sealed welcome. Or, from the station, at any point before its proof: refused, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from woz.base.errors import WozError
from woz.link.connection.ice import IceServers
from woz.link.handshake.authentication import Admission, Authenticator, Claim
from woz.link.handshake.busy import BusyError
from woz.link.handshake.invitation import Invitation, Invited, bytes_of, text_of
from woz.link.handshake.sealing import (
    CONSOLE,
    INSTANCE_BYTES,
    NONCE_BYTES,
    STATION,
    HandshakeKeys,
    nonce,
    same,
    ticket_id,
)

HELLO_WITHIN_S = 5.0
PROOF_WITHIN_S = 10.0
EXCHANGE_WITHIN_S = 30.0
REFUSE_AFTER_S = 0.3
"""A refusal is sent so long after the handshake began, so that its time tells nothing."""
REFUSED = "The station refused this invitation; ask the operator for a new link."
BUSY = "Somebody is connected with this invitation already; close the other console first."

Answer = Callable[[str, IceServers], Awaitable[str]]


class Line(Protocol):
    """Carries JSON objects between the two. Raises ValueError for what is none, ConnectionError when it is cut."""

    async def send(self, data: dict[str, Any]) -> None: ...

    async def receive(self) -> dict[str, Any]: ...


class Waits(Protocol):
    """The caller's place among those who have proved nothing yet."""

    def shows_ticket(self) -> None: ...

    def leave(self) -> None: ...


class Seat(Protocol):
    """A place for one guest, while it is being joined."""

    async def offer(self) -> str: ...

    async def answered(self, answer: str) -> None: ...

    async def drop(self) -> None: ...


class Host(Protocol):
    """What the station lends the handshake."""

    @property
    def ice(self) -> IceServers: ...

    async def seat(self, instance: bytes, invited: Invited) -> Seat:
        """Raises BusyError where there is no room."""
        ...


async def receive_guest(line: Line, authenticator: Authenticator, host: Host, caller: Waits) -> None:
    """The station's part. Raises ValueError, ConnectionError or TimeoutError where the console breaks it off."""
    began = asyncio.get_running_loop().time()
    admission = await _admission(line, authenticator, caller)
    if admission:
        caller.leave()
        await _exchange(line, admission, host)
    else:
        await asyncio.sleep(began + REFUSE_AFTER_S - asyncio.get_running_loop().time())
        await line.send({"refused": True})


async def _admission(line: Line, authenticator: Authenticator, caller: Waits) -> Admission | None:
    own_nonce = nonce()
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            hello = await line.receive()
        ticket, other_nonce = _bytes(hello, "ticket", 16), _bytes(hello, "nonce", NONCE_BYTES)
        if authenticator.knows(ticket):
            caller.shows_ticket()
        async with asyncio.timeout(PROOF_WITHIN_S):
            await line.send({"nonce": text_of(own_nonce)})
            proof = await line.receive()
        claim = Claim(ticket, other_nonce, _bytes(proof, "instance", INSTANCE_BYTES), _bytes(proof, "proof", 32))
    except (ValueError, TimeoutError):
        authenticator.refused += 1
        return None
    return authenticator.admit(claim, own_nonce)


async def _exchange(line: Line, admission: Admission, host: Host) -> None:
    handshake, instance = admission.handshake, admission.instance
    own, other = handshake.seals(STATION)
    proof = text_of(handshake.proof(STATION, instance))
    try:
        seat = await host.seat(instance, admission.invited)
    except BusyError as busy:
        await line.send({"proof": proof, "sealed": own.close({"busy": str(busy), "heard_ns": busy.heard_ns})})
        return
    try:
        async with asyncio.timeout(EXCHANGE_WITHIN_S):
            offer = await seat.offer()
            said = {"offer": offer, "bound": text_of(handshake.binding(offer)), "ice": host.ice.to_data()}
            await line.send({"proof": proof, "sealed": own.close(said)})
            reply = other.open((await line.receive()).get("sealed"))
            answer = _bound(reply, "answer", handshake, offer)
            await seat.answered(answer)
            await line.send({"sealed": own.close({"welcome": True})})
    except BaseException:
        await seat.drop()
        raise


async def introduce(line: Line, invitation: Invitation, instance: bytes, answer: Answer) -> None:
    """The console's part: `answer` turns the station's offer into ours.

    Raises WozError where the station refuses (BusyError where it has no room), or isn't the one that invited;
    ValueError, ConnectionError or TimeoutError where it breaks off.
    """
    own_nonce = nonce()
    async with asyncio.timeout(EXCHANGE_WITHIN_S):
        await line.send({"ticket": text_of(ticket_id(invitation)), "nonce": text_of(own_nonce)})
        hello = _admitted(await line.receive())
        station_nonce = _bytes(hello, "nonce", NONCE_BYTES)
        handshake = HandshakeKeys(invitation.secret, own_nonce, station_nonce, invitation.fingerprint)
        proof = text_of(handshake.proof(CONSOLE, instance))
        await line.send({"instance": text_of(instance), "proof": proof})
        reply = _admitted(await line.receive())
        if not same(_bytes(reply, "proof", 32), handshake.proof(STATION, instance)):
            raise WozError("What answers is not the station that invited you; ask the operator for a new link.")
        own, other = handshake.seals(CONSOLE)
        said = other.open(reply.get("sealed"))
        if "busy" in said:
            heard_ns = said.get("heard_ns")
            raise BusyError(str(said["busy"])[:300], heard_ns if isinstance(heard_ns, int) else None)
        offer = _bound(said, "offer", handshake)
        made = await answer(offer, IceServers.from_data(said.get("ice")))
        bound = text_of(handshake.binding(offer, made))
        await line.send({"sealed": own.close({"answer": made, "bound": bound})})
        if not other.open((await line.receive()).get("sealed")).get("welcome"):
            raise ValueError("not welcome")


def _admitted(reply: dict[str, Any]) -> dict[str, Any]:
    if "refused" in reply:
        raise WozError(REFUSED)
    return reply


def _bound(said: dict[str, Any], name: str, handshake: HandshakeKeys, *before: str) -> str:
    """A session description, once its binding to the secret is found right. Raises ValueError where it isn't."""
    description = said.get(name)
    if not isinstance(description, str):
        raise ValueError(f"no {name}")
    if not same(handshake.binding(*before, description), _bytes(said, "bound", 32)):
        raise ValueError(f"the {name} is not from whom it should be")
    return description


def _bytes(data: dict[str, Any], key: str, length: int) -> bytes:
    value = bytes_of(data.get(key))
    if len(value) != length:
        raise ValueError(f"{key} is of the wrong length")
    return value
