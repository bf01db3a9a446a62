"""How seats talk to a rendezvous: one line of JSON each way, then the bytes of a connection between the two seats.

station: wait KEY, and stays / console: call ROOM / rendezvous to station: call TICKET / station, anew: take TICKET.
What follows is TLS from console to station with the station's certificate pinned: the rendezvous only passes it on.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from typing import Any

from woz.link.invitation import text_of
from woz.outside import Data, read

LINE_BYTES = 300
ANSWER_WITHIN_S = 12.0
CHUNK = 16 * 1024


def room_key(fingerprint: bytes) -> str:
    """By this the station shows that a room is its own; whoever is invited could know it, nobody else."""
    return text_of(hashlib.sha256(b"woz rendezvous key" + fingerprint).digest()[:16])


def room_of(key: str) -> str:
    """Where a console asks for the station."""
    return text_of(hashlib.sha256(b"woz rendezvous room" + key.encode()).digest()[:16])


def line_of(**data: Any) -> bytes:
    return json.dumps(data).encode() + b"\n"


def read_line(raw: bytes) -> dict[str, Any]:
    """Raises ValueError for what is no short line with an object."""
    if not raw.endswith(b"\n") or len(raw) > LINE_BYTES:
        raise ValueError("not a line")
    return read(raw, Data)


class Pipe:
    """Passes bytes both ways until either side ends, the time is up, or too many have passed."""

    def __init__(self, most_bytes: int, within_s: float) -> None:
        self._left = most_bytes
        self._within_s = within_s

    async def run(self, one: Ends, other: Ends) -> None:
        ways = [
            asyncio.ensure_future(self._pass(one[0], other[1])),
            asyncio.ensure_future(self._pass(other[0], one[1])),
        ]
        await asyncio.wait(ways, timeout=self._within_s, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while (piece := await source.read(CHUNK)) and self._left >= len(piece):
                self._left -= len(piece)
                sink.write(piece)
                await sink.drain()


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
