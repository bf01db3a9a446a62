"""Everything of one session that a file may be made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from woz.model.annotation import Annotation
from woz.model.ids import AnnotatorId, SchemeId, TierId
from woz.model.link import Link
from woz.model.origin import Origin
from woz.model.own_schemes import STEPS
from woz.model.people import Participant
from woz.model.procedure import Procedure
from woz.model.question import Question
from woz.model.scheme import Overlap, Scheme, Shape, TierType
from woz.model.session import Session
from woz.model.stream import Stream
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn


@dataclass(frozen=True, slots=True)
class SessionBundle:
    session: Session
    media: Path
    participants: tuple[Participant, ...]
    transcript: Transcript | None
    turns: tuple[Turn, ...]
    tiers: tuple[Tier, ...]
    annotations: tuple[Annotation, ...]
    schemes: Mapping[tuple[SchemeId, int], Scheme]
    questions: tuple[Question, ...]
    pseudonyms: Mapping[AnnotatorId, str] = field(default_factory=dict)
    """Of those who annotated."""
    links: tuple[Link, ...] = ()
    procedure: Procedure | None = None
    streams: tuple[Stream, ...] = ()
    split: str = ""
    """Where the newest release that holds the session put it, as `train`; empty where none does."""

    @property
    def origin(self) -> Origin | None:
        """How the turns came to be; None without a transcript."""
        return self.transcript.origin if self.transcript else None

    def of_type(self, tier_type: str) -> tuple[tuple[Tier, Annotation], ...]:
        """The annotations with a time of all tiers of a type, by time."""
        tiers: dict[TierId, Tier] = {tier.id: tier for tier in self.tiers if tier.tier_type == tier_type}
        mine = (each for each in self.annotations if each.tier_id in tiers and each.start_ns is not None)
        return tuple((tiers[each.tier_id], each) for each in sorted(mine, key=lambda each: each.interval))

    def maker(self, tier: Tier) -> str:
        """The pseudonym of whoever annotated a tier; the program's name where nobody did."""
        if tier.annotator_id is None:
            return self.known_as(tier.made.by)
        return self.pseudonyms.get(tier.annotator_id, "annotator")

    def known_as(self, by: str) -> str:
        """The pseudonym of an annotator by their id; a program's name as it is."""
        return self.pseudonyms.get(AnnotatorId(by), by)

    def label_name(self, tier: Tier, label_id: str) -> str:
        scheme_type = self._type_of(tier)
        return scheme_type.label(label_id).name() if scheme_type else label_id

    def labels(self, tier_type: str) -> dict[str, str]:
        """Names by id, of all schemes that the session's tiers of a type use."""
        used = (self._type_of(tier) for tier in self.tiers if tier.tier_type == tier_type)
        return {str(label.id): label.name() for each in used if each for label in each.labels}

    def step_name(self, label_id: str | None) -> str | None:
        return self.labels(STEPS).get(label_id, label_id) if label_id else None

    def in_tier(self, tier: Tier) -> tuple[Annotation, ...]:
        """All annotations of a tier: by time, what has none first, then as they were made."""
        mine = (each for each in self.annotations if each.tier_id == tier.id)
        return tuple(sorted(mine, key=_by_time))

    def tiers_of(self, scheme_id: str) -> tuple[Tier, ...]:
        """The tiers that are of a scheme, in any version."""
        return tuple(tier for tier in self.tiers if tier.scheme_id == scheme_id)

    def tier_type(self, tier: Tier) -> TierType:
        """One that allows anything where the scheme isn't here."""
        return self._type_of(tier) or TierType(tier.tier_type, shape=Shape.ANY, overlap=Overlap.ANY)

    def _type_of(self, tier: Tier) -> TierType | None:
        scheme = self.schemes.get((tier.scheme_id, tier.scheme_version))
        return scheme.tier_type(tier.tier_type) if scheme else None


def _by_time(each: Annotation) -> tuple[int, int]:
    start = -1 if each.start_ns is None else each.start_ns
    return start, start if each.end_ns is None else each.end_ns
