"""Whether the STUN and TURN servers of the settings do their work: one sentence where one doesn't."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Coroutine
from typing import Any

from aioice import stun, turn
from aiortc.rtcicetransport import parse_stun_turn_uri

from woz.base.waiting import within
from woz.link.connection.ice import IceServers

WITHIN_S = 6.0
ASK_AGAIN_S = 0.5


async def server_faults(ice: IceServers) -> list[str]:
    """Asks each server once; nothing for those that answer as they should."""
    asked = [(name, ask) for name, ask in ((ice.stun, _ask_stun), (ice.turn, _ask_turn)) if name]
    return [fault for name, ask in asked if (fault := await _fault(name, ask(ice)))]


async def _fault(name: str, asking: Coroutine[Any, Any, None]) -> str:
    try:
        async with asyncio.timeout(WITHIN_S):
            await asking
    except stun.TransactionFailed as error:
        return f"{name} refuses user and password (code {error.response.error_code}); check both."
    except ssl.SSLError:
        return f"{name} shows a certificate that this machine doesn't trust; use a valid one, or turn: for turns:."
    except (stun.TransactionError, ConnectionError, OSError, TimeoutError):
        return f"{name} does not answer; check its name and port, and that the firewall lets this machine reach it."
    return ""


async def _ask_stun(ice: IceServers) -> None:
    parsed = parse_stun_turn_uri(ice.stun)
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    transport, answer = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Answer(request.transaction_id), remote_addr=(parsed["host"], parsed["port"])
    )
    try:
        while not answer.came.is_set():
            transport.sendto(bytes(request))
            with contextlib.suppress(TimeoutError):
                await within(ASK_AGAIN_S, answer.came.wait())
    finally:
        transport.close()


async def _ask_turn(ice: IceServers) -> None:
    parsed = parse_stun_turn_uri(ice.turn)
    transport, ending = await turn.create_turn_endpoint(
        _Ending,
        (parsed["host"], parsed["port"]),
        ice.user,
        ice.password,
        ssl=parsed["scheme"] == "turns",
        transport=parsed["transport"],
    )
    transport.close()
    await ending.ended.wait()


class _Answer(asyncio.DatagramProtocol):
    """Knows when a request was answered."""

    def __init__(self, transaction_id: bytes) -> None:
        self._transaction_id = transaction_id
        self.came = asyncio.Event()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        with contextlib.suppress(ValueError):
            if stun.parse_message(data).transaction_id == self._transaction_id:
                self.came.set()


class _Ending(asyncio.DatagramProtocol):
    """Knows when the server has let the allocation go."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()
