"""Keeps what is being recorded safe on the disk: forces it out twice a second, and tells when room runs out."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import av

from woz.base.errors import WozError
from woz.base.runtime import end_watch
from woz.base.supervision import Supervisor
from woz.recording.folder.session_folder import free_bytes

log = logging.getLogger(__name__)

EVERY_S = 0.5
END_WITHIN_S = 20.0
STALLED_S = 10.0
"""A disk that takes nothing for so long, while something waits for it, is spoken of."""
KEEP_FREE_BYTES = 64 * 1024**2
"""A recording ends while this much is free, so that its files and the database can be closed in order."""


class DiskWatch:
    """Calls `on_fault` once, from a thread of its own, with the error of a disk that fails or runs full.

    All files are there when it is told of them: one that is gone is a fault, also before the first look. Each is
    opened once, and a lack of descriptors is none of the disk's: what can't be opened now is tried again.
    """

    def __init__(
        self,
        files: Sequence[Path],
        on_fault: Callable[[OSError], None],
        keep_free: int = KEEP_FREE_BYTES,
        supervisor: Supervisor | None = None,
    ) -> None:
        self._files = list(files)
        self._on_fault = on_fault
        self._keep_free = keep_free
        self._opened: dict[Path, BinaryIO] = {}
        self._ended = threading.Event()
        self._supervisor = supervisor or Supervisor()
        self._thread = self._supervisor.thread("disk watch", self._run, daemon=True)

    def add(self, file: Path) -> None:
        """Watch one more. Before `start`."""
        self._files.append(file)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns also where the disk hangs: it only looks, and closes its files when the disk answers."""
        self._ended.set()
        end_watch(self._thread, END_WITHIN_S)
        if not self._thread.is_alive():
            self._close()

    def _run(self) -> None:
        try:
            self._watch()
        finally:
            self._close()

    def _close(self) -> None:
        while self._opened:
            self._opened.popitem()[1].close()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            with self._supervisor.turn("disk watch"):
                try:
                    self._look()
                except OSError as error:
                    self._ended.set()
                    self._on_fault(error)

    def _look(self) -> None:
        for path in self._files:
            self._open(path)
        for path, file in self._opened.items():
            if not os.path.samestat(path.stat(), os.fstat(file.fileno())):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            os.fsync(file.fileno())
        if free_bytes(self._files[0].parent) < self._keep_free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _open(self, path: Path) -> None:
        if path in self._opened:
            return
        try:
            self._opened[path] = path.open("rb+")
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE):
                raise


def stalled(path: Path) -> str:
    """What to tell while a recording can't be ended, since its disk takes nothing."""
    return (
        f"The disk takes nothing of what was recorded: see that {path} can be written. Closing waits for it, so "
        "that nothing is lost."
    )


def log_stall(words: str) -> None:
    if words:
        log.warning("%s", words)


def ended_by(error: OSError | av.FFmpegError) -> WozError:
    """What to tell of an error that ended a recording."""
    if error.errno == errno.ENOSPC:
        return WozError("The disk is full: recording stopped; what was recorded until now is kept, make room.")
    return WozError(f"The disk can't be written ({error.strerror}): recording stopped; what there is, is kept.")
