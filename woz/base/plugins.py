"""What woz and installed packages offer under a name: a package does so by entry points in its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points, version
from typing import Any

from woz.base.errors import WozError


@dataclass(frozen=True, slots=True)
class Plugin:
    """`place` is "module:name", `version` that of woz or of the package that brings it."""

    name: str
    place: str
    version: str

    @property
    def by(self) -> str:
        """What is made by it is made by this."""
        return f"{self.name} {self.version}"


def plugins(group: str, own: Mapping[str, str]) -> Mapping[str, Plugin]:
    """By name, those of a group of entry points and woz's `own` (places by name), whose names nobody takes."""
    found = {
        each.name: Plugin(each.name, each.value, each.dist.version if each.dist else "")
        for each in entry_points(group=group)
    }
    ours = version("woz")
    return dict(sorted({**found, **{name: Plugin(name, place, ours) for name, place in own.items()}}.items()))


def loaded(place: str, what: str) -> Any:
    """Raises WozError where the package that names it can't be imported; `what` is what it is called there."""
    module, _, name = place.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise WozError(f"The {what} {place} can't be loaded ({error}); install its package again.") from error
