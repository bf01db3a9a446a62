"""A guest, expert or observer, as the station sees them: one connected peer that has proved to be invited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from woz.base.clock import Clock
from woz.link.connection.ice import IceServers
from woz.link.connection.peer import Medium, OnChunk, Peer
from woz.link.messages.message_filter import Handler, MessageFilter
from woz.link.messages.messages import Message, MessageKind

T = TypeVar("T")
SILENT_NS = 2_000_000_000
"""Without a packet for this long, the link counts as lost; it lives again with the next one."""
GONE_NS = 15_000_000_000
JOINING_NS = 15_000_000_000
"""So long the connection may take to be made."""


class Guest:
    """Made, and used, on the loop that carries its connection. It implements the handshake's `Seat`."""

    def __init__(
        self,
        instance: bytes,
        media: Sequence[Medium],
        clock: Clock,
        ice: IceServers,
        handlers: Mapping[MessageKind, Handler],
        on_chunk: OnChunk,
        on_state: Callable[[Guest, str], None],
    ) -> None:
        self._instance = instance
        self._clock = clock
        self._on_state = on_state
        self._made_ns = clock.now_ns()
        self._left = False
        incoming = MessageFilter({MessageKind.ASK: self._answer_clock, **handlers}, clock, self._hang_up)
        take, take_chunk = self._while_here(incoming.take), self._while_here(on_chunk)
        self._peer = Peer(media, clock, ice, take, take_chunk, lambda state: on_state(self, state))

    @property
    def silent(self) -> bool:
        """Nothing has come from it for two seconds, or, while it joins, it is given up."""
        return self._peer.silent_ns > SILENT_NS or self.late

    @property
    def heard_ago_ns(self) -> int | None:
        """How long ago its last packet came; None before it is connected."""
        return self._peer.silent_ns if self._peer.stood else None

    @property
    def gone(self) -> bool:
        """It has been silent for so long that it is not waited for."""
        return self._peer.silent_ns > GONE_NS or self.late

    @property
    def heard(self) -> bool:
        """It is connected, and packets come."""
        return self._peer.stood and not self.silent

    @property
    def late(self) -> bool:
        """The connection was not made in time."""
        return not self._peer.stood and self._clock.now_ns() - self._made_ns > JOINING_NS

    @property
    def is_here(self) -> bool:
        """It runs on this machine."""
        return self._peer.stays_here

    @property
    def hostile(self) -> bool:
        """It sends what no honest seat sends."""
        return self._peer.flooded

    def yields_to(self, instance: bytes) -> bool:
        """Whether another console may take its place: the same instance at once, any other when it is silent."""
        return self.silent or instance == self._instance

    async def offer(self) -> str:
        return await self._peer.offer()

    async def answered(self, answer: str) -> None:
        await self._peer.answered(answer)

    async def drop(self) -> None:
        """From now on nothing is taken from it, however long its connection takes to end."""
        self._left = True
        await self._peer.close()
        self._on_state(self, "closed")

    def send(self, message: Message) -> None:
        self._peer.send(message)

    async def delivered(self) -> None:
        """As `Peer.delivered`."""
        await self._peer.delivered()

    def send_lightly(self, message: Message) -> None:
        """What is worthless when late is not sent again."""
        self._peer.send_clock(message)

    def _while_here(self, take: Callable[[T], None]) -> Callable[[T], None]:
        """Another has the seat once this guest is let go, and would be thrown out by its farewell."""

        def heed(said: T) -> None:
            if not self._left:
                take(said)

        return heed

    def _answer_clock(self, message: Message) -> None:
        received_ns = self._clock.now_ns()
        data = {"sent_ns": message.integer("sent_ns"), "received_ns": received_ns}
        self._peer.send_clock(Message(MessageKind.ANSWER, {**data, "answered_ns": self._clock.now_ns()}))

    def _hang_up(self) -> None:
        self._on_state(self, "failed")
