"""A recogniser's segments as words with times, still of the packed sound."""

from __future__ import annotations

from collections.abc import Sequence

from woz.annotation.word_times import spread
from woz.annotation.words import words_in
from woz.base.interval import Interval
from woz.model.transcript import SPREAD
from woz.transcription.engine import Plain
from woz.transcription.packing import Packing
from woz.transcription.task import Heard, Span


def words_of(segment: Plain, laid: Sequence[Interval] = ()) -> list[Heard]:
    """Words in ns of the segment's sound; one without a time has that between its neighbours.

    Where none has a time, they are spread over the speech in the segment, and flagged. `laid` is where speech lies
    in that sound; without it, all of it is speech.
    """
    if not segment.get("words"):
        return _spread(segment, laid)
    found: list[Heard] = []
    at = float(segment["start"])
    words = _as_in(segment["text"], segment["words"])
    for i, word in enumerate(words):
        start = max(at, float(word.get("start", at)))
        later = (float(w["start"]) for w in words[i + 1 :] if "start" in w)
        at = max(start, float(word.get("end", next(later, segment["end"]))))
        found.append(Heard(word["word"], round(start * 1e9), round(at * 1e9), word.get("score")))
    return found


def _as_in(text: str, words: Sequence[Plain]) -> Sequence[Plain]:
    """The words as the text has them: of Japanese and Chinese an aligner gives each letter, of Latin words, too."""
    texts = words_in(text)
    letters = [(letter, word) for word in words for letter in word["word"]]
    if len(texts) >= len(words) or "".join(texts) != "".join(letter for letter, _ in letters):
        return words
    found, at = list[Plain](), 0
    for one in texts:
        found.append(_joined(one, [word for _, word in letters[at : at + len(one)]]))
        at += len(one)
    return found


def _joined(text: str, parts: Sequence[Plain]) -> Plain:
    times = {
        "start": next((part["start"] for part in parts if "start" in part), None),
        "end": next((part["end"] for part in reversed(parts) if "end" in part), None),
    }
    scores = [part["score"] for part in parts if part.get("score") is not None]
    score = sum(scores) / len(scores) if scores else None
    return {"word": text, "score": score, **{name: at for name, at in times.items() if at is not None}}


def span_of(segment: Plain, packing: Packing) -> Span:
    """A segment's text on the track's time."""
    pieces = packing.pieces_of(segment["start"], segment["end"])
    return Span(segment["text"].strip(), round(pieces[0][0] * 1e9), round(pieces[-1][1] * 1e9))


def _spread(segment: Plain, laid: Sequence[Interval]) -> list[Heard]:
    """By letters, over speech alone, as if its stretches were one; a word lies where most of it falls."""
    texts = words_in(segment["text"])
    whole = Interval(round(segment["start"] * 1e9), round(segment["end"] * 1e9))
    inside = [part for stretch in laid if (part := stretch & whole)] or [whole]
    total = Interval(0, sum(part.duration_ns for part in inside))
    shares = [_share(word.interval.middle_ns, inside) for word in spread(texts, total)] if texts else []
    found: list[Heard] = []
    for i, part in enumerate(inside):
        some = [text for text, share in zip(texts, shares, strict=True) if share == i]
        words = spread(some, part) if some else ()
        found += [Heard(w.text, w.interval.start_ns, w.interval.end_ns, None, SPREAD) for w in words]
    return found


def _share(at_ns: int, parts: Sequence[Interval]) -> int:
    """Which part holds a moment of all parts laid end to end."""
    for i, part in enumerate(parts):
        at_ns -= part.duration_ns
        if at_ns < 0:
            return i
    return len(parts) - 1
