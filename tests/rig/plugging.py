"""A headset that is plugged in, pulled out and plugged in again while an earpiece plays, in a private PulseAudio.

Run as `python -m tests.rig.plugging FOLDER`; prints what came of it as JSON. It must be a process of its own, since
PortAudio reads the environment once. ALSA's configuration lists the headset only while it is plugged in, as a card
of the kernel is listed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import SystemClock
from woz.capture.sound import PlayRequest
from woz.capture.source import AudioBlock
from woz.demo.pulse import PulseRoom, Seat

CLOCK = SystemClock()
WITHIN_S = 120.0
DRY_AT, DRY_S = 100, 0.7
"""At this block the earpiece is held up for so long, more than its buffer holds."""
ROOM = 'pcm.earpiece {{ type pulse server "{0}" device "woz_earpiece" }}\n'
HEADSET = 'pcm.headset {{ type pulse server "{0}" device "headset.monitor" }}\n'


class Headset:
    def __init__(self, folder: Path, server: str) -> None:
        self._config, self._server = folder / "asound.conf", server
        self._module = ""
        self._config.write_text(ROOM.format(server))
        os.environ["ALSA_CONFIG_PATH"] = f"/usr/share/alsa/alsa.conf:{self._config}"

    def plug_in(self) -> None:
        self._module = self._ask("load-module", "module-null-sink", "sink_name=headset", "rate=48000", "channels=1")
        self._config.write_text(ROOM.format(self._server) + HEADSET.format(self._server))

    def pull_out(self) -> None:
        self._config.write_text(ROOM.format(self._server))
        self._ask("unload-module", self._module)

    def _ask(self, *words: str) -> str:
        command = ["pactl", "-s", self._server, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main() -> int:
    folder = Path(sys.argv[1])
    with PulseRoom(folder) as room:
        os.environ |= room.environment(Seat.STATION)
        headset = Headset(folder, os.environ["PULSE_SERVER"])
        sys.stdout.write(json.dumps(plugged(headset)) + "\n")
    return 0


def plugged(headset: Headset) -> dict[str, object]:
    from woz.capture.reopening import ReopeningMicrophone, ReopeningSpeaker
    from woz.capture.sound_card import CardMicrophone, CardSpeaker

    blocks: list[AudioBlock] = []
    asked: list[int] = []
    faults: list[str] = []
    losses: list[str] = []

    def pull(request: PlayRequest) -> NDArray[np.float32]:
        asked.append(request.device_ns)
        if len(asked) == DRY_AT:
            time.sleep(DRY_S)
        return np.zeros(request.n, np.float32)

    microphone = ReopeningMicrophone("headset", lambda: CardMicrophone("headset", CLOCK), CLOCK)
    speaker = ReopeningSpeaker("earpiece", lambda: CardSpeaker("earpiece", CLOCK), CLOCK)
    speaker.on_fault = lambda fault: faults.append(str(fault))
    speaker.start(pull, lambda: losses.append("earpiece"))
    until(lambda: len(asked) > DRY_AT + 50 and losses)
    losses_when_dry = len(losses)
    listed_at_first = names()
    headset.plug_in()
    microphone.start(blocks.append, lambda fault: faults.append(str(fault)), lambda: losses.append("microphone"))
    until(lambda: len(blocks) > 50)
    headset.pull_out()
    until(lambda: faults)
    before, asked_before = len(blocks), len(asked)
    headset.plug_in()
    until(lambda: len(blocks) > before + 50 and len(asked) > asked_before + 50)
    microphone.stop()
    speaker.stop()
    return {
        "faults": faults,
        "losses_when_dry": losses_when_dry,
        "losses": losses[losses_when_dry:],
        "listed_at_first": listed_at_first,
        "listed": names(),
        "microphone_in_order": all(a.device_ns < b.device_ns for a, b in pairwise(blocks)),
        "earpiece_in_order": all(a < b for a, b in pairwise(asked)),
    }


def names() -> list[str]:
    from woz.capture.sound import devices

    return [device.name for device in devices()]


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come to that")
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
