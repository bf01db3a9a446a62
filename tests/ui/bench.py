"""Devices for the form that aren't there: what is opened and closed, and what doesn't open."""

from __future__ import annotations

import threading
from collections.abc import Callable

import av
import numpy as np

from woz.base.errors import WozError
from woz.capture.bench import Show, Tell
from woz.capture.chime import Chime
from woz.capture.choices import WITHOUT_EARPIECE, WITHOUT_MICROPHONE, Choice, Choices
from woz.sound.level import Level


class Bench:
    def __init__(self, *broken: str) -> None:
        self.broken = set(broken)
        self.log: list[str] = []
        self.open: set[str] = set()
        self.headset = False
        self.chime: Chime | None = None
        self.free = threading.Event()
        self.free.set()
        self.level = 0.5

    def look(self) -> Choices:
        headset = (Choice("Headset, ALSA", "Headset"),) if self.headset else ()
        usual = Choice("default", "The system's")
        sources = (Choice("synthetic", "A drawn task"), Choice("camera:0", "Webcam"))
        return Choices(sources, (usual, *headset, WITHOUT_MICROPHONE), (usual, *headset, WITHOUT_EARPIECE))

    def view(self, spec: str, show: Show, tell: Tell) -> Callable[[], None]:
        close = self._open(f"view {spec}")
        show(av.VideoFrame.from_ndarray(np.full((64, 64, 3), 200, np.uint8), format="rgb24"))
        return close

    def microphone(self, spec: str, level: Level, tell: Tell) -> Callable[[], None]:
        close = self._open(f"microphone {spec}")
        level.add(np.full(480, self.level, np.float32))
        return close

    def earpiece(self, spec: str, chime: Chime, tell: Tell) -> Callable[[], None]:
        self.chime = chime
        return self._open(f"earpiece {spec}")

    def _open(self, what: str) -> Callable[[], None]:
        self.free.wait(120)
        if what in self.broken:
            raise WozError(f"The {what} can't be had.")
        self.log.append(f"open {what}")
        self.open.add(what)

        def close() -> None:
            self.log.append(f"close {what}")
            self.open.discard(what)

        return close
