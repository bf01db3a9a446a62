"""Pictures from one process to another through shared memory: the newest win, and nobody waits."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory

import numpy as np
from numpy.typing import NDArray

SLOTS = 8
"""At 20 pictures a second the reader may be held up for 400 ms before one is lost."""
_HEAD_BYTES = 8 * SLOTS


@dataclass(frozen=True, slots=True)
class RingAddress:
    """What another process needs to find a ring: the memory's name, and the size of the pictures in pixels."""

    name: str
    width: int
    height: int


class PictureRing:
    """The last pictures, in planar yuv420p, shape (height * 3 / 2, width). One process writes, one reads.

    Each picture has a number, from 1 on. A slot's head holds that of the picture in it, 0 while it is written.
    """

    def __init__(self, memory: SharedMemory, address: RingAddress, owner: bool) -> None:
        self._memory = memory
        self._owner = owner
        self.address = address
        shape = (SLOTS, address.height * 3 // 2, address.width)
        self._heads = np.ndarray((SLOTS,), np.int64, memory.buf)
        self._slots = np.ndarray(shape, np.uint8, memory.buf, _HEAD_BYTES)
        self._written = 0

    @classmethod
    def create(cls, width: int, height: int) -> PictureRing:
        """Raises OSError where there is no memory to share, or not so much."""
        memory = SharedMemory(create=True, size=_HEAD_BYTES + SLOTS * (height * 3 // 2) * width)
        try:
            _fill(memory)
        except OSError:
            memory.close()
            memory.unlink()
            raise
        return cls(memory, RingAddress(memory.name, width, height), owner=True)

    @classmethod
    def attach(cls, address: RingAddress) -> PictureRing:
        return cls(SharedMemory(address.name), address, owner=False)

    def write(self, picture: NDArray[np.uint8]) -> int:
        """Put a picture over the oldest; the answer is its number."""
        self._written += 1
        slot = self._written % SLOTS
        self._heads[slot] = 0
        self._slots[slot] = picture
        self._heads[slot] = self._written
        return self._written

    def read(self, number: int) -> NDArray[np.uint8] | None:
        """A copy of a picture; None where a newer one has taken its place."""
        slot = number % SLOTS
        if self._heads[slot] != number:
            return None
        picture = self._slots[slot].copy()
        return picture if self._heads[slot] == number else None

    def close(self) -> None:
        del self._heads, self._slots
        self._memory.close()
        if self._owner:
            self._memory.unlink()


def _fill(memory: SharedMemory) -> None:
    """Have the memory now: Linux finds its pages as each is first written, and ends the process that writes where
    none is left (SIGBUS). Raises OSError where there is no room.
    """
    if sys.platform != "linux":
        return
    handle = os.open(f"/dev/shm/{memory.name}", os.O_RDWR)
    try:
        os.posix_fallocate(handle, 0, memory.size)
    finally:
        os.close(handle)
