"""Turns that were made elsewhere, held within the session that they are said to be of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import Interval, seconds
from woz.model.transcript import Turn


def within_session(turns: Sequence[Turn], duration_ns: int | None) -> tuple[list[Turn], int]:
    """Those that end after the session are cut at its end; the second value is how many that were.

    Raises WozError where a turn begins after the session's end. All stay as they are where the end isn't known.
    """
    if duration_ns is None:
        return list(turns), 0
    beyond = sum(turn.interval.start_ns >= duration_ns for turn in turns)
    if beyond:
        begin = "begins" if beyond == 1 else "begin"
        raise WozError(
            f"{beyond} of {counted(len(turns), 'turn')} {begin} after the session's end"
            f" ({seconds(duration_ns):.1f} s); nothing was imported: name their session with"
            " --session, or mend the file's times."
        )
    late = sum(turn.interval.end_ns > duration_ns for turn in turns)
    return [_cut(turn, duration_ns) for turn in turns], late


def _cut(turn: Turn, end_ns: int) -> Turn:
    """The turn and its words up to the session's end."""
    if turn.interval.end_ns <= end_ns:
        return turn
    words = (w for w in turn.words if w.interval.start_ns < end_ns)
    cut = tuple(replace(w, interval=_until(w.interval, end_ns)) for w in words)
    return replace(turn, interval=_until(turn.interval, end_ns), words=cut)


def _until(interval: Interval, end_ns: int) -> Interval:
    return Interval(interval.start_ns, min(interval.end_ns, end_ns))
