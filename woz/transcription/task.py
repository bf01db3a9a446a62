"""What a transcription is asked to do, and what it gives: values that travel as JSON between two processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's track: audio stream `track` of a file. Times in the result are the file's own."""

    speaker: str
    path: str
    track: int


@dataclass(frozen=True, slots=True)
class Task:
    """`model` is a Whisper model's folder, `align_model` a Wav2Vec2 model's; `language` None is found out."""

    voices: tuple[Voice, ...]
    model: str
    align_model: str | None = None
    language: str | None = None
    batch: int = 8
    cache: str | None = None

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Task:
        return cls(**{**data, "voices": tuple(Voice(**voice) for voice in data["voices"])})


@dataclass(frozen=True, slots=True)
class Heard:
    """A recognised word; times in nanoseconds of its track, `confidence` 0 to 1 or None where none was given."""

    text: str
    start_ns: int
    end_ns: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class VoiceResult:
    speaker: str
    words: tuple[Heard, ...]
    speech_ns: int
    """How much of the track the voice-activity model takes for speech."""


@dataclass(frozen=True, slots=True)
class Result:
    voices: tuple[VoiceResult, ...]
    language: str
    made_by: str
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Result:
        voices = tuple(
            VoiceResult(v["speaker"], tuple(Heard(**word) for word in v["words"]), v["speech_ns"])
            for v in data["voices"]
        )
        return cls(voices, data["language"], data["made_by"], tuple(data["notes"]))


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage of the work, and how much of the whole is done, 0 to 1."""

    stage: str
    part: float
