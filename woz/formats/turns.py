"""The turns of a file alone, in any format that carries turns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from woz.base.errors import WozError
from woz.formats.parts import Begin
from woz.formats.reading import Reading
from woz.formats.registry import reader, readers
from woz.model.ids import TranscriptId
from woz.model.transcript import Turn


def turns_in(path: Path, format_name: str, transcript: TranscriptId, key: str = "") -> list[Turn]:
    """The turns of one session in a file by time, `key` by the file's name for it; annotations are passed over.

    Raises WozError for a file of another format, one without turns, and one with those of several sessions where no
    key chooses.
    """
    found = _by_session(path, format_name, transcript)
    if key and key not in found:
        raise WozError(f"{path} has no turns of {key!r}; it has those of {_names(found)}.")
    if not found:
        raise WozError(f"{path} holds no turns; nothing was imported.")
    if len(found) > 1 and not key:
        raise WozError(f"{path} has turns of several sessions, {_names(found)}; choose one with --key.")
    turns = found[key] if key else next(iter(found.values()))
    return sorted(turns, key=lambda turn: turn.interval)


def turn_formats() -> tuple[str, ...]:
    """The names of the formats that are read and carry turns."""
    return tuple(name for name, each in readers().items() if any("turns" in what for what in each.carries))


def _by_session(path: Path, format_name: str, transcript: TranscriptId) -> dict[str, list[Turn]]:
    read, key = reader(format_name).read, ""
    assert read is not None
    found: dict[str, list[Turn]] = {}
    for part in read(Reading(path)):
        if isinstance(part, Begin):
            key = part.key
        elif isinstance(part, Turn):
            found.setdefault(key, []).append(replace(part, transcript_id=transcript))
    return found


def _names(found: dict[str, list[Turn]]) -> str:
    return ", ".join(found) or "none"
