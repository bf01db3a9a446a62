"""Sound devices that are opened again where they stall: PortAudio calls no more, or a plug was pulled out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from woz.base.back_off import BackOff
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.supervision import Supervisor
from woz.capture.sound import Microphone, OnBlock, OnFault, OnLoss, PlayRequest, Pull, Speaker, unheard
from woz.capture.source import AudioBlock

log = logging.getLogger(__name__)

STALLED_NS = 1_500_000_000
LOOK_EVERY_S = 0.1
FIRST_DELAY_S, LONGEST_DELAY_S = 0.2, 10.0
CLOSE_WITHIN_S = 2.0
"""A stream may hang while it is opened or closed; then it is left behind."""


class _Device(Protocol):
    def stop(self) -> None: ...


D = TypeVar("D", bound=_Device)


class _Reopener(Generic[D]):
    """Keeps a device open: `open` gives a running one, `alive` is called with each sign of life."""

    def __init__(self, what: str, open_: Callable[[], D], clock: Clock, tell: OnFault, stalled_ns: int) -> None:
        self._what = what
        self._open = open_
        self._clock = clock
        self._tell = tell
        self._stalled_ns = stalled_ns
        self._heard_ns = clock.now_ns()
        self._ended = threading.Event()
        self._device: D | None = open_()
        self._supervisor = Supervisor(tell)
        self._thread = self._supervisor.thread(f"watch of the {what}", self._watch, daemon=True)
        self._thread.start()

    def alive(self) -> None:
        self._heard_ns = self._clock.now_ns()

    def stop(self) -> None:
        """Returns also where the device hangs, and is left behind."""
        self._ended.set()
        self._thread.join(CLOSE_WITHIN_S)
        self._close()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            silent_ns = self._clock.now_ns() - self._heard_ns
            if silent_ns > self._stalled_ns:
                stalled = f"The {self._what} has stalled for {silent_ns / NS_PER_S:.1f} s and is opened again"
                self._tell(WozError(f"{stalled}; see that it is plugged in. It is silent until then."))
                self._close()
                self._open_again()

    def _close(self) -> None:
        device, self._device = self._device, None
        if device:
            closing = self._supervisor.thread(f"closing of the {self._what}", device.stop, daemon=True)
            closing.start()
            closing.join(CLOSE_WITHIN_S)

    def _open_again(self) -> None:
        back_off = BackOff(FIRST_DELAY_S, LONGEST_DELAY_S)
        while not self._ended.wait(back_off.next_s()):
            try:
                self._device = self._open()
            except WozError as fault:
                log.info("%s", fault)
            else:
                self.alive()
                if self._ended.is_set():
                    self._close()
                return


class ReopeningMicrophone:
    """A microphone whose sample count goes on over a stall by the time that passed."""

    def __init__(
        self, name: str, make: Callable[[], Microphone], clock: Clock, stalled_ns: int = STALLED_NS
    ) -> None:
        self.name = name
        self._make = make
        self._clock = clock
        self._stalled_ns = stalled_ns
        self._reopener: _Reopener[Microphone] | None = None
        self._opened = 0

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        last: tuple[int, int] | None = None

        def open_one() -> Microphone:
            self._opened += 1
            number, base_ns = self._opened, None

            def take(block: AudioBlock) -> None:
                nonlocal base_ns, last
                if number != self._opened:
                    return
                if self._reopener:
                    self._reopener.alive()
                lost = block.lost
                if base_ns is None:
                    base_ns = 0 if last is None else last[0] + block.arrival_ns - last[1] - block.device_ns
                    lost = last is not None
                device_ns = block.device_ns + base_ns
                last = (device_ns, block.arrival_ns)
                on_block(replace(block, device_ns=device_ns, lost=lost))

            microphone = self._make()
            microphone.start(take, on_fault, on_loss)
            return microphone

        self._reopener = _Reopener("microphone", open_one, self._clock, on_fault, self._stalled_ns)

    def stop(self) -> None:
        reopener, self._reopener = self._reopener, None
        if reopener:
            reopener.stop()


class ReopeningSpeaker:
    """An earpiece that asks on after a stall; `on_fault` is told of it."""

    def __init__(self, name: str, make: Callable[[], Speaker], clock: Clock, stalled_ns: int = STALLED_NS) -> None:
        self.name = name
        self.on_fault: OnFault = lambda fault: log.warning("%s", fault)
        self._make = make
        self._clock = clock
        self._stalled_ns = stalled_ns
        self._reopener: _Reopener[Speaker] | None = None
        self._opened = 0

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        last: tuple[int, int] | None = None

        def open_one() -> Speaker:
            self._opened += 1
            number, base_ns = self._opened, None

            def give(asked: PlayRequest) -> NDArray[np.float32]:
                nonlocal base_ns, last
                if number != self._opened:
                    return np.zeros(asked.n, np.float32)
                if self._reopener:
                    self._reopener.alive()
                lost = asked.lost
                if base_ns is None:
                    base_ns = 0 if last is None else last[0] + asked.dac_ns - last[1] - asked.device_ns
                    lost = last is not None
                last = (asked.device_ns + base_ns, asked.dac_ns)
                return pull(replace(asked, device_ns=last[0], lost=lost))

            speaker = self._make()
            speaker.start(give, on_loss)
            return speaker

        tell = self._tell
        self._reopener = _Reopener("earpiece", open_one, self._clock, tell, self._stalled_ns)

    def stop(self) -> None:
        reopener, self._reopener = self._reopener, None
        if reopener:
            reopener.stop()

    def _tell(self, fault: WozError) -> None:
        self.on_fault(fault)
