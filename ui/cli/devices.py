"""The options of both seats: sound devices, and another process at the window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.application.devices import Devices


def add_devices(seat: argparse.ArgumentParser) -> None:
    microphones = "microphone: default, a name, a number, virtual, or none; woz doctor lists them"
    seat.add_argument("--mic", default="default", help=microphones)
    speakers = (
        "earpiece: default, a name, a number, virtual, none, or (station, Gen 2 over WebRTC) glasses; "
        "woz doctor lists them"
    )
    seat.add_argument("--speaker", default="default", help=speakers)
    seat.add_argument("--script", type=Path, help="what is said before the virtual microphone, a WAV file")
    seat.add_argument("--control", action="store_true", help="take commands on standard input")


def devices_of(arguments: argparse.Namespace) -> Devices:
    from ui.application.devices import Devices

    return Devices(arguments.mic, arguments.speaker, arguments.script)
