"""The splits that releases gave to groups, which later ones keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from woz.base.counts import counted
from woz.base.errors import WozError


@dataclass(frozen=True, slots=True)
class Settled:
    """Of each group its split, and by which release, as NAME VERSION."""

    splits: Mapping[str, str] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)

    def then(self, called: str, splits: Mapping[str, str]) -> Settled:
        """With those of a later release, which count where both have a group."""
        return Settled({**self.splits, **splits}, {**self.by, **dict.fromkeys(splits, called)})

    def of(self, members: Mapping[str, str]) -> Settled:
        """Those of the groups at hand; `members` has each one's group by its name.

        What joins several takes the split of the one that it is called after, else of the first that had one.
        """
        splits, by = dict[str, str](), dict[str, str]()
        for name, group in sorted(members.items(), key=lambda each: (each[0] != each[1], each[0])):
            if name in self.splits:
                splits.setdefault(group, self.splits[name])
                by.setdefault(group, self.by[name])
        return Settled(splits, by)

    def parted(self, members: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
        """Who had another split than their group has now."""
        return sorted(each for each, group in members.items() if self.splits.get(each, now[group]) != now[group])

    @property
    def releases(self) -> str:
        """Which ones, for a sentence."""
        return ", ".join(sorted(set(self.by.values())))


def demand_named(locked: Settled, shares: Iterable[str]) -> None:
    """Raises WozError where a group would lose its split because the release hasn't that."""
    if lost := sorted(set(locked.splits.values()) - set(shares)):
        raise WozError(
            f"{locked.releases} put what goes into this release into {' and '.join(lost)}, which --shares doesn't"
            " name; name all splits there, or deal new ones with --new-splits."
        )


def split_words(before: Settled, members: Mapping[str, str], now: Mapping[str, str], new: bool) -> str:
    """What became of the splits that earlier releases settled, in words; empty where there were none.

    `members` has who is in which group, `now` the splits of these; `new` says that these were dealt anew.
    """
    known = before.of(members)
    if not known.splits:
        return ""
    if new:
        moved = sum(now[group] != split for group, split in known.splits.items())
        stood = counted(len(known.splits), "group that stood", "groups that stood")
        return f"Splits are dealt anew: of {stood} in {known.releases}, {moved} went to another split."
    kept = counted(len(known.splits), "group keeps its split", "groups keep their split")
    dealt = len(now) - len(known.splits)
    told = f"; {dealt} that stood in none {'is' if dealt == 1 else 'are'} dealt by the seed" if dealt else ""
    joined = ", ".join(before.parted(members, now))
    parted = f" {joined} stood in another split: sessions join them with others now." if joined else ""
    return f"{kept} of {known.releases}{told}.{parted}"
