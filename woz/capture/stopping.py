"""Ends a sound device that may hang while it is closed, without hanging with it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from woz.base.supervision import Supervisor

log = logging.getLogger(__name__)

WITHIN_S = 2.0


def stop_in_time(name: str, stop: Callable[[], object]) -> bool:
    """Whether it has stopped; one that hangs is left behind on a thread of its own."""
    stopping = Supervisor().thread(f"closing of {name}", stop, daemon=True)
    stopping.start()
    stopping.join(WITHIN_S)
    if stopping.is_alive():
        log.warning("%s hangs while it is closed, and is left behind", name)
    return not stopping.is_alive()
