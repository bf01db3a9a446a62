"""The kinds by name. A lab's own is named by its place, MODULE:CLASS; the workers have to be able to import it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

import msgspec

from woz.base.errors import WozError
from woz.base.nearest import choices
from woz.base.outside import Unsound
from woz.batch.items import About
from woz.batch.kind import ForGpus, Kind

KINDS = {
    "blur": "woz.batch.kinds.blur:Blur",
    "check": "woz.batch.kinds.check:Check",
    "clips": "woz.batch.kinds.clips:Clips",
    "evaluate": "woz.batch.kinds.evaluate:Evaluate",
    "faces": "woz.batch.kinds.faces:Faces",
    "frames": "woz.batch.kinds.frames:Frames",
    "proposals": "woz.batch.kinds.proposals:Proposals",
    "proxies": "woz.batch.kinds.proxies:Proxies",
    "small": "woz.batch.kinds.small:Small",
    "transcribe": "woz.batch.kinds.transcribe:Transcribe",
    "voices": "woz.batch.kinds.voices:Voices",
    "waveforms": "woz.batch.kinds.waveforms:Waveforms",
}
_WANTED: dict[Any, str] = {int: "a whole number", float: "a number", bool: "true or false"}


@cache
def kind_named(name: str) -> Kind:
    """One a process, so that what it loaded stays. Raises WozError where there is none of this name."""
    module, colon, attribute = KINDS.get(name, name).partition(":")
    if not colon:
        raise WozError(f"There is no kind of batch “{name}”; {choices(name, KINDS)}")
    try:
        made: Kind = getattr(importlib.import_module(module), attribute)()
    except (ImportError, AttributeError) as error:
        raise WozError(
            f"The kind {name} can't be imported here ({error}); install its package beside woz, or correct it."
        ) from error
    return made


def parameters_of(kind: Kind, given: Mapping[str, Any]) -> Any:
    """The kind's parameters from names and texts, or as a plan holds them. Raises WozError for wrong ones."""

    known = getattr(kind.parameters, "__dataclass_fields__", {})
    unknown = sorted(set(given) - set(known))
    if unknown:
        names = ", ".join(known) or "none"
        raise WozError(f"{kind.name} has no parameter {unknown[0]}; it has {names}.")
    try:
        return msgspec.convert(dict(given), kind.parameters, strict=False)
    except (msgspec.ValidationError, Unsound) as error:
        raise WozError(_wrong(kind, given, error)) from error


def uses_gpu(about: About) -> bool:
    """Whether a run's work does. Raises WozError for a kind that isn't here, or doesn't know the parameters."""
    kind = kind_named(about.kind)
    parameters = parameters_of(kind, about.parameters)
    return isinstance(kind, ForGpus) and kind.uses_gpu(parameters)


def _wrong(kind: Kind, given: Mapping[str, Any], error: Exception) -> str:
    """Which parameter it is, what it should be, and what stands there."""
    said, _, place = str(error).replace("`", "").partition(" - at $.")
    wanted = _WANTED.get(get_type_hints(kind.parameters).get(place))
    if wanted is None:
        return f"{place or 'A parameter'} of {kind.name} is not as it should be ({said}); correct it with --set."
    return f"{place} of {kind.name} is {wanted}, not “{given[place]}”; correct --set {place}=…"
