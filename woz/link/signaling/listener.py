"""Takes TCP connections, as the anteroom allows, and hands each to a task of its own."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import sys
from collections.abc import Awaitable, Callable

from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.link.handshake.invitation import address_text
from woz.link.handshake.pending_connections import Caller, PendingConnections

log = logging.getLogger(__name__)

BACKLOG = 100
AGAIN_AFTER_S = 0.2

Serve = Callable[[socket.socket, Caller], Awaitable[None]]
"""Serves one connection, until it is of no more use."""


class Listener:
    """`who(port, address)` says from which address a caller really comes."""

    def __init__(self, serve: Serve, room: PendingConnections, who: Callable[[int, str], str]) -> None:
        self._serve = serve
        self._room = room
        self._who = who
        self._socket: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, address: str, port: int) -> int:
        """Listen, on any free port where `port` is 0; the answer is the port. Raises WozError where it is taken."""
        self._socket = _listening(address, port)
        watch = Supervisor.of(asyncio.get_running_loop())
        self._accepting = watch.task("listening for calls", self._accept(self._socket))
        return int(self._socket.getsockname()[1])

    async def close(self) -> None:
        tasks = [*self._tasks, *([self._accepting] if self._accepting else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._socket:
            self._socket.close()

    async def _accept(self, listening: socket.socket) -> None:
        """A lack of descriptors, or a caller that is gone already, ends no listening."""
        while True:
            try:
                connected, peer = await asyncio.get_running_loop().sock_accept(listening)
            except OSError as error:
                log.info("a connection can't be taken (%s)", error.strerror)
                await asyncio.sleep(AGAIN_AFTER_S)
                continue
            with Supervisor.of(asyncio.get_running_loop()).turn("listening for calls"):
                self._take(connected, self._who(peer[1], str(peer[0])))

    def _take(self, connected: socket.socket, address: str) -> None:
        caller = self._room.enter(address)
        if caller is None:
            connected.close()
            return
        watch = Supervisor.of(asyncio.get_running_loop())
        task = watch.task("answering of a call", self._serve_one(connected, caller))
        caller.close = task.cancel
        self._tasks.add(task)
        task.add_done_callback(lambda _: connected.close())
        task.add_done_callback(self._tasks.discard)

    async def _serve_one(self, connected: socket.socket, caller: Caller) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await self._serve(connected, caller)
        finally:
            caller.leave()


def _listening(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(BACKLOG)
        made.setblocking(False)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise WozError(f"Port {port} is in use; choose another with --port, or 0 for any.") from error
        raise WozError(f"{address_text(address, port)} can't be listened on ({error.strerror}).") from error
    return made
