"""Where the sound goes: the system's own device, or none, which asks for as much at the same pace."""

from __future__ import annotations

import threading
from collections.abc import Callable

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.base.supervision import Supervisor
from woz.capture.sound import OnLoss, PlayRequest, Pull, Speaker, portaudio, unheard
from woz.capture.sound_card import CardSpeaker

BLOCK = AUDIO_RATE // 50
BLOCK_NS = BLOCK * NS_PER_S // AUDIO_RATE

FindSpeaker = Callable[[Clock], Speaker]


def system_speaker(clock: Clock) -> Speaker:
    """The device that the system plays by. Raises WozError where it has none."""
    library = portaudio()
    try:
        library.query_devices(kind="output")
    except (library.PortAudioError, ValueError) as error:
        raise WozError("No loudspeaker was found, so nothing is heard; plug one in and play again.") from error
    return CardSpeaker("default", clock)


class SilentSpeaker:
    """Asks for samples by the monotonic clock, and plays none."""

    name = "none"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        def run() -> None:
            start_ns, count = self._clock.now_ns(), 0
            while not self._end.wait(max(0, start_ns + (count - 1) * BLOCK_NS - self._clock.now_ns()) / NS_PER_S):
                pull(PlayRequest(BLOCK, count * BLOCK_NS, start_ns + count * BLOCK_NS))
                count += 1

        self._thread = Supervisor().thread("silent sound", run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        if self._thread:
            self._thread.join()
