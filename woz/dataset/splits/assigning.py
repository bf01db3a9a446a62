"""Gives groups to splits: whole, seeded, so that each split has its share of every kind."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from woz.base.errors import WozError

SHARES = {"train": 0.7, "validation": 0.1, "test": 0.2}


@dataclass(frozen=True, slots=True)
class Member:
    """Something that is in a split: `group` it goes with, `stratum` of which each split wants its share."""

    group: str
    stratum: str


def assign(
    members: Iterable[Member], shares: Mapping[str, float], seed: int, locked: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The split of each group, by its name. `locked` are those that an earlier release settled.

    The largest groups come first, those of one size in an order that the seed draws; each goes where most is
    wanting of what it holds. The same members in any order are split alike.

    Raises WozError for shares that can't be had.
    """
    demand_shares(shares)
    sizes = dict[str, Counter[str]]()
    for member in members:
        sizes.setdefault(member.group, Counter())[member.stratum] += 1
    total = sum(sizes.values(), Counter[str]())
    have: dict[str, Counter[str]] = {split: Counter() for split in shares}
    found = {group: split for group, split in (locked or {}).items() if group in sizes and split in shares}
    for group, split in found.items():
        have[split].update(sizes[group])
    for group in sorted(sizes.keys() - found.keys(), key=lambda each: (-sizes[each].total(), _drawn(seed, each))):
        split = max(shares, key=lambda each: _wanting(sizes[group], total, have[each], shares[each]))
        found[group] = split
        have[split].update(sizes[group])
    return dict(sorted(found.items()))


def demand_shares(shares: Mapping[str, float]) -> None:
    """Raises WozError for shares that are none."""
    sound = bool(shares) and all(share > 0 for share in shares.values())
    if not sound or not abs(sum(shares.values()) - 1) <= 1e-6:
        raise WozError(
            "The splits' shares are above 0 and make 1 together: train=0.7,validation=0.1,test=0.2, say."
        )


def _wanting(size: Counter[str], total: Counter[str], have: Counter[str], share: float) -> float:
    """How much of a split's share would still be wanting, of all and of each kind that the group holds.

    In parts of the share, so that a small split gets its groups as well.
    """
    whole = _lack(total.total(), have.total(), share)
    kinds = [_lack(total[each], have[each], share) * count for each, count in size.items()]
    return whole + sum(kinds) / max(1, size.total())


def _lack(of: int, have: int, share: float) -> float:
    return (of * share - have) / (of * share)


def _drawn(seed: int, group: str) -> str:
    return hashlib.sha256(f"{seed}/{group}".encode()).hexdigest()
