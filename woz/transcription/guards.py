"""Signs that a recogniser made words up: repetition, phrases it learnt from subtitles, words where nobody speaks.

Such words are flagged, never dropped: a person decides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

from woz.base.interval import Interval
from woz.model.transcript import CUT
from woz.transcription.engine import Plain
from woz.transcription.task import Heard

Samples = NDArray[np.float32]

REPEATED = "repeated"
PHANTOM = "phantom phrase"
SILENCE = "on silence"
GUESS = "a mere guess"

REPEATS = {1: 5, 2: 4}
REPEATS_LONGER = 3
LONGEST_NGRAM = 8
BELOW_SPEECH_DB = 35.0
"""A word this far below the level of the track's speech lies on silence."""
LEAST_DBFS = -65.0
SURE, LIKELY = -1.0, 0.5
"""Text of a lower mean logarithm of its probability, or with words of a lower mean probability, is unsure."""
SPEECHLESS = 0.5
"""Unsure text in a window that likelier holds no speech is guessed."""
LEAST_PACE, USUAL_PACE = 1.0, 3.0
"""Letters a second of speech: below the one a text is guessed, below the other if unsure, or for MUCH_S. People say
more: 7.7 at least in windows of seven languages.
"""
SYLLABLE, DIGIT = 3, 4
"""A sign of Chinese, Japanese or Korean stands for a syllable or so, a digit for a word: each counts as so many
letters.
"""
TELLING_S, MUCH_S = 3.0, 8.0
"""In less speech the pace says nothing; in so much it says enough, however sure the text is."""

PHANTOMS = (
    "thanks for watching", "thank you for watching", "please subscribe", "subscribe to my channel",
    "like and subscribe", "see you in the next video", "subtitles by the amara org community",
    "transcription by castingwords", "sottotitoli creati dalla comunità amara org",
    "sottotitoli e revisione a cura di", "grazie per la visione",
    "untertitel der amara org community", "untertitel im auftrag des zdf",
    "vielen dank fürs zuschauen", "sous titres réalisés par la communauté d amara org",
    "merci d avoir regardé cette vidéo", "subtítulos realizados por la comunidad de amara org",
    "gracias por ver el video", "ご視聴ありがとうございました",
    "チャンネル登録をお願いします", "字幕由amara org社区提供",
    "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "谢谢观看",
)  # fmt: skip
"""What Whisper models are known to say where there is nothing to hear."""


def guarded(words: Sequence[Heard], samples: Samples, rate: int) -> list[Heard]:
    """The words with flags; `samples` begin at time 0 of the words' times. One that is CUT stays so."""
    flags: dict[int, str] = {}
    for i in _on_silence(words, samples, rate):
        flags[i] = SILENCE
    texts = [_plain(word.text) for word in words]
    for i in _phantoms(texts):
        flags[i] = PHANTOM
    for i in _repeated(texts):
        flags[i] = REPEATED
    return [
        word if word.flag == CUT else replace(word, flag=flags.get(i, word.flag)) for i, word in enumerate(words)
    ]


def guessed(words: Sequence[Heard], segments: Sequence[Plain], laid: Sequence[Interval] = ()) -> list[Heard]:
    """Words of packed sound, flagged where they lie in a segment that the recogniser guessed at.

    So is a segment of marks alone: a model writes a lone full stop where it hears no word. And one with far fewer
    letters than are said in so much speech, as models have for music, and one that is told to be a "guess". `laid`
    is where speech lies in that sound; without it, all of it is speech.
    """
    if not segments:
        return list(words)
    starts = [round(segment["start"] * 1e9) for segment in segments]
    guesses = [_is_guess(segment, laid) for segment in segments]
    return [
        replace(word, flag=GUESS) if guesses[max(0, bisect_right(starts, word.start_ns) - 1)] else word
        for word in words
    ]


def _is_guess(segment: Plain, laid: Sequence[Interval]) -> bool:
    letters = _letters(segment["text"])
    speech_s = _speech_s(segment, laid)
    pace = letters / speech_s if speech_s > TELLING_S else np.inf
    slow = pace < (USUAL_PACE if speech_s > MUCH_S else LEAST_PACE)
    doubtful = segment.get("no_speech", 0.0) > SPEECHLESS or pace < USUAL_PACE
    return bool(segment.get("guess")) or not letters or slow or (_is_unsure(segment) and doubtful)


def _letters(text: str) -> int:
    return sum(map(_letters_of, _plain(text)))


def _letters_of(sign: str) -> int:
    if sign.isdigit():
        return DIGIT
    return SYLLABLE if east_asian_width(sign) == "W" else 1


def _is_unsure(segment: Plain) -> bool:
    scores = [word["score"] for word in segment.get("words") or () if word.get("score") is not None]
    return segment.get("avg_logprob", 0.0) < SURE or (bool(scores) and float(np.mean(scores)) < LIKELY)


def _speech_s(segment: Plain, laid: Sequence[Interval]) -> float:
    whole = Interval(round(segment["start"] * 1e9), round(segment["end"] * 1e9))
    parts = [part for stretch in laid if (part := stretch & whole)] or [whole]
    return sum(part.duration_ns for part in parts) / 1e9


def _repeated(texts: Sequence[str]) -> set[int]:
    """Where the same words come again and again; the first time is left alone."""
    found: set[int] = set()
    for size in range(1, LONGEST_NGRAM + 1):
        least = REPEATS.get(size, REPEATS_LONGER)
        same = [i + size < len(texts) and texts[i] == texts[i + size] for i in range(len(texts))]
        run = 0
        for i, alike in enumerate([*same, False]):
            run = run + 1 if alike else 0
            if run >= size * (least - 1):
                found.update(range(i - run + 1 + size, i + size + 1))
    return found


def _phantoms(texts: Sequence[str]) -> set[int]:
    """Words of known phrases, whether the language puts spaces between words or not."""
    joined = "".join(texts)
    owner = [i for i, text in enumerate(texts) for _ in text]
    starts = {at for at, i in enumerate(owner) if at == 0 or owner[at - 1] != i}
    found: set[int] = set()
    for phrase in PHANTOMS:
        plain = _plain(phrase)
        for match in re.finditer(re.escape(plain), joined):
            if match.start() in starts:
                found.update(owner[match.start() : match.end()])
    return found


def _on_silence(words: Sequence[Heard], samples: Samples, rate: int) -> list[int]:
    levels = [_level(samples, word, rate) for word in words]
    speech = float(np.percentile(levels, 75)) if levels else 0.0
    least = max(LEAST_DBFS, speech - BELOW_SPEECH_DB)
    return [i for i, level in enumerate(levels) if level < least]


def _level(samples: Samples, word: Heard, rate: int) -> float:
    """dBFS of the word's sound."""
    first = word.start_ns * rate // 1_000_000_000
    part = samples[first : max(first + rate // 50, word.end_ns * rate // 1_000_000_000)]
    power = float(np.mean(part.astype(np.float64) ** 2)) if len(part) else 0.0
    return 10 * float(np.log10(power + 1e-12))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
