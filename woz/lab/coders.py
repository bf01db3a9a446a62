"""Who is compared in agreement: annotators, the gold, machines, and tiers that are named by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.model.ids import AnnotatorId, TierId
from woz.model.tier import Tier

GOLD = "gold"
"""Stands for an annotator's name: what was adjudicated."""
_ID_SHOWN = 8
"""So much of a tier's id is told in words, where that is enough."""


@dataclass(frozen=True, slots=True)
class Coders:
    """`people` are pseudonyms by id. `named` are those of the names asked for that are no pseudonym, and so a
    machine's or a tier's id.
    """

    people: Mapping[AnnotatorId, str]
    named: frozenset[str]

    @classmethod
    def of(cls, project: Project, names: Iterable[str]) -> Coders:
        people = {person.id: person.pseudonym for person in project.annotators.all()}
        return cls(people, frozenset(names) - {GOLD, *people.values()})

    def whose(self, tier: Tier, gold: bool) -> str:
        """The name by which a tier counts: its id where it is named itself, else its annotator's pseudonym, "gold"
        or its machine's name; empty for a machine that isn't named.
        """
        if tier.id in self.named:
            return tier.id
        if tier.annotator_id:
            return GOLD if gold else self.people.get(tier.annotator_id, tier.annotator_id)
        return tier.made.by if tier.made.by in self.named else ""

    def shown(self, tiers: Mapping[str, Tier]) -> dict[str, str]:
        """What tiers that are named themselves, by their ids, are called in words."""
        return with_ids({each: self._maker(tier) for each, tier in tiers.items()})

    def _maker(self, tier: Tier) -> str:
        return self.people.get(tier.annotator_id or AnnotatorId(tier.made.by), tier.made.by)

    def demand(self, found: Collection[str], names: Sequence[str], tier_type: str) -> None:
        """Raises WozError for a name that isn't among those of what was found."""
        for name in names:
            if name in self.named and name not in found:
                raise WozError(
                    f"This project has no annotator {name}, and what you see of the sessions that are compared no"
                    f" machine and no tier's id of this name, with a tier of type {tier_type!r} that was begun;"
                    " woz annotators PROJECT lists the people, woz tiers PROJECT --session ID machines and ids."
                )


def with_ids(makers: Mapping[str, str]) -> dict[str, str]:
    """What tiers are called in words that their maker's name alone doesn't tell apart, as "A02 (3f2a91c0)"; all by
    their ids.
    """
    short = {each: each[:_ID_SHOWN] for each in makers}
    told = short if len(set(short.values())) == len(short) else {each: each for each in makers}
    return {each: f"{maker} ({told[each]})" for each, maker in makers.items()}


def newest_runs(tiers: Iterable[Tier]) -> tuple[set[TierId], frozenset[str]]:
    """Of each machine's tiers in a session those that it made last, and which machines made others before."""
    by_machine: dict[str, list[Tier]] = {}
    for each in tiers:
        by_machine.setdefault(each.made.by, []).append(each)
    newest, several = set[TierId](), set[str]()
    for machine, made in by_machine.items():
        last = max(map(_run, made))
        newest |= {each.id for each in made if _run(each) == last}
        several |= {machine for each in made if _run(each) != last}
    return newest, frozenset(several)


def _run(tier: Tier) -> tuple[int, str]:
    return tier.made.utc_ns, tier.made.run
