"""What is known of one of the console's own recordings of the expert, on either side of the link."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.base.outside import checked, read_file

CHUNK_BYTES = 4096
"""What travels at once: little, so that on a narrow path a packet of the voice waits for it but shortly."""
MAX_BYTES = 8 * 1024**3
MOST_PARTS = 100
_ID = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"([0-9a-f]{64})?")
_SESSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


@dataclass(frozen=True, slots=True)
class VoiceCopy:
    """One recording: a console that was started again in the midst of a session has several, its `part`s.

    `size` is in bytes so far; `head` is the SHA-256 of the first chunk, which is written anew when the recording is
    closed (`sealed`); `sha256`, of the whole, is known then. `clock_map` is the JSON form of the map from time in
    the file to session time, empty where it isn't known yet. Raises ValueError for values that can't be.
    """

    id: str
    session_id: str
    part: int = 1
    parts: int = 1
    size: int = 0
    sealed: bool = False
    sha256: str = ""
    head: str = ""
    clock_map: str = ""

    def __post_init__(self) -> None:
        _require(_ID.fullmatch(self.id), "a recording's name")
        _require(_SESSION.fullmatch(self.session_id), "a session's name")
        _require(1 <= self.part <= self.parts <= MOST_PARTS, "a part's number")
        _require(0 <= self.size <= MAX_BYTES, "a size")
        _require(_DIGEST.fullmatch(self.sha256) and _DIGEST.fullmatch(self.head), "a checksum")
        _require(bool(self.sha256) == self.sealed, "a checksum before the recording is closed")
        _require(len(self.clock_map) < 60_000, "a clock map")

    @property
    def chunks(self) -> int:
        """How many chunks there are to send: while a recording grows, those that are full."""
        return -(-self.size // CHUNK_BYTES) if self.sealed else self.size // CHUNK_BYTES

    def data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> VoiceCopy:
        """From what `data` gave; what else there is, is left out. Raises ValueError for anything else."""
        return checked(dict(raw), cls)

    def save(self, path: Path) -> None:
        """Write it whole or not at all. Raises OSError."""
        temporary = path.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(self.data(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> VoiceCopy:
        """Raises WozError where there is none, or it is damaged."""
        try:
            return read_file(path, cls)
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}); copy it with the recording.") from error
        except ValueError as error:
            raise WozError(f"{path} is damaged ({error}); copy it from the console again.") from error


def _require(true: object, what: str) -> None:
    if not true:
        raise ValueError(f"{what} is not as it should be")
