"""Keeps what is being recorded safe on the disk: forces it out twice a second, and tells when room runs out."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import av

from woz.errors import WozError
from woz.recording.folder import free_bytes

EVERY_S = 0.5
KEEP_FREE_BYTES = 64 * 1024**2
"""A recording ends while this much is free, so that its files and the database can be closed in order."""


class DiskWatch:
    """Calls `on_fault` once, from a thread of its own, with the error of a disk that fails or runs full.

    A file that isn't there yet is waited for: its first packet makes it. One that goes away is a fault.
    """

    def __init__(
        self, files: Sequence[Path], on_fault: Callable[[OSError], None], keep_free: int = KEEP_FREE_BYTES
    ) -> None:
        self._files = files
        self._on_fault = on_fault
        self._keep_free = keep_free
        self._made: set[Path] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="disk watch")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            try:
                self._look()
            except OSError as error:
                self._on_fault(error)
                return

    def _look(self) -> None:
        self._made |= {path for path in self._files if path.exists()}
        for path in self._made:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        if free_bytes(self._files[0].parent) < self._keep_free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def ended_by(error: OSError | av.FFmpegError) -> WozError:
    """What to tell of an error that ended a recording."""
    if error.errno == errno.ENOSPC:
        return WozError("The disk is full: recording stopped; what was recorded until now is kept, make room.")
    return WozError(f"The disk can't be written ({error.strerror}): recording stopped; what there is, is kept.")
