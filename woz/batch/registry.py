"""The kinds by name. A lab's own is named by its place, MODULE:CLASS; the workers have to be able to import it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from woz.base.errors import WozError
from woz.base.nearest import choices
from woz.base.outside import Unsound
from woz.batch.kind import Kind

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


@cache
def kind_named(name: str) -> Kind:
    """One a process, so that what it loaded stays. Raises WozError where there is none of this name."""
    module, colon, attribute = KINDS.get(name, name).partition(":")
    if not colon:
        raise WozError(f"There is no kind of batch “{name}”; {choices(name, KINDS)}")
    try:
        made: Kind = getattr(importlib.import_module(module), attribute)()
    except (ImportError, AttributeError) as error:
        raise WozError(f"The kind {name} can't be imported here ({error}).") from error
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
        raise WozError(f"A parameter of {kind.name} is not as it should be ({error}).") from error
