"""Small copies of the frames of long groups, so that what plays backwards decodes each group once."""

from __future__ import annotations

from math import sqrt

import av
import numpy as np

from woz.base.pictures import reshaped
from woz.playback.frame_cache import FrameCache
from woz.recording.folder.frame_index import FrameIndex

LONG = 60
"""Frames; shorter groups fit a reader's cache as they are."""
MOST_BYTES = 96 * 2**20
GROUPS = 2
"""So many of the longest are kept: the one that is played, and the one before it."""


class SmallCopies:
    """Safe from any thread. Where no group is long it keeps nothing."""

    def __init__(self, index: FrameIndex, most_bytes: int = MOST_BYTES) -> None:
        longest = int(np.diff([*index.keys, len(index.times)]).max(initial=0))
        self.wanted = longest > LONG
        self._each = most_bytes // max(1, GROUPS * longest)
        self._cache = FrameCache(most_bytes)

    def get(self, number: int) -> av.VideoFrame | None:
        return self._cache.get(number)

    def put(self, number: int, frame: av.VideoFrame) -> None:
        if self.wanted and self._cache.get(number) is None:
            self._cache.put(number, self._reduced(frame))

    def clear(self) -> None:
        self._cache.clear()

    def _reduced(self, frame: av.VideoFrame) -> av.VideoFrame:
        """As large as its share of the bytes, in 12 bits a point; sides are even numbers."""
        scale = min(1.0, sqrt(self._each / (1.5 * frame.width * frame.height)))
        width, height = (max(2, int(side * scale) // 2 * 2) for side in (frame.width, frame.height))
        return reshaped(frame, width, height, "yuv420p", "FAST_BILINEAR")
