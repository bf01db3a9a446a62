"""Plays one person's track so that its first sample sounds at a given time of UTC.

Run as `python -m woz.demo.actor WAV START_UTC_NS`, in an environment that says which PulseAudio daemon and sink. It
exits when the track has ended; with `--json` it then prints how much of it came too late to be heard.

Sync marks are what a recording is measured by, so nothing here rests on how soon this process gets its turn: sound
waits some seconds ahead at the daemon, each piece at its own place in the sink's count of samples.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import wave
from pathlib import Path

import numpy as np

from woz.base.clock import Clock, SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.demo.playback import Pcm, Playback, SinkClock
from woz.demo.pulse_stream import PulseStream

AHEAD_NS = 3 * NS_PER_S
"""So long may a busy machine leave an actor without its turn."""
FIRST_READINGS = 20
FIRST_EVERY_S, EVERY_S = 0.02, 0.1
AFTER_NS = NS_PER_S // 2


def play(playback: Playback, clock: SinkClock, until_ns: int, stream: PulseStream, system: Clock) -> None:
    """Blocks until `until_ns`. Raises WozError where the daemon is gone."""
    for _ in range(FIRST_READINGS):
        _read(stream, clock, system)
        time.sleep(FIRST_EVERY_S)
    while system.now_ns() < until_ns + AFTER_NS:
        sounding = _read(stream, clock, system)
        for index, samples in playback.pieces(sounding, system.now_ns() + AHEAD_NS):
            stream.write(index, samples)
        time.sleep(EVERY_S)


def read_wav(path: Path) -> Pcm:
    """Mono samples of a 16-bit WAV at 48 kHz, left on the disk until they are used.

    Raises WozError for any other file.
    """
    try:
        with path.open("rb") as raw, wave.open(raw) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (AUDIO_RATE, 1, 2):
                raise WozError(f"{path} must hold 16-bit mono sound at {AUDIO_RATE} Hz.")
            return np.memmap(raw, "<i2", "r", raw.tell(), (file.getnframes(),))
    except (OSError, wave.Error, EOFError, ValueError) as error:
        raise WozError(f"The sound file {path} can't be read ({error}).") from error


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m woz.demo.actor", description="Plays a track at a given time.")
    parser.add_argument("wav", type=Path, help="mono, 16 bit, 48 kHz")
    parser.add_argument("start_utc_ns", type=int, help="when its first sample sounds")
    parser.add_argument("--json", action="store_true", help="print at the end how much was not heard")
    given = parser.parse_args()
    system, clock = SystemClock(), SinkClock()
    start_ns = given.start_utc_ns - system.utc_ns() + system.now_ns()
    try:
        track = read_wav(given.wav)
        playback = Playback(track, start_ns, clock)
        with PulseStream("woz actor", 2 * AHEAD_NS / NS_PER_S) as stream:
            play(playback, clock, start_ns + len(track) * NS_PER_S // AUDIO_RATE, stream, system)
    except WozError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if given.json:
        sys.stdout.write(json.dumps({"late_s": round(playback.late / AUDIO_RATE, 3)}) + "\n")
    return 0


def _read(stream: PulseStream, clock: SinkClock, system: Clock) -> int:
    """Learn the sink's time; the answer is its next sample."""
    index, sounds_utc_ns = stream.reading()
    clock.add(index, sounds_utc_ns - system.utc_ns() + system.now_ns())
    return index


if __name__ == "__main__":
    sys.exit(main())
