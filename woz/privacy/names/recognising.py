"""Recognisers of names that installed packages bring; woz has none of its own.

A package adds one in its metadata, in the group `woz.name_recognisers`, as NAME = "module:function"; the function
gets a text and its language (BCP 47), and gives the names in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.base.plugins import Plugin, loaded, plugins
from woz.privacy.names.listing import NameKind

GROUP = "woz.name_recognisers"


@dataclass(frozen=True, slots=True)
class Recognised:
    """The characters from `start` to `end` are a name."""

    start: int
    end: int
    kind: NameKind


Recognise = Callable[[str, str], Sequence[Recognised]]


def recognisers() -> Mapping[str, Plugin]:
    return plugins(GROUP, {})


def recogniser(name: str) -> Recognise:
    """Raises WozError for one that isn't there, or can't be loaded."""
    known = recognisers()
    if name not in known:
        there = f"those are {', '.join(known)}" if known else "none is installed"
        raise WozError(f"There is no recogniser of names {name!r}; {there}. The project's own list needs none.")
    found: Recognise = loaded(known[name].place, "recogniser of names")
    return found
