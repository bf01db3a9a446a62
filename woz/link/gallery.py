"""The observers: they see and hear, on a loop of their own, so that the expert never waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import numpy as np
from av.packet import Packet
from numpy.typing import NDArray

from woz.clock import Clock
from woz.link.fanout import Fanout
from woz.link.greeting import BusyError
from woz.link.guest import LOST_STATES, Ears, Guest
from woz.link.invitation import GuestRole
from woz.link.messages import Message, MessageKind
from woz.link.mixing import Mix
from woz.link.reach import Reach
from woz.link.tracks import VoiceTrack
from woz.runtime import LiveLoop

FULL = "There is no room for another observer now; ask the operator."
TEND_EVERY_S = 0.5

T = TypeVar("T")


class Gallery:
    """`greetings` gives what a newcomer is told first: the procedure, and whether it is being recorded."""

    def __init__(self, clock: Clock, reach: Reach, greetings: Callable[[], list[Message]]) -> None:
        self._clock = clock
        self._reach = reach
        self._greetings = greetings
        self._fanout = Fanout()
        self._mix = Mix()
        self._live = LiveLoop("observers")
        self._places: dict[bytes, Place] = {}
        self._live.submit(self._tend())

    @property
    def count(self) -> int:
        return len(self._places)

    # from any thread

    def show(self, packet: Packet[Any]) -> None:
        """Hand on a packet of the view, as encoded for the expert."""
        self._fanout.take(packet)

    def trainee(self, samples: NDArray[np.float32]) -> None:
        if self._places:
            self._mix.trainee(samples)

    def heard(self, device_ns: int, samples: NDArray[np.float32]) -> None:
        """The expert's voice as it is played to the trainee; with it goes what the trainee said."""
        places = list(self._places.values())
        if places:
            mixed = self._mix.with_expert(samples)
            for place in places:
                place.voice.offer(device_ns, mixed)

    def tell(self, message: Message) -> None:
        if self._places:
            self._live.loop.call_soon_threadsafe(self._tell, message)

    # from the station's loop

    async def seat(self, instance: bytes) -> Place:
        """Raises BusyError where all places are taken."""
        return await self.run(self._seat(instance))

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run on the observers' loop."""
        return await asyncio.wrap_future(self._live.submit(work))

    async def close(self) -> None:
        if not self._live.loop.is_closed():
            await self.run(self._leave())
            await asyncio.get_running_loop().run_in_executor(None, self._live.close)

    # on the observers' loop

    async def _seat(self, instance: bytes) -> Place:
        former = self._places.pop(instance, None)
        if former:
            await former.clear()
        if len(self._places) >= self._reach.observers:
            raise BusyError(FULL)
        place = self._places[instance] = Place(self, instance, self._clock, self._reach, self._fanout)
        return place

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(TEND_EVERY_S)
            for place in list(self._places.values()):
                if place.guest.gone or place.guest.silent or place.guest.hostile:
                    await self.release(place)

    async def release(self, place: Place) -> None:
        if self._places.get(place.guest.instance) is place:
            del self._places[place.guest.instance]
        await place.clear()

    def greet(self, place: Place) -> None:
        for message in self._greetings():
            place.guest.send(message)

    def _tell(self, message: Message) -> None:
        for place in self._places.values():
            place.guest.send(message)

    async def _leave(self) -> None:
        self._tell(Message(MessageKind.LEAVE))
        await asyncio.sleep(0.05 if self._places else 0)
        for place in list(self._places.values()):
            await self.release(place)


class Place:
    """One observer's: its guest, its view and its voice. A `Seat` for the station's loop."""

    def __init__(self, gallery: Gallery, instance: bytes, clock: Clock, reach: Reach, fanout: Fanout) -> None:
        loop = asyncio.get_running_loop()
        self._gallery = gallery
        self._fanout = fanout
        self._view = fanout.open(loop)
        self.voice = VoiceTrack(loop)
        handlers = {MessageKind.HELLO: lambda _: gallery.greet(self), MessageKind.LEAVE: lambda _: self._go()}
        self.guest = Guest(
            GuestRole.OBSERVER, instance, clock, reach.ice, self._view, self.voice, Ears(handlers, self._take_state)
        )

    async def offer(self) -> str:
        return await self._gallery.run(self.guest.offer())

    async def answered(self, answer: str) -> None:
        await self._gallery.run(self.guest.answered(answer))

    async def drop(self) -> None:
        await self._gallery.run(self._gallery.release(self))

    async def clear(self) -> None:
        self._fanout.close(self._view)
        await self.guest.drop()

    def _take_state(self, state: str) -> None:
        if state in LOST_STATES:
            self._go()

    def _go(self) -> None:
        self.guest.gone = True
