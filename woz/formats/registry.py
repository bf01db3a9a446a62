"""All formats by their names. Each module below a room of `woz.formats` that has a `FORMATS` tuple is one."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

import woz.formats
from woz.base.errors import WozError
from woz.base.nearest import choices
from woz.formats.format import Format


@cache
def all_formats() -> dict[str, Format]:
    """By name, in the order of names. Raises ValueError where two have one name."""
    found: dict[str, Format] = {}
    for each in (each for formats in by_room().values() for each in formats):
        if each.name in found:
            raise ValueError(f"there are two formats named {each.name}")
        found[each.name] = each
    return dict(sorted(found.items()))


@cache
def by_room() -> dict[str, tuple[Format, ...]]:
    """By the room's name, each in the order of names."""
    found: dict[str, list[Format]] = {}
    for module in pkgutil.walk_packages(woz.formats.__path__, "woz.formats."):
        if formats := _formats_of(module.name):
            found.setdefault(module.name.split(".")[2], []).extend(formats)
    return {room: tuple(sorted(formats, key=lambda each: each.name)) for room, formats in found.items()}


def _formats_of(module: str) -> tuple[Format, ...]:
    if module.count(".") < 3:
        return ()
    return tuple(getattr(import_module(module), "FORMATS", ()))


def readers() -> dict[str, Format]:
    return {name: each for name, each in all_formats().items() if each.read}


def writers() -> dict[str, Format]:
    return {name: each for name, each in all_formats().items() if each.write}


def reader(name: str) -> Format:
    """Raises WozError for a format that can't be read."""
    return _named(name, readers(), "read")


def writer(name: str) -> Format:
    """Raises WozError for a format that can't be written."""
    return _named(name, writers(), "written")


def _named(name: str, known: dict[str, Format], deed: str) -> Format:
    if name not in known:
        raise WozError(f"{name!r} is no format that can be {deed}; {choices(name, known)}")
    return known[name]
