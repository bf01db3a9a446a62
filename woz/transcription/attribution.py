"""Turns from recognised words: a track with one person's voice is that person's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from woz.interval import Interval
from woz.session import Role, TranscriptId, Turn, TurnId, Word, new_id
from woz.transcription.task import Heard, Result

PAUSE_NS = 800_000_000
"""A longer silence between two words of one speaker begins a new turn."""
LEAST_WORDS_A_SECOND = 0.5
"""Less text than this for the speech there is makes a result doubtful."""

Times = Callable[[Interval], Interval]


@dataclass(frozen=True, slots=True)
class Placed:
    """How a speaker's track times map to the trainee's time line, and to when it was said (None: not kept)."""

    heard: Times
    said: Times | None = None


def turns_of(
    result: Result, transcript_id: TranscriptId, places: dict[str, Placed], pause_ns: int = PAUSE_NS
) -> list[Turn]:
    """All speakers' turns by time; turns of different speakers may overlap, and each keeps its words."""
    turns = []
    for voice in result.voices:
        place = places[voice.speaker]
        for words in _grouped(voice.words, pause_ns):
            turns.append(_turn(Role(voice.speaker), words, transcript_id, place))
    return sorted(turns, key=lambda turn: turn.interval)


def doubts(result: Result) -> str:
    """Why the result should be doubted, in a sentence; empty where nothing speaks against it."""
    for voice in result.voices:
        seconds = voice.speech_ns / 1e9
        if seconds > 1 and len(voice.words) < LEAST_WORDS_A_SECOND * seconds:
            return f"doubtful: {len(voice.words)} words for {seconds:.0f} s of the {voice.speaker}'s speech"
    if not any(voice.words for voice in result.voices):
        return "doubtful: no words were recognised"
    return ""


def _grouped(words: Sequence[Heard], pause_ns: int) -> list[list[Heard]]:
    groups: list[list[Heard]] = []
    for word in sorted(words, key=lambda w: w.start_ns):
        if groups and word.start_ns - groups[-1][-1].end_ns < pause_ns:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _turn(speaker: Role, words: Sequence[Heard], transcript_id: TranscriptId, place: Placed) -> Turn:
    spans = [Interval(word.start_ns, max(word.start_ns, word.end_ns)) for word in words]
    whole = Interval(spans[0].start_ns, max(span.end_ns for span in spans))
    confidences = [word.confidence for word in words if word.confidence is not None]
    return Turn(
        TurnId(new_id()),
        transcript_id,
        speaker,
        place.heard(whole),
        " ".join(word.text for word in words),
        place.said(whole) if place.said else None,
        tuple(Word(w.text, place.heard(span), w.confidence) for w, span in zip(words, spans, strict=True)),
        sum(confidences) / len(confidences) if confidences else None,
    )
