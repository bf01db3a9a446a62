"""Many annotations moved in time as one: what stood on frames does so again, in the same order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.annotation.commands import snapped
from woz.model.annotation import Annotation


def shifted(
    items: Iterable[Annotation], by_ns: int, frames: Sequence[int] = (), not_before_ns: int = 0
) -> list[Annotation]:
    """The same later by a time, earlier where it is below 0, and nothing before `not_before_ns`.

    An edge that stood on a frame (`frames` are their times in ns, rising) goes to the nearest there, each to one of
    its own, since distances of frames may be uneven. What touched still does. Any other edge, and one that comes to
    lie after the last frame, goes by just `by_ns`, unless that would bring it behind what was before it.
    """
    found = list(items)
    edges = {t for each in found for t in (each.start_ns, each.end_ns) if t is not None}
    places = _places(edges, by_ns, frames, not_before_ns)
    return [
        replace(
            each,
            start_ns=None if each.start_ns is None else places[each.start_ns],
            end_ns=None if each.end_ns is None else places[each.end_ns],
        )
        for each in found
    ]


def _places(edges: Iterable[int], by_ns: int, frames: Sequence[int], not_before_ns: int) -> dict[int, int]:
    places: dict[int, int] = {}
    last = not_before_ns - 1
    for edge in sorted(edges):
        to_ns = edge + by_ns
        if frames and to_ns <= frames[-1] and snapped(edge, frames) == edge:
            to_ns = snapped(to_ns, frames)
            after = bisect_right(frames, last)
            if to_ns <= last and after < len(frames):
                to_ns = frames[after]
        last = places[edge] = max(to_ns, last + 1)
    return places
