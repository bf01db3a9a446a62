"""Recognisers of names: spaCy's (`by_spacy`), and those that installed packages bring.

A package adds one in its metadata, in the group `woz.name_recognisers`, as NAME = "module:function"; the function
gets a text and its language (BCP 47; empty where it is not known), and gives the names in it. It may raise
UnknownLanguageError for one that it doesn't know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from woz.base.errors import WozError
from woz.base.plugins import Plugin, loaded, plugins
from woz.parts.place import in_own_environment, made
from woz.privacy.names.apart import NAMES, Apart
from woz.privacy.names.recognised import Recognised

GROUP = "woz.name_recognisers"
SPACY = "spacy"


Recognise = Callable[[str, str], Sequence[Recognised]]


def recognisers() -> Mapping[str, Plugin]:
    return plugins(GROUP, {SPACY: "woz.privacy.names.by_spacy:SpacyNames"})


def recogniser(name: str, models: Path) -> Recognise:
    """`models` is the folder of models. Raises WozError for one that isn't there, or can't be loaded."""
    known = recognisers()
    if name not in known:
        there = f"those are {', '.join(known)}"
        raise WozError(f"There is no recogniser of names {name!r}; {there}. The project's own list needs none.")
    if name == SPACY and not in_own_environment(NAMES.modules) and made(NAMES) is not None:
        return Apart(models)
    found = loaded(known[name].place, "recogniser of names")
    recognise: Recognise = found(models) if name == SPACY else found
    return recognise
