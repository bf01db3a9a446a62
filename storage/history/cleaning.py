"""What no database of ours keeps is left out of an edit before it is compared, written and logged."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from woz.annotation.edits import Edit

NUL = "\0"


def cleaned(edit: Edit) -> Edit:
    """Without the character NUL: PostgreSQL keeps it in no text, and rows and log must hold the same."""
    found: Edit = _without_nul(edit)
    return found


def _without_nul(value: Any) -> Any:
    """The value itself where there is none in it."""
    if isinstance(value, str):
        return value.replace(NUL, "") if NUL in value else value
    if isinstance(value, tuple):
        parts = tuple(map(_without_nul, value))
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    if not is_dataclass(value) or isinstance(value, type):
        return value
    old = {field.name: getattr(value, field.name) for field in fields(value)}
    new = {name: _without_nul(part) for name, part in old.items()}
    changed = {name: part for name, part in new.items() if part is not old[name]}
    return replace(value, **changed) if changed else value
