"""Two people's recordings made from one: a track a person, with the expert's leak in the trainee's microphone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.transcription.tracks import RATE, read_voice

Samples = NDArray[np.float32]
Spoken = tuple[float, float, str]
"""Start and end in seconds, and who speaks."""

FADE_S = 0.01
NOISE_DB = -60.0
ROOM_S = 0.2
"""The time in which the room's response falls by 60 dB."""


@dataclass(frozen=True)
class Room:
    mic: Samples
    played: Samples
    reference: list[Spoken]
    """By role: "trainee" and "expert"."""


def read_rttm(path: Path) -> list[Spoken]:
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in lines]


def split(sound: Path, expert: str | None = None) -> Room:
    """Each person's part of a recording as a track. Without a name, the second speaker is the expert."""
    samples, _ = read_voice(sound, 0)
    spoken = read_rttm(sound.with_suffix(".rttm"))
    expert = expert or sorted({who for *_, who in spoken})[1]
    roles = [(start, end, "expert" if who == expert else "trainee") for start, end, who in spoken]
    return Room(_only(samples, roles, "trainee"), _only(samples, roles, "expert"), roles)


def leaky(room: Room, leak_db: float | None, delay_s: float, seed: int = 0, noise_db: float = NOISE_DB) -> Room:
    """The same with noise in the microphone, and the expert's leak through a room that rings; None: no leak.

    The noise is the same for all rooms, which `seed` tells apart, so that only the leak makes a difference.
    """
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 10 ** (noise_db / 20), len(room.mic)).astype(np.float32)
    hiss = rng.normal(0, 10 ** ((noise_db - 10) / 20), len(room.mic)).astype(np.float32)
    mic = room.mic + noise
    if leak_db is not None:
        mic += _leak(room.played, leak_db, delay_s, np.random.default_rng(seed))
    return Room(mic.astype(np.float32), room.played + hiss, room.reference)


def _leak(played: Samples, leak_db: float, delay_s: float, rng: np.random.Generator) -> Samples:
    t = np.arange(round(ROOM_S * RATE)) / RATE
    response = rng.normal(0, 1, len(t)) * 10 ** (-3 * t / ROOM_S) * 0.3
    response[0] = 3.0
    response *= 10 ** (leak_db / 20) / np.linalg.norm(response)
    size = 1 << (len(played) + len(response)).bit_length()
    wet = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(response, size), size)[: len(played)]
    delay = round(delay_s * RATE)
    return np.concatenate([np.zeros(delay), wet])[: len(played)].astype(np.float32)


def _only(samples: Samples, spoken: list[Spoken], who: str) -> Samples:
    gain = np.zeros(len(samples), np.float32)
    for start, end, speaker in spoken:
        if speaker == who:
            gain[round(start * RATE) : round(end * RATE)] = 1.0
    fade = round(FADE_S * RATE)
    return np.asarray(samples * np.convolve(gain, np.ones(fade) / fade, "same"), np.float32)
