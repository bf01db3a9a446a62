"""`woz rendezvous`: where a station and its consoles meet when neither can be dialled from outside.

It passes on the bytes of their handshake, which are sealed from end to end; it knows no secret, sees no name, and
carries no view or voice. Everything that it keeps or passes is bounded.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.token_bucket import Rate
from woz.base.waiting import within
from woz.link.handshake.certificate import fingerprint_of, has_signed
from woz.link.handshake.invitation import address_text, bytes_of, text_of
from woz.link.handshake.pending_connections import Limits, PendingConnections
from woz.link.rendezvous.protocol import (
    ANSWER_WITHIN_S,
    LINE_BYTES,
    NONCE_BYTES,
    Ends,
    Pipe,
    hang_up,
    line_of,
    read_line,
    room_of,
    to_prove,
)

log = logging.getLogger(__name__)

MOST_ROOMS = 256
MOST_ROOMS_EACH = 32
"""Of stations at one address."""
MOST_CONNECTIONS = 512
MOST_CALLS = 8
"""That wait in one room."""
SILENT = Limits(16, 256, Rate(40, 1))
"""Connections that have said nothing yet."""
PASSED_BYTES = 512 * 1024
PASSED_WITHIN_S = 60.0
PING_EVERY_S = 15.0


@dataclass(slots=True)
class _Room:
    station: asyncio.StreamWriter
    address: str
    calls: dict[str, asyncio.Future[Ends]] = field(default_factory=dict)


class Rendezvous:
    """Serves on one loop. `log` lines say how many there are, never who."""

    def __init__(self, clock: Clock) -> None:
        self._rooms: dict[str, _Room] = {}
        self._silent = PendingConnections(SILENT, clock)
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self, address: str, port: int) -> int:
        """Listen, on any free port where `port` is 0; the answer is the port. Raises WozError where it is taken."""
        try:
            self._server = await asyncio.start_server(self._serve, address, port, limit=LINE_BYTES)
        except OSError as error:
            raise WozError(f"{address_text(address, port)} can't be listened on ({error.strerror}).") from error
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        if self._server:
            self._server.close()
        await asyncio.gather(*(hang_up(writer) for writer in self._open))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Returns also where it is cancelled: the streams of Python 3.11 log a cancelled task as a fault."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._attend(reader, writer)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = str(writer.get_extra_info("peername")[0])
        caller = self._silent.enter(address)
        self._open.add(writer)
        try:
            if caller and len(self._open) <= MOST_CONNECTIONS:
                caller.close = writer.transport.abort
                said = read_line(await within(ANSWER_WITHIN_S, reader.readline()))
                caller.leave()
                await self._hear(said, (reader, writer), caller.address)
        except (ValueError, OSError, TimeoutError, asyncio.CancelledError):
            log.info("a connection ended before it was of use")
        finally:
            if caller:
                caller.leave()
            await hang_up(writer)
            self._open.discard(writer)

    async def _hear(self, said: dict[str, Any], ends: Ends, address: str) -> None:
        verbs: dict[str, Callable[..., Any]] = {"wait": self._wait, "call": self._call, "take": self._take}
        for verb, serve in verbs.items():
            if isinstance(said.get(verb), str):
                await serve(said[verb], ends, address)
                return
        raise ValueError("none of our words")

    async def _wait(self, certificate: str, ends: Ends, address: str) -> None:
        """A station stays, and hears of each call. A newer connection of the same station takes its room over.

        Raises ValueError for whoever hasn't the certificate's key.
        """
        name, (reader, writer) = await self._proved(bytes_of(certificate), ends), ends
        former = self._rooms.get(name)
        if former is None and not self._has_room(address):
            writer.write(line_of(refused="full"))
            return
        room = self._rooms[name] = _Room(writer, address)
        if former:
            await hang_up(former.station)
        log.info("%d stations wait", len(self._rooms))
        writer.write(line_of(ok=True))
        try:
            await self._ping(reader, writer)
        finally:
            if self._rooms.get(name) is room:
                del self._rooms[name]

    async def _proved(self, certificate: bytes, ends: Ends) -> str:
        """The room that belongs to a certificate, once its key is proved."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        ends[1].write(line_of(prove=text_of(nonce)))
        said = read_line(await within(ANSWER_WITHIN_S, ends[0].readline()))
        if not has_signed(certificate, to_prove(nonce), bytes_of(said.get("signed"))):
            raise ValueError("not the station of this room")
        return room_of(fingerprint_of(certificate))

    def _has_room(self, address: str) -> bool:
        each = sum(room.address == address for room in self._rooms.values())
        return len(self._rooms) < MOST_ROOMS and each < MOST_ROOMS_EACH

    async def _ping(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Raises TimeoutError for a station that takes nothing of what it is told."""
        while not reader.at_eof():
            writer.write(line_of(ping=True))
            await within(ANSWER_WITHIN_S, writer.drain())
            with contextlib.suppress(TimeoutError):
                await within(PING_EVERY_S, reader.read(1))

    async def _call(self, name: str, ends: Ends, address: str) -> None:
        """A console is announced to the station, and joined to the connection by which it takes the call."""
        room = self._rooms.get(name)
        if room is None or len(room.calls) >= MOST_CALLS:
            ends[1].write(line_of(refused="nobody" if room is None else "busy"))
            return
        ticket = secrets.token_urlsafe(16)
        taken = room.calls[ticket] = asyncio.get_running_loop().create_future()
        try:
            room.station.write(line_of(call=ticket, address=address))
            station = await within(ANSWER_WITHIN_S, taken)
        finally:
            del room.calls[ticket]
        try:
            for _, writer in (ends, station):
                writer.write(line_of(ok=True))
            await Pipe(PASSED_BYTES, PASSED_WITHIN_S).run(ends, station)
        finally:
            await hang_up(station[1])

    async def _take(self, ticket: str, ends: Ends, address: str) -> None:
        for room in self._rooms.values():
            taken = room.calls.get(ticket)
            if taken and not taken.done():
                taken.set_result(ends)
                await ends[1].wait_closed()
                return
        ends[1].write(line_of(refused="nobody"))
