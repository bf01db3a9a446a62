"""Opens view, microphone and earpiece to try them, apart from any session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.capture.chime import Chime
from woz.capture.choices import Choices, look
from woz.capture.devices import GLASSES, NONE, open_microphone, open_speaker
from woz.capture.reopening import ReopeningSpeaker
from woz.capture.sound import PlayRequest
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, VideoFrame
from woz.capture.specs import open_source
from woz.capture.trial import Close
from woz.capture.virtual import VirtualRoom
from woz.sound.level import Level

Show = Callable[[av.VideoFrame], None]
Tell = Callable[[str], None]
"""Called with what is wrong, one sentence, or with nothing where it is right again; on a device's thread."""


class Bench(Protocol):
    """Each call opens a device and gives what closes it. Raises WozError where it can't be opened."""

    def look(self) -> Choices: ...

    def view(self, spec: str, show: Show, tell: Tell) -> Close: ...

    def microphone(self, spec: str, level: Level, tell: Tell) -> Close: ...

    def earpiece(self, spec: str, chime: Chime, tell: Tell) -> Close: ...


class DeviceBench:
    """That of this machine."""

    def __init__(self, clock: Clock, script: Path | None = None) -> None:
        self._clock = clock
        self._room = VirtualRoom(clock, script)

    def look(self) -> Choices:
        return look()

    def view(self, spec: str, show: Show, tell: Tell) -> Close:
        source = open_source(spec, self._clock)
        try:
            source.start(_ViewSink(show, tell))
        except BaseException:
            source.stop()
            raise
        return source.stop

    def microphone(self, spec: str, level: Level, tell: Tell) -> Close:
        if spec == NONE:
            return _nothing
        microphone = open_microphone(spec, self._clock, self._room)
        trouble = _Trouble(tell)

        def hear(block: AudioBlock) -> None:
            level.add(block.samples)
            trouble.over()

        microphone.start(hear, trouble.came)
        return microphone.stop

    def earpiece(self, spec: str, chime: Chime, tell: Tell) -> Close:
        """The glasses' speaker can't be tried: it plays by way of the view's source."""
        if spec in (NONE, GLASSES):
            return _nothing
        speaker = open_speaker(spec, self._clock, self._room)
        trouble = _Trouble(tell)
        if isinstance(speaker, ReopeningSpeaker):
            speaker.on_fault = trouble.came

        def pull(asked: PlayRequest) -> NDArray[np.float32]:
            trouble.over()
            return chime.mixed(np.zeros(asked.n, np.float32))

        speaker.start(pull)
        return speaker.stop


class _Trouble:
    """A sound device's fault, which is over with its next block."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._lasts = False

    def came(self, fault: WozError) -> None:
        self._lasts = True
        self._tell(str(fault))

    def over(self) -> None:
        if self._lasts:
            self._lasts = False
            self._tell("")


class _ViewSink:
    """Takes of a source its pictures, and what is wrong with it."""

    def __init__(self, show: Show, tell: Tell) -> None:
        self._show, self._tell = show, tell
        self._problem = ""

    def video(self, frame: VideoFrame) -> None:
        self._show(frame.image)

    def audio(self, block: AudioBlock) -> None: ...

    def gaze(self, sample: GazeSample) -> None: ...

    def status(self, status: DeviceStatus) -> None:
        if status.problem != self._problem:
            self._problem = status.problem
            self._tell(status.problem)

    def ended(self, fault: WozError | None) -> None:
        if fault:
            self._tell(str(fault))


def _nothing() -> None: ...
