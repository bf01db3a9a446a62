"""The console's end of the link: joins by invitation, gets view and voice, sends the expert's voice and marks."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from woz.clock import Clock
from woz.errors import WozError
from woz.link.handover import Giver, Handover
from woz.link.invitation import Invitation
from woz.link.media.view_receiver import ViewReceiver
from woz.link.media.voice_receiver import VoiceReceiver
from woz.link.media.voice_sender import VoiceSender
from woz.link.messages import Message, MessageKind, procedure_from_data, protocol_from_data
from woz.link.peer import Peer
from woz.link.pieces import Holding
from woz.link.playout import Playout
from woz.link.signaling import join
from woz.link.station_end import LOST_STATES, SILENT_NS, WATCH_EVERY_S
from woz.runtime import LiveLoop
from woz.seats import LinkState
from woz.session import Procedure
from woz.session import Protocol as StudyProtocol
from woz.sync.exchange import Exchange, ExchangeTracker

FAST_ASKS = 25
FAST_EVERY_S, SLOW_EVERY_S = 0.1, 0.5
REJOIN_EVERY_S = 2.0
PIECES_EVERY_S = 0.02


class Console(Protocol):
    """What the link tells the console, on the live loop's thread; the view on the decoder's."""

    def view_arrived(self, image: av.VideoFrame, captured_ns: int, received_ns: int) -> None: ...

    def encoded_arrived(self, data: bytes, captured_ns: int, key: bool) -> None: ...

    def procedure_arrived(self, procedure: Procedure) -> None: ...

    def protocol_arrived(self, protocol: StudyProtocol) -> None: ...

    def events_accepted(self, outbox: str, number: int) -> None: ...

    def recording_began(self, origin_ns: int) -> None: ...

    def recording_ended(self) -> None: ...

    def link_changed(self) -> None: ...


class ConsoleEnd:
    def __init__(self, console: Console, live: LiveLoop, clock: Clock, playout: Playout, giver: Giver) -> None:
        self._console = console
        self._live = live
        self._clock = clock
        self._playout = playout
        self._peer: Peer | None = None
        self._voice: VoiceSender | None = None
        self._view: ViewReceiver | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.handover = Handover(giver)
        self.state = LinkState.CONNECTING
        self.clock_map = ExchangeTracker()
        self.outbox = ""
        """Names the console's outbox to the station; set before joining."""

    async def join(self, invitation: Invitation) -> None:
        """Raises WozError where the station can't be joined."""
        await self._join(invitation)
        work = (self._ask_clock(), self._rejoin(invitation), self._watch_silence(), self._hand_over())
        self._tasks = [asyncio.ensure_future(task) for task in work]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._peer:
            self._peer.send(Message(MessageKind.LEAVE))
            await asyncio.sleep(0.05)
            await self._peer.close()
        self.state = LinkState.ENDED

    # from any thread

    def offer_voice(self, said_ns: int, samples: NDArray[np.float32]) -> None:
        """`said_ns` is on this console's clock."""
        voice, to_station = self._voice, self.clock_map.map()
        if voice and self.state in (LinkState.LIVE, LinkState.LOST):
            voice.offer(samples, to_station.to_session(said_ns) if to_station else -1)

    def tell(self, message: Message) -> None:
        self._live.loop.call_soon_threadsafe(lambda: self._peer and self._peer.send(message))

    # joining and staying

    async def _join(self, invitation: Invitation) -> None:
        voice = VoiceSender(self._live.loop)
        told = self._console
        view = ViewReceiver(told.view_arrived, self._clock, self._live.loop, told.encoded_arrived)
        media = (voice, view, VoiceReceiver(self._playout))
        peer = Peer(media, self._clock, self._take_message, lambda piece: None, self._take_state)
        try:
            await join(invitation, peer.answer)
        except BaseException:
            await peer.close()
            raise
        former, self._peer, self._voice, self._view = self._peer, peer, voice, view
        if former:
            await former.close()

    async def _rejoin(self, invitation: Invitation) -> None:
        while True:
            await asyncio.sleep(REJOIN_EVERY_S)
            if self.state == LinkState.LOST:
                with contextlib.suppress(WozError):
                    await self._join(invitation)

    async def _watch_silence(self) -> None:
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            if self._peer and self.state == LinkState.LIVE and self._peer.silent_ns > SILENT_NS:
                self._change(LinkState.LOST)
            elif self._peer and self.state == LinkState.LOST and 0 < self._peer.silent_ns < SILENT_NS:
                self._change(LinkState.LIVE)

    def _change(self, state: LinkState) -> None:
        self.state = state
        self._console.link_changed()

    def _take_state(self, state: str) -> None:
        if state == "connected":
            self.state = LinkState.LIVE
            self.handover.begin()
            self._live.loop.create_task(self._greet())
        elif state in LOST_STATES and self.state == LinkState.LIVE:
            self.state = LinkState.LOST
            self._playout.clear()
        self._console.link_changed()

    async def _greet(self) -> None:
        while self._peer and not self._peer.send(Message(MessageKind.HELLO, {"outbox": self.outbox})):
            await asyncio.sleep(0.02)

    async def _ask_clock(self) -> None:
        asked = 0
        while True:
            if self._peer and self._peer.send_clock(Message(MessageKind.ASK, {"sent_ns": self._clock.now_ns()})):
                asked += 1
            await asyncio.sleep(FAST_EVERY_S if asked < FAST_ASKS else SLOW_EVERY_S)

    # what comes from the station

    def _take_message(self, message: Message) -> None:
        kind = message.kind
        if kind == MessageKind.ANSWER:
            sent_ns, received_ns, answered_ns = map(message.integer, ("sent_ns", "received_ns", "answered_ns"))
            exchange = Exchange(sent_ns, received_ns, answered_ns, self._clock.now_ns())
            self.clock_map.add(exchange)
            self.handover.budget.delay("clock", exchange.round_trip_ns, exchange.back_ns)
        elif kind == MessageKind.HELLO:
            self._console.protocol_arrived(protocol_from_data(message.data.get("protocol")))
            self._console.procedure_arrived(procedure_from_data(message.data.get("procedure")))
        elif kind == MessageKind.ACCEPTED:
            self._console.events_accepted(message.text("outbox", 64), message.integer("number"))
        elif kind == MessageKind.RECORDING:
            self._console.recording_began(message.integer("origin_ns"))
        elif kind == MessageKind.ENDED:
            self._console.recording_ended()
        elif kind == MessageKind.STORED:
            self.handover.told(Holding.from_message(message), self._clock.now_ns())
        elif kind == MessageKind.GOT:
            self.handover.got(message.text("recording", 32), message.integer("number"), self._clock.now_ns())
        elif kind == MessageKind.LEAVE:
            self.state = LinkState.ENDED
            self._console.link_changed()

    async def _hand_over(self) -> None:
        """Offers and pieces of our own recordings, below everything live."""
        while True:
            await asyncio.sleep(PIECES_EVERY_S)
            peer = self._peer
            if peer is None or self.state != LinkState.LIVE or not peer.has_room:
                continue
            for message in self.handover.due(self._clock.now_ns()):
                peer.send(message)
            while peer.has_room and (piece := self.handover.next(self._clock.now_ns())):
                peer.send_piece(piece.encode())
