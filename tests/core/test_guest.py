"""A guest of the station, apart from those whom it lets in."""

from __future__ import annotations

import asyncio

from woz.base.clock import ManualClock
from woz.link.connection.ice import IceServers
from woz.link.ends.guest import Guest
from woz.link.handshake.sealing import INSTANCE_BYTES
from woz.link.messages.messages import Message, MessageKind


def test_nothing_is_taken_any_more_from_one_who_is_let_go() -> None:
    """Whose connection may take long to end: another has the seat by then."""
    farewells, chunks = list[Message](), list[bytes]()

    async def run() -> None:
        handlers = {MessageKind.LEAVE: farewells.append}
        guest = Guest(
            bytes(INSTANCE_BYTES), (), ManualClock(), IceServers(), handlers, chunks.append, lambda *_: None
        )
        for _ in range(2):
            guest._peer._on_message(Message(MessageKind.LEAVE).encode())
            guest._peer._on_chunk(b"sound")
            await guest.drop()

    asyncio.run(run())
    assert ([message.kind for message in farewells], chunks) == ([MessageKind.LEAVE], [b"sound"])
