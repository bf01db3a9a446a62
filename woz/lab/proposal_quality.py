"""How good a proposer is on the sessions of a project: beside what people annotated and submitted."""

from __future__ import annotations

from dataclasses import dataclass

from woz.annotation.measures.agreement import Doubled
from woz.annotation.proposals.known import proposer
from woz.annotation.proposals.quality import Quality, compared, quality
from woz.annotation.proposals.running import GoOn, proposed
from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.lab.proposing import Drafting, Prepared, prepare
from woz.model.annotation import Annotation
from woz.model.tier import Tier, TierState

TRUE = (TierState.SUBMITTED, TierState.ACCEPTED, TierState.ADJUDICATED, TierState.LOCKED)
"""A person's tier in one of these states is taken for the truth."""


@dataclass(frozen=True, slots=True)
class Tried:
    """`left_out` says why a session with a truth was none of them, by its id."""

    by: str
    quality: Quality
    left_out: dict[str, str]


def try_on_project(project: Project, drafting: Drafting, go_on: GoOn = lambda _: True) -> Tried:
    """Nothing is kept. Each tier of a person's counts; the lag of marks is learnt from the other sessions.

    Raises WozError where no session has a truth, or what was proposed can't be compared at all.
    """
    sessions, found, left_out = project.sessions.all(), list[Doubled](), dict[str, str]()
    for number, session in enumerate(sessions):
        try:
            prepared = prepare(project, session.id, drafting, held_out=True)
            truths = _truths(project, prepared)
            drafted = proposed(proposer(drafting.by), prepared.ask) if truths else []
        except WozError as error:
            left_out[session.id] = str(error)
            continue
        found += [compared(session.id, prepared.ask.duration_ns, truth, drafted) for truth in truths]
        if not go_on((number + 1) / len(sessions)):
            raise WozError("The trying was stopped.")
    if not found:
        why = next(iter(left_out.values()), "submit one, and try again.")
        raise WozError(f"No submitted tier of this project is one that {drafting.by} could be compared with: {why}")
    return Tried(proposer(drafting.by).by, quality(found), left_out)


def _truths(project: Project, prepared: Prepared) -> list[tuple[Annotation, ...]]:
    """What each person annotated of what is proposed for."""
    items = project.annotations.load(prepared.session)
    wanted = (prepared.scheme.id, prepared.ask.tier_type.key)
    tiers = [
        each
        for each in items
        if isinstance(each, Tier)
        and (each.scheme_id, each.tier_type) == wanted
        and each.annotator_id
        and each.state in TRUE
    ]
    return [tuple(i for i in items if isinstance(i, Annotation) and i.tier_id == tier.id) for tier in tiers]
