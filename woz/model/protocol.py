"""The rules by which the expert helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProtocolKind(StrEnum):
    """How freely the expert speaks."""

    PROACTIVE = "proactive"
    ON_DEMAND = "on_demand"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Protocol:
    """The rules by which the expert helps, as the lab wrote them down, with what the expert may see and do.

    `gaze_shown` draws the trainee's gaze into the expert's view; `pointing_allowed` lets the expert draw on it;
    a cue of the expert waits for `cue_delay_ms` before the trainee gets it.
    """

    name: str
    text: str
    version: str
    kind: ProtocolKind = ProtocolKind.CUSTOM
    gaze_shown: bool = False
    pointing_allowed: bool = False
    cue_delay_ms: int = 0


PROACTIVE = Protocol(
    "Proactive",
    "Speak whenever it helps: explain the next step, encourage, warn, answer.",
    "1",
    ProtocolKind.PROACTIVE,
)
ON_DEMAND = Protocol(
    "On demand",
    "Answer when asked. Unasked, speak only to prevent a mistake or a danger.",
    "1",
    ProtocolKind.ON_DEMAND,
)
