"""The tiers of a session: how far the work on each is, and moving it on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from woz.annotation.submitting import asks_for_check, refuse_errors
from woz.annotation.tier_states import KEEPERS, moved, moves_for
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.lab.findings import session_findings
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import SessionId, TierId
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState


@dataclass(frozen=True, slots=True)
class TierLine:
    """A tier with how many items it has, and whose it is (a pseudonym; empty for a machine's)."""

    tier: Tier
    items: int
    whose: str

    @property
    def machine(self) -> str:
        """What a machine's is compared by, as `woz.lab.agreeing.compared` takes it; empty for a person's."""
        by_hand = self.tier.annotator_id or self.tier.made.origin == Origin.MANUAL
        return "" if by_hand else self.tier.made.by


def tiers_of(project: Project, session_id: SessionId, names: Mapping[str, str]) -> list[TierLine]:
    """By name. `names` has annotators' pseudonyms by their ids."""
    items = project.annotations.load(session_id)
    counts = Counter(item.tier_id for item in items if isinstance(item, Annotation))
    tiers = sorted((item for item in items if isinstance(item, Tier)), key=lambda tier: (tier.name, tier.id))
    return [TierLine(tier, counts[tier.id], names.get(str(tier.annotator_id), "")) for tier in tiers]


def move_tier(
    project: Project, session_id: SessionId, wanted: str, to: TierState, mover: Annotator, why: str
) -> TierId:
    """Move a tier, by its id or its name, to another state; tells its id. Curators and managers move also what they
    don't see. Raises WozError where that may not be, or where what is to be submitted has errors by its scheme.
    """
    tiers = _tiers(project, session_id)
    found = [tier for tier in tiers if wanted in (tier.id, tier.name)]
    if not found and KEEPERS & set(mover.roles):
        project = project.seen_by(mover.id).whole()
        found = [tier for tier in _tiers(project, session_id) if wanted in (tier.id, tier.name)]
    if not found:
        known = ", ".join(sorted(tier.name for tier in tiers)) or "none"
        raise WozError(f"{session_id} has no tier {wanted}; its tiers are: {known}.")
    if len(found) > 1:
        ids = ", ".join(tier.id for tier in found)
        raise WozError(f"{session_id} has {len(found)} tiers named {wanted}; name one by its id: {ids}.")
    move = moved(found[0], to, mover, why)
    if asks_for_check(found[0], to):
        refuse_errors(found[0], session_findings(project, session_id, found[0]))
    project.annotations.record(session_id, move, mover.id)
    return found[0].id


def _tiers(project: Project, session_id: SessionId) -> list[Tier]:
    return [item for item in project.annotations.load(session_id) if isinstance(item, Tier)]


def tier_words(line: TierLine, mover: Annotator | None) -> str:
    """One line; with what `mover` can make of it."""
    tier = line.tier
    moves = f"; {mover.pseudonym} can move it to: {_list(moves_for(tier, mover))}" if mover else ""
    count = counted(line.items, "item")
    whose = line.whose or f"a machine’s ({line.machine})".removesuffix(" ()")
    return f"{tier.id}  {tier.name}  {tier.state}  {whose}  {count}{moves}"


def tier_facts(line: TierLine, mover: Annotator | None) -> dict[str, Any]:
    tier = line.tier
    return {
        "id": tier.id,
        "name": tier.name,
        "tier_type": tier.tier_type,
        "scheme": tier.scheme_id,
        "scheme_version": tier.scheme_version,
        "annotator": line.whose,
        "machine": line.machine,
        "state": tier.state,
        "items": line.items,
        **({"moves": list(moves_for(tier, mover))} if mover else {}),
    }


def _list(states: tuple[TierState, ...]) -> str:
    return ", ".join(states) or "nothing"
