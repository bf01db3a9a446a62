"""The proposers that there are: woz's own, and those that an installed package names as entry points.

A package adds one in its metadata, in the group `woz.proposers`, as NAME = "module:function"; the function is a
`woz.annotation.proposals.asking.Propose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points, version

from woz.annotation.proposals.asking import Propose
from woz.base.errors import WozError

GROUP = "woz.proposers"


@dataclass(frozen=True, slots=True)
class Proposer:
    """`place` is "module:function", `version` that of woz or of the package that brings it."""

    name: str
    place: str
    version: str

    @property
    def by(self) -> str:
        """What its proposals are made by."""
        return f"{self.name} {self.version}"


_OWN = {
    "by-model": "woz.lab.proposing_by_model:propose",
    "states-from-turns": "woz.annotation.proposals.from_turns:propose",
    "steps-from-marks": "woz.annotation.proposals.from_marks:propose",
}


def proposers() -> Mapping[str, Proposer]:
    """By name; nobody takes the name of one of woz's own."""
    found = {
        each.name: Proposer(each.name, each.value, each.dist.version if each.dist else "")
        for each in entry_points(group=GROUP)
    }
    own = version("woz")
    return dict(sorted({**found, **{name: Proposer(name, place, own) for name, place in _OWN.items()}}.items()))


def proposer(name: str) -> Proposer:
    """Raises WozError for one that isn't there."""
    known = proposers()
    if name not in known:
        raise WozError(f"There is no proposer {name!r}; those are {', '.join(known)}.")
    return known[name]


def loaded(place: str) -> Propose:
    """Raises WozError where the package that names it can't be imported."""
    module, _, name = place.partition(":")
    try:
        found: Propose = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise WozError(f"The proposer {place} can't be loaded ({error}); install its package again.") from error
    return found
