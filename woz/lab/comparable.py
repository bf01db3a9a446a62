"""What can be compared in a project: tier types that two people, machines or tiers at least have in a session."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from woz.annotation.blindness import TypeId, covers
from woz.annotation.tier_states import OPEN
from woz.lab.library import SessionFacts, TierFact
from woz.lab.type_names import type_names
from woz.model.annotator import BlindScope, BlindTo
from woz.model.ids import AnnotatorId, SchemeId, SessionId


@dataclass(frozen=True, slots=True)
class Comparable:
    """By their ids: `coders` made the tiers, `unready` have not submitted theirs yet, `adjudicators` have
    a gold tier. `measured` are coders who came once that was submitted: it doesn't wait for them, nor is made of
    theirs. `tier_type` is a key, as SCHEME/KEY where tiers of several schemes have it, and stands for `type_id`.
    `machines` made tiers, by name; `single` are the tiers of whoever made several, by id, with their maker.
    """

    session_id: SessionId
    title: str
    tier_type: str
    coders: tuple[str, ...]
    unready: tuple[str, ...] = ()
    adjudicators: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    type_id: TypeId = (SchemeId(""), "")
    machines: tuple[str, ...] = ()
    single: tuple[tuple[str, str], ...] = ()

    @property
    def sides(self) -> int:
        """Of how many the gold is made, or is to be."""
        return len(set(self.coders) - set(self.measured))

    @property
    def compared(self) -> bool:
        """Whether agreement can be counted: of two annotators, or of one and the gold."""
        return len(self.coders) + bool(self.adjudicators) >= 2

    @property
    def comparable_by_name(self) -> bool:
        """Whether two at least can be named to be compared: also machines, and tiers of one maker."""
        return self.compared or len(self.coders) + len(self.machines) + len(self.single) >= 2

    def without_machines(self) -> Comparable:
        single = tuple(each for each in self.single if each[1] not in self.machines)
        return replace(self, machines=(), single=single)

    @property
    def decidable(self) -> bool:
        """Whether two annotators at least are done with it, and nobody is still at it."""
        return self.sides >= 2 and not self.unready


def comparable(sessions: Iterable[SessionFacts]) -> list[Comparable]:
    """By session in the order given, then by tier type; only what two people have, the gold counted as one."""
    return [each for each in comparable_by_name(sessions) if each.compared]


def comparable_by_name(sessions: Iterable[SessionFacts]) -> list[Comparable]:
    """As `comparable`, and where machines, or several tiers of one maker, can be named to be compared."""
    known = list(sessions)
    names = type_names(known)
    found = [_comparable(facts, name, tiers) for facts in known for name, tiers in _by_type(facts, names)]
    return [each for each in found if each.comparable_by_name]


def comparable_to(
    found: Iterable[Comparable], person: AnnotatorId, scopes: Iterable[BlindScope]
) -> list[Comparable]:
    """Without what somebody is blind to people in, and so sees no agreement on, and without machines where they are
    blind to these.
    """
    mine: dict[SessionId, list[BlindScope]] = defaultdict(list)
    for each in scopes:
        if each.annotator_id == person:
            mine[each.session_id].append(each)
    shown = (_shown(one, mine.get(one.session_id, ())) for one in found)
    return [each for each in shown if each and each.comparable_by_name]


def _shown(one: Comparable, scopes: Iterable[BlindScope]) -> Comparable | None:
    """To whom these scopes are of; None where they are blind to people."""
    to = {scope.to for scope in scopes if covers(scope, one.type_id)}
    if to - {BlindTo.MACHINES}:
        return None
    return one.without_machines() if to else one


def _by_type(facts: SessionFacts, names: Mapping[tuple[str, str], str]) -> list[tuple[str, list[TierFact]]]:
    found: dict[str, list[TierFact]] = defaultdict(list)
    for tier in facts.tiers:
        found[names.get(tier.type_id, "/".join(tier.type_id))].append(tier)
    return sorted(found.items())


def _comparable(facts: SessionFacts, tier_type: str, tiers: Sequence[TierFact]) -> Comparable:
    own = [each for each in tiers if each.annotator_id and not each.gold]
    makers = {each.tier_id: each.annotator_id or each.machine for each in tiers if not each.gold}
    counts = Counter(makers.values())
    return Comparable(
        facts.session.id,
        facts.session.title,
        tier_type,
        _people(own),
        _people(each for each in own if each.state in OPEN and not each.after_gold),
        _people(each for each in tiers if each.gold),
        _people(each for each in own if each.after_gold),
        (SchemeId(tiers[0].scheme_id), tiers[0].tier_type),
        tuple(sorted({each.machine for each in tiers if each.machine})),
        tuple((tier, maker) for tier, maker in makers.items() if counts[maker] > 1),
    )


def _people(tiers: Iterable[TierFact]) -> tuple[str, ...]:
    return tuple(sorted({each.annotator_id for each in tiers}))
