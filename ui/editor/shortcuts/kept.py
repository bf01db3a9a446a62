"""Which shortcuts a person has changed: kept in their settings, by the name of the action."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QSettings

CHANGED = "editor_keys"


class KeptKeys:
    """Actions' keys that differ from the defaults. Without settings, for as long as the window is open."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings
        self._changed = _read(settings)

    def of(self, name: str, default: Sequence[str]) -> tuple[str, ...]:
        return self._changed.get(name, tuple(default))

    def keep(self, name: str, keys: Sequence[str], default: Sequence[str]) -> None:
        self._changed.pop(name, None)
        if tuple(keys) != tuple(default):
            self._changed[name] = tuple(keys)
        if self._settings is not None:
            self._settings.setValue(CHANGED, json.dumps(self._changed, ensure_ascii=False))


def _read(settings: QSettings | None) -> dict[str, tuple[str, ...]]:
    """What isn't as it was written counts for nothing."""
    try:
        found = json.loads(str(settings.value(CHANGED, "{}"))) if settings is not None else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: tuple(map(str, keys)) for name, keys in found.items() if isinstance(keys, list)}
