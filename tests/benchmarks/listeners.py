"""The product's first stages on sound in memory, with the real voice-activity model."""

from __future__ import annotations

import hashlib

from woz.transcription.leak import LeakSettings, find_leak
from woz.transcription.listening import find_speech
from woz.transcription.packing import Region, Samples
from woz.transcription.task import Settings
from woz.transcription.tracks import RATE
from woz.transcription.whisperx_engine import WhisperXEngine


class Listener:
    """Speech of a track, its leak rejected where what was played is given; the same track is judged once."""

    def __init__(self, settings: LeakSettings | None = None) -> None:
        self._settings = settings or LeakSettings()
        self._engine = WhisperXEngine(Settings(device="cpu", threads=1))
        self._known: dict[str, list[Region]] = {}

    def speech(self, samples: Samples, played: Samples | None = None) -> list[Region]:
        clean = samples
        rejected: tuple[Region, ...] = ()
        if played is not None:
            leak, clean = find_leak(samples, played, RATE, self._settings)
            rejected = leak.spans
        key = hashlib.sha256(clean.tobytes()).hexdigest()
        if key not in self._known:
            self._known[key] = find_speech(self._engine, clean, rejected, lambda _: None)
        return self._known[key]
