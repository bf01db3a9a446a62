"""What an annotator sees of a session where they are blind to others' work, so that they mark it on their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.annotation.live_scheme import WITHHELD
from woz.model.annotation import Annotation
from woz.model.annotator import ANY_SCHEME, BlindScope, BlindTo
from woz.model.assignment import Assignment
from woz.model.comment import Comment
from woz.model.ids import AnnotatorId, BlindScopeId, SchemeId, TierId, new_id
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.origin import Origin
from woz.model.question import Question
from woz.model.tier import Tier

ALL_TYPES = ""
"""As the tier type of a scope: tiers of any type."""
TypeId = tuple[SchemeId, str]
"""What names a tier type, as `Tier.type_id` does."""


def visible(items: Iterable[Item], annotator: str, scopes: Sequence[BlindScope]) -> tuple[Item, ...]:
    """The items that somebody sees: without what others made within their scopes, links to it, and question sets
    that rest on it, which name its label.

    A tier goes too where a scope holds for the whole session, unless something of theirs is in it.
    """
    own = [scope for scope in scopes if scope.annotator_id == annotator]
    known = tuple(items)
    if not own:
        return known
    tiers = {item.id: item for item in known if isinstance(item, Tier)}
    hidden = {
        str(i.id) for i in known if isinstance(i, Annotation) and _hides(own, annotator, tiers.get(i.tier_id), i)
    }
    holding = {i.tier_id for i in known if isinstance(i, Annotation) and str(i.id) not in hidden}
    hidden |= {tier.id for tier in tiers.values() if _tier_hidden(own, annotator, tier, holding)}
    return tuple(item for item in known if str(item.id) not in hidden and not _leads_to(item, hidden))


def covers(scope: BlindScope, type_id: TypeId) -> bool:
    """Whether a scope is one for tiers of a type; none is for stretches that are kept out, which concern all."""
    scheme_id, key = type_id
    return key != WITHHELD and scope.tier_type in (ALL_TYPES, key) and scope.scheme_id in (ANY_SCHEME, scheme_id)


def without(scope: BlindScope, type_id: TypeId, known: Iterable[TypeId]) -> list[BlindScope]:
    """What is left of a scope once tiers of a type are seen: one for each other `known` type that it covers."""
    left = sorted(each for each in known if each != type_id and covers(scope, each))
    return [
        replace(scope, id=BlindScopeId(new_id()[:8]), scheme_id=scheme_id, tier_type=key) for scheme_id, key in left
    ]


def blind_to_machines(scopes: Iterable[BlindScope], annotator: str, type_id: TypeId) -> bool:
    """Whether somebody sees nothing that a machine made in tiers of a type, in the whole session."""
    return any(
        scope.annotator_id == annotator
        and scope.interval is None
        and covers(scope, type_id)
        and scope.to in (BlindTo.BOTH, BlindTo.MACHINES)
        for scope in scopes
    )


def _hides(scopes: Sequence[BlindScope], annotator: str, tier: Tier | None, item: Annotation) -> bool:
    """What was in a tier that is gone may have been of any type."""
    maker = AnnotatorId(item.made.by) if item.made.origin == Origin.MANUAL else None
    by = (tier.annotator_id if tier else None) or maker
    return any(
        (tier is None or _of_type(scope, tier)) and _blind_to(scope, annotator, by) and _within(scope, item)
        for scope in scopes
    )


def _tier_hidden(scopes: Sequence[BlindScope], annotator: str, tier: Tier, holding: set[TierId]) -> bool:
    whole = [scope for scope in scopes if scope.interval is None and _of_type(scope, tier)]
    return tier.id not in holding and any(_blind_to(scope, annotator, tier.annotator_id) for scope in whole)


def work_hidden(work: Assignment, scheme_id: SchemeId | None, annotator: str, scopes: Sequence[BlindScope]) -> bool:
    """Whether somebody isn't told of another one's work: where they are blind to people in tiers of its type.

    `scheme_id` is that of its tier; None where the tier is gone, which hides what a scope of any scheme would.
    """
    return work.annotator_id != annotator and any(
        scope.annotator_id == annotator
        and scope.session_id == work.session_id
        and covers(scope, (scheme_id or scope.scheme_id, work.tier_type))
        and scope.to != BlindTo.MACHINES
        for scope in scopes
    )


def comment_hidden(one: Comment, type_id: TypeId | None, annotator: str, scopes: Sequence[BlindScope]) -> bool:
    """Whether somebody isn't told what another one said there; `type_id` is that of the tier it stands on, None
    where it stands on none. What is said to somebody they are told everywhere.
    """
    if annotator in (one.by, one.to):
        return False
    return any(
        scope.annotator_id == annotator
        and scope.session_id == one.session_id
        and scope.to != BlindTo.MACHINES
        and (type_id is None or covers(scope, type_id))
        and (one.at_ns is None or scope.interval is None or one.at_ns in scope.interval)
        for scope in scopes
    )


def _of_type(scope: BlindScope, tier: Tier) -> bool:
    return scope.session_id == tier.session_id and covers(scope, tier.type_id)


def _blind_to(scope: BlindScope, annotator: str, by: AnnotatorId | None) -> bool:
    """Whether a scope hides what somebody made; None made by no annotator."""
    return by != annotator and scope.to in (BlindTo.BOTH, BlindTo.MACHINES if by is None else BlindTo.PEOPLE)


def _within(scope: BlindScope, item: Annotation) -> bool:
    """What has no time lies in a scope for the whole session only."""
    if scope.interval is None:
        return True
    if item.start_ns is None:
        return False
    span = item.interval
    return span.start_ns in scope.interval or span.intersects(scope.interval)


def _leads_to(item: Item, hidden: set[str]) -> bool:
    if isinstance(item, Question):
        return not hidden.isdisjoint(item.evidence.annotations)
    return isinstance(item, Link) and bool({item.source.id, item.target.id} & hidden)
