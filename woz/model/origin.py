"""How what is kept of a session came to be."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """How a transcript or an annotation came to be."""

    RECOGNISED = "recognised"
    SCRIPT = "script"
    LIVE = "live"
    MACHINE = "machine"
    DERIVED = "derived"
    MANUAL = "manual"
    IMPORTED = "imported"
