"""Microphones and earpieces: what they are, and how a user names one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.source import AudioBlock

OnBlock = Callable[[AudioBlock], None]
OnFault = Callable[[WozError], None]
OnLoss = Callable[[], None]
"""Called on the device's thread where its buffer ran over or dry: sound was lost before the next block."""


@dataclass(frozen=True, slots=True)
class PlayRequest:
    """An earpiece asks for `n` mono samples, which leave it at `dac_ns` (monotonic), as its driver says.

    `device_ns` counts all samples before them, as time. `called_ns` is when the driver asked, which is never before
    its buffer had room for them; None where that says nothing. `lost`: its buffer ran dry before them.
    """

    n: int
    device_ns: int
    dac_ns: int
    called_ns: int | None = None
    lost: bool = False


Pull = Callable[[PlayRequest], NDArray[np.float32]]


def unheard() -> None:
    """For whoever doesn't ask for losses."""


def unfailing(pull: Pull, supervisor: Supervisor, name: str) -> Pull:
    """The same with silence in the place of what a fault took: a device whose callback fails falls silent."""

    def give(asked: PlayRequest) -> NDArray[np.float32]:
        with supervisor.turn(name):
            return pull(asked)
        return np.zeros(asked.n, np.float32)

    return give


class Microphone(Protocol):
    """Gives mono blocks at `AUDIO_RATE`. A block's `device_ns` counts samples, its `arrival_ns` is the monotonic
    time at which its first sample was at the converter."""

    @property
    def name(self) -> str: ...

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        """Raises WozError where the device can't be opened. The callbacks come on the device's thread."""
        ...

    def stop(self) -> None: ...


class Speaker(Protocol):
    """Asks for mono samples at `AUDIO_RATE` as it plays them."""

    @property
    def name(self) -> str: ...

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        """Raises WozError where the device can't be opened. `pull` is called on the device's thread."""
        ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SoundDevice:
    index: int
    name: str
    inputs: int
    outputs: int


def portaudio() -> Any:
    """The sounddevice module. Raises WozError where PortAudio is missing."""
    try:
        import sounddevice
    except (OSError, ImportError) as error:
        raise WozError(
            "The sound library PortAudio is missing; install it (on Debian: apt-get install libportaudio2)."
        ) from error
    return sounddevice


def devices() -> list[SoundDevice]:
    """All sound devices of this machine. Raises WozError where PortAudio is missing."""
    found = portaudio().query_devices()
    return [
        SoundDevice(i, d["name"], d["max_input_channels"], d["max_output_channels"]) for i, d in enumerate(found)
    ]
