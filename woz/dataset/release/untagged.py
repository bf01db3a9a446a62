"""A release's films and pictures say nothing of themselves: who made them, where, when, with what."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from woz.base.errors import WozError
from woz.privacy.media_tags import said_in


def telling(path: Path, name: str) -> list[str]:
    """A sentence for each thing that a file says of itself beyond its form, and for a film or picture that can't be
    read.
    """
    try:
        said = [each for each in said_in(path, name) if not each.is_form]
    except WozError as error:
        return [str(error)]
    return [f"{name} may tell who made it, where, when or with what: {each}." for each in said]


def demand_untagged(folder: Path, names: Iterable[str]) -> None:
    """Raises WozError for the first file that says something of itself."""
    for name in names:
        if found := telling(folder / name, name):
            raise WozError(f"Nothing was released: {found[0]}")
