"""What the transcribers are given: tracks, and who said what when in them, as far as that is known."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.leak_room import Spoken, leaky, split
from tests.benchmarks.transcription.dialogues import Dialogue, SpokenWord, dialogue
from tests.transcription.sounds import write_wav
from woz.model.people import Role
from woz.transcription.references import Utterance, read_reference
from woz.transcription.task import MIXED
from woz.transcription.tracks import RATE, read_voice

Samples = NDArray[np.float32]

LEAK_DB, LEAK_DELAY_S = -15.0, 0.06
MINUTES = {"en": 10.0, "it": 2.0, "de": 2.0, "fr": 2.0, "es": 2.0, "ja": 2.0, "zh": 2.0}
JFK = "And so my fellow Americans ask not what your country can do for you ask what you can do for your country"
LEFT = "He began a confused complaint against the wizard who had vanished behind the curtain on the left"
RIGHT = "The horizon seems extremely distant"


@dataclass(frozen=True)
class Audio:
    """`tracks` are files by speaker, or the one of MIXED. `played` is what leaks into the trainee's track.

    `said` has texts and, where `timed`, times; `spoken` has times alone; `words` has each word's begin by speaker.
    """

    name: str
    language: str
    tracks: dict[str, Path]
    seconds: float
    said: list[Utterance] = field(default_factory=list)
    spoken: list[Utterance] = field(default_factory=list)
    words: dict[str, list[SpokenWord]] = field(default_factory=dict)
    leaks: bool = False


def data_folder() -> Path:
    named = os.environ.get("WOZ_TEST_DATA")
    return Path(named) if named else Path(__file__).parents[4] / "shared" / "data"


def make(name: str, folder: Path, minutes: float | None = None) -> Audio:
    """Lay an audio's tracks into a folder; `minutes` shortens a dialogue. Raises KeyError for an unknown name."""
    if name.startswith("dialogue-"):
        language = name.removeprefix("dialogue-")
        return _dialogue(language, min(MINUTES[language], minutes or MINUTES[language]), folder)
    return KNOWN[name](data_folder() / "speech", folder)


def _call(speech: Path, folder: Path) -> Audio:
    room = split(speech / "two_person_call.wav")
    return _two("call", room.mic, room.played, folder, _stm(speech), _spoken(room.reference))


def _call_leak(speech: Path, folder: Path) -> Audio:
    room = leaky(split(speech / "two_person_call.wav"), LEAK_DB, LEAK_DELAY_S)
    made = _two("call-leak", room.mic, room.played, folder, _stm(speech), _spoken(room.reference))
    return replace(made, leaks=True)


def _call_mono(speech: Path, folder: Path) -> Audio:
    samples, _ = read_voice(speech / "two_person_call.wav", 0)
    room = split(speech / "two_person_call.wav")
    track = write_wav(folder / "call-mono.wav", samples)
    seconds = len(samples) / RATE
    return Audio("call-mono", "en", {MIXED: track}, seconds, _stm(speech), _spoken(room.reference))


def _channels(speech: Path, folder: Path) -> Audio:
    """A speaker a channel; nobody knows when each begins."""
    left, right = _stereo(speech / "one_speaker_per_channel.wav")
    seconds = len(left) / RATE
    said = [Utterance(Role.TRAINEE, 0.0, seconds, LEFT), Utterance(Role.EXPERT, 0.0, seconds, RIGHT)]
    return _two("channels", left, right, folder, said, [])


def _jfk(speech: Path, folder: Path) -> Audio:
    samples, _ = read_voice(speech / "jfk.flac", 0)
    seconds = len(samples) / RATE
    track = write_wav(folder / "jfk.wav", samples)
    return Audio("jfk", "en", {Role.TRAINEE: track}, seconds, [Utterance(Role.TRAINEE, 0.0, seconds, JFK)])


def _meeting(name: str) -> Callable[[Path, Path], Audio]:
    def made(speech: Path, folder: Path) -> Audio:
        room = split(speech / f"{name}.wav")
        return _two(name, room.mic, room.played, folder, [], _spoken(room.reference))

    return made


def _dialogue(language: str, minutes: float, folder: Path) -> Audio:
    made = dialogue(language, minutes * 60)
    said = [Utterance(line.speaker, line.start_s, line.end_s, line.text) for line in made.spoken]
    audio = _two(
        f"dialogue-{language}",
        made.tracks[Role.TRAINEE],
        made.tracks[Role.EXPERT],
        folder,
        said,
        [replace(u, text=None) for u in said],
    )
    return replace(audio, language=language, words=_words(made))


def _words(made: Dialogue) -> dict[str, list[SpokenWord]]:
    found: dict[str, list[SpokenWord]] = {}
    for line in made.spoken:
        found.setdefault(line.speaker, []).extend(line.words)
    return found


def _two(
    name: str,
    trainee: Samples,
    expert: Samples,
    folder: Path,
    said: list[Utterance],
    spoken: list[Utterance],
) -> Audio:
    tracks: dict[str, Path] = {
        role: write_wav(folder / f"{name}-{role}.wav", track)
        for role, track in ((Role.TRAINEE, trainee), (Role.EXPERT, expert))
    }
    return Audio(name, "en", tracks, len(trainee) / RATE, said, spoken)


def _stm(speech: Path) -> list[Utterance]:
    roles = {"Diane": Role.TRAINEE, "Sheila": Role.EXPERT}
    return [replace(u, speaker=roles[u.speaker]) for u in read_reference(speech / "two_person_call.stm")]


def _spoken(reference: list[Spoken]) -> list[Utterance]:
    return [Utterance(who, start, end, None) for start, end, who in reference]


def _stereo(path: Path) -> tuple[Samples, Samples]:
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp", "stereo", RATE)
        blocks = [out.to_ndarray() for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    both = np.concatenate(blocks, axis=1).astype(np.float32)
    return both[0], both[1]


KNOWN: dict[str, Callable[[Path, Path], Audio]] = {
    "call": _call,
    "call-leak": _call_leak,
    "call-mono": _call_mono,
    "channels": _channels,
    "jfk": _jfk,
    "ami_dev00": _meeting("ami_dev00"),
    "ami_trn03": _meeting("ami_trn03"),
}
NAMES = (*KNOWN, *(f"dialogue-{language}" for language in MINUTES))
