"""Ends a sound device that may hang while it is closed, without hanging with it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from woz.base.supervision import Supervisor

log = logging.getLogger(__name__)

WITHIN_S = 2.0
DEVICE_WITHIN_S = 20.0
"""For what a seat uses: glasses are asked to end, and their process is killed after ten seconds."""


def stop_in_time(
    name: str, stop: Callable[[], object], within_s: float = WITHIN_S, supervisor: Supervisor | None = None
) -> bool:
    """Whether it has stopped; one that hangs is left behind on a thread of its own."""
    stopping = (supervisor or Supervisor()).thread(f"closing of {name}", stop, daemon=True)
    stopping.start()
    stopping.join(within_s)
    if stopping.is_alive():
        log.warning("%s hangs while it is closed, and is left behind", name)
    return not stopping.is_alive()
