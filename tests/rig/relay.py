"""A wire with trouble: passes Ethernet frames between two interfaces late, unsteadily, not all, and not too many.

    python -m tests.rig.relay IF_A IF_B '{"delay_ms": 40, ...}'      (inside the namespace that holds both)

Each direction has the rate, a queue before it that drops what doesn't fit, then delay, jitter and loss. "go" on
standard input starts the clock of the cuts.
"""

from __future__ import annotations

import heapq
import json
import random
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

PROTOCOL_ALL = 0x0003


@dataclass(frozen=True)
class Trouble:
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0
    rate_bps: float = 0.0
    queue_ms: float = 300.0
    cuts: list[list[float]] = field(default_factory=list)
    """Seconds after the start, from and to, in which nothing passes."""


class Direction:
    def __init__(self, trouble: Trouble, seed: int) -> None:
        self._trouble = trouble
        self._chance = random.Random(seed)
        self._free_s = 0.0

    def leaves_at(self, size: int, now_s: float, since_start_s: float) -> float | None:
        """When a frame of this size comes out; None where it is lost."""
        trouble = self._trouble
        if any(begin <= since_start_s < end for begin, end in trouble.cuts):
            return None
        self._free_s = max(self._free_s, now_s)
        if trouble.rate_bps:
            if self._free_s - now_s > trouble.queue_ms / 1e3:
                return None
            self._free_s += size * 8 / trouble.rate_bps
        if self._chance.random() < trouble.loss:
            return None
        jitter = self._chance.uniform(-trouble.jitter_ms, trouble.jitter_ms) / 1e3
        return self._free_s + max(0.0, trouble.delay_ms / 1e3 + jitter)


def relay(names: list[str], trouble: Trouble) -> None:
    sockets = [_open(name) for name in names]
    ways = {sockets[0]: (sockets[1], Direction(trouble, 1)), sockets[1]: (sockets[0], Direction(trouble, 2))}
    waiting: list[tuple[float, int, socket.socket, bytes]] = []
    started: float | None = None
    count = 0
    readers: list[socket.socket | TextIO] = [*sockets, sys.stdin]
    while True:
        now = time.monotonic()
        patience = max(0.0, waiting[0][0] - now) if waiting else 0.5
        ready, _, _ = select.select(readers, [], [], patience)
        now = time.monotonic()
        for source in ready:
            if not isinstance(source, socket.socket):
                if not source.readline():
                    return
                started = now
                continue
            frame, address = source.recvfrom(65536)
            if address[2] == socket.PACKET_OUTGOING:
                continue
            to, direction = ways[source]
            at = direction.leaves_at(len(frame), now, now - started if started else -1.0)
            if at is not None:
                count += 1
                heapq.heappush(waiting, (at, count, to, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, to, frame = heapq.heappop(waiting)
            to.send(frame)


def _open(name: str) -> socket.socket:
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(PROTOCOL_ALL))
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024**2)
    opened.bind((name, 0))
    return opened


if __name__ == "__main__":
    relay(sys.argv[1:3], Trouble(**json.loads(sys.argv[3])))
