"""What this process has open at PortAudio, so that its list of devices can be renewed beneath it.

PortAudio looks for devices once, when it is initialised: a headset that is plugged in later is not in its list. To
initialise it anew closes all streams, so those that run are closed before and opened again after, in order.
"""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from woz.base.supervision import Supervisor
from woz.capture.sound import portaudio

log = logging.getLogger(__name__)

CLOSE_WITHIN_S = 2.0
"""A stream that hangs while it is closed is left behind; nothing can be renewed while it is there."""
LOOK_WITHIN_S = 20.0

Make = Callable[[Any], Any]
"""Called with the sounddevice module: a stream that isn't started. Raises PortAudioError, ValueError."""


class Way(StrEnum):
    INPUT = "input"
    OUTPUT = "output"


class Held:
    """A running stream, which may be another one after a renewal."""

    def __init__(self, streams: Streams, make: Make, stream: Any) -> None:
        self._streams = streams
        self.make = make
        self.stream = stream
        self.renewed = 0
        """How often it was interrupted, so that the list of devices could be renewed."""

    def close(self) -> None:
        """Returns when it is closed, which may be never where its device stalls."""
        self._streams.close(self)


class Streams:
    """All methods may be called from any thread."""

    def __init__(self, library: Callable[[], Any] = portaudio) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._held: list[Held] = []
        self._working = 0

    def open(self, make: Make) -> Held:
        """Raises WozError where PortAudio is missing, PortAudioError, ValueError where there is no such device."""
        with self._work():
            held = Held(self, make, _started(make, self._library()))
            with self._lock:
                self._held.append(held)
        return held

    def close(self, held: Held) -> None:
        with self._work():
            with self._lock:
                known = held in self._held
                self._held = [other for other in self._held if other is not held]
            if known:
                held.stream.close()

    @contextlib.contextmanager
    def _work(self) -> Iterator[None]:
        """While a stream is opened or closed, which may hang, the list isn't renewed, and nobody else waits."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1

    def renew(self) -> bool:
        """Have PortAudio look for devices anew; False where a stream hangs, or is just opened or closed.

        Streams that were closed for nothing then are found silent, and opened again, by whoever watches them.
        """
        with self._lock:
            if self._working or not all(_close_in_time(held.stream) for held in self._held):
                return False
            library = self._library()
            library._terminate()
            library._initialize()
            for held in self._held:
                held.renewed += 1
                try:
                    held.stream = _started(held.make, library)
                except (library.PortAudioError, ValueError) as error:
                    log.info("a sound stream could not go on after the devices were looked for (%s)", error)
            return True


STREAMS = Streams()
"""Those of this process: PortAudio's list is one for all."""


def is_there_now(device: int | str | None, way: Way) -> bool:
    """Whether a process that looks for devices at this moment can open this one; takes about a second."""
    asked = [sys.executable, "-m", "woz.capture.streams", way, "" if device is None else str(device)]
    with contextlib.suppress(subprocess.TimeoutExpired, OSError):
        done = subprocess.run(asked, capture_output=True, timeout=LOOK_WITHIN_S, check=False)
        return done.returncode == 0
    return False


def main() -> int:
    """Exit status 0 where the device named on the command line can be opened."""
    way, name = Way(sys.argv[1]), sys.argv[2]
    library = portaudio()
    check = library.check_input_settings if way == Way.INPUT else library.check_output_settings
    try:
        check(device=int(name) if name.isdigit() else name or None, channels=1, dtype="float32", samplerate=48_000)
    except (library.PortAudioError, ValueError):
        return 1
    return 0


def _started(make: Make, library: Any) -> Any:
    stream = make(library)
    try:
        stream.start()
    except BaseException:
        stream.close()
        raise
    return stream


def _close_in_time(stream: Any) -> bool:
    closing = Supervisor().thread("closing of a sound stream", stream.close, daemon=True)
    closing.start()
    closing.join(CLOSE_WITHIN_S)
    return not closing.is_alive()


if __name__ == "__main__":
    sys.exit(main())
