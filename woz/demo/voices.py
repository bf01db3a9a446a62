"""The demo's voices: lines spoken by espeak-ng, laid into one track a person, with the sync marks."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from woz.demo.script import LINES, Performance, lay_out
from woz.errors import WozError
from woz.marks import EXPERT_HZ, PERIOD_NS, TRAINEE_HZ, burst
from woz.session import Role
from woz.settings import AUDIO_RATE

Samples = NDArray[np.float32]

VOICES = {Role.TRAINEE: ("en-us+f3", 58), Role.EXPERT: ("en-gb+m3", 38)}
"""espeak-ng's voice and pitch of each person."""
SPEEDS = (170, 200, 230, 260, 300)
"""Words a minute, the calmest that fits being taken."""
LOUDNESS = 0.1
"""Root mean square of a spoken line."""
QUIET = 0.01


def speak(text: str, speaker: Role, words_a_minute: int) -> Samples:
    """A line at 48 kHz, without silence before and after. Raises WozError where espeak-ng is missing."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise WozError("The demo's voices need espeak-ng; install it (on Debian: apt-get install espeak-ng).")
    voice, pitch = VOICES[speaker]
    command = [program, "-v", voice, "-p", str(pitch), "-s", str(words_a_minute), "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=False)
    if spoken.returncode or not spoken.stdout:
        raise WozError(f"espeak-ng could not speak ({spoken.stderr.decode(errors='replace').strip()}).")
    with wave.open(io.BytesIO(spoken.stdout)) as file:
        rate = file.getframerate()
    pcm = np.frombuffer(spoken.stdout[44:], "<i2").astype(np.float32) / 32768
    samples: Samples = soxr.resample(pcm, rate, AUDIO_RATE).astype(np.float32)
    return _levelled(_trimmed(samples))


def perform(duration_ns: int) -> tuple[Performance, Mapping[tuple[Role, str], Samples]]:
    """The dialogue at the calmest speed at which all of it fits, and each line's sound.

    Raises WozError where it fits at no speed.
    """
    for speed in SPEEDS:
        sounds = {(line.speaker, line.text): speak(line.text, line.speaker, speed) for line in LINES}
        lengths = {text: round(len(samples) * 1e9 / AUDIO_RATE) for (_, text), samples in sounds.items()}
        try:
            performance = lay_out(LINES, lengths, duration_ns)
        except WozError:
            if speed == SPEEDS[-1]:
                raise
            continue
        if len(performance.spoken) == len(LINES) or speed == SPEEDS[-1]:
            break
    return performance, sounds


def render(performance: Performance, sounds: Mapping[tuple[Role, str], Samples], speaker: Role) -> Samples:
    """One person's track of the performance, with their sync marks at each whole second."""
    track = np.zeros(performance.duration_ns * AUDIO_RATE // 1_000_000_000, np.float32)
    for spoken in performance.of(speaker):
        samples = sounds[(speaker, spoken.line.text)]
        start = round(spoken.interval.start_ns * AUDIO_RATE / 1e9)
        part = track[start : start + len(samples)]
        part += samples[: len(part)]
    mark = burst(TRAINEE_HZ if speaker == Role.TRAINEE else EXPERT_HZ, AUDIO_RATE)
    for start_ns in range(0, performance.duration_ns, PERIOD_NS):
        start = start_ns * AUDIO_RATE // 1_000_000_000
        part = track[start : start + len(mark)]
        part += mark[: len(part)]
    return np.clip(track, -1, 1)


def write_wav(path: Path, samples: Samples) -> None:
    """16-bit mono at 48 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(AUDIO_RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def _levelled(samples: Samples) -> Samples:
    loudness = float(np.sqrt(np.mean(samples**2))) or 1.0
    levelled: Samples = np.clip(samples * np.float32(LOUDNESS / loudness), -0.7, 0.7)
    return levelled
