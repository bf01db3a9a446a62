"""Windows of a session that somebody annotates: drawn, written, and held to."""

from __future__ import annotations

import random
from collections.abc import Container, Iterable, Mapping, Sequence

from woz.annotation.logged import ItemChange
from woz.annotation.tier_states import OPEN
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval, nanoseconds, seconds
from woz.model.annotation import Annotation
from woz.model.assignment import Assignment
from woz.model.ids import TierId
from woz.model.tier import Tier

WINDOW_NS = 120 * NS_PER_S
"""How long a drawn window is about."""
_STEP_NS = NS_PER_S // 10
"""Windows begin and end at tenths of a second, so that people can name them."""


def drawn_windows(duration_ns: int, share: float, seed: str, window_ns: int = WINDOW_NS) -> tuple[Interval, ...]:
    """Contiguous windows that are `share` (0 to 1) of a session together, the same for the same seed.

    The session is cut into equal parts and each has one window at a random place, so that begin, middle and end
    are looked at. Raises WozError for a share that is none, and a session without a length.
    """
    if not 0 < share <= 1:
        raise WozError("The share to annotate is more than 0 and at most 100 of 100.")
    if duration_ns < _STEP_NS:
        raise WozError("The session's length isn't known, so no part of it can be drawn; close it first.")
    if share == 1:
        return (Interval(0, duration_ns),)
    count = max(1, round(share * duration_ns / window_ns))
    part = duration_ns / count
    length = max(_STEP_NS, round(share * part / _STEP_NS) * _STEP_NS)
    chance = random.Random(seed)
    starts = [_whole(i * part + chance.random() * (part - length)) for i in range(count)]
    return merged(Interval(start, min(start + length, duration_ns)) for start in starts)


def _whole(ns: float) -> int:
    return int(ns // _STEP_NS) * _STEP_NS


def merged(windows: Iterable[Interval]) -> tuple[Interval, ...]:
    """In order; those that touch or overlap are one."""
    found: list[Interval] = []
    for window in sorted(windows):
        if found and window.start_ns <= found[-1].end_ns:
            found[-1] = found[-1] | window
        elif window:
            found.append(window)
    return tuple(found)


def common(one: Sequence[Interval], other: Sequence[Interval]) -> tuple[Interval, ...]:
    """What lies in both; an empty sequence stands for the whole session."""
    if not one or not other:
        return merged((*one, *other))
    return merged(a & b for a in one for b in other if a.intersects(b))


def window_words(windows: Sequence[Interval]) -> str:
    """As "60 to 180 s, 400 to 520 s"; "the whole session" where there are none."""
    told = ", ".join(f"{seconds(each.start_ns):g} to {seconds(each.end_ns):g} s" for each in windows)
    return told or "the whole session"


def windows_of(texts: Sequence[str]) -> tuple[Interval, ...]:
    """Of texts like "60-180", in seconds. Raises WozError for anything else."""
    found = []
    for text in texts:
        start, sign, end = text.partition("-")
        try:
            window = Interval(nanoseconds(float(start)), nanoseconds(float(end)))
        except (ValueError, OverflowError):
            window = Interval(0, 0)
        if not sign or not window or window.start_ns < 0:
            raise WozError(f"A window is a second, a dash and a later second, as 60-180; “{text}” is not.")
        found.append(window)
    return merged(found)


def coded_windows(
    given: Mapping[TierId, tuple[Interval, ...]],
    golds: Container[TierId],
    tiers: Iterable[Tier],
    measured: Container[TierId] = (),
) -> dict[TierId, tuple[Interval, ...]]:
    """In which windows a session's tiers are coded, by those in which they were `given`; without those that are
    coded as a whole. A gold is made where somebody whose work is submitted was asked to annotate, but for those who
    are `measured` by it.
    """
    tiers, found = list(tiers), dict(given)
    coded = [each for each in tiers if each.annotator_id and each.id not in golds and each.state not in OPEN]
    coded = [each for each in coded if each.id not in measured]
    for gold in (each for each in tiers if each.id in golds and each.id not in given):
        sources = [given.get(each.id, ()) for each in coded if each.type_id == gold.type_id]
        if sources and all(sources):
            found[gold.id] = merged(window for windows in sources for window in windows)
    return found


def refuse_outside(
    changes: Iterable[ItemChange], tiers: Mapping[TierId, Tier], work: Mapping[TierId, Assignment]
) -> None:
    """Raises WozError where something is put into an assigned tier, wholly outside its windows."""
    for change in changes:
        made = change.after
        if not isinstance(made, Annotation) or made.start_ns is None or made.tier_id not in work:
            continue
        assignment = work[made.tier_id]
        if not assignment.covers(made.interval):
            raise WozError(
                f"{tiers[made.tier_id].name} is assigned in a part of the session only,"
                f" {window_words(assignment.windows)}; {seconds(made.start_ns):.1f} s lies outside."
            )
