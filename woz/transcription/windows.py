"""How much a recogniser hears at once: each sound in a window no longer than it needs.

Whisper was made for half a minute, and its encoder's cost grows faster than the window. In one that ends with the
sound its decoder doesn't know when to stop; some silence after it is enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from woz.transcription.tracks import RATE

FRAMES_A_SECOND = 100
LONGEST = 30 * FRAMES_A_SECOND
STEP = 5 * FRAMES_A_SECOND
"""Windows are of a few lengths, so that several can be recognised at once, and none depends on those beside it."""
AFTER_S = 3.0
"""So much silence stands after the sound, where half a minute has room for it."""


def frames_of(samples: int) -> int:
    """The length of the window that so many samples are heard in."""
    least = (samples / RATE + AFTER_S) * FRAMES_A_SECOND
    return min(LONGEST, STEP * math.ceil(least / STEP))


def batches(counts: Sequence[int], most: int) -> Iterator[list[int]]:
    """The numbers of sounds of so many samples, by windows of one length, the first sound's before others."""
    alike: dict[int, list[int]] = {}
    for i, samples in enumerate(counts):
        alike.setdefault(frames_of(samples), []).append(i)
    for numbers in alike.values():
        for first in range(0, len(numbers), most):
            yield numbers[first : first + most]
