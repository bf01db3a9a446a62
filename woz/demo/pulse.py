"""A sound system of the demo's own: a private PulseAudio daemon with null sinks as mouths, ears and a room."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from woz.errors import WozError

LEAK_PERCENT = 5
"""The earpiece's volume in the room: about -26 dB, since the trainee's microphone hears it."""
START_WITHIN_S = 10.0


class Seat(StrEnum):
    """Who opens sound devices in the demo."""

    STATION = "station"
    CONSOLE = "console"
    TRAINEE = "trainee"
    EXPERT = "expert"


_DEVICES = {
    Seat.STATION: ("woz_earpiece", "woz_room.monitor"),
    Seat.CONSOLE: ("woz_console", "woz_expert.monitor"),
    Seat.TRAINEE: ("woz_room", "woz_room.monitor"),
    Seat.EXPERT: ("woz_expert", "woz_expert.monitor"),
}


def available() -> bool:
    """PulseAudio, its control program and PortAudio's way to it are installed."""
    plugin = any(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so"))
    return plugin and all(shutil.which(program) for program in ("pulseaudio", "pactl"))


class PulseRoom:
    """Runs the daemon while the context lasts. The user's own sound system is left alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "pulse.socket"
        self._daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PulseRoom:
        self._folder.mkdir(parents=True, exist_ok=True)
        sink = "module-null-sink rate=48000 channels=1 format=s16le"
        remap = "module-remap-sink master=woz_room channels=1 remix=no"
        modules = [
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            f"{sink} sink_name=woz_room",
            f"{sink} sink_name=woz_expert",
            f"{sink} sink_name=woz_console",
            f"{remap} sink_name=woz_earpiece",
        ]
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--system=no"]
        command += ["--disable-shm=yes"]
        command += [part for module in modules for part in ("-L", module)]
        log = (self._folder / "pulse.log").open("wb")
        self._daemon = subprocess.Popen(command, env=self._own_environment(), stdout=log, stderr=log)
        log.close()
        self._wait()
        self._control("set-sink-volume", "woz_earpiece", f"{_cubic(LEAK_PERCENT)}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._daemon:
            self._daemon.terminate()
            self._daemon.wait(timeout=10)

    def environment(self, seat: Seat) -> Mapping[str, str]:
        """What a process of this seat needs in its environment, beside the usual."""
        sink, source = _DEVICES[seat]
        return {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_SINK": sink,
            "PULSE_SOURCE": source,
            "PULSE_LATENCY_MSEC": "60",
        }

    def _own_environment(self) -> dict[str, str]:
        runtime = str(self._folder)
        own = {"XDG_RUNTIME_DIR": runtime, "PULSE_RUNTIME_PATH": runtime, "HOME": runtime}
        return {**os.environ, **own}

    def _control(self, *arguments: str) -> bool:
        command = ["pactl", "-s", f"unix:{self._socket}", *arguments]
        done = subprocess.run(command, env=self._own_environment(), capture_output=True, check=False)
        return done.returncode == 0

    def _wait(self) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            if self._control("info"):
                return
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise WozError(f"PulseAudio did not start; its log is {self._folder / 'pulse.log'}.")


def _cubic(percent: int) -> int:
    """PulseAudio's volume units: amplitude is the cube of the volume."""
    return round(65536 * float((percent / 100) ** (1 / 3)))
