"""Which computers have a project on a network drive open: one at a time may."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
from pathlib import Path

from woz.base.errors import WozError

_COUNT = itertools.count()


class InUse:
    """A mark of this program beside the file of a project, until it is let go.

    Programs of one computer see each other's locks on a network drive, those of two don't: whoever comes from a
    second computer is refused.
    """

    def __init__(self, file: Path) -> None:
        self._folder = file.with_name(f"{file.name}.in-use")
        self._mark = self._folder / f"{socket.gethostname()}~{os.getpid()}~{next(_COUNT)}"

    def take(self) -> None:
        """First the mark, then the look around, so that of two who come at once not both stay."""
        try:
            self._folder.mkdir(exist_ok=True)
            self._mark.touch()
        except OSError as error:
            raise WozError(
                f"{self._folder.parent} can't be written ({error.strerror}); make room there, or see who may write."
            ) from error
        for other in self._others():
            self.release()
            computer = _computer(other)
            raise WozError(
                f"{self._folder.parent} lies on a network drive and is open on {computer}; close woz there"
                f" first. If {computer} was cut off, delete {other}."
            )

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._mark.unlink(missing_ok=True)
            self._folder.rmdir()

    def _others(self) -> list[Path]:
        here = socket.gethostname()
        return sorted(mark for mark in self._folder.iterdir() if _computer(mark) != here)


def _computer(mark: Path) -> str:
    return mark.name.rsplit("~", 2)[0]
