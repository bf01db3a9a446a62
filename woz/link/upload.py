"""Handing over a finished file in pieces beside the live media, checked at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from woz.errors import WozError
from woz.link.messages import Message, MessageKind

PIECE_BYTES = 16 * 1024
MAX_FILE_BYTES = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class Announcement:
    """What comes: its size and SHA-256, and the JSON form of its clock map to session time."""

    size: int
    sha256: str
    clock_map: str

    def message(self) -> Message:
        return Message(MessageKind.UPLOAD, {"size": self.size, "sha256": self.sha256, "clock_map": self.clock_map})

    @classmethod
    def of(cls, message: Message) -> Announcement:
        """Raises ValueError where the message announces nothing sensible."""
        size = message.integer("size")
        if not 0 < size <= MAX_FILE_BYTES:
            raise ValueError(f"an upload of {size} bytes")
        return cls(size, message.text("sha256", 64), message.text("clock_map", 60_000))


def announce(path: Path, clock_map: str) -> Announcement:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Announcement(path.stat().st_size, digest.hexdigest(), clock_map)


async def send_file(path: Path, send_piece: Callable[[bytes], Awaitable[bool]]) -> bool:
    """Send all pieces in order; False where the link went down meanwhile."""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            if not await send_piece(piece):
                return False
    return True


class Receiver:
    """Writes the pieces of one upload to a new file. Refuses more bytes than announced."""

    def __init__(self, announcement: Announcement, path: Path) -> None:
        self.announcement = announcement
        self.path = path
        self.received = 0
        self._digest = hashlib.sha256()
        self._file: BinaryIO = path.open("wb")

    def add(self, piece: bytes) -> bool:
        """Take the next piece; True when it was the last one. Raises WozError for a piece too many."""
        self.received += len(piece)
        if self.received > self.announcement.size:
            self.close()
            raise WozError("The console sent more than it had announced; its recording was not taken over.")
        self._file.write(piece)
        self._digest.update(piece)
        return self.received == self.announcement.size

    def finish(self) -> Path:
        """Close the file. Raises WozError where it isn't what was announced."""
        self.close()
        if self._digest.hexdigest() != self.announcement.sha256:
            raise WozError("The expert's recording arrived damaged; bring the console's own copy by hand.")
        return self.path

    def close(self) -> None:
        self._file.close()
