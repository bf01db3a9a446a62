"""Where somebody looked, by session time, from a session's table of gaze."""

from __future__ import annotations

import csv
import logging
from bisect import bisect_right
from pathlib import Path

from woz.base.interval import NS_PER_MS

log = logging.getLogger(__name__)

STALE_NS = 250 * NS_PER_MS
"""A point that is older says nothing of now."""
TIME, ACROSS, DOWN = "session_ns", "x", "y"


class Gaze:
    """Points are parts of the picture, 0..1 from its left and upper edge."""

    def __init__(self, times: list[int], points: list[tuple[float, float] | None]) -> None:
        self._times, self._points = times, points

    @classmethod
    def load(cls, table: Path) -> Gaze | None:
        """None where there is no such table, or it holds no point that can be read."""
        rows = []
        try:
            with table.open(newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    point = (float(row[ACROSS]), float(row[DOWN])) if row[ACROSS] and row[DOWN] else None
                    rows.append((int(row[TIME]), point))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
            log.info("%s is read no further (%s)", table, error)
        rows.sort(key=lambda row: row[0])
        if not any(point for _, point in rows):
            return None
        return cls([t_ns for t_ns, _ in rows], [point for _, point in rows])

    def at(self, t_ns: int) -> tuple[float, float] | None:
        """The last point before a time; None where the gaze was lost, or the last is old."""
        place = bisect_right(self._times, t_ns) - 1
        if place < 0 or t_ns - self._times[place] > STALE_NS:
            return None
        return self._points[place]
