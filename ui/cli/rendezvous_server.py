"""`woz rendezvous` in a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable

from woz.base.clock import SystemClock
from woz.link.rendezvous.server import Rendezvous


def run_rendezvous(address: str, port: int, say: Callable[[str], None]) -> int:
    """Serve until it is interrupted or told to end. Raises WozError where the port can't be had."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(address, port, say))
    return 0


async def _serve(address: str, port: int, say: Callable[[str], None]) -> None:
    rendezvous = Rendezvous(SystemClock())
    found = await rendezvous.start(address, port)
    say(f"Seats meet at port {found}: start stations with --rendezvous HOST:{found}. Ctrl+C ends it.")
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    try:
        await ended.wait()
    finally:
        await rendezvous.close()
