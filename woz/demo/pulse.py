"""A sound system of the demo's own: a private PulseAudio daemon with null sinks as mouths, ears and a room."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from woz.base.errors import WozError
from woz.base.runtime import end_process

DEVICE = "pulse"
"""The sound device that leads into the room, for microphone and earpiece: ALSA's PulseAudio plugin."""
LEAK_DB = -26
"""The earpiece in the room: the trainee's microphone hears it faintly."""
EARPIECE_MS = 120
"""How much sound waits before an earpiece. A busy machine runs a shorter queue dry, and ALSA's plugin may then
stop for good."""
LISTENER_MS = 15
START_WITHIN_S = 10.0
END_WITHIN_S = 5.0


class Seat(StrEnum):
    """Who opens sound devices in the demo: the two programs and the two actors."""

    STATION = "station"
    CONSOLE = "console"
    TRAINEE = "trainee"
    EXPERT = "expert"


_DEVICES = {
    Seat.STATION: ("woz_earpiece", "woz_room.monitor"),
    Seat.CONSOLE: ("woz_console_speaker", "woz_expert_mouth.monitor"),
    Seat.TRAINEE: ("woz_room", "woz_room.monitor"),
    Seat.EXPERT: ("woz_expert_mouth", "woz_expert_mouth.monitor"),
}
"""The sink that each one plays into, and the source that they record from."""


def available() -> bool:
    """PulseAudio and ALSA's plugin for it, PortAudio's way to it, are installed."""
    plugin = "alsa-lib/libasound_module_pcm_pulse.so"
    places = (*Path("/usr").glob(f"lib*/{plugin}"), *Path("/usr/lib").glob(f"*/{plugin}"))
    return bool(places) and shutil.which("pulseaudio") is not None


class PulseRoom:
    """Runs the daemon while the context lasts; the user's own sound system is left alone.

    The daemon reads its standard input and ends with it, so it can't outlive this process. It is in a session of
    its own, so that Ctrl-C doesn't end it before the programs that play and record.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` takes the daemon's script and log; it is made where it isn't there."""
        self._folder = folder
        self._runtime: tempfile.TemporaryDirectory[str] | None = None
        self._daemon: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The daemon's process, while it runs."""
        return self._daemon.pid if self._daemon else None

    def __enter__(self) -> PulseRoom:
        """Raises WozError where PulseAudio is missing or doesn't start."""
        program = shutil.which("pulseaudio")
        if program is None:
            raise WozError("PulseAudio is missing; install it (on Debian: apt-get install pulseaudio).")
        self._folder.mkdir(parents=True, exist_ok=True)
        self._runtime = tempfile.TemporaryDirectory(prefix="woz-sound-")
        script = self._folder / "room.pa"
        script.write_text(_script(self._socket), encoding="utf-8")
        command = [program, "-n", "-F", str(script), "--daemonize=no", "--use-pid-file=no", "--system=no"]
        command += ["--exit-idle-time=-1", "--disable-shm=yes", "--log-target=stderr"]
        with self._log.open("wb") as log:
            self._daemon = subprocess.Popen(
                command,
                env=_own_environment(Path(self._runtime.name)),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._daemon:
            _end(self._daemon)
            self._daemon = None
        if self._runtime:
            self._runtime.cleanup()
            self._runtime = None

    def environment(self, seat: Seat) -> dict[str, str]:
        """What a process of this seat needs in its environment, beside the usual."""
        sink, source = _DEVICES[seat]
        environment = {
            "PULSE_SERVER": self.server,
            "PULSE_SINK": sink,
            "PULSE_SOURCE": source,
            "PULSE_COOKIE": str(self._socket.with_name("cookie")),
        }
        live = {"PULSE_LATENCY_MSEC": str(EARPIECE_MS)} if seat in (Seat.STATION, Seat.CONSOLE) else {}
        return environment | live

    @property
    def server(self) -> str:
        """The daemon's address, as PulseAudio's programs take it."""
        return f"unix:{self._socket}"

    @property
    def _socket(self) -> Path:
        """In a folder with a short name: a socket's path is limited to about 100 bytes."""
        assert self._runtime is not None
        return Path(self._runtime.name) / "native"

    @property
    def _log(self) -> Path:
        return self._folder / "pulse.log"

    def _wait(self) -> None:
        assert self._daemon is not None
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline and self._daemon.poll() is None:
            if _answers(self._socket):
                return
            time.sleep(0.02)
        self.__exit__(None, None, None)
        raise WozError(f"PulseAudio (16 or newer is needed) did not start; {self._log} says why.")


def _script(socket_path: Path) -> str:
    """The daemon's start-up commands; the way in is opened last, when all else is there.

    A null sink renders ahead by as much as its hastiest client allows, and its monitor gives that sound early.
    `norewinds` bounds this from the start (else it may be 2 s), and an attentive listener at each mouth keeps it
    at about 5 ms, so that the times that a recording gets are true.
    """
    null = "load-module module-null-sink rate=48000 channels=1 format=s16le norewinds=1 sink_name="
    listen = f"load-module module-loopback sink=woz_void latency_msec={LISTENER_MS} "
    return "\n".join(
        [
            f"{null}woz_room",
            f"{null}woz_expert_mouth",
            f"{null}woz_console_speaker",
            f"{null}woz_void",
            f"{listen}source=woz_room.monitor",
            f"{listen}source=woz_expert_mouth.monitor",
            "load-module module-remap-sink sink_name=woz_earpiece master=woz_room channels=1 remix=no",
            f"set-sink-volume woz_earpiece {_volume(LEAK_DB)}",
            "load-module module-cli exit_on_eof=1",
            f"load-module module-native-protocol-unix socket={socket_path} auth-anonymous=1",
            "",
        ]
    )


def _volume(db: float) -> int:
    """PulseAudio's volume units: 65536 is full, and amplitude is the cube of the volume."""
    return round(65536 * float(10 ** (db / 60)))


def _own_environment(runtime: Path) -> dict[str, str]:
    """Nothing of the user's sound system is seen or touched."""
    places = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_RUNTIME_PATH"), str(runtime))
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", **places}


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def _end(daemon: subprocess.Popen[bytes]) -> None:
    if daemon.stdin:
        daemon.stdin.close()
    end_process(daemon, END_WITHIN_S)
