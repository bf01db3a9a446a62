"""Opens the microphone and the earpiece that a user names."""

from __future__ import annotations

from woz.capture.aria.speaker import GlassesSpeaker
from woz.capture.reopening import ReopeningMicrophone, ReopeningSpeaker
from woz.capture.sound import Microphone, Speaker
from woz.capture.sound_card import CardMicrophone, CardSpeaker, lasting_name
from woz.capture.source import Source
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.clock import Clock

VIRTUAL, GLASSES = "virtual", "glasses"


def open_microphone(spec: str, clock: Clock, room: VirtualRoom) -> Microphone:
    """`spec` is "default", a device's name or number, or "virtual" for the room's."""
    if spec == VIRTUAL:
        return VirtualMicrophone(room, clock)
    name = lasting_name(spec)
    return ReopeningMicrophone(spec, lambda: CardMicrophone(name, clock), clock)


def open_speaker(spec: str, clock: Clock, room: VirtualRoom, source: Source | None = None) -> Speaker:
    """As for `open_microphone`; "glasses" is the speaker of the glasses that are the source.

    Raises WozError where the source has none.
    """
    if spec == GLASSES:
        return GlassesSpeaker(source, clock)
    if spec == VIRTUAL:
        return VirtualSpeaker(room, clock)
    name = lasting_name(spec)
    return ReopeningSpeaker(spec, lambda: CardSpeaker(name, clock), clock)
