"""What a transcription is asked to do, and what it gives: values that travel as JSON between two processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MIXED = "mixed"
"""The speaker of a track that holds everybody's voice."""


@dataclass(frozen=True, slots=True)
class Track:
    """Audio stream `track` (from 0) of a file."""

    path: str
    track: int = 0


@dataclass(frozen=True, slots=True)
class Voice:
    """A track to transcribe. Times in the result are the file's own.

    `speaker` is whose microphone it is, or MIXED. `played` is the track of what this person heard, whose leak into
    the microphone is rejected; both must begin on the same clock. `bystanders` asks for the voices of people
    standing by to be told from the speaker's.
    """

    speaker: str
    sound: Track
    played: Track | None = None
    bystanders: bool = False

    @property
    def holds_others(self) -> bool:
        """Whether others' voices may be heard in it that are told apart."""
        return self.speaker == MIXED or self.bystanders


@dataclass(frozen=True, slots=True)
class Settings:
    """Which models, and how; None stands for the default.

    `model` is the folder of a Whisper model in CTranslate2 form, `aligners` maps languages to folders of Wav2Vec2
    models ("*": any other language), `diarizer` is the folder of a pyannote pipeline or of the voice
    encoder, `models` is where defaults are looked for. `voices` is how many people speak on a mixed track, where
    that is known. `hotwords` are what will probably be said, as names and tools, which the recogniser is told.
    """

    model: str | None = None
    aligners: Mapping[str, str] = field(default_factory=dict)
    diarizer: str | None = None
    models: str | None = None
    language: str | None = None
    translate: bool = False
    voices: int | None = None
    hotwords: str = ""
    batch: int = 8
    device: str | None = None
    precision: str | None = None
    beam: int = 5
    threads: int = 0
    """How many threads the CPU's work is given; 0 for as many as there are cores."""
    engine: str = "woz.transcription.whisperx_engine:WhisperXEngine"


@dataclass(frozen=True, slots=True)
class Task:
    """The voices of one session; `name` tells it from others of a queue, `cache` is where stages are kept."""

    voices: tuple[Voice, ...]
    settings: Settings = field(default_factory=Settings)
    cache: str | None = None
    name: str = ""

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Task:
        voices = tuple(_voice(voice) for voice in data["voices"])
        return cls(voices, Settings(**data["settings"]), data["cache"], data["name"])


def _voice(data: dict[str, Any]) -> Voice:
    played = Track(**data["played"]) if data["played"] else None
    return Voice(data["speaker"], Track(**data["sound"]), played, data["bystanders"])


@dataclass(frozen=True, slots=True)
class Timing:
    """A text to be timed word by word: it is said from `start_ns` to `end_ns` of a file's own time."""

    sound: Track
    start_ns: int
    end_ns: int
    text: str
    language: str
    settings: Settings = field(default_factory=Settings)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Timing:
        return cls(**{**data, "sound": Track(**data["sound"]), "settings": Settings(**data["settings"])})


@dataclass(frozen=True, slots=True)
class Heard:
    """A recognised word; times in nanoseconds of its track, `confidence` 0 to 1 or None where none was given.

    `flag` says why it may be invented, empty where nothing speaks against it; `voice` is a diarized voice's label.
    """

    text: str
    start_ns: int
    end_ns: int
    confidence: float | None = None
    flag: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with times, as a translation gives it."""

    text: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class VoiceResult:
    """What one track holds: words, and where there is speech, start and end of each stretch in ns of the track.

    `rejected_ns` is how much was another's leak.
    """

    speaker: str
    words: tuple[Heard, ...]
    speech: tuple[tuple[int, int], ...] = ()
    language: str = ""
    translation: tuple[Span, ...] = ()
    rejected_ns: int = 0

    @property
    def speech_ns(self) -> int:
        return sum(end_ns - start_ns for start_ns, end_ns in self.speech)


@dataclass(frozen=True, slots=True)
class Result:
    voices: tuple[VoiceResult, ...]
    language: str
    made_by: str
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    """What makes the result doubtful."""

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Result:
        voices = tuple(_voice_result(voice) for voice in data["voices"])
        notes, faults = tuple(data["notes"]), tuple(data["faults"])
        return cls(voices, data["language"], data["made_by"], notes, faults)


def _voice_result(data: dict[str, Any]) -> VoiceResult:
    words = tuple(Heard(**word) for word in data["words"])
    translation = tuple(Span(**span) for span in data["translation"])
    speech = tuple((start_ns, end_ns) for start_ns, end_ns in data["speech"])
    return VoiceResult(**{**data, "words": words, "speech": speech, "translation": translation})


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage of a task, how much of the task is done (0 to 1), and the seconds left, None where unknown."""

    stage: str
    part: float
    left_s: float | None = None
    task: str = ""
