"""A gold's submission that waits for the store: kept on this computer, also for the next opening."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from ui.application.own_file import own_file
from woz.annotation.waiting_file import WaitingFile
from woz.model.tier import TierState

log = logging.getLogger(__name__)


def as_it_is(state: TierState, edit_id: int) -> str:
    """Names how a gold is: another one once it was moved, also back to the same state."""
    return f"{state} {edit_id}"


class KeptSubmission:
    """Of one gold, by one person. Without a path nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._file = WaitingFile(path)

    @property
    def waits(self) -> bool:
        """Whether one is kept."""
        return self._file.there

    @property
    def asked_in(self) -> str:
        """How the gold was then, as `as_it_is` names it; empty where that can't be read."""
        try:
            return self._file.read().decode(errors="replace")
        except OSError as error:
            log.warning("from where the gold is to be submitted can't be read in %s (%s)", self._file.path, error)
            return ""

    def keep(self, how: str) -> None:
        """`how` the gold is, as `as_it_is` names it."""
        self._write(how.encode())

    def settle(self) -> None:
        """The gold is submitted, or can't be."""
        if self._file.there:
            self._write(b"")

    def _write(self, content: bytes) -> None:
        try:
            self._file.write(content)
        except OSError as error:
            log.warning("that the gold is to be submitted can't be kept in %s (%s)", self._file.path, error)


@contextlib.contextmanager
def kept_submission(path: Path) -> Iterator[KeptSubmission]:
    """One window alone keeps it in a file; a second one of the same gold keeps none."""
    with own_file(path) as own:
        yield KeptSubmission(own)
