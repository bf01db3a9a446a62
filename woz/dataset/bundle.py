"""Everything of one session that an export may draw on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from woz.model.annotation import Segment, Tier, TierKind
from woz.model.codebook import Codebook
from woz.model.ids import CodebookId, TierId
from woz.model.origin import Origin
from woz.model.people import Participant
from woz.model.question import Question
from woz.model.session import Session
from woz.model.transcript import Transcript, Turn


@dataclass(frozen=True, slots=True)
class SessionBundle:
    session: Session
    media: Path
    participants: tuple[Participant, ...]
    transcript: Transcript | None
    turns: tuple[Turn, ...]
    tiers: tuple[Tier, ...]
    segments: tuple[Segment, ...]
    codebooks: Mapping[CodebookId, Codebook]
    questions: tuple[Question, ...]

    @property
    def origin(self) -> Origin | None:
        """How the turns came to be; None without a transcript."""
        return self.transcript.origin if self.transcript else None

    def of_kind(self, kind: TierKind) -> tuple[tuple[Tier, Segment], ...]:
        """The segments of all tiers of a kind, by time."""
        tiers: dict[TierId, Tier] = {tier.id: tier for tier in self.tiers if tier.kind == kind}
        mine = (segment for segment in self.segments if segment.tier_id in tiers)
        return tuple((tiers[s.tier_id], s) for s in sorted(mine, key=lambda s: s.interval))

    def label_name(self, tier: Tier, key: str) -> str:
        codebook = self.codebooks.get(tier.codebook_id)
        return codebook.label(key).name if codebook else key

    def labels(self, kind: TierKind) -> dict[str, str]:
        """Names by key, of all codebooks that the session's tiers of a kind use."""
        used = (self.codebooks.get(tier.codebook_id) for tier in self.tiers if tier.kind == kind)
        return {label.key: label.name for codebook in used if codebook for label in codebook.labels}

    def step_name(self, key: str | None) -> str | None:
        return self.labels(TierKind.STEPS).get(key, key) if key else None
