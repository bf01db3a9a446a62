"""The exact time of each frame of a view, as the table beside its file has it."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError


@dataclass(frozen=True, slots=True)
class FrameTime:
    """`device_ns` is the time of the view's own clock, `pts` its time stamp in the file, in ticks of the file."""

    session_ns: int
    device_ns: int
    pts: int | None = None


def read_frame_table(path: Path) -> list[FrameTime]:
    """In the order of the file. Raises WozError where there is none, or it is damaged."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [_frame(row) for row in csv.DictReader(file)]
    except OSError as error:
        raise WozError(f"The table of frames {path} can't be read ({error.strerror}); restore it.") from error
    except (KeyError, ValueError, TypeError, csv.Error):
        raise WozError(f"The table of frames {path} is damaged; restore it from a backup.") from None


def _frame(row: dict[str, str]) -> FrameTime:
    pts = row.get("pts")
    return FrameTime(int(row["session_ns"]), int(row["device_ns"]), int(pts) if pts else None)


def nearest(times: Sequence[int], at_ns: int) -> int:
    """The place of the time that is nearest to one; the times rise, and there is one at least."""
    after = bisect_left(times, at_ns)
    before = max(0, after - 1)
    return before if after == len(times) or at_ns - times[before] <= times[after] - at_ns else after
