"""A tier is assigned: an empty one of a type, in a session, that somebody shall fill."""

from __future__ import annotations

from woz.annotation.edits import Edit
from woz.annotation.tier_states import may_assign
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.lab.schemes import newest_schemes
from woz.model.annotator import Annotator
from woz.model.ids import SessionId, TierId, new_id
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Scheme
from woz.model.tier import Tier, TierState


def assign(
    project: Project, session_id: SessionId, wanted: str, whose: Annotator, assigner: Annotator, clock: Clock
) -> Tier:
    """`wanted` is a tier type's key, as SCHEME/KEY where several schemes have it.

    Raises WozError where there is none, who may not assign, or where they have such a tier that is not closed yet.
    """
    scheme, key = _type_named(project, wanted)
    tiers = [item for item in project.annotations.load(session_id) if isinstance(item, Tier)]
    same = [tier for tier in tiers if (tier.scheme_id, tier.tier_type) == (scheme.id, key)]
    if any(tier.annotator_id == whose.id for tier in same):
        raise WozError(f"{whose.pseudonym} has a tier of the type {key} in {session_id} already; move that one on.")
    may_assign(assigner, whose)
    made = Made(Origin.MANUAL, assigner.id, clock.utc_ns())
    name = scheme.tier_type(key).name()
    if name in {tier.name for tier in tiers}:
        name = f"{name} {whose.pseudonym}"
    state = TierState.ASSIGNED
    new = Tier(TierId(new_id()), session_id, scheme.id, scheme.version, key, name, made, whose.id, state=state)
    project.annotations.record(session_id, Edit(f"Assign {name} to {whose.pseudonym}", (), (new,)), assigner.id)
    return new


def _type_named(project: Project, wanted: str) -> tuple[Scheme, str]:
    prefix, _, key = wanted.rpartition("/")
    schemes = newest_schemes(project)
    types = [(scheme, each.key) for scheme in schemes for each in scheme.tier_types]
    found = [(scheme, k) for scheme, k in types if k == key and prefix in ("", scheme.id, scheme.name)]
    if not found:
        known = ", ".join(f"{scheme.id}/{k}" for scheme, k in types) or "none yet"
        raise WozError(f"This project has no tier type {wanted}; it has: {known}.")
    if len(found) > 1:
        several = ", ".join(f"{scheme.id}/{k}" for scheme, k in found)
        raise WozError(f"Several schemes have a tier type {key}; name one: {several}.")
    return found[0]
