"""The demo's voices: lines spoken by espeak-ng, laid into one track a person, with the sync marks."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.settings import AUDIO_RATE
from woz.demo.script import LINES, Line, Performance, lay_out
from woz.model.people import Role
from woz.timing.sync_marks import EXPERT_HZ, PERIOD_NS, TRAINEE_HZ, burst

Samples = NDArray[np.float32]

VOICES = {Role.TRAINEE: "en-us+f3", Role.EXPERT: "en-gb+m3"}
MARKS_HZ = {Role.TRAINEE: TRAINEE_HZ, Role.EXPERT: EXPERT_HZ}
SPEEDS = (170, 190, 210, 230, 260)
"""Words a minute; the calmest at which the dialogue fits is taken."""
LOUDNESS = 0.1
"""Root mean square of a spoken line: -20 dBFS."""
PEAK = 0.7
"""Leaves room for a sync mark on top."""
QUIET = 0.01
"""Below this a line has not begun, or is over."""


def speak(text: str, speaker: Role, words_a_minute: int) -> Samples:
    """A line at 48 kHz, without silence before and after. Raises WozError where espeak-ng is missing."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise WozError("The demo's voices need espeak-ng; install it (on Debian: apt-get install espeak-ng).")
    command = [program, "-v", VOICES[speaker], "-s", str(words_a_minute), "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=False)
    if spoken.returncode or not spoken.stdout:
        said = spoken.stderr.decode(errors="replace").strip()
        raise WozError(f"espeak-ng could not speak ({said or 'it gave no sound'}); install its voices again.")
    with wave.open(io.BytesIO(spoken.stdout)) as file:
        rate, pcm = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return _levelled(_trimmed(soxr.resample(pcm.astype(np.float32) / 32768, rate, AUDIO_RATE)))


def perform(duration_ns: int, lines: Sequence[Line] = LINES) -> tuple[Performance, Mapping[Line, Samples]]:
    """The dialogue at the calmest speed at which it fits, lines being left out only at the greatest, and its sound.

    Raises WozError where it fits at no speed, or espeak-ng is missing.
    """
    for speed in SPEEDS:
        sounds = {line: speak(line.text, line.speaker, speed) for line in lines}
        lengths = [len(sounds[line]) * 1_000_000_000 // AUDIO_RATE for line in lines]
        if speed == SPEEDS[-1] or _fits(lines, lengths, duration_ns):
            break
    return lay_out(lines, lengths, duration_ns), sounds


def render(performance: Performance, sounds: Mapping[Line, Samples], speaker: Role) -> Samples:
    """One person's track of the whole performance, with their sync marks at each whole second."""
    track = np.zeros(performance.duration_ns * AUDIO_RATE // 1_000_000_000, np.float32)
    for spoken in performance.of(speaker):
        _add(track, spoken.interval.start_ns, sounds[spoken.line])
    mark = burst(MARKS_HZ[speaker], AUDIO_RATE)
    for start_ns in range(0, performance.duration_ns, PERIOD_NS):
        _add(track, start_ns, mark)
    return track


def write_wav(path: Path, samples: Samples) -> None:
    """Mono, 16 bit, 48 kHz, and on the disk, so that it isn't written later beside a recording.

    Raises WozError where it can't be written.
    """
    try:
        with path.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(AUDIO_RATE)
            file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())
            raw.flush()
            os.fsync(raw.fileno())
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}); choose another folder.") from error


def _fits(lines: Sequence[Line], lengths_ns: Sequence[int], duration_ns: int) -> bool:
    try:
        return len(lay_out(lines, lengths_ns, duration_ns).spoken) == len(lines)
    except WozError:
        return False


def _add(track: Samples, start_ns: int, samples: Samples) -> None:
    start = round(start_ns * AUDIO_RATE / 1e9)
    part = track[start : start + len(samples)]
    part += samples[: len(part)]


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def _levelled(samples: Samples) -> Samples:
    loudness = float(np.sqrt(np.mean(samples**2))) or 1.0
    levelled: Samples = np.clip(samples * np.float32(LOUDNESS / loudness), -PEAK, PEAK)
    return levelled
