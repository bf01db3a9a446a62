"""The first stages of a voice: its sound read, what others' leak fills left out, speech found in the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from woz.base.errors import WozError
from woz.transcription.cache import digest
from woz.transcription.engine import Engine, Part
from woz.transcription.leak import NO_LEAK, Leak, LeakSettings, find_leak, without_leak
from woz.transcription.packing import VOICES_EDGE_S, Packing, Region, Samples, muted, packed, sounding
from woz.transcription.task import Track, Voice
from woz.transcription.tracks import RATE, Sound, read_sound
from woz.transcription.work import Work


@dataclass
class Prepared:
    """A voice that was read, and where somebody speaks in it; regions are in seconds of the track.

    `cleaned` gives its sound without what others' leak filled: it is worked out only where a stage needs it. `key`
    tells its content from any other.
    """

    voice: Voice
    start_ns: int
    cleaned: Callable[[], Samples]
    rejected: Sequence[Region]
    speech: list[Region]
    packing: Packing
    key: str

    @cached_property
    def clean(self) -> Samples:
        return self.cleaned()

    @cached_property
    def packed(self) -> Samples:
        return self.laid(self.packing)

    @cached_property
    def packing_for_voices(self) -> Packing:
        return for_voices(self.speech, len(self.clean))

    def laid(self, packing: Packing) -> Samples:
        """Its pieces end to end."""
        return packed(muted(self.clean, RATE, self.rejected, self.speech), RATE, packing)

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


def prepared(work: Work, voice: Voice, sound: Sound, read: Mapping[Track, Sound]) -> Prepared:
    """`read` are the tracks that were read before: what was played may be one of them."""
    work.steps.begin("leak", voice.speaker)
    played = _played(work, voice.played, sound, read) if voice.played else None
    leak, cleaned, key = _cleaned(work, sound, played)
    part = work.steps.begin("voice activity", voice.speaker)
    found = work.kept("speech", lambda: find_speech(work.engine, cleaned(), leak.spans, part), key)
    speech = [(float(start), float(end)) for start, end in found]
    packing = Packing.of(speech, len(sound.samples) / RATE, RATE)
    return Prepared(voice, sound.start_ns, cleaned, leak.spans, speech, packing, key)


def for_voices(speech: Sequence[Region], count: int) -> Packing:
    """How speech in so many samples is laid end to end where voices are told apart in it."""
    return Packing.of(speech, count / RATE, RATE, VOICES_EDGE_S)


def _cleaned(work: Work, sound: Sound, played: Samples | None) -> tuple[Leak, Callable[[], Samples], str]:
    """The leak, what gives the sound without it, and the key of that sound."""
    if played is None:
        return NO_LEAK, lambda: sound.samples, sound.content
    settings, fresh = LeakSettings(), list[Samples]()

    def find() -> dict[str, Any]:
        leak, clean = find_leak(sound.samples, played, RATE, settings)
        fresh.append(clean)
        return leak.to_data()

    def cleaned() -> Samples:
        if not fresh:
            fresh.append(without_leak(sound.samples, played, leak, RATE, settings))
        return fresh[0]

    depends = (sound.content, hashlib.sha256(played.tobytes()).hexdigest(), asdict(settings))
    leak = Leak.from_data(work.kept("leak", find, *depends))
    return leak, cleaned, digest(*depends)


def find_speech(engine: Engine, samples: Samples, rejected: Sequence[Region], part: Part) -> list[Region]:
    """The model is asked about sound only: digital silence and what was rejected cost nothing."""
    stretches = sounding(samples, RATE, rejected)
    found: list[Region] = []
    for i, (start, end) in enumerate(stretches):
        piece = samples[round(start * RATE) : round(end * RATE)]
        found += [(start + a, start + b) for a, b in engine.speech(piece, lambda _: None)]
        part((i + 1) / len(stretches))
    return found


def _read(work: Work, voice: Voice) -> Sound | None:
    try:
        sound = read_sound(Path(voice.sound.path), voice.sound.track)
    except WozError as error:
        work.fault(f"the {voice.speaker}: {error}")
        return None
    if sound.fault:
        work.fault(f"the {voice.speaker}'s track: {sound.fault}")
    return sound


def _played(work: Work, track: Track, sound: Sound, read: Mapping[Track, Sound]) -> Samples | None:
    """What was played, laid on the microphone's time."""
    try:
        played = read[track] if track in read else read_sound(Path(track.path), track.track)
    except WozError as error:
        work.note(f"leak was not looked for: {error}")
        return None
    late = round((played.start_ns - sound.start_ns) * RATE / 1_000_000_000)
    laid = np.zeros(len(sound.samples), np.float32)
    first, last = max(0, late), min(len(laid), late + len(played.samples))
    laid[first : max(first, last)] = played.samples[first - late : max(first, last) - late]
    return laid
