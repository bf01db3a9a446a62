"""What there is to choose from: sources of the view, microphones, earpieces."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.capture.devices import GLASSES, NONE, VIRTUAL
from woz.capture.sound import SoundDevice, devices, portaudio
from woz.capture.sound_card import lasting_name
from woz.capture.streams import STREAMS

SYSTEMS = "default"
LINUX_CAMERAS = Path("/sys/class/video4linux")
MOST_CAMERAS = 4
RENEWALS, RENEW_EVERY_S = 20, 0.1


@dataclass(frozen=True, slots=True)
class Choice:
    """`spec` is what the command line takes, `name` what a person reads."""

    spec: str
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """`fault` says why no sound devices could be listed; empty where they could."""

    sources: tuple[Choice, ...]
    microphones: tuple[Choice, ...]
    earpieces: tuple[Choice, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A spec of each; empty where nothing is chosen."""

    source: str = ""
    microphone: str = ""
    earpiece: str = ""

    def over(self, other: Chosen) -> Chosen:
        """What is chosen here, else what the other says."""
        return Chosen(
            self.source or other.source, self.microphone or other.microphone, self.earpiece or other.earpiece
        )


USUAL = Chosen("synthetic", SYSTEMS, SYSTEMS)


_GLASSES = (
    Choice("aria1:usb", "Aria glasses, Gen 1, by USB"),
    Choice("aria2:usb", "Aria glasses, Gen 2, by USB"),
)
DRAWN = Choice("synthetic", "A drawn task, no camera")
SYSTEMS_MICROPHONE = Choice(SYSTEMS, "The system's microphone")
SYSTEMS_EARPIECE = Choice(SYSTEMS, "The system's sound output")
WITHOUT_MICROPHONE = Choice(NONE, "No microphone")
WITHOUT_EARPIECE = Choice(NONE, "None: nobody hears the expert")
VIRTUAL_MICROPHONE = Choice(VIRTUAL, "A virtual microphone, for trials")
GLASSES_EARPIECE = Choice(GLASSES, "The glasses' speaker (Gen 2 over WebRTC)")
VIRTUAL_EARPIECE = Choice(VIRTUAL, "A virtual earpiece, for trials")
NAMED = Choices(
    (DRAWN, *_GLASSES),
    (SYSTEMS_MICROPHONE, WITHOUT_MICROPHONE, VIRTUAL_MICROPHONE),
    (SYSTEMS_EARPIECE, GLASSES_EARPIECE, WITHOUT_EARPIECE, VIRTUAL_EARPIECE),
)
"""What has a name also where it isn't there."""


def look() -> Choices:
    """All that is plugged in now; may take seconds. Streams that run are interrupted for a moment."""
    sources = (DRAWN, *cameras(), *_GLASSES)
    try:
        _renew()
        found = [device for device in devices() if _is_of_default_system(device.index)]
        microphones = _sound(SYSTEMS_MICROPHONE, [d for d in found if d.inputs])
        earpieces = _sound(SYSTEMS_EARPIECE, [d for d in found if d.outputs])
    except WozError as fault:
        return Choices(sources, (WITHOUT_MICROPHONE,), (WITHOUT_EARPIECE,), str(fault))
    return Choices(sources, (*microphones, WITHOUT_MICROPHONE), (*earpieces, GLASSES_EARPIECE, WITHOUT_EARPIECE))


def cameras(linux: Path = LINUX_CAMERAS) -> tuple[Choice, ...]:
    """Webcams by name where the system tells it, else by number, each tried."""
    if platform.system() == "Linux":
        found = sorted((int(folder.name[5:]), folder) for folder in linux.glob("video[0-9]*"))
        return tuple(
            Choice(f"camera:{number}", f"{_line(folder / 'name') or 'Camera'} (camera {number})")
            for number, folder in found
            if _line(folder / "index") in ("", "0")
        )
    return tuple(Choice(f"camera:{n}", f"Camera {n}") for n in range(MOST_CAMERAS) if _is_camera(n))


def _sound(of_system: Choice, found: list[SoundDevice]) -> tuple[Choice, ...]:
    named = tuple(Choice(lasting_name(str(device.index)), device.name) for device in found)
    return (of_system, *named) if named else ()


def _is_of_default_system(index: int) -> bool:
    """Where a machine has several sound systems, each lists the same devices again."""
    library = portaudio()
    of_default: int = max(0, library.default.hostapi)
    return of_default == int(library.query_devices(index)["hostapi"])


def _renew() -> None:
    """The list can't be renewed while a device is just opened or closed, which is soon over."""
    for _ in range(RENEWALS):
        if STREAMS.renew():
            return
        time.sleep(RENEW_EVERY_S)


def _line(path: Path) -> str:
    """A file's text in one line; empty where it can't be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _is_camera(number: int) -> bool:
    import cv2

    camera = cv2.VideoCapture(number)
    try:
        return bool(camera.isOpened())
    finally:
        camera.release()
