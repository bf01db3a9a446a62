"""Who waits at a door and has proved nothing yet: limits that hold off crowds, never somebody who may come in.

Those of a crowd take each other's places, not those of others: the place that a newcomer needs is taken from the
caller who has waited longest without a known ticket, at its own address or at the one that has most of them.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from woz.base.clock import Clock
from woz.base.token_bucket import Buckets, Rate


@dataclass(frozen=True, slots=True)
class Limits:
    per_address: int
    """Callers that wait from one address."""
    overall: int
    rate: Rate
    """Of callers from one address."""


class Caller:
    """One who waits. `close` ends the connection when its place is needed."""

    def __init__(self, room: PendingConnections, address: str) -> None:
        self.address = address
        self.close: Callable[[], object] = lambda: None
        self.known = False
        """Whether it has shown a ticket that only the invited know; then its place is not taken."""
        self._room = room

    def shows_ticket(self) -> None:
        self.known = True

    def leave(self) -> None:
        """It is let in, or gone."""
        self._room.forget(self)


class PendingConnections:
    """Used on one loop."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._rates = Buckets(limits.rate, clock)
        self._waiting: dict[Caller, None] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, address: str) -> Caller | None:
        """A place for somebody new; None where its address comes too often, or where all who wait are known."""
        group = network_of(address)
        if not self._rates.of(group).take() or not self._has_place(group):
            return None
        caller = Caller(self, group)
        self._waiting[caller] = None
        return caller

    def forget(self, caller: Caller) -> None:
        self._waiting.pop(caller, None)

    def _has_place(self, address: str) -> bool:
        """Make a place where there is none left."""
        counts = Counter(caller.address for caller in self._waiting)
        if counts[address] >= self._limits.per_address:
            return self._send_away(address)
        if len(self._waiting) < self._limits.overall:
            return True
        unknown = Counter(caller.address for caller in self._waiting if not caller.known)
        return bool(unknown) and self._send_away(unknown.most_common(1)[0][0])

    def _send_away(self, address: str) -> bool:
        first = next((c for c in self._waiting if c.address == address and not c.known), None)
        if first is None:
            return False
        self.forget(first)
        first.close()
        return True


def network_of(address: str) -> str:
    """What counts as one address: of IPv6, where everybody has many, the first 64 bits."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False).network_address)
