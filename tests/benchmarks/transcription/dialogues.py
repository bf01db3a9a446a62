"""Spoken dialogues with known word times: two voices of espeak-ng, a track a person, noise of a room in each.

The same on every machine with the same espeak-ng. Lines are spoken one by one, with silences of 0.15 to 1.6 s
between them; every sixth line is met by the other's word of assent while it is spoken.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import soxr
from numpy.typing import NDArray

from tests.benchmarks.transcription.scripts import ASSENT, VOICES, lines
from woz.annotation.words import spans_of
from woz.model.people import Role
from woz.transcription.tracks import RATE

Samples = NDArray[np.float32]

ROLES = (Role.TRAINEE, Role.EXPERT)
NOISE_DB = -45.0
SPEECH_DB = -20.0
SPEEDS = (150, 160, 175)
"""Words a minute."""
GAPS_S = (0.15, 0.3, 0.5, 0.9, 1.6)
ASSENT_EACH = 6
QUIET = 0.01
"""Below this a line has not begun, or is over."""


@dataclass(frozen=True)
class SpokenWord:
    text: str
    start_s: float


@dataclass(frozen=True)
class SpokenLine:
    speaker: str
    text: str
    start_s: float
    end_s: float
    words: tuple[SpokenWord, ...]


@dataclass(frozen=True)
class Dialogue:
    tracks: dict[str, Samples]
    spoken: list[SpokenLine]


@dataclass(frozen=True)
class _Sound:
    """One line by itself, without silence around it; each word's letters and when it begins (s)."""

    role: int
    text: str
    samples: Samples
    words: tuple[SpokenWord, ...]


def dialogue(language: str, seconds: float) -> Dialogue:
    """About so long. Raises RuntimeError where espeak-ng is missing."""
    rng = Random(f"{language} 1")
    sounds = _spoken(language, list(_planned(language, seconds)), rng)
    tracks = {role: np.zeros(round((seconds + 30) * RATE), np.float32) for role in ROLES}
    spoken: list[SpokenLine] = []
    at = 1.0
    for sound in sounds:
        if sound.text == ASSENT[language]:
            begin = max(spoken[-1].start_s + 0.4, spoken[-1].end_s - 1.2)
        else:
            begin = at + rng.choice(GAPS_S)
        length_s = len(sound.samples) / RATE
        if begin + length_s > seconds:
            break
        first = round(begin * RATE)
        tracks[ROLES[sound.role]][first : first + len(sound.samples)] += sound.samples
        words = tuple(SpokenWord(word.text, begin + word.start_s) for word in sound.words)
        spoken.append(SpokenLine(ROLES[sound.role], sound.text, begin, begin + length_s, words))
        at = max(at, begin + length_s)
    return Dialogue({role: _noisy(track[: round(seconds * RATE)], role) for role, track in tracks.items()}, spoken)


def _planned(language: str, seconds: float) -> Iterator[tuple[int, str]]:
    """Whose line, and what it says; more than is needed."""
    for i, text in enumerate(islice(lines(language), max(8, round(seconds / 1.5)))):
        yield i % 2, text
        if i % ASSENT_EACH == ASSENT_EACH - 1:
            yield 1 - i % 2, ASSENT[language]


def _spoken(language: str, planned: list[tuple[int, str]], rng: Random) -> list[_Sound]:
    asked = [{"text": text, "voice": VOICES[language][role], "speed": rng.choice(SPEEDS)} for role, text in planned]
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "spoken.raw"
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.transcription.espeak_process"],
            input=json.dumps({"lines": asked, "sound": str(sound)}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"espeak-ng could not speak: {done.stderr[-300:]}")
        made = json.loads(done.stdout)
        pcm = np.fromfile(sound, "<i2").astype(np.float32) / np.float32(32768)
    found, at = [], 0
    for (role, text), line in zip(planned, made["lines"], strict=True):
        part = pcm[at : at + line["samples"]]
        at += line["samples"]
        found.append(_sound(role, text, part, made["rate"], line["words"]))
    return found


def _sound(role: int, text: str, pcm: Samples, rate: int, events: list[tuple[int, int]]) -> _Sound:
    loud = np.flatnonzero(np.abs(pcm) > QUIET)
    first, last = (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, len(pcm))
    begins = {position: max(0.0, (sample - first) / rate) for position, sample in events}
    words = tuple(SpokenWord(text[a:b], begins[a]) for a, b in spans_of(text) if a in begins)
    samples = soxr.resample(pcm[first:last], rate, RATE)
    level = float(np.sqrt(np.mean(samples**2))) or 1.0
    return _Sound(role, text, (samples * (10 ** (SPEECH_DB / 20) / level)).astype(np.float32), words)


def _noisy(track: Samples, role: str) -> Samples:
    rng = np.random.default_rng(ROLES.index(Role(role)))
    noisy: Samples = (track + rng.normal(0, 10 ** (NOISE_DB / 20), len(track))).astype(np.float32)
    return noisy
