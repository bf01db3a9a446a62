"""Hostile consoles in processes of their own, beside an honest session.

    python -m tests.rig.hostile_console offers
    python -m tests.rig.hostile_console knocks

The invitation is a line on standard input, since others could read it on a command line.
`offers` has the observers' or the expert's link, and offers ever new recordings where it is let in; `knocks` opens
silent connections and says bad proofs.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
from dataclasses import replace

from websockets.asyncio.client import connect

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.link.connection.ice import IceServers
from woz.link.connection.peer import Peer
from woz.link.handshake.certificate import client_context
from woz.link.handshake.invitation import Invitation
from woz.link.handshake.sealing import INSTANCE_BYTES
from woz.link.messages.messages import Message, MessageKind
from woz.link.signaling.signaling import join
from woz.link.transfer.chunks import offer_message
from woz.model.ids import new_id
from woz.model.voice_copy import VoiceCopy

AT_ONCE = 20
PAUSE_S = 0.02


async def offers(invitation: Invitation) -> None:
    while True:
        peers: list[Peer] = []

        async def answer(offer: str, ice: IceServers, peers: list[Peer] = peers) -> str:
            peers.append(Peer((), SystemClock(), ice, lambda m: None, lambda p: None, lambda s: None))
            return await peers[0].answer(offer)

        with contextlib.suppress(WozError, ValueError):
            await join(invitation, secrets.token_bytes(INSTANCE_BYTES), answer)
        while peers and peers[0].state in ("new", "connecting", "connected"):
            peers[0].send(Message(MessageKind.HELLO))
            peers[0].send(offer_message(VoiceCopy(new_id(), invitation.session_id, size=4096)))
            await asyncio.sleep(PAUSE_S)
        for peer in peers:
            await peer.close()
        await asyncio.sleep(1)


async def knocks(invitation: Invitation) -> None:
    bad = replace(invitation, secret=secrets.token_bytes(16))

    async def silent() -> None:
        where = f"wss://{invitation.host}:{invitation.port}/"
        with contextlib.suppress(Exception):
            async with connect(where, ssl=client_context(invitation.fingerprint), proxy=None):
                await asyncio.sleep(30)

    async def wrong() -> None:
        with contextlib.suppress(Exception):
            await join(bad, secrets.token_bytes(INSTANCE_BYTES), lambda offer, ice: asyncio.sleep(0, ""))

    waiting: set[asyncio.Task[None]] = set()
    while True:
        for knock in (silent, wrong):
            if len(waiting) < 2 * AT_ONCE:
                task = asyncio.ensure_future(knock())
                waiting.add(task)
                task.add_done_callback(waiting.discard)
        await asyncio.sleep(PAUSE_S)


if __name__ == "__main__":
    asyncio.run({"offers": offers, "knocks": knocks}[sys.argv[1]](Invitation.parse(sys.stdin.readline().strip())))
