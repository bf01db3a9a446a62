"""Which tiers hold a machine's proposals, and which tier of a person's they are taken into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.document import Document
from woz.model.annotation import Annotation
from woz.model.ids import AnnotatorId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

START_SPREAD, END_SPREAD = "start spread", "end spread"
"""Attributes of a proposal: how far its boundaries may be off (ns)."""


def is_draft(tier: Tier) -> bool:
    """Whether a tier holds what a machine proposed in one run."""
    return tier.annotator_id is None and tier.made.origin == Origin.MACHINE and bool(tier.made.run)


def tiers_in_sight(document: Document) -> tuple[Tier, ...]:
    """All but those whose proposals are decided on, every one."""
    return tuple(tier for tier in document.tiers if not is_draft(tier) or document.annotations(tier.id))


def drafts_for(document: Document, tier: Tier | None) -> Tier | None:
    """The proposals for a tier: itself, or those of its tier type; of any where there are none of that."""
    drafts = [each for each in tiers_in_sight(document) if is_draft(each)]
    alike = [each for each in drafts if tier and (each.id == tier.id or _same_type(each, tier))]
    return next(iter(alike or drafts), None)


def own_tier(document: Document, draft: Tier, annotator: AnnotatorId | None) -> Tier | None:
    """The tier of a person that proposals are taken into: of the same scheme and type, one in work first."""
    own = [each for each in document.tiers if _same_type(each, draft) and _whose(each, document.by, annotator)]
    return min(own, key=lambda each: _rank(each, draft), default=None)


def new_own_tier(draft: Tier, name: str, tier_id: TierId, made: Made, annotator: AnnotatorId | None) -> Tier:
    return replace(draft, id=tier_id, name=name, made=made, annotator_id=annotator, state=TierState.IN_WORK)


def after(proposals: Sequence[Annotation], t_ns: int, direction: int = 1) -> Annotation | None:
    """The first proposal that starts after a time, or the last one before it; those at it count for neither."""
    if direction > 0:
        return next((each for each in proposals if (each.start_ns or 0) > t_ns), None)
    return next((each for each in reversed(proposals) if (each.start_ns or 0) < t_ns), None)


def _same_type(one: Tier, other: Tier) -> bool:
    return (one.scheme_id, one.tier_type) == (other.scheme_id, other.tier_type)


def _whose(tier: Tier, by: str, annotator: AnnotatorId | None) -> bool:
    if annotator is not None:
        return tier.annotator_id == annotator
    return tier.annotator_id is None and tier.made.origin == Origin.MANUAL and tier.made.by == by


def _rank(tier: Tier, draft: Tier) -> tuple[bool, bool]:
    return tier.state not in (TierState.IN_WORK, TierState.ASSIGNED), tier.scheme_version != draft.scheme_version
