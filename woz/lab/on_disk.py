"""What the library tells of sessions' files: how large they are, and what the last check said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from woz.lab.disk_use import files_with_sizes
from woz.model.ids import SessionId
from woz.recording.check.verdict import Checked, kept_verdict
from woz.recording.folder.session_folder import SessionFolder


@dataclass(frozen=True, slots=True)
class OnDisk:
    """`checked` is None where the session wasn't checked as it is now."""

    bytes: int = 0
    checked: Checked | None = None


def on_disk(sessions_dir: Path, sessions: Iterable[SessionId]) -> dict[SessionId, OnDisk]:
    """Of sessions whose files are here; a file that goes meanwhile counts as nothing."""
    found = {}
    for session_id in sessions:
        folder = SessionFolder(sessions_dir / session_id)
        size = sum(size for _, size in files_with_sizes(folder.path))
        if size:
            found[session_id] = OnDisk(size, kept_verdict(folder))
    return found
