"""How the link is, as either end sees it."""

from __future__ import annotations

from enum import StrEnum


class LinkState(StrEnum):
    WAITING = "waiting"
    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"
    ENDED = "ended"
