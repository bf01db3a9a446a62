"""Disks of the network that are gone for a moment: work waits for them, and goes on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from woz.base.back_off import BackOff
from woz.base.machine_faults import AWAY, answered

PATIENCE_S = 600.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 10.0


def missing(folders: Sequence[Path]) -> Path | None:
    """The first folder that isn't there."""
    return next((folder for folder in folders if not folder.is_dir()), None)


def is_away(error: BaseException, folders: Sequence[Path]) -> bool:
    """Whether a fault is of the disk that something lies on, and not of the thing."""
    return answered(error, AWAY) or missing(folders) is not None


def wait_for(folders: Sequence[Path], patience_s: float = PATIENCE_S) -> Path | None:
    """Waits until all are there; the one that still isn't, where patience ends."""
    waits, until = BackOff(FIRST_WAIT_S, LONGEST_WAIT_S), time.monotonic() + patience_s
    while (gone := missing(folders)) and time.monotonic() < until:
        time.sleep(waits.next_s())
    return gone
