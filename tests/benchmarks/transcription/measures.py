"""How far what a transcriber made is from what was said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.benchmarks.transcription.audio import Audio
from tests.benchmarks.transcription.placement import placed_pairs
from tests.benchmarks.transcription.readings import read_aloud
from tests.benchmarks.transcription.transcribers import Made
from woz.annotation.words import words_in
from woz.transcription.references import Utterance
from woz.transcription.scoring import figures, normalised

JAPANESE = "ja"
UNSPACED = (JAPANESE, "zh")
NEAR_S = 3.0
LEAST_WORDS = 2
"""So many words that only one person says nearby make a turn hold that person's text."""
TELLING_LETTERS = 4
"""Shorter words are anybody's."""


@dataclass(frozen=True)
class Measured:
    """Parts of one; None where the reference doesn't say, or the transcriber gives no such thing."""

    wer: float | None
    cpwer: float | None
    der: float | None
    jer: float | None
    start_median_ms: float | None
    start_95th_ms: float | None
    unmatched: float | None
    """Of the words said, how many were not found as they were said within 5 s of their place."""
    speech_der: float | None
    """Of the voice activity, before any word."""
    two_people: int | None
    reference_words: int
    found_words: int


def measured(audio: Audio, made: Made) -> Measured:
    wer, cpwer = _texts(audio, made)
    der, jer = _times(audio, made)
    errors = start_errors_s(audio, made)
    return Measured(
        wer,
        cpwer,
        der,
        jer,
        float(np.median(errors) * 1000) if errors else None,
        float(np.percentile(errors, 95) * 1000) if errors else None,
        1 - len(errors) / sum(map(len, audio.words.values())) if made.words and audio.words else None,
        figures(audio.spoken, made.speech)["der"] if audio.spoken and made.speech else None,
        two_people(audio, made) if len({u.speaker for u in audio.said}) > 1 else None,
        sum(len(words_in(u.text or "")) for u in audio.said),
        sum(len(words_in(u.text or "")) for u in made.turns),
    )


def _texts(audio: Audio, made: Made) -> tuple[float | None, float | None]:
    if not audio.said:
        return None, None
    if not made.turns:
        return 1.0, 1.0
    language = audio.language
    found = figures([_plain(u, language) for u in audio.said], [_plain(u, language) for u in made.turns])
    return found["wer"], found["cpwer"]


def _times(audio: Audio, made: Made) -> tuple[float | None, float | None]:
    if not audio.spoken or not made.turns:
        return (1.0, 1.0) if audio.spoken else (None, None)
    found = figures(audio.spoken, [replace(u, text=None) for u in made.turns])
    return found["der"], found["jer"]


def _plain(utterance: Utterance, language: str) -> Utterance:
    """Scripts without spaces are compared by character, Japanese by its reading, Katakana as Hiragana."""
    if language not in UNSPACED:
        return utterance
    text = utterance.text or ""
    return replace(utterance, text=" ".join(_characters(read_aloud(text) if language == JAPANESE else text)))


def _characters(text: str) -> list[str]:
    letters = [c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum()]
    return [chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in letters]


def start_errors_s(audio: Audio, made: Made) -> list[float]:
    """Of each word that was found where it was said, how far its begin is from the true one."""
    errors: list[float] = []
    for speaker, said in audio.words.items():
        found = made.words.get(speaker, [])
        errors += [abs(said[i].start_s - found[j].start_s) for i, j in placed_pairs(said, found)]
    return errors


def two_people(audio: Audio, made: Made) -> int:
    """Turns that hold words which, near that time, only one person says, and others which only the other says."""
    return sum(len(_people(audio.said, turn)) > 1 for turn in made.turns)


def _people(said: Sequence[Utterance], turn: Utterance) -> list[str]:
    near: dict[str, set[str]] = {}
    for u in said:
        if u.start_s < turn.end_s + NEAR_S and u.end_s > turn.start_s - NEAR_S:
            near.setdefault(u.speaker, set()).update(normalised(u.text or "").split())
    words = {word for word in normalised(turn.text or "").split() if len(word) >= TELLING_LETTERS}
    owned = {who: words & own - _others(near, who) for who, own in near.items()}
    return [who for who, own in owned.items() if len(own) >= LEAST_WORDS]


def _others(near: dict[str, set[str]], who: str) -> set[str]:
    return {word for other, words in near.items() if other != who for word in words}
