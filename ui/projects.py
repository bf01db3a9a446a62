"""Opens a project's folder, or makes it."""

from __future__ import annotations

from pathlib import Path

from storage import Project
from woz.base.clock import Clock


def open_or_make(path: Path, clock: Clock) -> Project:
    """The project in a folder; a new one where the folder is new or empty. Raises WozError otherwise."""
    if path.is_dir() and any(path.iterdir()):
        return Project.open(path, clock)
    return Project.create(path, path.name, clock)
