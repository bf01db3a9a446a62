"""Which format a file is, by its name's ending."""

from __future__ import annotations

from pathlib import Path

from woz.base.errors import WozError
from woz.formats.registry import readers


def formats_of(path: Path) -> tuple[str, ...]:
    """The names of the formats whose files may end so; those whose whole ending it is, where there are any."""
    name = path.name.lower()
    whole = tuple(key for key, each in readers().items() if name.endswith("." + each.ending.lower()))
    return whole or tuple(key for key, each in readers().items() if name.endswith("." + _last(each.ending)))


def format_of(path: Path) -> str:
    """The only one that it may be. Raises WozError where it may be none, or several."""
    found = formats_of(path)
    if not found:
        raise WozError(f"{path.name} has the ending of no format that is read; name it with --format.")
    if len(found) > 1:
        raise WozError(f"{path.name} may be {', '.join(found)}; name the format with --format.")
    return found[0]


def _last(ending: str) -> str:
    return ending.rsplit(".", 1)[-1].lower()
