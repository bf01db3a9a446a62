"""A guest of the station: one connected peer with its role and its tracks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import av
from aiortc import MediaStreamTrack

from woz.clock import Clock
from woz.link.ice import IceServers
from woz.link.inbox import Handler, Inbox
from woz.link.invitation import GuestRole
from woz.link.messages import Message, MessageKind
from woz.link.peer import Peer

LOST_STATES = ("disconnected", "failed", "closed")
SILENT_NS = 3_000_000_000
"""A guest of whom nothing has been heard for so long gives way to another."""
JOINING_NS = 15_000_000_000
"""So long a guest may be silent at first, while the connection is being made."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told of what a guest says and does. Observers get no `frame` and no `piece`."""

    handlers: Mapping[MessageKind, Handler]
    state: Callable[[str], None]
    frame: Callable[[av.VideoFrame | av.AudioFrame], None] = lambda frame: None
    piece: Callable[[bytes], None] = lambda piece: None


class Guest:
    """Made, and used, on the loop that carries its connection. It implements the greeting's `Seat`."""

    def __init__(
        self,
        role: GuestRole,
        instance: bytes,
        clock: Clock,
        ice: IceServers,
        view: MediaStreamTrack,
        voice: MediaStreamTrack,
        ears: Ears,
    ) -> None:
        self.role = role
        self.instance = instance
        self.gone = False
        self._clock = clock
        self._view, self._voice = view, voice
        self._ears = ears
        self._heard_ns = clock.now_ns() + JOINING_NS - SILENT_NS
        self.inbox = Inbox({MessageKind.ASK: self._answer_clock, **ears.handlers}, clock, self._hang_up)
        self._peer = Peer(self._take_frame, self._take_message, self._take_piece, self._take_state, ice)

    @property
    def silent(self) -> bool:
        """Nothing has come from it for three seconds."""
        return self._clock.now_ns() - self._heard_ns > SILENT_NS

    @property
    def hostile(self) -> bool:
        """It sends what no honest seat sends."""
        return self._peer.flooded

    def yields_to(self, instance: bytes) -> bool:
        """Whether another console may take its place: the same instance at once, any other when it is gone."""
        return self.gone or self.silent or instance == self.instance

    async def offer(self) -> str:
        return await self._peer.offer(self._view, self._voice, listening=self.role == GuestRole.EXPERT)

    async def answered(self, answer: str) -> None:
        await self._peer.answered(answer)

    async def drop(self) -> None:
        self.gone = True
        await self._peer.close()

    def send(self, message: Message) -> None:
        self._peer.send(message)

    # what comes from it

    def _take_frame(self, frame: av.VideoFrame | av.AudioFrame) -> None:
        self._heard_ns = self._clock.now_ns()
        self._ears.frame(frame)

    def _take_message(self, data: object) -> None:
        self._heard_ns = self._clock.now_ns()
        self.inbox.take(data)

    def _take_piece(self, piece: bytes) -> None:
        self._heard_ns = self._clock.now_ns()
        self._ears.piece(piece)

    def _take_state(self, state: str) -> None:
        if state == "connected":
            self._heard_ns = self._clock.now_ns()
        elif state in LOST_STATES:
            self.gone = True
        self._ears.state(state)

    def _answer_clock(self, message: Message) -> None:
        received_ns = self._clock.now_ns()
        data = {"sent_ns": message.integer("sent_ns"), "received_ns": received_ns}
        self._peer.send_clock(Message(MessageKind.ANSWER, {**data, "answered_ns": self._clock.now_ns()}))

    def _hang_up(self) -> None:
        self._take_state("failed")
