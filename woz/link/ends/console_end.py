"""The console's end of the link: joins by invitation, gets view and voice, sends the expert's voice and marks."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop
from woz.link.connection.ice import IceServers
from woz.link.connection.peer import Medium, Peer
from woz.link.ends.guest import JOINING_NS, SILENT_NS
from woz.link.ends.link_state import LinkState
from woz.link.ends.station_end import LOST_STATES, WATCH_EVERY_S
from woz.link.handshake.busy import BusyError, Patience
from woz.link.handshake.invitation import Invitation, Invited
from woz.link.handshake.sealing import INSTANCE_BYTES
from woz.link.messages.message_filter import Handler, MessageFilter
from woz.link.messages.messages import Greeting, Message, MessageKind, procedure_from_data, protocol_from_data
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.link.rtp.packets import EXPERT_VOICE
from woz.link.rtp.view_receiver import ViewReceiver
from woz.link.rtp.voice_receiver import VoiceReceiver
from woz.link.rtp.voice_sender import VoiceSender
from woz.link.signaling.signaling import join
from woz.link.transfer.chunks import Holding
from woz.link.transfer.upload import Giver, Upload
from woz.model.ids import StepId
from woz.model.procedure import Procedure
from woz.model.protocol import Protocol as StudyProtocol
from woz.timing.exchange import Exchange, ExchangeTracker

FAST_ASKS = 25
FAST_EVERY_S, SLOW_EVERY_S = 0.1, 0.5
REJOIN_EVERY_S = 2.0
MAKING_STATES = ("new", "connecting")
MAKING_NS = 6_000_000_000
"""A connection that comes about, over a relay, with losses or on a busy machine, is left alone for so long before
the console joins again; there is time for a second one while a station that ends still waits for the console."""
BUSY_EVERY_S = 0.9
"""A console that crashed comes back before the station misses it; so it asks again for a while."""
CHUNKS_EVERY_S = 0.02
HANG_UP_WITHIN_S = 5.0
"""What came about of a joining that failed is then left to be cut off."""


class Console(Protocol):
    """What the link tells the console, on the live loop's thread; the view on the decoder's."""

    def view_arrived(self, image: av.VideoFrame, captured_ns: int, received_ns: int) -> None: ...

    def gaze_arrived(self, point: tuple[float, float], captured_ns: int) -> None: ...
    def encoded_arrived(self, data: bytes, captured_ns: int, key: bool) -> None: ...

    def procedure_arrived(self, procedure: Procedure) -> None: ...

    def protocol_arrived(self, protocol: StudyProtocol) -> None: ...

    def step_arrived(self, began_ns: int, step_id: StepId) -> None: ...

    def events_accepted(self, outbox: str, number: int, full: bool) -> None: ...

    def recording_began(self, origin_ns: int) -> None: ...

    def recording_ended(self) -> None: ...

    def link_changed(self) -> None: ...


class ConsoleEnd:
    """`second` is the buffer for the expert's voice, which observers hear beside the trainee's."""

    def __init__(
        self,
        console: Console,
        live: LiveLoop,
        clock: Clock,
        jitter_buffer: JitterBuffer,
        second: JitterBuffer,
        giver: Giver,
    ) -> None:
        self._console = console
        self._live = live
        self._clock = clock
        self._jitter_buffer = jitter_buffer
        self._second = second
        self._peer: Peer | None = None
        self._voice: VoiceSender | None = None
        self._voice_dropped_before = 0
        self._joined_ns = 0
        self._refusal = ""
        self._instance = secrets.token_bytes(INSTANCE_BYTES)
        """By this the station knows us again when we come back, and lets us have our seat at once."""
        self._tasks: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self.upload = Upload(giver)
        self.state = LinkState.CONNECTING
        self.clock_map = ExchangeTracker()
        self.outbox = ""
        """Names the console's outbox to the station; set before joining."""
        self.has_microphone = True
        """What the station is told of it; set before joining."""
        self.trainee_has_earpiece = True
        """As the station says."""

    async def join(self, invitation: Invitation) -> None:
        """Raises WozError where the station can't be joined."""
        await self._join_patiently(invitation)
        watch = self._live.supervisor
        work = {
            "clock questions": self._ask_clock(),
            "return to the station": watch.every(REJOIN_EVERY_S, "return", lambda: self._rejoin(invitation)),
            "watch of the link": watch.every(WATCH_EVERY_S, "link", self._watch_silence),
            "upload": watch.every(CHUNKS_EVERY_S, "upload", self._send_chunks),
        }
        self._tasks = [watch.task(name, task) for name, task in work.items()]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._peer:
            self._peer.send(Message(MessageKind.LEAVE))
            await self._peer.delivered()
            await self._peer.close()
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=HANG_UP_WITHIN_S)
        self.state = LinkState.ENDED

    # from any thread

    def offer_voice(self, said_ns: int, samples: NDArray[np.float32]) -> None:
        """`said_ns` is on this console's clock."""
        voice, to_station = self._voice, self.clock_map.map()
        if voice and self.state in (LinkState.LIVE, LinkState.LOST):
            voice.offer(samples, to_station.to_session(said_ns) if to_station else -1)

    @property
    def voice_dropped(self) -> int:
        """Blocks of the expert's voice that the link had no time for."""
        return self._voice_dropped_before + (self._voice.dropped if self._voice else 0)

    def tell(self, message: Message) -> None:
        self._live.loop.call_soon_threadsafe(lambda: self._peer and self._peer.send(message))

    # joining and staying

    async def _join_patiently(self, invitation: Invitation) -> None:
        patience = Patience(self._clock)
        while True:
            try:
                return await self._join(invitation)
            except BusyError as busy:
                if not patience.goes_on(busy):
                    raise
            await asyncio.sleep(BUSY_EVERY_S)

    async def _join(self, invitation: Invitation) -> None:
        observing = invitation.invited == Invited.OBSERVER
        voice = None if observing else VoiceSender(self._live.loop)
        told = self._console
        view = ViewReceiver(told.view_arrived, self._clock, self._live.loop, told.encoded_arrived)
        beside = voice or VoiceReceiver(self._second, EXPERT_VOICE)
        media = (beside, view, VoiceReceiver(self._jitter_buffer))
        made: list[Peer] = []

        async def answer(offer: str, ice: IceServers) -> str:
            made.append(self._new_peer(media, ice))
            return await made[0].answer(offer)

        try:
            await join(invitation, self._instance, answer)
        except BaseException:  # the close may take a minute where a relay doesn't answer any more
            for peer in made:
                task = self._live.supervisor.task("hanging up", peer.close())
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)
            raise
        self._joined_ns = self._clock.now_ns()
        self._voice_dropped_before = self.voice_dropped
        former, self._peer, self._voice = self._peer, made[0], voice
        if self.state == LinkState.LIVE:  # by packets of the former one, which the station has let go since
            self.state = LinkState.LOST
        self._take_state(made[0], made[0].state)
        if former:  # which may take a minute where its relay doesn't answer any more
            self._live.supervisor.task("hanging up", former.close())

    def _new_peer(self, media: Sequence[Medium], ice: IceServers) -> Peer:
        def changed(state: str) -> None:
            self._take_state(peer, state)

        def hang_up() -> None:
            self._live.supervisor.task("hanging up", peer.close())

        incoming = MessageFilter(self._handlers(), self._clock, hang_up)
        peer = Peer(media, self._clock, ice, incoming.take, lambda chunk: None, changed)
        return peer

    async def _rejoin(self, invitation: Invitation) -> None:
        """Also where the first connection did not come about, though the station let us in."""
        if self.state in (LinkState.LOST, LinkState.CONNECTING) and not self._is_being_made:
            try:
                await self._join(invitation)
                self._refusal = ""
            except WozError as fault:
                self._refusal = str(fault)

    @property
    def problem(self) -> str:
        """Why the last attempt to join again failed, while there is no link."""
        return self._refusal if self.state in (LinkState.LOST, LinkState.CONNECTING) else ""

    @property
    def _is_being_made(self) -> bool:
        peer, patience_ns = self._peer, MAKING_NS if self.state == LinkState.LOST else JOINING_NS
        if peer is None or peer.stood or peer.state not in MAKING_STATES:
            return False
        return self._clock.now_ns() - self._joined_ns < patience_ns

    def _watch_silence(self) -> None:
        if self._peer and self.state == LinkState.LIVE and self._peer.silent_ns > SILENT_NS:
            self._change(LinkState.LOST)
        elif self._peer and self.state == LinkState.LOST and 0 < self._peer.silent_ns < SILENT_NS:
            self._change(LinkState.LIVE)

    def _change(self, state: LinkState) -> None:
        self.state = state
        self._console.link_changed()

    def _take_state(self, peer: Peer, state: str) -> None:
        if peer is not self._peer:
            return
        if state == "connected":
            self.state = LinkState.LIVE
            self.upload.begin()
            self._live.supervisor.task("hello", self._say_hello())
        elif state in LOST_STATES and self.state == LinkState.LIVE:
            self.state = LinkState.LOST
            self._jitter_buffer.clear()
        self._console.link_changed()

    async def _say_hello(self) -> None:
        observing = not self.outbox
        hello = Message(MessageKind.HELLO) if observing else Greeting(self.outbox, self.has_microphone).message()
        while self._peer and not self._peer.send(hello):
            await asyncio.sleep(0.02)

    async def _ask_clock(self) -> None:
        asked = 0
        while True:
            ask = Message(MessageKind.ASK, {"sent_ns": self._clock.now_ns()})
            with self._live.supervisor.turn("clock questions"):
                asked += bool(self._peer and self._peer.send_clock(ask))
            await asyncio.sleep(FAST_EVERY_S if asked < FAST_ASKS else SLOW_EVERY_S)

    # what comes from the station

    def _handlers(self) -> dict[MessageKind, Handler]:
        return {
            MessageKind.ANSWER: self._take_answer,
            MessageKind.HELLO: self._take_plan,
            MessageKind.GAZE: self._take_gaze,
            MessageKind.ACCEPTED: self._take_accepted,
            MessageKind.RECORDING: lambda message: self._console.recording_began(message.integer("origin_ns")),
            MessageKind.ENDED: lambda _: self._console.recording_ended(),
            MessageKind.STORED: self._take_stored,
            MessageKind.GOT: self._take_got,
            MessageKind.LEAVE: lambda _: self._change(LinkState.ENDED),
        }

    def _take_answer(self, message: Message) -> None:
        sent_ns, received_ns, answered_ns = map(message.integer, ("sent_ns", "received_ns", "answered_ns"))
        exchange = Exchange(sent_ns, received_ns, answered_ns, self._clock.now_ns())
        self.clock_map.add(exchange)
        self.upload.budget.delay("clock", exchange.round_trip_ns, exchange.back_ns)

    def _take_plan(self, message: Message) -> None:
        self.trainee_has_earpiece = message.flag("earpiece", otherwise=True)
        self._console.protocol_arrived(protocol_from_data(message.data.get("protocol")))
        self._console.procedure_arrived(procedure_from_data(message.data.get("procedure")))
        if "step_id" in message.data:
            self._console.step_arrived(message.integer("step_ns"), StepId(message.text("step_id", 500)))

    def _take_gaze(self, message: Message) -> None:
        x, y = (min(max(message.integer(key), 0), 10_000) / 10_000 for key in ("x", "y"))
        self._console.gaze_arrived((x, y), message.integer("captured_ns"))

    def _take_accepted(self, message: Message) -> None:
        full = message.data.get("full") is True
        self._console.events_accepted(message.text("outbox", 64), message.integer("number"), full)

    def _take_stored(self, message: Message) -> None:
        self.upload.told(Holding.from_message(message), self._clock.now_ns())

    def _take_got(self, message: Message) -> None:
        self.upload.got(message.text("recording", 32), message.integer("number"), self._clock.now_ns())

    def _send_chunks(self) -> None:
        """Offers and chunks of our own recordings, below everything live."""
        peer = self._peer
        observing = self._voice is None
        if peer is None or observing or self.state != LinkState.LIVE or not peer.has_room:
            return
        for message in self.upload.due(self._clock.now_ns()):
            peer.send(message)
        while peer.has_room and (chunk := self.upload.next(self._clock.now_ns())):
            peer.send_chunk(chunk.encode())
