"""Where this computer keeps what is being marked, half typed or not stored yet, in case its window is killed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from platformdirs import user_data_path


def desk_folder() -> Path:
    return user_data_path("woz") / "desk"


def place_of(project: Path) -> str:
    """What the files of a project's drafts begin with."""
    return sha256(str(project.resolve()).encode()).hexdigest()[:12]


def drafts_of(project: Path) -> list[Path]:
    """The files of all its sessions and annotators, on this computer."""
    return sorted(desk_folder().glob(f"{place_of(project)}-*"))
