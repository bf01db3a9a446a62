"""The observers: they see and hear what passes between trainee and expert, and can't hold it up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.runtime import LiveLoop
from woz.base.settings import VideoSettings
from woz.base.token_bucket import Bucket, Rate
from woz.link.connection.ice import IceServers
from woz.link.ends.guest import Guest
from woz.link.handshake.busy import BusyError
from woz.link.messages.messages import Message, MessageKind
from woz.link.rtp.view_encoder import EncodedView
from woz.link.rtp.view_relay import ViewRelay
from woz.link.rtp.view_sender import ViewSender
from woz.link.rtp.voice_relay import VoiceRelay
from woz.link.rtp.voice_sender import VoiceSender

PLACES = 8
FULL = f"{PLACES} observers are connected already; there is no room for another."
KEYS = Rate(1, 1)
"""Key frames that the expert gets because observers, all together, ask for them."""

OVERTAKEN = Rate(3, 1)
"""Frames that the leading sender may be late with before observers are held off."""


@dataclass(frozen=True, slots=True)
class _Place:
    guest: Guest
    view: ViewRelay
    voices: VoiceRelay


class Observers:
    """Frames come from the expert's sender while it leads; while there is none, from one of our own.

    `came` is called when an observer has come and should be told of the session, `changed` with how many there are.
    """

    def __init__(
        self,
        settings: VideoSettings,
        fps: float,
        clock: Clock,
        live: LiveLoop,
        plan: Callable[[], Message],
        came: Callable[[], None],
        changed: Callable[[int], None],
    ) -> None:
        self._settings = settings
        self._fps = fps
        self._clock = clock
        self._live = live
        self._plan = plan
        self._came = came
        self._changed = changed
        self._places: dict[bytes, _Place] = {}
        self._lead: ViewSender | None = None
        self._own: ViewSender | None = None
        self._own_voice = VoiceSender(live.loop, self._pass_trainee)
        self._keys, self._spare = Bucket(KEYS, clock), Bucket(OVERTAKEN, clock)
        self._overtaken = 0
        self._leaving: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return sum(place.guest.heard for place in self._places.values())

    @property
    def alone(self) -> bool:
        """There are observers, and nobody encodes for the expert."""
        return bool(self._places) and self._lead is None

    def seat(self, instance: bytes, ice: IceServers) -> Guest:
        """A place for an observer who has proved to be invited. Raises BusyError where all are taken."""
        self._let_go(instance)
        if len(self._places) >= PLACES:
            ago = [place.guest.heard_ago_ns for place in self._places.values()]
            raise BusyError(FULL, None if None in ago else max(filter(None, ago), default=0))
        loop = self._live.loop
        view, voices = ViewRelay(self._settings, self._clock, loop, self._want_key), VoiceRelay(loop)
        handlers = {
            MessageKind.HELLO: lambda _: self._greet(instance),
            MessageKind.LEAVE: lambda _: self._let_go(instance),
        }
        guest = Guest(instance, (view, voices), self._clock, ice, handlers, lambda chunk: None, self._take_state)
        self._places[instance] = _Place(guest, view, voices)
        self._begin_own()
        return guest

    def follow(self, lead: ViewSender | None) -> None:
        """Pass on what this sender encodes; None where there is no expert to encode for."""
        if lead is self._lead:
            return
        self._lead = lead
        self._overtaken = lead.overtaken if lead else 0
        for place in self._places.values():
            place.view.begin_anew()
        self._begin_own()

    def look_after(self) -> None:
        """Call it some times a second: lets those go who are silent or hostile."""
        for instance, place in list(self._places.items()):
            if place.guest.gone or place.guest.hostile:
                self._let_go(instance)

    async def close(self) -> None:
        self.tell(Message(MessageKind.LEAVE))
        for instance in list(self._places):
            self._let_go(instance)
        await asyncio.gather(*self._leaving, return_exceptions=True)
        if self._own:
            await self._own.stop()

    def tell(self, message: Message) -> None:
        for place in self._places.values():
            place.guest.send(message)

    def tell_lightly(self, message: Message) -> None:
        for place in self._places.values():
            place.guest.send_lightly(message)

    # from any thread

    def offer_view(self, image: av.VideoFrame, captured_ns: int) -> None:
        own = self._own
        if own and self.alone:
            own.offer(image, captured_ns)

    def offer_voice(self, said_ns: int, samples: NDArray[np.float32]) -> None:
        """48 kHz, mono."""
        if self.alone:
            self._own_voice.offer(samples, said_ns)

    # what was made for the expert, or by us

    def pass_view(self, by: ViewSender, view: EncodedView) -> None:
        if by is not (self._lead or self._own):
            return
        if self._burdens(by):
            for place in self._places.values():
                place.view.hold()
        for place in self._places.values():
            place.view.pass_on(view)

    def pass_led_voice(self, payload: bytes) -> None:
        """The trainee's, as it was made for the expert."""
        if self._lead:
            self._pass_trainee(payload)

    def _pass_trainee(self, payload: bytes) -> None:
        for place in self._places.values():
            place.voices.pass_trainee(payload)

    def pass_expert(self, sequence: int, payload: bytes) -> None:
        for place in self._places.values():
            place.voices.pass_expert(sequence, payload)

    def _burdens(self, by: ViewSender) -> bool:
        """Frames are overtaken again and again: the machine hasn't the power for observers beside the expert."""
        late, self._overtaken = by.overtaken - self._overtaken, by.overtaken
        return any(not self._spare.take() for _ in range(late))

    def _want_key(self) -> None:
        sender = self._lead or self._own
        if sender and self._keys.take():
            sender.want_key()

    def _begin_own(self) -> None:
        if self._own is None and self.alone:
            own = ViewSender(
                self._settings, self._fps, self._clock, self._live.loop, lambda view: self.pass_view(own, view)
            )
            own.start_alone()
            self._own = own

    # who is there

    def _greet(self, instance: bytes) -> None:
        self._places[instance].guest.send(self._plan())
        self._came()

    def _take_state(self, guest: Guest, state: str) -> None:
        instance = next((i for i, place in self._places.items() if place.guest is guest), None)
        if instance is None:
            return
        if state in ("failed", "closed", "disconnected"):
            self._let_go(instance)
        else:
            self._changed(len(self))

    def _let_go(self, instance: bytes) -> None:
        """The place is free at once; that the connection ends may take a minute where a relay doesn't answer."""
        place = self._places.pop(instance, None)
        if place is None:
            return
        task = self._live.supervisor.task("leaving of an observer", place.guest.drop())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        self._changed(len(self))
