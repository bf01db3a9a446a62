"""The proposers that there are: woz's own, and those that an installed package names as entry points.

A package adds one in its metadata, in the group `woz.proposers`, as NAME = "module:function"; the function is a
`woz.annotation.proposals.asking.Propose`.
"""

from __future__ import annotations

from collections.abc import Mapping

from woz.annotation.proposals.asking import Propose
from woz.base import plugins
from woz.base.errors import WozError
from woz.base.plugins import Plugin as Proposer

GROUP = "woz.proposers"

_OWN = {
    "by-model": "woz.lab.proposing_by_model:propose",
    "states-from-turns": "woz.annotation.proposals.from_turns:propose",
    "steps-from-marks": "woz.annotation.proposals.from_marks:propose",
}


def proposers() -> Mapping[str, Proposer]:
    """By name; nobody takes the name of one of woz's own."""
    return plugins.plugins(GROUP, _OWN)


def proposer(name: str) -> Proposer:
    """Raises WozError for one that isn't there."""
    known = proposers()
    if name not in known:
        raise WozError(f"There is no proposer {name!r}; those are {', '.join(known)}.")
    return known[name]


def loaded(place: str) -> Propose:
    """Raises WozError where the package that names it can't be imported."""
    found: Propose = plugins.loaded(place, "proposer")
    return found


__all__ = ["GROUP", "Proposer", "loaded", "proposer", "proposers"]
