"""A microphone and an earpiece of the sound server that the environment names, which is then stopped.

A process of its own, since its end is looked at, and since PortAudio reads the environment once.
"""

from __future__ import annotations

import sys
import threading

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import SystemClock
from woz.capture.reopening import ReopeningMicrophone, ReopeningSpeaker
from woz.capture.sound import PlayRequest
from woz.capture.sound_card import CardMicrophone, CardSpeaker

CLOCK = SystemClock()


def main() -> int:
    """Says "runs" when both do, and ends them, with "ended", when a line comes."""
    heard, asked = threading.Event(), threading.Event()

    def pull(request: PlayRequest) -> NDArray[np.float32]:
        asked.set()
        return np.zeros(request.n, np.float32)

    microphone = ReopeningMicrophone("default", lambda: CardMicrophone("default", CLOCK), CLOCK)
    speaker = ReopeningSpeaker("default", lambda: CardSpeaker("default", CLOCK), CLOCK)
    microphone.start(lambda block: heard.set(), lambda fault: None)
    speaker.start(pull)
    if not (heard.wait(120) and asked.wait(120)):
        return 1
    sys.stdout.write("runs\n")
    sys.stdout.flush()
    sys.stdin.readline()
    microphone.stop()
    speaker.stop()
    sys.stdout.write("ended\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
