"""`woz rendezvous`: where a station and its consoles meet when neither can be dialled from outside.

It passes on the bytes of their greeting, which are sealed from end to end; it knows no secret, sees no name, and
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

from woz.clock import Clock
from woz.errors import WozError
from woz.link.invitation import address_text
from woz.link.limits import Buckets, Rate
from woz.link.meeting import ANSWER_WITHIN_S, LINE_BYTES, Ends, Pipe, hang_up, line_of, read_line, room_of

log = logging.getLogger(__name__)

MOST_ROOMS = 256
MOST_CONNECTIONS = 512
MOST_CALLS = 8
"""That wait in one room."""
PER_ADDRESS = Rate(40, 1)
"""Connections from one address."""
PASSED_BYTES = 512 * 1024
PASSED_WITHIN_S = 60.0
PING_EVERY_S = 15.0


@dataclass(slots=True)
class _Room:
    station: asyncio.StreamWriter
    calls: dict[str, asyncio.Future[Ends]] = field(default_factory=dict)


class Rendezvous:
    """Serves on one loop. `log` lines say how many there are, never who."""

    def __init__(self, clock: Clock) -> None:
        self._rooms: dict[str, _Room] = {}
        self._rates = Buckets(PER_ADDRESS, clock)
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
        address = str(writer.get_extra_info("peername")[0])
        self._open.add(writer)
        try:
            if len(self._open) <= MOST_CONNECTIONS and self._rates.of(address).take():
                await self._hear(reader, writer, address)
        except (ValueError, OSError, TimeoutError, asyncio.CancelledError):
            log.info("a connection ended before it was of use")
        finally:
            self._open.discard(writer)
            await hang_up(writer)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        said = read_line(await asyncio.wait_for(reader.readline(), ANSWER_WITHIN_S))
        verbs: dict[str, Callable[..., Any]] = {"wait": self._wait, "call": self._call, "take": self._take}
        for verb, serve in verbs.items():
            if isinstance(said.get(verb), str):
                await serve(said[verb], (reader, writer), address)
                return
        raise ValueError("none of our words")

    async def _wait(self, key: str, ends: Ends, address: str) -> None:
        """A station stays, and hears of each call. A newer connection of the same station takes its room over."""
        name, (reader, writer) = room_of(key), ends
        former = self._rooms.get(name)
        if former is None and len(self._rooms) >= MOST_ROOMS:
            writer.write(line_of(refused="full"))
            return
        room = self._rooms[name] = _Room(writer)
        if former:
            await hang_up(former.station)
        log.info("%d stations wait", len(self._rooms))
        writer.write(line_of(ok=True))
        try:
            await self._ping(reader, writer)
        finally:
            if self._rooms.get(name) is room:
                del self._rooms[name]

    async def _ping(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            writer.write(line_of(ping=True))
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), PING_EVERY_S)

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
            station = await asyncio.wait_for(taken, ANSWER_WITHIN_S)
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
