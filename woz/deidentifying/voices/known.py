"""The converters that there are: McAdams, and those that an installed package names as entry points.

A package adds one in its metadata, in the group `woz.voice_converters`, as NAME = "module:class"; made without
arguments, it is a `woz.deidentifying.voices.port.Converter`.
"""

from __future__ import annotations

from collections.abc import Mapping

from woz.base.errors import WozError
from woz.base.plugins import Plugin, loaded, plugins
from woz.deidentifying.voices.port import Converter

GROUP = "woz.voice_converters"
MCADAMS = "mcadams"
_OWN = {MCADAMS: "woz.deidentifying.voices.mcadams:McAdams"}


def converters() -> Mapping[str, Plugin]:
    return plugins(GROUP, _OWN)


def converter(name: str) -> Converter:
    """Raises WozError for one that isn't there, or can't be loaded."""
    known = converters()
    if name not in known:
        raise WozError(f"There is no voice converter {name!r}; those are {', '.join(known)}.")
    made: Converter = loaded(known[name].place, "voice converter")()
    return made
