"""The marks that an operator can set by key, kept in the settings of this machine."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings

SETTING = "station_marks"
MARK_KEYS = (*(f"F{n}" for n in range(2, 13)), *"1234567890")
"""F1 shows the help."""


@dataclass(frozen=True, slots=True)
class MarkKey:
    """`key` is one of MARK_KEYS."""

    key: str
    name: str


USUAL = (
    MarkKey("F2", "Mistake"),
    MarkKey("F3", "Danger"),
    MarkKey("F4", "Good question"),
    MarkKey("F6", "Off protocol"),
    MarkKey("F7", "Technical trouble"),
)


def read_marks(text: str) -> tuple[MarkKey, ...]:
    """One mark a line, `F2 Mistake`. Raises ValueError with a sentence for a line that is none."""
    marks: list[MarkKey] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        key, _, name = line.strip().partition(" ")
        key, name = key.upper(), name.strip()
        if key not in MARK_KEYS:
            raise ValueError(f"“{line.strip()}” begins with no key; use F2 to F12, or a digit.")
        if not name:
            raise ValueError(f"The mark of {key} has no name; write it behind the key.")
        if key in {mark.key for mark in marks}:
            raise ValueError(f"The key {key} is used twice.")
        marks.append(MarkKey(key, name))
    return tuple(marks)


def marks_text(marks: tuple[MarkKey, ...]) -> str:
    return "\n".join(f"{mark.key} {mark.name}" for mark in marks)


def load_marks(settings: QSettings) -> tuple[MarkKey, ...]:
    """The usual ones where none are kept, or where they can't be read."""
    kept = settings.value(SETTING)
    try:
        return read_marks(str(kept)) if kept is not None else USUAL
    except ValueError:
        return USUAL


def save_marks(settings: QSettings, marks: tuple[MarkKey, ...]) -> None:
    settings.setValue(SETTING, marks_text(marks))
