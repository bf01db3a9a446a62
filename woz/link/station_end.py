"""The station's end of the link: waits for the invited, sends view and voice, takes what the expert sends back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Protocol

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from woz.clock import Clock
from woz.link.certificate import Certificate
from woz.link.door import Door
from woz.link.gallery import Gallery
from woz.link.greeting import BUSY, BusyError, Seat
from woz.link.guest import LOST_STATES, Ears, Guest
from woz.link.ice import IceServers
from woz.link.intake import Intake, Shelf
from woz.link.invitation import GuestRole, Invitation
from woz.link.limits import Bucket, Rate
from woz.link.meeting import MeetingPoint
from woz.link.messages import Message, MessageKind, procedure_to_data
from woz.link.playout import Playout
from woz.link.reach import Reach
from woz.link.signaling import SignalingServer
from woz.link.spare import SpareView
from woz.link.tracks import ViewTrack, VoiceTrack
from woz.runtime import LiveLoop
from woz.seats import LinkState
from woz.session import Procedure, SessionId
from woz.settings import AUDIO_RATE, VideoSettings

WATCH_EVERY_S = 0.5
JOURNAL_BYTES = 16 * 1024 * 1024
"""So much the expert's messages may add to a session's journal."""


class Station(Shelf, Protocol):
    """What the link tells the station, on the live loop's thread."""

    def expert_came(self) -> None: ...

    def expert_went(self) -> None: ...

    def expert_did(self, message: Message) -> None: ...

    def expert_saw(self, message: Message) -> None: ...


class StationEnd:
    def __init__(
        self,
        station: Station,
        live: LiveLoop,
        clock: Clock,
        procedure: Procedure,
        settings: VideoSettings,
        fps: float,
        playout: Playout,
        reach: Reach,
    ) -> None:
        self._station = station
        self._live = live
        self._clock = clock
        self._hello = Message(MessageKind.HELLO, {"procedure": procedure_to_data(procedure)})
        self._settings = settings
        self._fps = fps
        self._playout = playout
        self._reach = reach
        self._expert: Guest | None = None
        self._view: ViewTrack | None = None
        self._voice: VoiceTrack | None = None
        self._certificate = Certificate.new()
        self._door = Door(clock, self._certificate.fingerprint)
        self._gate: SignalingServer | MeetingPoint | None = None
        self._gallery = Gallery(clock, reach, self._greetings)
        self._spare = SpareView(self._new_view)
        self._intake = Intake(station, self._send)
        self._journal = Bucket(Rate(JOURNAL_BYTES, 0), clock)
        self._resampler: soxr.ResampleStream | None = None
        self._seating = asyncio.Lock()
        self._watcher: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._dropped_before = 0
        self._phase: Message | None = None
        self.invitation: Invitation | None = None
        self.observer_invitation: Invitation | None = None
        self.state = LinkState.WAITING
        self.delay_ms: float | None = None

    async def listen(self, address: str, port: int, host: str, session_id: SessionId) -> None:
        """Wait for the invited. Raises WozError where the port can't be had, or the rendezvous isn't there."""
        expert, observer = (self._invite(role, session_id) for role in GuestRole)
        rendezvous = self._reach.rendezvous
        if rendezvous:
            point = self._gate = MeetingPoint(rendezvous, self._door, self)
            await point.start()
            host, port, meeting = rendezvous.host, rendezvous.port, point.meeting
        else:
            server = self._gate = SignalingServer(self._certificate, self._door, self)
            host, port, meeting = host or own_address(), await server.start(address, port), None
        self.invitation = expert.at(host, port, meeting)
        self.observer_invitation = observer.at(host, port, meeting)
        self._watcher = asyncio.ensure_future(self._watch())

    async def close(self) -> None:
        self.withdraw_invitations()
        if self._watcher:
            self._watcher.cancel()
        if self._expert:
            self._expert.send(Message(MessageKind.LEAVE))
            await asyncio.sleep(0.05)
            await self._drop_expert()
        self._spare.stop()
        await self._gallery.close()
        if self._gate:
            await self._gate.close()
        self.state = LinkState.ENDED

    def withdraw_invitations(self) -> None:
        """Nobody gets in any more; who is in stays."""
        self._door.withdraw_all()

    @property
    def dropped(self) -> int:
        """Frames not sent because a newer one was there."""
        return self._dropped_before + (self._view.dropped if self._view else 0)

    @property
    def observers(self) -> int:
        return self._gallery.count

    # from any thread

    def offer_view(self, image: av.VideoFrame, captured_ns: int) -> None:
        view = self._view if self.state == LinkState.LIVE else self._spare.view
        if view:
            view.offer(image, captured_ns)

    def offer_voice(self, device_ns: int, samples: NDArray[np.float32], rate: int) -> None:
        voice = self._voice if self.state == LinkState.LIVE else None
        if voice or self._gallery.count:
            samples = samples if rate == AUDIO_RATE else self._resampled(samples, rate)
            self._gallery.trainee(samples)
        if voice:
            voice.offer(device_ns, samples)

    def offer_heard(self, device_ns: int, samples: NDArray[np.float32]) -> None:
        """What the trainee's earpiece plays now, at 48 kHz: the observers hear it too."""
        self._gallery.heard(device_ns, samples)

    def tell(self, message: Message) -> None:
        """Send a message to the expert and the observers, where there are any."""
        if message.kind in (MessageKind.RECORDING, MessageKind.ENDED):
            self._phase = message
        self._gallery.tell(message)
        self._live.loop.call_soon_threadsafe(self._send, message)

    def _resampled(self, samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
        if self._resampler is None:
            self._resampler = soxr.ResampleStream(rate, AUDIO_RATE, 1, dtype="float32")
        out: NDArray[np.float32] = self._resampler.resample_chunk(samples)
        return out

    def _send(self, message: Message) -> None:
        if self._expert:
            self._expert.send(message)

    def _greetings(self) -> list[Message]:
        return [self._hello, self._phase] if self._phase else [self._hello]

    # who comes

    @property
    def ice(self) -> IceServers:
        return self._reach.ice

    async def seat(self, role: GuestRole, instance: bytes) -> Seat:
        """A place for a guest who has proved to be invited. Raises BusyError where there is none."""
        if role == GuestRole.OBSERVER:
            return await self._gallery.seat(instance)
        async with self._seating:
            if self._expert and not self._expert.yields_to(instance):
                raise BusyError(BUSY)
            await self._drop_expert()
            return self._new_expert(instance)

    def _invite(self, role: GuestRole, session_id: SessionId) -> Invitation:
        expires = self._clock.utc_ns() // 1_000_000_000 + self._reach.valid_s
        made = Invitation.new("", 1, session_id, role, expires, self._certificate.fingerprint)
        self._door.expect(made)
        return made

    def _new_expert(self, instance: bytes) -> Guest:
        self.state = LinkState.CONNECTING
        view, voice = self._new_view(), VoiceTrack(self._live.loop)
        handlers: dict[MessageKind, Callable[[Message], None]] = {
            MessageKind.HELLO: self._greet,
            MessageKind.EVENT: self._budgeted(self._station.expert_did),
            MessageKind.DELAY: self._budgeted(self._take_delay),
            MessageKind.UPLOAD: self._intake.begin,
            MessageKind.LEAVE: lambda _: self._take_state(guest, "left"),
        }
        ears = Ears(handlers, lambda state: self._take_state(guest, state), self._take_frame, self._intake.take)
        guest = Guest(GuestRole.EXPERT, instance, self._clock, self.ice, view, voice, ears)
        self._expert, self._view, self._voice = guest, view, voice
        return guest

    def _new_view(self) -> ViewTrack:
        view = ViewTrack(self._settings, self._fps, self._live.loop)
        view.on_packet = self._gallery.show
        return view

    async def _drop_expert(self) -> None:
        guest, self._expert = self._expert, None
        self._dropped_before = self.dropped
        self._view = self._voice = None
        self._intake.drop()
        if guest:
            await guest.drop()

    # how the expert's connection is

    def _take_state(self, guest: Guest, state: str) -> None:
        if guest is not self._expert:
            return
        if state == "connected" and self.state != LinkState.LIVE:
            self.state = LinkState.LIVE
        elif state == "left":
            guest.gone = True
            self._lose(LinkState.WAITING)
        elif state in LOST_STATES:
            self._lose(LinkState.LOST)
            self._let_go(guest)

    def _lose(self, state: LinkState) -> None:
        if self.state in (LinkState.LIVE, LinkState.CONNECTING):
            self._station.expert_went()
        self.state = state

    def _let_go(self, guest: Guest) -> None:
        task = asyncio.ensure_future(guest.drop())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            guest = self._expert
            if guest and guest.hostile:
                self._take_state(guest, "failed")
            elif guest and not guest.gone:
                self._follow(guest)
            self._spare.keep(wanted=self._gallery.count > 0 and self.state != LinkState.LIVE)

    def _follow(self, guest: Guest) -> None:
        """A silent expert counts as lost until something is heard again."""
        if guest.silent and self.state == LinkState.LIVE:
            self._lose(LinkState.LOST)
        elif not guest.silent and self.state == LinkState.LOST:
            self.state = LinkState.LIVE
            self._station.expert_came()

    # what comes from the expert

    def _take_frame(self, frame: av.VideoFrame | av.AudioFrame) -> None:
        if isinstance(frame, av.AudioFrame):
            self._playout.push(frame)

    def _greet(self, message: Message) -> None:
        self._send(self._hello)
        self._station.expert_came()

    def _take_delay(self, message: Message) -> None:
        self.delay_ms = message.integer("p50_ns") / 1e6
        self._station.expert_saw(message)

    def _budgeted(self, handler: Callable[[Message], None]) -> Callable[[Message], None]:
        """Messages that are written to the journal, as long as the session's share for them lasts."""

        def take(message: Message) -> None:
            if not self._journal.take(len(message.encode().encode())):
                raise ValueError("the journal has no more room for the expert")
            handler(message)

        return take


def own_address() -> str:
    """The address by which others most likely reach this machine; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"
