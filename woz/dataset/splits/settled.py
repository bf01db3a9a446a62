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

    def of(self, groups: Iterable[str]) -> Settled:
        """Those of these groups alone."""
        known = [group for group in groups if group in self.splits]
        return Settled({each: self.splits[each] for each in known}, {each: self.by[each] for each in known})

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


def split_words(before: Settled, now: Mapping[str, str], new: bool) -> str:
    """What became of the splits that earlier releases settled, a sentence; empty where there were none.

    `now` has the splits of the groups that go; `new` says that these were dealt anew.
    """
    known = before.of(now)
    if not known.splits:
        return ""
    if new:
        moved = sum(now[group] != split for group, split in known.splits.items())
        stood = counted(len(known.splits), "group that stood", "groups that stood")
        return f"Splits are dealt anew: of {stood} in {known.releases}, {moved} went to another split."
    kept = counted(len(known.splits), "group keeps its split", "groups keep their split")
    dealt = len(now) - len(known.splits)
    told = f"; {dealt} that stood in none {'is' if dealt == 1 else 'are'} dealt by the seed" if dealt else ""
    return f"{kept} of {known.releases}{told}."
