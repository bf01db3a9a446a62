"""The first stages of a voice: its sound read, what others' leak fills left out, speech found in the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from woz.errors import WozError
from woz.transcription.cache import digest
from woz.transcription.engine import Part
from woz.transcription.leak import LeakSettings, leak_only, muted
from woz.transcription.packing import Packing, Region, Samples, pack, sounding
from woz.transcription.task import Track, Voice
from woz.transcription.tracks import RATE, Sound, read_sound
from woz.transcription.work import Work


@dataclass
class Prepared:
    """A voice that was read: its sound without what others' leak filled, and where somebody speaks in it.

    `key` tells its content from any other; regions are in seconds of the track.
    """

    voice: Voice
    start_ns: int
    clean: Samples
    rejected: list[Region]
    speech: list[Region]
    key: str

    @cached_property
    def packed(self) -> tuple[Samples, Packing]:
        return pack(self.clean, RATE, self.speech)

    @property
    def speech_s(self) -> float:
        return sum(end - start for start, end in self.speech)

    @property
    def rejected_s(self) -> float:
        return sum(end - start for start, end in self.rejected)


def read_all(work: Work, voices: Sequence[Voice]) -> list[tuple[Voice, Sound]]:
    """The voices that can be read. Raises WozError where none can."""
    sounds = [(voice, sound) for voice in voices if (sound := _read(work, voice))]
    if not sounds:
        raise WozError("; ".join(work.faults))
    return sounds


def prepared(work: Work, voice: Voice, sound: Sound) -> Prepared:
    work.steps.begin("leak", voice.speaker)
    played = _played(work, voice.played, sound) if voice.played else None
    rejected, key = _leak(work, sound, played)
    clean = muted(sound.samples, rejected, RATE) if rejected else sound.samples
    part = work.steps.begin("voice activity", voice.speaker)
    speech = _regions(work.kept("speech", lambda: _speech(work, clean, rejected, part), key))
    return Prepared(voice, sound.start_ns, clean, rejected, speech, key)


def _read(work: Work, voice: Voice) -> Sound | None:
    try:
        sound = read_sound(Path(voice.sound.path), voice.sound.track)
    except WozError as error:
        work.fault(f"the {voice.speaker}: {error}")
        return None
    if sound.fault:
        work.fault(f"the {voice.speaker}'s track: {sound.fault}")
    return sound


def _played(work: Work, track: Track, sound: Sound) -> Samples | None:
    """What was played, laid on the microphone's time."""
    try:
        played = read_sound(Path(track.path), track.track)
    except WozError as error:
        work.note(f"leak was not looked for: {error}")
        return None
    late = round((played.start_ns - sound.start_ns) * RATE / 1_000_000_000)
    laid = np.zeros(len(sound.samples), np.float32)
    first, last = max(0, late), min(len(laid), late + len(played.samples))
    laid[first : max(first, last)] = played.samples[first - late : max(first, last) - late]
    return laid


def _leak(work: Work, sound: Sound, played: Samples | None) -> tuple[list[Region], str]:
    """What is rejected, and the key of what is left."""
    if played is None:
        return [], sound.content
    depends = (sound.content, hashlib.sha256(played.tobytes()).hexdigest(), asdict(LeakSettings()))
    found = work.kept("leak", lambda: leak_only(sound.samples, played, RATE), *depends)
    return _regions(found), digest(*depends)


def _speech(work: Work, samples: Samples, rejected: Sequence[Region], part: Part) -> list[Region]:
    """The model is asked about sound only: digital silence and what was rejected cost nothing."""
    stretches = sounding(samples, RATE, rejected)
    found: list[Region] = []
    for i, (start, end) in enumerate(stretches):
        piece = samples[round(start * RATE) : round(end * RATE)]
        found += [(start + a, start + b) for a, b in work.engine.speech(piece, lambda _: None)]
        part((i + 1) / len(stretches))
    return found


def _regions(pairs: Sequence[Sequence[float]]) -> list[Region]:
    return [(float(start), float(end)) for start, end in pairs]
