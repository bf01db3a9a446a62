"""Moments to listen to, so that a person can tell whose voice it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from woz.interval import NS_PER_S, Interval
from woz.session import Turn

PER_VOICE = 3
LONGEST_NS = 5 * NS_PER_S


def voices_of(turns: Iterable[Turn]) -> list[str]:
    """The voices that diarization found, by name."""
    return sorted({turn.voice for turn in turns if turn.voice})


def samples_of(turns: Sequence[Turn], voice: str, count: int = PER_VOICE) -> list[Interval]:
    """Up to `count` moments, by time, in which this voice speaks most alone, from all over the session."""
    own = sorted((turn for turn in turns if turn.voice == voice), key=lambda turn: turn.interval)
    if not own:
        return []
    first, whole = own[0].interval.start_ns, own[-1].interval.end_ns - own[0].interval.start_ns + 1
    thirds: dict[int, list[Turn]] = {}
    for turn in own:
        thirds.setdefault((turn.interval.start_ns - first) * count // whole, []).append(turn)
    best = [max(some, key=lambda turn: _alone_ns(turn, turns)) for some in thirds.values()]
    rest = sorted((t for t in own if t not in best), key=lambda turn: -_alone_ns(turn, turns))
    return sorted(_cut(turn.interval) for turn in [*best, *rest][:count])


def _alone_ns(turn: Turn, turns: Sequence[Turn]) -> int:
    others = sum((turn.interval & other.interval).duration_ns for other in turns if other.voice != turn.voice)
    return min(LONGEST_NS, turn.interval.duration_ns) - others


def _cut(interval: Interval) -> Interval:
    return Interval(interval.start_ns, min(interval.end_ns, interval.start_ns + LONGEST_NS))
