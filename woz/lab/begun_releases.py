"""Where builds of releases stand that began and didn't end: a project keeps the places, so that a withdrawal finds
what they had cut.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

from woz.base.errors import WozError
from woz.dataset.release.building_folder import hidden_folder, is_hidden_folder

KEPT = "releases-begun"
"""In the project's folder: a file for each, with its place."""


@contextlib.contextmanager
def begun_release(project: Path, out: Path) -> Iterator[None]:
    """Keeps the place of what is built for `out` for as long as anything is there.

    Raises WozError where it can't be kept: nothing is begun then.
    """
    hidden = hidden_folder(out)
    note = project / KEPT / f"{hashlib.sha256(str(hidden).encode()).hexdigest()[:16]}.txt"
    try:
        note.parent.mkdir(exist_ok=True)
        note.write_text(str(hidden), encoding="utf-8")
    except OSError as error:
        raise WozError(f"{note} can't be written ({error.strerror}); nothing was released.") from error
    try:
        yield
    finally:
        if not hidden.exists():
            with contextlib.suppress(OSError):
                note.unlink(missing_ok=True)


def begun_releases(project: Path) -> list[Path]:
    """The folders that builds began and left, where they are still there."""
    notes = sorted((project / KEPT).glob("*.txt"))
    places = [Path(note.read_text(encoding="utf-8")) for note in notes]
    return [path for path in places if is_hidden_folder(path) and path.is_dir()]
