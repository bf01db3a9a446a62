"""A file that is read several times over, one after the other or side by side, with one progress; and what is told
of items that come from elsewhere than the file itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from woz.formats.parts import Part
from woz.formats.reading import Cancelled, Reading

OFTEN = 500
"""Items from one time that a progress is told to the next."""


def passes(reading: Reading, count: int) -> Iterator[Reading]:
    """As many readings of the same file; each adds its share to the progress."""
    done = [0.0] * count

    def told(nr: int, fraction: float) -> bool:
        done[nr] = max(done[nr], fraction)
        return reading.progress(sum(done) / count)

    for nr in range(count):
        yield replace(reading, progress=partial(told, nr))


def told(parts: Iterator[Part], count: int, reading: Reading) -> Iterator[Part]:
    """The same parts, of which `count` are expected, told to the reading's progress. Raises `Cancelled`."""
    for number, part in enumerate(parts):
        if number % OFTEN == 0 and not reading.progress(min(1.0, number / max(1, count))):
            raise Cancelled
        yield part
    reading.progress(1.0)
