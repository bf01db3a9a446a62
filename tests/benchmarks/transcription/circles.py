"""How much texts shrink when they are compressed: what people said, and texts made to go round in circles.

A recogniser takes a text for a circle that repeats itself so much. People repeat themselves, too: where a
reference shrinks as much, a recogniser that wrote all of it rightly is sent back to decode it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from woz.transcription.packing import Packing, Region
from woz.transcription.recognition import WINDOW_S
from woz.transcription.references import Utterance
from woz.transcription.repetition import repetition
from woz.transcription.tracks import RATE

PHRASES = (1, 2, 4, 8)
"""So many words go round in a made circle."""
PARTS = (0.25, 0.5, 0.75)
"""So much of a text it takes the place of."""


@dataclass(frozen=True)
class Window:
    """A stretch of packed speech of one person (s), and what is said in it."""

    span: Region
    text: str


@dataclass(frozen=True)
class Shrinking:
    """`over` has for each limit how many texts of a source shrink more."""

    source: str
    windows: int
    median: float
    most: float
    over: dict[float, int]


@dataclass(frozen=True)
class Caught:
    """Of made circles that take so much of a text's place: how many shrink more than each limit."""

    part: float
    circles: int
    over: dict[float, int]


def windows_of(said: Sequence[Utterance], length_s: float, joiner: str = " ") -> tuple[Packing, list[Window]]:
    """One person's speech, packed and cut as it is for a recogniser.

    What begins before the last one has ended begins there, and what ends before is left out.
    """
    spoken: list[Utterance] = []
    at = 0.0
    for one in sorted(said, key=lambda u: (u.start_s, u.end_s)):
        if one.text and one.end_s > max(at, one.start_s):
            spoken.append(Utterance(one.speaker, max(at, one.start_s), one.end_s, one.text))
            at = one.end_s
    packing = Packing.of([(one.start_s, one.end_s) for one in spoken], length_s, RATE)
    laid = [packing.forth(one.start_s, one.end_s) for one in spoken]
    found = []
    for start, end in packing.chunks(WINDOW_S):
        texts = [one.text or "" for one, (a, b) in zip(spoken, laid, strict=True) if start <= (a + b) / 2 < end]
        if texts:
            found.append(Window((start, end), joiner.join(texts)))
    return packing, found


def holoassist(folder: Path) -> Iterator[list[Utterance]]:
    """What each of two people says in each of its sessions, as far as it was written down."""
    for path in sorted(folder.glob("*.json")):
        events = json.loads(path.read_text(encoding="utf-8"))["events"]
        said = [one for event in events if (one := _utterance(event))]
        yield from ([u for u in said if u.speaker == who] for who in sorted({u.speaker for u in said}))


def _utterance(event: dict[str, object]) -> Utterance | None:
    attributes = event.get("attributes")
    if event.get("label") != "Conversation" or not isinstance(attributes, dict):
        return None
    text, purpose = (str(attributes.get(name, "none")) for name in ("Transcription", "Conversation Purpose"))
    if text.strip().lower() in ("", "none"):
        return None
    return Utterance(purpose.split("-")[0], float(str(event["start"])), float(str(event["end"])), text.strip())


def circle(text: str, phrase: int, part: float) -> str:
    """The text with its last part gone; instead the `phrase` words before it go round, to the same length."""
    between = " " if " " in text else ""
    words = text.split() if between else list(text)
    kept: list[str] = []
    while len(kept) < phrase or len(between.join(kept)) < len(text) * (1 - part):
        if len(kept) == len(words):
            return text
        kept.append(words[len(kept)])
    said, going = between.join(kept), kept[-phrase:]
    for i in range(len(text)):
        if len(said) >= len(text):
            break
        said += between + going[i % phrase]
    return said


def shrinking(source: str, texts: Sequence[str], limits: Sequence[float]) -> Shrinking:
    """Of one text or more."""
    ratios = [repetition(text) for text in texts]
    over = {limit: sum(one > limit for one in ratios) for limit in limits}
    return Shrinking(source, len(texts), float(np.median(ratios)), max(ratios), over)


def caught(texts: Sequence[str], limits: Sequence[float]) -> list[Caught]:
    """Circles made of texts that are none by any limit."""
    straight = [text for text in texts if repetition(text) <= min(limits)]
    found = []
    for part in PARTS:
        made = [repetition(circle(text, phrase, part)) for text in straight for phrase in PHRASES]
        found.append(Caught(part, len(made), {limit: sum(one > limit for one in made) for limit in limits}))
    return found
