"""How far three or more annotators agree on each moment's label."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from woz.annotation.measures.intervals import Estimate, estimate
from woz.annotation.measures.kappa import fleiss_kappa, gwet_ac1
from woz.annotation.measures.segment import GAP, Segment, segments_of
from woz.base.interval import Interval
from woz.model.annotation import Annotation

UNIT_NS = 100_000_000
"""Each tenth of a second is an item that all have labelled."""
UNIT = "tenths of a second"
Room = tuple[Sequence[Sequence[Annotation]], Sequence[Interval]]
"""What each annotated of a session, and the windows in which all of them did."""


def several_agree(rooms: Sequence[Room]) -> dict[str, Estimate]:
    """Fleiss' kappa and Gwet's AC1 over tenths of a second, with intervals by session; what nobody labelled is a
    label of its own.
    """
    labels = sorted({s.label for sides, _ in rooms for side in sides for s in segments_of(side)} | {GAP})
    places = {label: i for i, label in enumerate(labels)}
    tables = [_table(sides, windows, places) for sides, windows in rooms]
    return {
        "fleiss kappa": estimate(tables, lambda some: fleiss_kappa([row for each in some for row in each])),
        "ac1": estimate(tables, lambda some: gwet_ac1([row for each in some for row in each])),
    }


def _table(
    sides: Sequence[Sequence[Annotation]], windows: Sequence[Interval], places: dict[str, int]
) -> list[tuple[int, ...]]:
    segments = [segments_of(side) for side in sides]
    edges = {t for window in windows for t in (window.start_ns, window.end_ns)}
    edges |= {t for side in segments for each in side for t in (each.start_ns, each.end_ns)}
    rows: list[tuple[int, ...]] = []
    for start, end in pairwise(sorted(edges)):
        if not any(start in window for window in windows):
            continue
        row = [0] * len(places)
        for side in segments:
            row[places[_label_at(side, start)]] += 1
        rows += [tuple(row)] * (end // UNIT_NS - start // UNIT_NS)
    return rows


def _label_at(segments: Sequence[Segment], at_ns: int) -> str:
    there = [each for each in segments if each.start_ns <= at_ns < each.end_ns]
    return there[-1].label if there else GAP
