"""Joins a session and shows the console."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from ui.application.answers import say
from ui.application.application import application
from ui.application.bridge import Bridge
from ui.application.control import Control, private_stdout
from ui.application.devices import Devices
from ui.application.invitation import JOINED
from ui.console.joining import open_beside
from ui.console.window import ConsoleWindow
from ui.widgets.closing_window import close_beside
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture.choices import SYSTEMS
from woz.capture.devices import NONE, open_microphone, open_speaker
from woz.capture.sound_card import NoDeviceError
from woz.capture.streams import Way
from woz.capture.virtual import VirtualRoom
from woz.link.handshake.invitation import Invitation
from woz.live.console.console import Console

OPTIONS = {Way.INPUT: "--mic", Way.OUTPUT: "--speaker"}


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    link: str
    recordings: Path
    devices: Devices = field(default_factory=Devices)
    theme: str = "system"
    control: bool = False
    spare_view: bool = True
    handed: bool = False
    """A window of ours started it, shows how the joining goes, and has boxes for devices that aren't there."""


def run_console(options: ConsoleOptions) -> int:
    """Join a session and show the console; returns when it is closed. Raises WozError where it can't be joined."""
    clock = SystemClock()
    out = private_stdout() if options.control else sys.stdout
    invitation = Invitation.parse(options.link)
    room = VirtualRoom(clock, options.devices.script)
    microphone = open_microphone(options.devices.microphone or SYSTEMS, clock, room)
    speaker = open_speaker(options.devices.speaker or SYSTEMS, clock, room)
    app, bridge = application(options.theme), Bridge()
    console = Console(
        invitation,
        options.recordings,
        microphone,
        speaker,
        clock,
        bridge,
        options.spare_view,
        use_microphone=options.devices.microphone != NONE,
    )
    window = ConsoleWindow(console, bridge)
    try:
        if not open_beside(console.open, console.close, hidden=options.control or options.handed):
            return 0
    except WozError as fault:
        raise WozError(invitation.expiry(clock.utc_ns()) or _advised(fault, options)) from fault
    control = None
    try:
        if options.control:
            verbs = {
                "cue": lambda command: room.cue(int(command["utc_ns"])),
                "note": lambda command: console.note(str(command["text"])),
                "mistake": lambda command: console.mistake(str(command["text"])),
            }
            control = Control(window, verbs, out)
            control.tell(joined=True)
            safety = _Safety(control)
            bridge.status_changed.connect(safety.watch)
        window.show()
        if not options.control:
            say(JOINED)
        app.exec()
    finally:
        close_beside(console.close, bridge.status_changed, "Leaving the session …")
    if control:
        figures = console.delays
        safe = console.safe_to_close.is_set()
        control.tell(frames=figures.frames, p50_ms=figures.p50_ms, p95_ms=figures.p95_ms, safe=safe)
    return 0


def _advised(fault: WozError, options: ConsoleOptions) -> str:
    """The fault's sentence, with how to join without the device where that is what lacks; who joins by a window of
    ours has boxes for it there.
    """
    if not isinstance(fault, NoDeviceError) or options.handed:
        return str(fault)
    devices = options.devices
    chosen = {Way.INPUT: devices.microphone, Way.OUTPUT: devices.speaker}
    without = " ".join(
        f"{option} {NONE}" for way, option in OPTIONS.items() if fault.way == way or chosen[way] == NONE
    )
    return f"{str(fault).removesuffix('.')}, or join without: woz join LINK {without}."


class _Safety:
    """Tells once when the station holds all of the expert's own recording."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._told = False

    def watch(self, status: object) -> None:
        if getattr(status, "upload", None) == 1 and not self._told:
            self._told = True
            self._control.tell(safe_to_close=True)
