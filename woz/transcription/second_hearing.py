"""Speech that a recogniser left without words is heard once more, by itself.

Among other speech a recogniser skips what is short or indistinct; apart from it, it finds words there. What it is
unsure of then, or likelier takes for no speech, is a guess, which a person decides about. What it is unsure of and
takes for no speech is left without words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.transcription.engine import Plain
from woz.transcription.listening import Prepared
from woz.transcription.packing import Packing, Region
from woz.transcription.task import Heard
from woz.transcription.tracks import RATE

LEAST_S = 0.8
"""A shorter stretch is a word of assent at most, and a window more costs as much for it as for a sentence."""
SURE, SPEECHLESS = -1.0, 0.5
"""Text of a lower mean logarithm of its probability, or of a window that likelier holds no speech, is a guess; both
together are silence, as OpenAI's own program has it.
"""


def left_over(one: Prepared, words: Sequence[Heard]) -> Prepared | None:
    """The voice with only its stretches of speech in which no word lies (ns of the track); None without any."""
    wordless = [region for region in one.speech if not _holds_any(region, words)]
    left = [(start, end) for start, end in wordless if end - start >= LEAST_S]
    if not left:
        return None
    others = [region for region in one.speech if region not in left]
    packing = Packing.of(left, len(one.clean) / RATE, RATE)
    silent = sorted([*one.rejected, *others])
    return replace(one, cleaned=lambda: one.clean, rejected=silent, speech=left, packing=packing)


def taken(segments: Sequence[Plain]) -> list[Plain]:
    """Those that aren't silence, and hold more than marks; "guess" says which are doubted."""
    doubts = [(s.get("avg_logprob", 0.0) < SURE, s.get("no_speech", 0.0) > SPEECHLESS) for s in segments]
    return [
        {**segment, "guess": any(doubt)}
        for segment, doubt in zip(segments, doubts, strict=True)
        if not all(doubt) and any(c.isalnum() for c in segment["text"])
    ]


def _holds_any(region: Region, words: Sequence[Heard]) -> bool:
    start, end = region
    return any(word.start_ns < end * 1e9 and word.end_ns > start * 1e9 for word in words)
