"""How seats talk to a rendezvous: lines of JSON each way, then the bytes of a connection between the two seats.

station: wait CERTIFICATE / rendezvous: prove NONCE / station: signed SIGNATURE, and stays / console: call ROOM /
rendezvous to station: call TICKET / station, anew: take TICKET. A room belongs to a certificate: all who were
invited know the room, and the station alone has the key. What follows is TLS from console to station with that
certificate pinned: the rendezvous only passes it on.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from typing import Any

from woz.base.outside import Data, read
from woz.base.supervision import Supervisor
from woz.link.handshake.invitation import text_of

LINE_BYTES = 1_200
NONCE_BYTES = 32
ANSWER_WITHIN_S = 12.0
LINGER_S = 5.0
"""So long what was said may be on its way once a connection is closed; then it is cut off."""
CHUNK = 16 * 1024


def room_of(fingerprint: bytes) -> str:
    """Where a console asks for the station with this certificate; it tells nothing about the invitation."""
    return text_of(hashlib.sha256(b"woz rendezvous room" + fingerprint).digest()[:16])


def to_prove(nonce: bytes) -> bytes:
    """What a station signs to show that a room is its own."""
    return b"woz waits at a rendezvous" + nonce


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
        watch = Supervisor.of(asyncio.get_running_loop())
        ways = [
            watch.task("passing on of a call", self._pass(one[0], other[1])),
            watch.task("passing on of a call", self._pass(other[0], one[1])),
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
    """Close, and wait until it has; who takes nothing of what was said is cut off.

    The wait itself is never cancelled by a limit: `wait_closed` shares one future among all who wait.
    """
    writer.close()
    cut = asyncio.get_running_loop().call_later(LINGER_S, writer.transport.abort)
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    cut.cancel()
