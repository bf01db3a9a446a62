"""Decoded frames that are kept, bounded in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict

import av


class FrameCache:
    """Decoded frames by their number, the last used of them, bounded in bytes. Safe from any thread."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._frames: OrderedDict[int, tuple[av.VideoFrame, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._largest = 1
        self.size = 0

    @property
    def room(self) -> int:
        """So many frames as large as the largest that came."""
        return max(1, self._most // self._largest)

    def get(self, number: int) -> av.VideoFrame | None:
        with self._lock:
            found = self._frames.get(number)
            if found is None:
                return None
            self._frames.move_to_end(number)
            return found[0]

    def put(self, number: int, frame: av.VideoFrame) -> None:
        size = sum(plane.buffer_size for plane in frame.planes)
        with self._lock:
            self._largest = max(self._largest, size)
            if number in self._frames:
                self.size -= self._frames.pop(number)[1]
            self._frames[number] = (frame, size)
            self.size += size
            while self.size > self._most and len(self._frames) > 1:
                self.size -= self._frames.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self._lock:
            self._frames.clear()
            self.size = 0
