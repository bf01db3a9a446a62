"""Times as subtitles have them: hours, minutes, seconds and milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.formats.bundle import SessionBundle
from woz.formats.parts import Lost


def stamp(ns: int, point: str = ".") -> str:
    milliseconds = milliseconds_of(ns)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"


def milliseconds_of(ns: int) -> int:
    """The nearest; none before the beginning."""
    return max(0, (2 * ns + NS_PER_MS) // (2 * NS_PER_MS))


def stamped_ns(parts: Iterable[str | None]) -> int:
    """Of hours, minutes, seconds, milliseconds; None is 0."""
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * NS_PER_S + milliseconds * NS_PER_MS


def unstamped(bundle: SessionBundle) -> Iterable[Lost]:
    """What subtitles of ms and of one-line texts can't hold of turns."""
    edges = (edge for turn in bundle.turns for edge in (turn.interval.start_ns, turn.interval.end_ns))
    yield Lost("parts of a millisecond", sum(edge != milliseconds_of(edge) * NS_PER_MS for edge in edges))
    texts = (turn.text for turn in bundle.turns)
    yield Lost("texts with line breaks, or several blanks", sum(text != " ".join(text.split()) for text in texts))
