"""How far the work on a tier is, who moves it on, and when its items stay as they are.

    assigned -> in work -> submitted -> accepted -> adjudicated -> locked
                   ^           |           |
                   +------ returned <------+

All raise WozError, in words for the annotator, where something may not be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.link_owner import link_owner
from woz.annotation.logged import ItemChange
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.assignment import Part
from woz.model.ids import AnnotatorId, TierId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.tier import Tier, TierState

OWNER = frozenset({AnnotatorRole.ANNOTATOR})
"""Whose tier it is; of a machine's tier, any annotator."""
REVIEWERS = frozenset({AnnotatorRole.ADJUDICATOR, AnnotatorRole.CURATOR, AnnotatorRole.MANAGER})
KEEPERS = frozenset({AnnotatorRole.CURATOR, AnnotatorRole.MANAGER})
MANAGERS = frozenset({AnnotatorRole.MANAGER})
ADJUDICATORS = frozenset({AnnotatorRole.ADJUDICATOR})

_S = TierState
MOVES = {
    (_S.ASSIGNED, _S.IN_WORK): OWNER,
    (_S.IN_WORK, _S.ASSIGNED): OWNER | MANAGERS,
    (_S.ASSIGNED, _S.SUBMITTED): OWNER,
    (_S.ASSIGNED, _S.RETURNED): REVIEWERS,
    (_S.RETURNED, _S.ASSIGNED): REVIEWERS,
    (_S.IN_WORK, _S.SUBMITTED): OWNER,
    (_S.RETURNED, _S.IN_WORK): OWNER,
    (_S.IN_WORK, _S.RETURNED): OWNER | REVIEWERS,
    (_S.RETURNED, _S.SUBMITTED): OWNER | REVIEWERS,
    (_S.SUBMITTED, _S.ASSIGNED): OWNER,
    (_S.SUBMITTED, _S.IN_WORK): OWNER,
    (_S.SUBMITTED, _S.RETURNED): REVIEWERS,
    (_S.SUBMITTED, _S.ACCEPTED): REVIEWERS,
    (_S.ACCEPTED, _S.SUBMITTED): REVIEWERS,
    (_S.ACCEPTED, _S.RETURNED): REVIEWERS,
    (_S.RETURNED, _S.ACCEPTED): REVIEWERS,
    (_S.ACCEPTED, _S.ADJUDICATED): ADJUDICATORS,
    (_S.ADJUDICATED, _S.ACCEPTED): ADJUDICATORS,
    (_S.ACCEPTED, _S.LOCKED): KEEPERS,
    (_S.ADJUDICATED, _S.LOCKED): KEEPERS,
    (_S.LOCKED, _S.ACCEPTED): MANAGERS,
    (_S.LOCKED, _S.ADJUDICATED): MANAGERS,
}
"""From and to which state a tier may be moved, and by whom; each way has one back, so that a move can be undone."""
OPEN = frozenset({_S.ASSIGNED, _S.IN_WORK, _S.RETURNED})
"""Where a tier's items may be changed."""
WITH_WHY = frozenset({_S.RETURNED})
_WAY_BACK = {
    _S.SUBMITTED: "take it back into work first",
    _S.ACCEPTED: "have it returned first",
    _S.ADJUDICATED: "have it moved back first",
    _S.LOCKED: "have a manager unlock it first",
}


def moves_for(tier: Tier, mover: Annotator) -> tuple[TierState, ...]:
    """The states to which somebody may move a tier."""
    return tuple(to for to in TierState if not _refusal(tier, to, mover))


def moved(tier: Tier, to: TierState, mover: Annotator, why: str = "") -> Edit:
    """The move as an edit; a tier is returned with a reason only."""
    refused = _refusal(tier, to, mover)
    if refused:
        raise WozError(refused)
    if to in WITH_WHY and not why.strip():
        raise WozError(f"Say why the tier {tier.name} is {to}, so that its annotator knows what to mend.")
    return Edit(f"Move {tier.name} to {to}", (tier,), (replace(tier, state=to),), why.strip())


def may_assign(assigner: Annotator, whose: Annotator, part: Part = Part.FIRST) -> None:
    """Raises WozError where somebody may not give another one work, or the other one can't do it."""
    for person in (assigner, whose):
        if person.retired:
            raise WozError(_retired(person))
    needed = AnnotatorRole.ADJUDICATOR if part == Part.ADJUDICATOR else AnnotatorRole.ANNOTATOR
    if needed not in whose.roles:
        raise WozError(f"{whose.pseudonym} is no {needed}; change that with woz annotators role.")
    if not KEEPERS & set(assigner.roles):
        raise WozError(
            f"Only {_either(_with_articles(KEEPERS))} may assign a tier, and {assigner.pseudonym} is not; a manager"
            " changes that with woz annotators role."
        )


def check(
    changes: Iterable[ItemChange],
    tiers: Mapping[TierId, Tier],
    mover: Annotator | None,
    linked: Mapping[ItemRef, TierId] | None = None,
) -> None:
    """Raises WozError where something in a closed tier is changed, or a tier is moved by whom it may not be.

    `tiers` holds them as they were before; `mover` is None for a program, which moves no tier; `linked` says in
    which tiers the owners of links are.
    """
    if mover and mover.retired:
        raise WozError(_retired(mover))
    for change in changes:
        for item in (change.before, change.after):
            if isinstance(item, Annotation) and item.tier_id in tiers:
                _check_open(tiers[item.tier_id])
            if isinstance(item, Link) and linked and (of := linked.get(link_owner(item))) and of in tiers:
                _check_open(tiers[of])
        if isinstance(change.before, Tier):
            _check_tier(change.before, change.after, mover)


def reopened(change: ItemChange, whose: AnnotatorId) -> Tier | None:
    """Somebody's own closed tier where the change opens it again, as it was before."""
    old, new = change.before, change.after
    if not isinstance(old, Tier) or not isinstance(new, Tier) or old.annotator_id != whose:
        return None
    return old if old.state not in OPEN and new.state in OPEN else None


def _check_tier(old: Tier, new: Item | None, mover: Annotator | None) -> None:
    if not isinstance(new, Tier) or replace(new, state=old.state, made=old.made) != old:
        _check_open(old)
    if isinstance(new, Tier) and new.state != old.state:
        refused = _refusal(old, new.state, mover) if mover else f"No program may move the tier {old.name}."
        if refused:
            raise WozError(refused)


def _check_open(tier: Tier) -> None:
    if tier.state not in OPEN:
        raise WozError(f"The tier {tier.name} is {tier.state}; {_WAY_BACK[tier.state]}.")


def _refusal(tier: Tier, to: TierState, mover: Annotator) -> str:
    """Why somebody may not move a tier so; empty where they may."""
    allowed = MOVES.get((tier.state, to))
    if allowed is None:
        return f"A tier that is {tier.state} can't become {to}; {_ways(tier.state)}."
    if mover.retired:
        return _retired(mover)
    if OWNER & allowed and _is_owner(tier, mover):
        return ""
    others = allowed - OWNER
    if others & set(mover.roles):
        return ""
    who = _either([*(["the annotator whose tier it is"] if OWNER & allowed else []), *_with_articles(others)])
    return f"Only {who} may move {tier.name} from {tier.state} to {to}, and {mover.pseudonym} is not."


def _is_owner(tier: Tier, mover: Annotator) -> bool:
    """Of an adjudicator's gold the adjudicator; of a machine's tier any annotator."""
    if tier.annotator_id == mover.id:
        return bool((OWNER | ADJUDICATORS) & set(mover.roles))
    return tier.annotator_id is None and AnnotatorRole.ANNOTATOR in mover.roles


def _retired(mover: Annotator) -> str:
    return f"{mover.pseudonym} has retired from this project; choose another annotator."


def _ways(state: TierState) -> str:
    return f"it can become {_either([str(to) for start, to in MOVES if start == state])}"


def _with_articles(roles: frozenset[AnnotatorRole]) -> list[str]:
    return [f"{'an' if role == AnnotatorRole.ADJUDICATOR else 'a'} {role}" for role in sorted(roles)]


def _either(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
