"""How far annotators agree on the tiers that a release takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from woz.annotation.measures.agreement import measure
from woz.annotation.measures.several import Shared, several_agree
from woz.dataset.release.coding import TOLD, Coding, PairAgreement, SeveralAgreement, Taken
from woz.lab.agreeing import Agreement, Pair, compared
from woz.lab.comparable import comparable
from woz.lab.ports import Project
from woz.lab.several_tiers import several_tiers, several_words
from woz.model.ids import SessionId

FEWEST = 3
"""Of fewer, pairs tell all."""


def coding_agreement(project: Project, taken: Taken) -> Coding:
    """As `woz agree` tells it, of the sessions of which two have submitted what they coded; only these are read."""
    doubled: dict[str, set[SessionId]] = defaultdict(set)
    for each in comparable(project.library.sessions()) if taken else ():
        if len(each.coders) > 1 and each.session_id in taken.get(each.type_id, ()):
            doubled[each.tier_type].add(each.session_id)
    found = [compared(project, key, among=doubled[key]) for key in sorted(doubled)]
    pairs = tuple(pair for each in found for pair in _pairs(each))
    return Coding(pairs, tuple(several for each in found for several in _several(each)))


def _pairs(found: Agreement) -> Iterator[PairAgreement]:
    for pair in found.pairs:
        if both := [each for each in pair.sessions if not _unsubmitted(found, pair, each.session)]:
            told = {name: measure(both, name) for name in TOLD}
            note = _note(found, pair, [each.session for each in both])
            yield PairAgreement(found.tier_type, pair.one, pair.other, len(both), told, note)


def _note(found: Agreement, pair: Pair, sessions: Sequence[str]) -> str:
    counts = {who: len(several_tiers(found, who, sessions)) for who in (pair.one, pair.other)}
    return " ".join(several_words(who, count) for who, count in counts.items() if count)


def _several(found: Agreement) -> Iterator[SeveralAgreement]:
    rooms = [_submitted(found, each) for each in (found.together.sessions if found.together else ())]
    if whole := [each for each in rooms if len(each.names) >= FEWEST]:
        people = tuple(sorted({name for each in whole for name in each.names}))
        yield SeveralAgreement(found.tier_type, people, len(whole), several_agree(whole))


def _submitted(found: Agreement, room: Shared) -> Shared:
    """Without those who have not submitted theirs yet."""
    waits = found.unsubmitted.get(room.session, frozenset())
    sides = zip(room.names, room.annotations, strict=True)
    stay = [(name, marks) for name, marks in sides if name not in waits]
    return Shared(room.session, tuple(name for name, _ in stay), tuple(marks for _, marks in stay), room.windows)


def _unsubmitted(found: Agreement, pair: Pair, session: str) -> bool:
    return bool({pair.one, pair.other} & found.unsubmitted.get(session, frozenset()))
