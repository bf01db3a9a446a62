"""What a plan keeps for its workers in a file of the project's cache."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from woz.base.errors import reason_of
from woz.batch.kind import RunFault


def kept(folder: Path, name: str, text: bytes, mode: int = 0o666) -> Path:
    """A file named by what it says, so that a plan that is done stays as it is: whole or not there.

    Raises RunFault where the disk takes no more.
    """
    path = folder / f"{name}-{hashlib.sha256(text).hexdigest()[:16]}.json"
    part = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
                file.write(text)
            part.replace(path)
    except OSError as error:
        raise RunFault(f"{path} can't be written ({reason_of(error)}); make room, then plan again.") from error
    return path
