"""The station's end of the link: waits for the invited expert, sends view and voice, takes what comes back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import replace
from typing import Protocol

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.loop_queue import LoopQueue
from woz.base.runtime import LiveLoop
from woz.base.settings import AUDIO_RATE, VideoSettings
from woz.base.token_bucket import Bucket, Rate
from woz.link.connection.ice import IceServers
from woz.link.connection.ice_check import server_faults
from woz.link.connection.reach import Reach
from woz.link.ends.guest import Guest
from woz.link.ends.link_state import LinkState
from woz.link.ends.observers import Observers
from woz.link.handshake.authentication import Authenticator
from woz.link.handshake.busy import BusyError
from woz.link.handshake.certificate import Certificate
from woz.link.handshake.handshake import BUSY, Seat
from woz.link.handshake.invitation import Invitation, Invited
from woz.link.messages.expert_events import Intake
from woz.link.messages.message_filter import Handler
from woz.link.messages.messages import Greeting, Message, MessageKind, procedure_to_data, protocol_to_data
from woz.link.rendezvous.client import Waiting
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.link.rtp.view_sender import ViewSender
from woz.link.rtp.voice_receiver import VoiceReceiver
from woz.link.rtp.voice_sender import VoiceSender
from woz.link.signaling.signaling import SignalingServer
from woz.model.ids import SessionId
from woz.model.procedure import Procedure
from woz.model.protocol import Protocol as StudyProtocol

LOST_STATES = ("disconnected", "failed", "closed")
WATCH_EVERY_S = 0.1
GAZE_EVERY_NS = 30_000_000
MOST_LIGHT = 4
"""Points of gaze that may wait for the loop."""
JOURNAL_BYTES = 16 * 1024 * 1024
"""So much the expert's messages may add to a session's journal."""


class Station(Protocol):
    """What the link tells the station, on the live loop's thread."""

    def expert_came(self) -> None: ...

    def expert_went(self) -> None: ...

    def expert_did(self, message: Message) -> bool: ...

    def expert_saw(self, message: Message) -> None: ...

    def observer_came(self) -> None: ...

    def observers_changed(self, number: int) -> None: ...

    def unreachable(self, fault: WozError) -> None: ...

    def voice_offered(self, message: Message) -> None: ...

    def chunk_arrived(self, chunk: bytes) -> None: ...


class StationEnd:
    """It implements the handshake's `Host`."""

    def __init__(
        self,
        station: Station,
        live: LiveLoop,
        clock: Clock,
        procedure: Procedure,
        protocol: StudyProtocol,
        settings: VideoSettings,
        fps: float,
        jitter_buffer: JitterBuffer,
        reach: Reach,
    ) -> None:
        self._station = station
        self._live = live
        self._clock = clock
        self._procedure = procedure
        self._protocol = protocol
        self._settings = settings
        self._fps = fps
        self._jitter_buffer = jitter_buffer
        self._reach = reach
        self._expert: Guest | None = None
        self._view: ViewSender | None = None
        self._voice: VoiceSender | None = None
        self._certificate = Certificate.new()
        self._authenticator = Authenticator(clock, self._certificate.fingerprint)
        self._server: SignalingServer | None = None
        self._waiting: Waiting | None = None
        self._journal = Bucket(Rate(JOURNAL_BYTES, 0), clock)
        self._resampler: soxr.ResampleStream | None = None
        self._watch: asyncio.Task[None] | None = None
        self._check: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._dropped_before = self._voice_dropped_before = 0
        self._gazed_ns = 0
        self._light: LoopQueue[Message] = LoopQueue(live.loop, self._send_lightly, MOST_LIGHT)
        self._intake = Intake()
        self._observers = Observers(
            settings, fps, clock, live, self._plan, station.observer_came, station.observers_changed
        )
        self.invitation: Invitation | None = None
        self.observer_invitation: Invitation | None = None
        self.state = LinkState.WAITING
        self.delay_ms: float | None = None
        self.clock_residual_ms: float | None = None
        self.expert_is_here = False
        """Whether the expert's console runs on this machine."""
        self.expert_has_microphone = True
        """As their console says."""
        self.has_earpiece = True
        """Whether the trainee hears what is played; told to who comes. Set before listening."""
        self.step: tuple[int, str] | None = None
        """When the step that runs began, and which it is: told to an expert who comes back."""

    async def listen(self, address: str, port: int, host: str, session_id: SessionId) -> None:
        """Wait for the expert. Raises WozError where the port can't be had."""
        expires = self._clock.utc_ns() // 1_000_000_000 + self._reach.valid_s
        invitation = Invitation.new(host or own_address(), port, session_id, expires, self._certificate.fingerprint)
        server = SignalingServer(self._certificate, self._authenticator, self, self._clock)
        await self._open_door(server, invitation, address, port)
        assert self.invitation
        self.observer_invitation = self.invitation.for_observers()
        self._authenticator.expect(self.invitation)
        self._authenticator.expect(self.observer_invitation)
        watch = self._live.supervisor
        self._watch = watch.task("watch of the link", watch.every(WATCH_EVERY_S, "link", self._watch_expert))
        self._check = watch.task("check of the servers", self._check_servers())

    async def _open_door(self, server: SignalingServer, asked: Invitation, address: str, port: int) -> None:
        """To all networks, or, where there is a rendezvous, to it alone."""
        meet = self._reach.rendezvous
        self._server = server
        if not meet:
            self.invitation = asked.at(asked.host, await server.start(address, port))
            return
        door = ("127.0.0.1", await server.start("127.0.0.1", port))
        self._waiting = Waiting(meet, door, self._certificate, server.expect_call)
        await self._waiting.start()
        self.invitation = replace(asked.at(*meet), by_rendezvous=True)

    async def close(self) -> None:
        self._authenticator.withdraw_all_but(None)
        for task in (self._watch, self._check):
            if task:
                task.cancel()
        if self._waiting:
            await self._waiting.stop()
        if self._server:
            await self._server.close()
        if guest := self._expert:
            guest.send(Message(MessageKind.LEAVE))
            await guest.delivered()
            if guest is self._expert:
                self._let_go(guest)
        await self._observers.close()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        self.state = LinkState.ENDED

    def withdraw_invitation(self, but_the_experts: bool = False) -> None:
        """Nobody gets in any more, or only a console that comes back; who is in stays. From any thread."""
        keep = self.invitation if but_the_experts else None
        with contextlib.suppress(RuntimeError):
            self._live.loop.call_soon_threadsafe(self._authenticator.withdraw_all_but, keep)

    @property
    def fault(self) -> str:
        """Why nobody new can come in, while that is so."""
        return self._waiting.fault if self._waiting else ""

    @property
    def observers(self) -> int:
        return len(self._observers)

    @property
    def dropped(self) -> int:
        """Frames not sent because a newer one was there."""
        return self._dropped_before + (self._view.dropped if self._view else 0)

    @property
    def voice_dropped(self) -> int:
        """Blocks of the trainee's voice that the link had no time for."""
        return self._voice_dropped_before + (self._voice.dropped if self._voice else 0)

    @property
    def figures(self) -> dict[str, int] | None:
        """How the path to the expert is; None while nobody is there."""
        view = self._view
        return view.figures() if view and self.state == LinkState.LIVE else None

    # from any thread

    def offer_view(self, image: av.VideoFrame, captured_ns: int) -> None:
        view = self._view
        if view and self.state in (LinkState.LIVE, LinkState.LOST):
            view.offer(image, captured_ns)
        self._observers.offer_view(image, captured_ns)

    def offer_voice(self, said_ns: int, samples: NDArray[np.float32], rate: int) -> None:
        voice = self._voice
        if not voice and not self._observers.alone:
            return
        wanted = samples if rate == AUDIO_RATE else self._resampled(samples, rate)
        if voice and self.state in (LinkState.LIVE, LinkState.LOST):
            voice.offer(wanted, said_ns)
        self._observers.offer_voice(said_ns, wanted)

    def show_gaze(self, point: tuple[float, float], captured_ns: int) -> None:
        """Where the trainee looks, in parts of the picture; what comes too late is not sent again."""
        if captured_ns - self._gazed_ns >= GAZE_EVERY_NS:
            self._gazed_ns = captured_ns
            x, y = (round(v * 10_000) for v in point)
            message = Message(MessageKind.GAZE, {"x": x, "y": y, "captured_ns": captured_ns})
            self._light.put(message)

    def begin_view_anew(self) -> None:
        """The next frame can be read without those before it."""
        if view := self._view:
            view.want_key()

    def tell(self, message: Message) -> None:
        """Send a message to the expert, where there is one, and to the observers."""
        self._live.loop.call_soon_threadsafe(self._send, message)
        self._live.loop.call_soon_threadsafe(self._observers.tell, message)

    def _resampled(self, samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
        if self._resampler is None:
            self._resampler = soxr.ResampleStream(rate, AUDIO_RATE, 1, dtype="float32")
        out: NDArray[np.float32] = self._resampler.resample_chunk(samples)
        return out

    def _send(self, message: Message) -> None:
        if self._expert:
            self._expert.send(message)

    def _send_lightly(self, message: Message) -> None:
        if self._expert:
            self._expert.send_lightly(message)
        self._observers.tell_lightly(message)

    # who comes

    @property
    def ice(self) -> IceServers:
        return self._reach.ice

    async def seat(self, instance: bytes, invited: Invited) -> Seat:
        """A place for somebody who has proved to be invited; nobody's leaving is waited for.

        Raises BusyError where it is taken.
        """
        if invited == Invited.OBSERVER:
            return self._observers.seat(instance, self.ice)
        former = self._expert
        if former and not former.yields_to(instance):
            raise BusyError(BUSY, former.heard_ago_ns)
        if former:
            self._lose(LinkState.LOST)
            self._let_go(former)
        return self._new_expert(instance)

    def _new_expert(self, instance: bytes) -> Guest:
        self.state, self.expert_is_here, self.expert_has_microphone = LinkState.CONNECTING, False, True
        view = ViewSender(self._settings, self._fps, self._clock, self._live.loop, lambda v: show(view, v))
        show = self._observers.pass_view
        self._view, self._voice = view, VoiceSender(self._live.loop, self._observers.pass_led_voice)
        hearing = VoiceReceiver(self._jitter_buffer, pass_on=self._observers.pass_expert)
        media = (self._view, self._voice, hearing)
        handlers: dict[MessageKind, Handler] = {
            MessageKind.HELLO: self._greet,
            MessageKind.EVENT: self._take_event,
            MessageKind.DELAY: self._take_delay,
            MessageKind.UPLOAD: self._station.voice_offered,
            MessageKind.LEAVE: self._take_leave,
        }
        guest = Guest(
            instance, media, self._clock, self.ice, handlers, self._station.chunk_arrived, self._take_state
        )
        self._expert = guest
        return guest

    # how the expert's connection is

    def _take_state(self, guest: Guest, state: str) -> None:
        if guest is not self._expert:
            return
        if state == "connected":
            self.state = LinkState.LIVE
            if self.invitation:
                self._authenticator.hold(self.invitation)
            self.expert_is_here = guest.is_here
        elif state in LOST_STATES:
            self._lose(LinkState.LOST)
            self._let_go(guest)

    def _take_leave(self, message: Message) -> None:
        self._lose(LinkState.WAITING)
        if self._expert:
            self._let_go(self._expert)

    def _lose(self, state: LinkState) -> None:
        if self.state == LinkState.LIVE:
            self._station.expert_went()
        self.delay_ms = self.clock_residual_ms = None
        self.state = state

    def _let_go(self, guest: Guest) -> None:
        self._forget()
        task = self._live.supervisor.task("leaving of the console", guest.drop())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def _forget(self) -> None:
        self._dropped_before, self._voice_dropped_before = self.dropped, self.voice_dropped
        self._expert = self._view = self._voice = None

    def _watch_expert(self) -> None:
        """Packets tell sooner than ICE whether the link lives."""
        self._observers.look_after()
        guest = self._expert
        if guest and (guest.hostile or guest.late):
            self._take_state(guest, "failed")
        elif guest and guest.silent and self.state == LinkState.LIVE:
            self._lose(LinkState.LOST)
        elif guest and guest.heard and self.state == LinkState.LOST:
            self.state = LinkState.LIVE
            self._station.expert_came()
        self._observers.follow(self._view if self.state == LinkState.LIVE else None)

    async def _check_servers(self) -> None:
        for fault in await server_faults(self.ice):
            self._station.unreachable(WozError(fault))

    # what comes from the expert

    def _greet(self, message: Message) -> None:
        told = Greeting.of(message)
        self.expert_has_microphone = told.microphone
        self._send(self._plan())
        self._station.expert_came()
        if told.outbox:
            self._tell_accepted(told.outbox)

    def _plan(self) -> Message:
        plan = {"procedure": procedure_to_data(self._procedure), "protocol": protocol_to_data(self._protocol)}
        step = {"step_ns": self.step[0], "step_id": self.step[1]} if self.step else {}
        return Message(MessageKind.HELLO, {**plan, **step, "earpiece": self.has_earpiece})

    def _take_event(self, message: Message) -> None:
        """What isn't kept isn't acknowledged; what can't be kept, since it is none, is not sent again."""
        outbox, number = message.text("outbox", 64), message.integer("number")
        full = not self._has_room(message)
        try:
            if self._intake.is_next(outbox, number) and not full and self._keep(message):
                self._intake.took(outbox, number)
        except ValueError:
            self._intake.took(outbox, number)
            raise
        finally:
            self._tell_accepted(outbox, full)

    def _keep(self, message: Message) -> bool:
        """Raises ValueError for what is no event of an expert."""
        return self._station.expert_did(message) and self._journal.take(_size(message))

    def _tell_accepted(self, outbox: str, full: bool = False) -> None:
        data = {"outbox": outbox, "number": self._intake.last(outbox), "full": full}
        self._send(Message(MessageKind.ACCEPTED, data))

    def _take_delay(self, message: Message) -> None:
        self.delay_ms = message.integer("p50_ns") / 1e6
        self.clock_residual_ms = message.integer("residual_p95_ns") / 1e6
        if self._journal.take(_size(message)):
            self._station.expert_saw(message)

    def _has_room(self, message: Message) -> bool:
        """Whether the journal's share for what the expert sends is not used up."""
        return self._journal.holds(_size(message))


def _size(message: Message) -> int:
    return len(message.encode().encode())


def own_address() -> str:
    """The address by which others most likely reach this machine; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"
