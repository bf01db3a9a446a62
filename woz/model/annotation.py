"""What annotators mark: tiers of segments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.model.ids import CodebookId, SegmentId, SessionId, TierId
from woz.model.origin import Origin


class TierKind(StrEnum):
    STEPS = "steps"
    STATES = "states"


class TierStatus(StrEnum):
    DRAFT = "draft"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Tier:
    """One annotator's layer of one kind over a session."""

    id: TierId
    session_id: SessionId
    kind: TierKind
    name: str
    codebook_id: CodebookId
    annotator: str
    origin: Origin
    status: TierStatus = TierStatus.DRAFT


@dataclass(frozen=True, slots=True)
class Segment:
    """A labelled span of a tier; `label` is the key of a label in the tier's codebook."""

    id: SegmentId
    tier_id: TierId
    interval: Interval
    label: str
    note: str = ""
    mistake: bool = False
