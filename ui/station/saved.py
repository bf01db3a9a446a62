"""What there is of a session after it was closed, read from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui.application.bytes_text import bytes_text
from ui.widgets.parts import clock_text
from woz.base.counts import counted
from woz.model.events import Event, EventKind
from woz.model.stream import StreamKind
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Saved:
    """`files` are names and sizes in bytes; `faults` one line each, with the time and what ended it."""

    folder: Path
    duration_ns: int
    captured: int
    recorded: int
    files: tuple[tuple[str, int], ...]
    faults: tuple[str, ...] = ()
    fault: str = ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What it is called, and what it is, for a person."""
        total = sum(size for _, size in self.files)
        return (
            ("Where", str(self.folder)),
            ("Length", clock_text(self.duration_ns)),
            ("Frames", f"{self.recorded} of {self.captured} captured were recorded"),
            ("Size", f"{bytes_text(total)} in {counted(len(self.files), 'file')}"),
        )


def read_saved(sessions: Path, manifest: Manifest) -> Saved:
    """Files that vanish meanwhile are left out."""
    folder = SessionFolder(sessions / manifest.session_id)
    view = manifest.stream(StreamKind.VIEW)
    return Saved(
        folder.path,
        manifest.duration_ns or 0,
        view.captured if view else 0,
        view.recorded if view else 0,
        _files(folder.path),
        fault_lines(_journal(folder)),
        manifest.fault,
    )


def fault_lines(events: list[Event]) -> tuple[str, ...]:
    """Each fault of the journal once it came, and what ended it where that is known."""
    lines = [f"{clock_text(event.t_ns)}  {words}" for event in events if (words := _words(event))]
    return tuple(lines[:MOST_FAULTS])


def _words(event: Event) -> str:
    if event.kind == EventKind.SOURCE:
        found = next((event.data[key] for key in ("fault", "sound") if event.data.get(key)), "")
        return str(found)
    if event.kind == EventKind.PEER_LEFT and event.by == "console":
        return "The expert left."
    if event.kind == EventKind.PEER_JOINED and event.by == "console" and event.t_ns > 0:
        return "The expert came."
    return ""


def _journal(folder: SessionFolder) -> list[Event]:
    try:
        return read_journal(folder.events)
    except OSError:
        return []


def _files(folder: Path) -> tuple[tuple[str, int], ...]:
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file():
                found.append((path.relative_to(folder).as_posix(), path.stat().st_size))
        except OSError:
            continue
    return tuple(found)
