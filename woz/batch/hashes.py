"""SHA-256 of inputs, each file read once: what is known of a file holds while its size and time are the same."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read_file
from woz.batch.items import Digest, Input
from woz.recording.folder.session_folder import sha256_of


class Hashes:
    """Kept in a file between plans; losing it costs time only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, tuple[int, int, Digest]] = {}
        self._changed = False
        with contextlib.suppress(OSError, Unsound):
            self._known = read_file(path, dict[str, tuple[int, int, Digest]])

    def input(self, root: str, base: Path, path: Path) -> Input:
        """Raises WozError where it can't be read."""
        try:
            stat = path.stat()
        except OSError as error:
            raise WozError(f"{path} can't be read ({reason_of(error)}).") from error
        known = self._known.get(str(path))
        if known is None or known[:2] != (stat.st_size, stat.st_mtime_ns):
            known = (stat.st_size, stat.st_mtime_ns, sha256_of(path))
            self._known[str(path)], self._changed = known, True
        return Input(root, path.relative_to(base).as_posix(), *known)

    def inputs(self, root: str, base: Path, paths: Iterable[Path]) -> tuple[Input, ...]:
        return tuple(self.input(root, base, path) for path in sorted(paths))

    def keep(self) -> None:
        if not self._changed:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".tmp")
            temporary.write_bytes(msgspec.json.encode(self._known))
            temporary.replace(self._path)


def changed(given: Input, path: Path) -> bool:
    """Whether a file is another than the plan says. Raises WozError where it can't be read."""
    try:
        stat = path.stat()
    except OSError as error:
        raise WozError(f"{path} can't be read ({reason_of(error)}); was it moved since the plan?") from error
    if stat.st_size != given.size:
        return True
    return stat.st_mtime_ns != given.mtime_ns and sha256_of(path) != given.sha256
