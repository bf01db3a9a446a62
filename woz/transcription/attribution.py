"""Who said what: a track with one person's voice is that person's; other voices are told apart by diarization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from woz.base.counts import counted
from woz.model.transcript import may_be_invented
from woz.transcription.task import Heard, Result

LEAST_WORDS_A_SECOND = 0.5
"""Less text than this for the speech there is makes a result doubtful."""
FLAGGED_PART = 0.5
"""So many words that may be invented do, too."""

Voiced = tuple[int, int, str]
"""Start and end in ns, and the label of a voice."""
Times = NDArray[np.int64]


def voiced(words: Sequence[Heard], spans: Sequence[Voiced], own: str | None) -> list[Heard]:
    """The words with the voice that speaks most while each is said, or the nearest one.

    With `own`, whose microphone it is, the voice that speaks most is that person's (an empty label) and the others
    are "other 1", "other 2" …; without, they are "voice 1", "voice 2" … in the order in which they are first heard.
    """
    names = _names(spans, own)
    if not names:
        return list(words)
    starts, ends = np.array([span[:2] for span in spans], np.int64).T
    return [replace(word, voice=names[spans[_nearest(word, starts, ends)][2]]) for word in words]


def _names(spans: Sequence[Voiced], own: str | None) -> dict[str, str]:
    totals: dict[str, int] = {}
    for start, end, label in sorted(spans):
        totals[label] = totals.get(label, 0) + end - start
    if own is None:
        return {label: f"voice {i + 1}" for i, label in enumerate(totals)}
    others = [label for label in totals if label != max(totals, key=totals.__getitem__)]
    return {label: f"other {others.index(label) + 1}" if label in others else "" for label in totals}


def _nearest(word: Heard, starts: Times, ends: Times) -> int:
    """The number of the span that shares most of the word, or, where none does, is least apart from it."""
    return int(np.argmax(np.minimum(word.end_ns, ends) - np.maximum(word.start_ns, starts)))


def doubts(result: Result) -> str:
    """Why the result should be doubted, in a sentence; empty where nothing speaks against it."""
    reasons = list(result.faults)
    for voice in result.voices:
        seconds = voice.speech_ns / 1e9
        if seconds > 1 and len(voice.words) < LEAST_WORDS_A_SECOND * seconds:
            reasons.append(
                f"{counted(len(voice.words), 'word')} for {seconds:.0f} s of speech in the {voice.speaker}'s track"
            )
        flagged = sum(may_be_invented(word.flag) for word in voice.words)
        if voice.words and flagged >= FLAGGED_PART * len(voice.words):
            reasons.append(
                f"{flagged} of {counted(len(voice.words), 'word')} in the {voice.speaker}'s track may be invented"
            )
    if not any(voice.words for voice in result.voices):
        reasons.append("no words were recognised")
    return "doubtful: " + "; ".join(reasons) if reasons else ""
