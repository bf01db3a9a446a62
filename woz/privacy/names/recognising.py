"""Recognisers of names: spaCy's (`by_spacy`), and those that installed packages bring.

A package adds one in its metadata, in the group `woz.name_recognisers`, as NAME = "module:function"; the function
gets a text and its language (BCP 47; empty where it is not known), and gives the names in it. It may raise
UnknownLanguageError for one that it doesn't know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.base.plugins import Plugin, loaded, plugins
from woz.privacy.names.listing import NameKind

GROUP = "woz.name_recognisers"
SPACY = "spacy"


class UnknownLanguageError(WozError):
    """The recogniser knows nothing of a text's language."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The characters from `start` to `end` are a name."""

    start: int
    end: int
    kind: NameKind


Recognise = Callable[[str, str], Sequence[Recognised]]


def recognisers() -> Mapping[str, Plugin]:
    return plugins(GROUP, {SPACY: "woz.privacy.names.by_spacy:SpacyNames"})


def recogniser(name: str, models: Path) -> Recognise:
    """`models` is the folder of models. Raises WozError for one that isn't there, or can't be loaded."""
    known = recognisers()
    if name not in known:
        there = f"those are {', '.join(known)}"
        raise WozError(f"There is no recogniser of names {name!r}; {there}. The project's own list needs none.")
    found = loaded(known[name].place, "recogniser of names")
    made: Recognise = found(models) if name == SPACY else found
    return made
