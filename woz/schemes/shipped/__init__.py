"""The schemes that woz brings along, as files to start from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from woz.base.errors import WozError
from woz.model.scheme import Scheme
from woz.schemes.reading import scheme_from_text

_ENDING = ".yaml"


def shipped_names() -> tuple[str, ...]:
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)))


def shipped_text(name: str) -> str:
    """The file's text. Raises WozError for a name that there isn't."""
    if name not in shipped_names():
        raise WozError(f"woz brings along no scheme named {name}; it has: {', '.join(shipped_names())}.")
    return (files(__package__) / (name + _ENDING)).read_text(encoding="utf-8")


@cache
def shipped(name: str) -> Scheme:
    """Raises WozError for a name that there isn't."""
    return scheme_from_text(shipped_text(name))
