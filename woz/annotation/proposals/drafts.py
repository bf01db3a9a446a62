"""Which tiers hold a machine's proposals, and which tier of a person's they are taken into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.annotation.document import Document
from woz.annotation.logged import LoggedEdit
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotatorId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

START_SPREAD, END_SPREAD = "start spread", "end spread"
"""Attributes of a proposal: how far its boundaries may be off (ns)."""


def is_draft(tier: Tier) -> bool:
    """Whether a tier holds what a machine proposed in one run."""
    return tier.annotator_id is None and tier.made.origin == Origin.MACHINE and bool(tier.made.run)


def as_drafted(draft: Tier, left: Iterable[Annotation], history: Iterable[LoggedEdit]) -> list[Annotation]:
    """All that was proposed in a draft, by what is `left` in it and the session's history, the oldest edit first:
    also what was taken, mended or refused since. Without how far boundaries may be off, which nobody annotates.
    """
    known = {each.id: each for each in left}
    for edit in history:
        for change in edit.changes:
            made = change.after
            if isinstance(made, Annotation) and made.tier_id == draft.id and made.made.run == draft.made.run:
                known.setdefault(made.id, made)
    return [replace(each, attributes=without_spreads(each)) for each in known.values()]


def without_spreads(mark: Annotation) -> tuple[Attribute, ...]:
    """Its attributes, but how far its boundaries may be off."""
    return tuple(each for each in mark.attributes if each.key not in (START_SPREAD, END_SPREAD))


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
