"""Hostile consoles in processes of their own, beside an honest session: `tests.rig.seat.Options` on standard input.

What they are is the options' `seat`; `link` is an invitation. `offers` is let in by it and offers ever new
recordings wherever it sits: in an observer's place that is nothing for it to say, and it is hung up on and comes
again; in the expert's seat the station takes so many and no more. `knocks` opens silent connections and says bad
proofs.

A few times a second they tell what they did, so that who runs them sees that they act.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import secrets
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

from websockets.asyncio.client import connect

from tests.rig.seat import options_told
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.link.connection.ice import IceServers
from woz.link.connection.peer import Peer
from woz.link.handshake.certificate import client_context
from woz.link.handshake.handshake import REFUSED
from woz.link.handshake.invitation import Invitation
from woz.link.handshake.sealing import INSTANCE_BYTES
from woz.link.messages.messages import Message, MessageKind
from woz.link.signaling.signaling import join
from woz.link.transfer.chunks import Holding, offer_message
from woz.model.ids import new_id
from woz.model.voice_copy import VoiceCopy

SILENT, WRONG = 10, 6
"""Knocks at once of either kind: together more than the station lets wait from one address. With many more, those
that come last would send all others away before a WebSocket opens."""
KNOCK_EVERY_S, OFFER_EVERY_S, COME_EVERY_S, TELL_EVERY_S = 1.0, 0.02, 1.0, 0.2
DEEDS = {"offers": ("seated", "offered", "taken", "refused", "hung_up"), "knocks": ("silent", "refused")}
Done = Counter[str]


async def offers(invitation: Invitation, done: Done) -> None:
    """Counts how often it was `seated` and `hung_up` on, what it `offered`, and what of that the station said to
    have `taken` and `refused`.
    """
    own = set[str]()
    while True:
        peers: list[Peer] = []

        async def answer(offer: str, ice: IceServers, peers: list[Peer] = peers) -> str:
            hear = functools.partial(_heard, own, done)
            peers.append(Peer((), SystemClock(), ice, hear, lambda p: None, lambda s: None))
            return await peers[0].answer(offer)

        with contextlib.suppress(WozError, ValueError):
            await join(invitation, secrets.token_bytes(INSTANCE_BYTES), answer)
        for peer in peers:
            await _offer(peer, invitation, own, done)
            await peer.close()
        await asyncio.sleep(COME_EVERY_S)


async def _offer(peer: Peer, invitation: Invitation, own: set[str], done: Done) -> None:
    """Until the connection ends."""
    seated = False
    while peer.state in ("new", "connecting", "connected"):
        if not seated and peer.send(Message(MessageKind.HELLO)):
            seated = True
            done["seated"] += 1
        if seated:
            copy = VoiceCopy(new_id(), invitation.session_id, size=4096)
            own.add(copy.id)
            done["offered"] += peer.send(offer_message(copy))
        await asyncio.sleep(OFFER_EVERY_S)
    done["hung_up"] += seated


def _heard(own: set[str], done: Done, text: object) -> None:
    """What is told of recordings that are not its own is told to everybody."""
    with contextlib.suppress(ValueError):
        message = Message.decode(text)
        if message.kind == MessageKind.STORED and (told := Holding.from_message(message)).recording in own:
            done["taken" if told.here else "refused"] += 1


async def knocks(invitation: Invitation, done: Done) -> None:
    """Counts `silent` connections that it opened, and bad proofs that the station `refused`."""
    bad, context = replace(invitation, secret=secrets.token_bytes(16)), client_context(invitation.fingerprint)

    async def silent() -> None:
        where = f"wss://{invitation.host}:{invitation.port}/"
        with contextlib.suppress(Exception):
            async with connect(where, ssl=context, proxy=None) as connection:
                done["silent"] += 1
                await connection.wait_closed()

    async def wrong() -> None:
        with contextlib.suppress(Exception):
            try:
                await join(bad, secrets.token_bytes(INSTANCE_BYTES), lambda offer, ice: asyncio.sleep(0, ""))
            except WozError as error:
                done["refused"] += str(error) == REFUSED

    knocking = [silent] * SILENT + [wrong] * WRONG
    await asyncio.gather(*(_again(knock, n * KNOCK_EVERY_S / len(knocking)) for n, knock in enumerate(knocking)))


async def _again(knock: Callable[[], Awaitable[None]], first_s: float) -> None:
    """One after another, the first so much later."""
    await asyncio.sleep(first_s)
    while True:
        await knock()
        await asyncio.sleep(KNOCK_EVERY_S)


async def _tell(done: Done) -> None:
    while True:
        sys.stdout.write(json.dumps({"now": done}) + "\n")
        sys.stdout.flush()
        await asyncio.sleep(TELL_EVERY_S)


async def main() -> None:
    options = options_told()
    done = Done(dict.fromkeys(DEEDS[options.seat], 0))
    act = {"offers": offers, "knocks": knocks}[options.seat]
    await asyncio.gather(act(Invitation.parse(options.link), done), _tell(done))


if __name__ == "__main__":
    asyncio.run(main())
