"""A file that is read several times over, one after the other or side by side, with one progress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from woz.formats.reading import Reading


def passes(reading: Reading, count: int) -> Iterator[Reading]:
    """As many readings of the same file; each adds its share to the progress."""
    done = [0.0] * count

    def told(nr: int, fraction: float) -> bool:
        done[nr] = max(done[nr], fraction)
        return reading.progress(sum(done) / count)

    for nr in range(count):
        yield replace(reading, progress=partial(told, nr))
