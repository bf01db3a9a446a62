"""The seats' side of a rendezvous: the station waits there for calls, a console calls."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.base.waiting import within
from woz.link.handshake.certificate import Certificate
from woz.link.handshake.invitation import Invitation, address_text, bytes_of, text_of
from woz.link.rendezvous.protocol import (
    ANSWER_WITHIN_S,
    LINE_BYTES,
    Ends,
    Pipe,
    hang_up,
    line_of,
    read_line,
    room_of,
    to_prove,
)
from woz.link.rendezvous.server import PASSED_BYTES, PASSED_WITHIN_S, PING_EVERY_S

AGAIN_EVERY_S = 3.0
MOST_CALLS = 80
"""That are answered at once: more than may wait at the door, which sends away whom it hasn't room for."""
Place = tuple[str, int]


class Waiting:
    """The station's place at a rendezvous: each call becomes a connection to the station's own door.

    `called` is told, before it says a word, from which address a call comes that knocks from a local port.
    """

    def __init__(
        self, at: Place, door: Place, certificate: Certificate, called: Callable[[int, str], None]
    ) -> None:
        self._at, self._door = at, door
        self._certificate = certificate
        self._called = called
        self.fault = ""
        """Why nobody new can come in, while that is so."""
        self._calls: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises WozError where the rendezvous isn't there, or is full."""
        ends = await self._enter()
        watch = Supervisor.of(asyncio.get_running_loop())
        self._task = watch.task("place at the rendezvous", self._stay(ends))

    async def stop(self) -> None:
        tasks = [*self._calls, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _enter(self) -> Ends:
        ends = await _dial(self._at)
        try:
            nonce = bytes_of((await _told(ends, wait=text_of(self._certificate.der))).get("prove"))
            await _ask(ends, signed=text_of(self._certificate.sign(to_prove(nonce))))
        except ValueError as error:
            await hang_up(ends[1])
            raise _stranger() from error
        except BaseException:
            await hang_up(ends[1])
            raise
        return ends

    async def _stay(self, ends: Ends | None) -> None:
        watch = Supervisor.of(asyncio.get_running_loop())
        while True:
            with watch.turn("place at the rendezvous"):
                if ends:
                    await self._listen_to_its_end(ends)
            await asyncio.sleep(AGAIN_EVERY_S)
            ends = None
            with watch.turn("place at the rendezvous"), contextlib.suppress(WozError):
                ends = await self._enter()
                self.fault = ""

    async def _listen_to_its_end(self, ends: Ends) -> None:
        try:
            await self._listen(ends[0])
        finally:
            self.fault = _went_away(address_text(*self._at))
            await hang_up(ends[1])

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            while raw := await within(3 * PING_EVERY_S, reader.readline()):
                said = read_line(raw)
                if isinstance(said.get("call"), str) and len(self._calls) < MOST_CALLS:
                    answer = self._answer(said["call"], str(said.get("address")))
                    task = Supervisor.of(asyncio.get_running_loop()).task("call through the rendezvous", answer)
                    self._calls.add(task)
                    task.add_done_callback(self._calls.discard)

    async def _answer(self, ticket: str, address: str) -> None:
        with contextlib.suppress(WozError, OSError):
            outside = await _dial(self._at)
            try:
                await _ask(outside, take=ticket)
                await self._pass_on(outside, address)
            finally:
                await hang_up(outside[1])

    async def _pass_on(self, outside: Ends, address: str) -> None:
        loop = asyncio.get_running_loop()
        own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            own.setblocking(False)
            own.bind(("127.0.0.1", 0))
            self._called(own.getsockname()[1], address)
            await loop.sock_connect(own, self._door)
            inside = await asyncio.open_connection(sock=own)
        except BaseException:
            own.close()
            raise
        try:
            await Pipe(PASSED_BYTES, PASSED_WITHIN_S).run(outside, inside)
        finally:
            await hang_up(inside[1])


async def call(invitation: Invitation) -> socket.socket:
    """A connection to the station through the rendezvous. Raises WozError where there is none."""
    loop, place = asyncio.get_running_loop(), (invitation.host, invitation.port)
    where = address_text(*place)
    opened: socket.socket | None = None
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            family = (await loop.getaddrinfo(*place, type=socket.SOCK_STREAM))[0]
            opened = socket.socket(family[0], socket.SOCK_STREAM)
            opened.setblocking(False)
            await loop.sock_connect(opened, family[4])
            await loop.sock_sendall(opened, line_of(call=room_of(invitation.fingerprint)))
            _check(read_line(await _line(opened)), where)
        return opened
    except BaseException as error:
        if opened:
            opened.close()
        if isinstance(error, OSError | ValueError | TimeoutError):
            raise _not_there(where) from error
        raise


async def _line(connected: socket.socket) -> bytes:
    """Byte by byte: what follows the line is not ours to read."""
    raw = b""
    while not raw.endswith(b"\n") and len(raw) <= LINE_BYTES:
        piece = await asyncio.get_running_loop().sock_recv(connected, 1)
        if not piece:
            raise ConnectionError("closed")
        raw += piece
    return raw


async def _dial(at: Place) -> Ends:
    try:
        return await within(ANSWER_WITHIN_S, asyncio.open_connection(*at, limit=LINE_BYTES))
    except (OSError, TimeoutError) as error:
        raise _not_there(address_text(*at)) from error


async def _ask(ends: Ends, **said: str) -> None:
    _check(await _told(ends, **said), "")


async def _told(ends: Ends, **said: str) -> dict[str, Any]:
    try:
        ends[1].write(line_of(**said))
        return read_line(await within(ANSWER_WITHIN_S, ends[0].readline()))
    except (OSError, ValueError, TimeoutError) as error:
        raise _stranger() from error


def _stranger() -> WozError:
    return WozError("What answers is not a woz rendezvous of this version; check --rendezvous.")


def _check(answer: dict[str, object], where: str) -> None:
    if answer.get("refused") == "full":
        raise WozError("The rendezvous has no room for another station.")
    if "ok" not in answer:
        raise WozError(f"No station waits for you at the rendezvous {where}; is it running? Ask the operator.")


def _not_there(where: str) -> WozError:
    return WozError(f"No rendezvous answers at {where}; check that it is running and that this network reaches it.")


def _went_away(where: str) -> str:
    return (
        f"The rendezvous {where} doesn't answer any more: whoever is connected stays, nobody new gets in. It is "
        "tried again all the time; check that it is running and that this network reaches it."
    )
