"""How far annotators agree on the tiers that a release takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from woz.annotation.measures.agreement import measure
from woz.dataset.release.coding import TOLD, PairAgreement, Taken
from woz.lab.agreeing import Agreement, Pair, compared
from woz.lab.comparable import comparable
from woz.lab.ports import Project
from woz.model.ids import SessionId


def coding_agreement(project: Project, taken: Taken) -> Iterator[PairAgreement]:
    """As `woz agree` tells it, of the sessions of which two have submitted what they coded; only these are read."""
    doubled: dict[str, set[SessionId]] = defaultdict(set)
    for each in comparable(project.library.sessions()) if taken else ():
        if len(each.coders) > 1 and each.session_id in taken.get(each.type_id, ()):
            doubled[each.tier_type].add(each.session_id)
    for tier_type in sorted(doubled):
        found = compared(project, tier_type, among=doubled[tier_type])
        for pair in found.pairs:
            if both := [each for each in pair.sessions if not _unsubmitted(found, pair, each.session)]:
                told = {name: measure(both, name) for name in TOLD}
                yield PairAgreement(tier_type, pair.one, pair.other, len(both), told)


def _unsubmitted(found: Agreement, pair: Pair, session: str) -> bool:
    return bool({pair.one, pair.other} & found.unsubmitted.get(session, frozenset()))
