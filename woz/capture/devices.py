"""Opens the microphone and the earpiece that a user names."""

from __future__ import annotations

from woz.base.clock import Clock
from woz.capture.aria.speaker import GlassesSpeaker
from woz.capture.reopening import ReopeningMicrophone, ReopeningSpeaker
from woz.capture.sound import Microphone, Speaker
from woz.capture.sound_card import CardMicrophone, CardSpeaker, lasting_name
from woz.capture.source import Source
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker

VIRTUAL, GLASSES, NONE = "virtual", "glasses", "none"


def open_microphone(spec: str, clock: Clock, room: VirtualRoom) -> Microphone:
    """`spec` is "default", a device's name or number, or "virtual" for the room's; "none" is a silent one."""
    if spec == NONE:
        return VirtualMicrophone(VirtualRoom(clock), clock)
    if spec == VIRTUAL:
        return VirtualMicrophone(room, clock)
    name = lasting_name(spec)
    return ReopeningMicrophone(spec, lambda: CardMicrophone(name, clock), clock)


def open_speaker(spec: str, clock: Clock, room: VirtualRoom, source: Source | None = None) -> Speaker:
    """As for `open_microphone`; "glasses" is the speaker of the glasses that are the source; nobody hears "none".

    Raises WozError where the source has none.
    """
    if spec == GLASSES:
        return GlassesSpeaker(source, clock)
    if spec in (VIRTUAL, NONE):
        return VirtualSpeaker(room if spec == VIRTUAL else VirtualRoom(clock), clock)
    name = lasting_name(spec)
    return ReopeningSpeaker(spec, lambda: CardSpeaker(name, clock), clock)
