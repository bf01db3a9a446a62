"""A file on this computer for what waits to be stored: neither a killed program nor a cut of the power loses it."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
from pathlib import Path
from typing import BinaryIO

log = logging.getLogger(__name__)
LOCKED = "-lock"
"""Behind the name of one that a window has as its own: the name of what tells so."""


class WaitingFile:
    """Written anew each time, whole, and through to the disk. Without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.there = path is not None and path.exists()

    def read(self) -> bytes:
        """Nothing where there is no file. Raises OSError."""
        return self.path.read_bytes() if self.path and self.there else b""

    def write(self, content: bytes) -> None:
        """In the place of what it holds; nothing takes the file away. Raises OSError."""
        if self.path is None:
            return
        if content:
            _replace(self.path, content)
        else:
            self.path.unlink(missing_ok=True)
        self.there = bool(content)
        if self.path.parent.is_dir():
            _through(self.path.parent)

    def put_aside(self, ending: str) -> Path:
        """Have what can't be used stay beside it, over nothing that lies there already. Raises OSError."""
        assert self.path is not None
        aside = self.path.replace(_unused(self.path.with_suffix(ending)))
        self.there = False
        return aside

    def refuse(self, line: bytes) -> str:
        """Keep beside it what can't be stored any more. The answer says where; it is empty where that can't be."""
        if self.path is None:
            return ""
        aside = self.path.with_suffix(".refused.jsonl")
        try:
            with aside.open("ab") as file:
                file.write(line + b"\n")
                _flush(file)
        except OSError as error:
            log.warning("what was refused can't be kept in %s (%s)", aside, error)
            return ""
        return f"It is kept in {aside}."


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(content)
        _flush(file)
    new.replace(path)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _through(folder: Path) -> None:
    """Have a file's new name, or its end, outlive a cut of the power, too, where the file system sees to it when
    asked; Windows opens no folders, and sees to it itself.
    """
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(opened)
    finally:
        os.close(opened)


def _unused(path: Path) -> Path:
    """The path, or the first with a number that nothing has."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(each for each in itertools.chain([path], numbered) if not each.exists())
