"""A plan's inputs with their hashes, and whether they are still what the plan says."""

from __future__ import annotations

from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.batch.items import Input
from woz.recording.folder.known_hashes import KnownHashes
from woz.recording.folder.session_folder import sha256_of


def input_of(hashes: KnownHashes, root: str, base: Path, path: Path) -> Input:
    """Raises WozError where it can't be read."""
    return Input(root, path.relative_to(base).as_posix(), *hashes.of(path))


def changed(given: Input, path: Path) -> bool:
    """Whether a file is another than the plan says. Raises WozError where it can't be read."""
    try:
        stat = path.stat()
    except OSError as error:
        raise WozError(f"{path} can't be read ({reason_of(error)}); was it moved since the plan?") from error
    if stat.st_size != given.size:
        return True
    return stat.st_mtime_ns != given.mtime_ns and sha256_of(path) != given.sha256
