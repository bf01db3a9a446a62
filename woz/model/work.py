"""What annotating takes: seconds somebody worked in a tier on a day, idle time left out."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.ids import SessionId, TierId


@dataclass(frozen=True, slots=True)
class Work:
    """`by` is an annotator's id or a program's name, `day` a date in UTC (2026-01-31)."""

    session_id: SessionId
    tier_id: TierId
    by: str
    day: str
    active_ns: int
