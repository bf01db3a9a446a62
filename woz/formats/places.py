"""Times and places as the text formats write them."""

from __future__ import annotations

import os
from pathlib import Path

from woz.base.interval import Interval, seconds


def span_facts(interval: Interval) -> dict[str, object]:
    return {
        "start_s": round(seconds(interval.start_ns), 3),
        "end_s": round(seconds(interval.end_ns), 3),
        "start_ns": interval.start_ns,
        "end_ns": interval.end_ns,
    }


def relative(path: Path, folder: Path) -> str:
    """The way from a folder to a file."""
    return Path(os.path.relpath(path, folder)).as_posix()
