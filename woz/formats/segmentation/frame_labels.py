"""The segments of a tier as one label a frame, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from woz.base.interval import NS_PER_S
from woz.formats.frames import FrameRate
from woz.model.annotation import Annotation

Run = tuple[str, int, int]
"""A label, its first frame, and the frame after its last one."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """`labels` are those of the frames, None for one that no segment covers.

    `cut` counts the segments that have frames taken by others, `unseen` those without any frame.
    """

    labels: tuple[str | None, ...]
    cut: int
    unseen: int


def labelled(segments: Sequence[Annotation], count: int, rate: FrameRate) -> Labelled:
    """Of a frame's middle the label holds; where segments overlap, that of the one that began last."""
    owners: list[int | None] = [None] * count
    cut = unseen = 0
    ordered = sorted((each for each in segments if each.end_ns is not None), key=lambda each: each.interval)
    for n, each in enumerate(ordered):
        first, last = _frames(each, rate, count)
        owners[first:last] = [n] * (last - first)
    taken = [0] * len(ordered)
    for owner in owners:
        if owner is not None:
            taken[owner] += 1
    for n, each in enumerate(ordered):
        first, last = _frames(each, rate, count)
        unseen += taken[n] == 0
        cut += 0 < taken[n] < last - first
    return Labelled(tuple(None if owner is None else ordered[owner].label for owner in owners), cut, unseen)


def _frames(each: Annotation, rate: FrameRate, count: int) -> tuple[int, int]:
    """The frames whose middles lie inside."""
    half = round(NS_PER_S / rate.rate / 2)
    interval = each.interval
    first = min(max(0, rate.until(interval.start_ns - half)), count)
    return first, max(first, min(rate.until(interval.end_ns - half), count))


def runs(labels: Iterable[str]) -> Iterator[Run]:
    """Frames with the same label, one after the other, are a segment."""
    current, first, n = None, 0, 0
    for n, label in enumerate(labels, 1):
        if label != current:
            if current is not None:
                yield current, first, n - 1
            current, first = label, n - 1
    if current is not None:
        yield current, first, n
