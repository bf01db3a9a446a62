"""Opens the microphone and the earpiece that a user names."""

from __future__ import annotations

from woz.capture.sound import Microphone, Speaker
from woz.capture.sound_card import CardMicrophone, CardSpeaker
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.clock import Clock

VIRTUAL = "virtual"


def open_microphone(spec: str, clock: Clock, room: VirtualRoom) -> Microphone:
    """`spec` is "default", a device's name or number, or "virtual" for the room's."""
    return VirtualMicrophone(room, clock) if spec == VIRTUAL else CardMicrophone(spec, clock)


def open_speaker(spec: str, clock: Clock, room: VirtualRoom) -> Speaker:
    """As for `open_microphone`."""
    return VirtualSpeaker(room, clock) if spec == VIRTUAL else CardSpeaker(spec, clock)
