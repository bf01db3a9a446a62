"""A recording that comes in numbered chunks, in any order, over many connections, on the station's disk."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, TextIO

from woz.base.errors import WozError
from woz.model.voice_copy import CHUNK_BYTES


class Kept(StrEnum):
    """What became of a chunk."""

    NEW = "new"
    AGAIN = "again"
    """It was here already; nothing was written."""
    OTHER = "other"
    """Another one of this number is here already; that one was kept."""


class ChunkStore:
    """Chunks in a file, each at its place, and beside it a log of what is there; safe against a killed process.

    A chunk is written before its line in the log, and what the log says is checked against the file when it is
    opened again: what a power cut took counts as missing. Used by one thread at a time. It opens its two files when
    it needs them; `release` closes them until then.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError where the files can't be made or read."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._log_path = path.with_suffix(".log")
        self._digests = self._checked(self._logged())
        self._files: tuple[BinaryIO, TextIO] | None = None
        self._rewrite_log()

    @property
    def held(self) -> int:
        """How many chunks are here."""
        return len(self._digests)

    def put(self, number: int, data: bytes, sha256: str) -> Kept:
        """Take a chunk whose checksum was found right. Raises OSError where the disk takes no more."""
        known = self._digests.get(number)
        if known:
            return Kept.AGAIN if known == (len(data), sha256) else Kept.OTHER
        file, log = self._opened()
        file.seek(number * CHUNK_BYTES)
        file.write(data)
        file.flush()
        self._digests[number] = (len(data), sha256)
        log.write(f"{number} {len(data)} {sha256}\n")
        return Kept.NEW

    def renew(self, number: int, sha256: str) -> None:
        """Make room for a chunk that was written anew at its origin, where it isn't this one."""
        known = self._digests.get(number)
        if known and known[1] != sha256:
            del self._digests[number]
            self._opened()[1].write(f"{number} 0 gone\n")

    def missing(self, chunks: int) -> list[tuple[int, int]]:
        """Which of the first chunks are not here, as ranges [first, end)."""
        ranges: list[tuple[int, int]] = []
        for number in (n for n in range(chunks) if n not in self._digests):
            if ranges and ranges[-1][1] == number:
                ranges[-1] = (ranges[-1][0], number + 1)
            else:
                ranges.append((number, number + 1))
        return ranges

    def is_whole(self, size: int, sha256: str) -> bool:
        """Whether the file is what its origin says. If not, damaged chunks, or else all, count as missing.

        Before all come again, what is here is put aside as `.before`. Raises OSError.
        """
        if self._digest(size) == sha256:
            return True
        sound = self._checked(self._digests)
        if len(sound) == len(self._digests):
            self._put_aside()
            sound = {}
        self._digests = sound
        self._rewrite_log()
        return False

    def _digest(self, size: int) -> str:
        digest, left = hashlib.sha256(), size
        with self.path.open("rb") as file:
            while left and (data := file.read(min(left, 1 << 20))):
                digest.update(data)
                left -= len(data)
        return "" if left else digest.hexdigest()

    def _put_aside(self) -> None:
        aside = self.path.with_suffix(".before")
        self.release()
        if not aside.exists():
            self.path.rename(aside)
        self.path.touch()

    def finish(self, size: int) -> Path:
        """Close it once it is whole; the answer is the recording under its own name. Raises WozError."""
        whole = self.path.with_suffix(".mka")
        try:
            file = self._opened()[0]
            file.truncate(size)
            os.fsync(file.fileno())
            self.release()
            self.path.rename(whole)
            self._log_path.unlink()
        except OSError as error:
            raise WozError(f"{whole} can't be stored ({error.strerror}).") from error
        return whole

    def release(self) -> None:
        """Close the files until they are needed again."""
        files, self._files = self._files, None
        for file in files or ():
            file.close()

    def _opened(self) -> tuple[BinaryIO, TextIO]:
        if self._files is None:
            file = self.path.open("rb+")
            try:
                self._files = file, self._log_path.open("a", encoding="ascii", buffering=1)
            except OSError:
                file.close()
                raise
        return self._files

    def _rewrite_log(self) -> None:
        self.release()
        with self._log_path.open("w", encoding="ascii") as log:
            log.writelines(f"{n} {length} {sha256}\n" for n, (length, sha256) in self._digests.items())

    def _logged(self) -> dict[int, tuple[int, str]]:
        """What the log says; a damaged line says nothing."""
        found: dict[int, tuple[int, str]] = {}
        if not self._log_path.exists():
            return found
        for line in self._log_path.read_text(encoding="ascii", errors="replace").splitlines():
            words = line.split(" ")
            if len(words) == 3 and words[0].isdigit() and words[1].isdigit():
                found[int(words[0])] = (int(words[1]), words[2])
        return found

    def _checked(self, entries: dict[int, tuple[int, str]]) -> dict[int, tuple[int, str]]:
        with self.path.open("rb") as file:
            return {n: entry for n, entry in sorted(entries.items()) if self._is_sound(file, n, entry)}

    def _is_sound(self, file: BinaryIO, number: int, entry: tuple[int, str]) -> bool:
        length, sha256 = entry
        file.seek(number * CHUNK_BYTES)
        data = file.read(length)
        return 0 < length <= CHUNK_BYTES and hashlib.sha256(data).hexdigest() == sha256
