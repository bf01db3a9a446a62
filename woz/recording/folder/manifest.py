"""The manifest of a session's folder: what was recorded, its state, clock maps and checksums."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated

from msgspec import Meta

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.base.outside import Count, Duration, Unsound, Whole, read_file
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import StreamKind

FIRST_VERSION = 1
"""Where glasses gave sound beside the trainee's microphone, both are summed in the trainee's track; the glasses'
sound was laid by the arrival of its first sample, apart from their pictures."""
SCHEMA_VERSION = 2
"""The source's own sound beside a microphone is a stream of its own (`room`); pictures, gaze and sound of a source
lie by one map of its clock, and sound by the arrival of its last sample."""


@dataclass(frozen=True, slots=True)
class StreamEntry:
    """One stream: `path` is relative to the session's folder, `track` counts the streams of its kind in the file.

    `captured` and `recorded` count frames or samples; `clock_map` is the JSON of a ClockMap from the stream's own
    time to session time, None where the file's time stamps are session time.
    """

    kind: StreamKind
    path: str
    track: Annotated[int, Meta(ge=0, le=99)]
    interval: Interval
    captured: Count = 0
    recorded: Count = 0
    gaps: tuple[Interval, ...] = ()
    clock_map: str | None = None
    source_map: str | None = None
    """How the device's clock was laid on session time while recording; figures for `woz check`."""
    sha256: str | None = None
    refused_ns: Whole = 0
    """Sound that came too late to be laid where it belonged."""
    view: str = ""
    """The camera that a further view is of."""

    def __post_init__(self) -> None:
        """Raises ValueError for a path that leads out of the session's folder."""
        inside = [path(self.path) for path in (PurePosixPath, PureWindowsPath)]
        if not self.path or any(path.is_absolute() or path.anchor or ".." in path.parts for path in inside):
            raise ValueError(f"{self.path[:80]!r} lies outside the session's folder")


@dataclass(frozen=True, slots=True)
class VoiceComparison:
    """The expert's own recording against the voice as received: the median delay from said to heard, half of the
    span that holds the middle 90% of delays, and on session time what only the other one has."""

    delay_ns: Whole | None = None
    spread_ns: Whole = 0
    not_received: tuple[Interval, ...] = ()
    not_recorded: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that a withdrawal changed: the SHA-256 of what it was and is; `now` is empty where it was deleted."""

    path: str
    person: str
    was: str
    now: str
    utc_ns: Whole


@dataclass(frozen=True, slots=True)
class Manifest:
    session_id: SessionId
    state: SessionState
    start_utc_ns: Whole
    procedure: str = ""
    duration_ns: Duration | None = None
    streams: tuple[StreamEntry, ...] = ()
    fault: str = ""
    """What ended the recording before its time, in one sentence."""
    made_of: tuple[str, ...] = ()
    """Names of the files that were recorded elsewhere, where it is made of such; the view's is the first."""
    expert_voice: str = ""
    """'own' where the console's recording of the expert is here, 'received' where the voice as it was heard stands
    in its place; empty in a session from before this was kept."""
    comparison: VoiceComparison | None = None
    withdrawals: tuple[Replaced, ...] = ()
    """What was changed since the recording because somebody withdrew from the study."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Of the programs that recorded it, or made it of recordings; empty in a session from before this was kept."""
    schema_version: int = SCHEMA_VERSION
    """By which rule it was recorded; it stays what it was when the manifest is saved again."""

    def stream(self, kind: StreamKind, view: str = "") -> StreamEntry | None:
        return next((entry for entry in self.streams if (entry.kind, entry.view) == (kind, view)), None)

    def with_stream(self, entry: StreamEntry) -> Manifest:
        """The same with this stream in the place of the one of its kind and view."""
        others = tuple(e for e in self.streams if (e.kind, e.view) != (entry.kind, entry.view))
        return replace(self, streams=(*others, entry))

    def save(self, path: Path) -> None:
        """Write it whole or not at all. Raises WozError where the disk takes no more."""
        temporary = path.with_suffix(".tmp")
        data = {"schema_version": self.schema_version, **asdict(self)}
        try:
            with temporary.open("w", encoding="utf-8") as file:
                json.dump(data, file, indent=1, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise WozError(f"The manifest {path} can't be written ({error.strerror}); make room.") from error

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """Raises WozError where there is none, or it is damaged, or of a newer version."""
        try:
            if read_file(path, _Version).schema_version > SCHEMA_VERSION:
                raise WozError(f"{path.parent} was recorded by a newer woz; update the program.")
            return read_file(path, cls)
        except FileNotFoundError:
            raise WozError(f"{path.parent} is no session's folder: it has no manifest.json.") from None
        except OSError as error:
            raise WozError(f"The manifest {path} can't be read ({error.strerror}).") from error
        except Unsound as error:
            raise WozError(f"The manifest {path} is damaged: {error}; run woz recover on its project.") from error


@dataclass(frozen=True, slots=True)
class _Version:
    """What every version of a manifest says."""

    schema_version: int


def is_newer(path: Path) -> bool:
    """A manifest of a newer version is no damaged one."""
    try:
        return read_file(path, _Version).schema_version > SCHEMA_VERSION
    except (OSError, Unsound):
        return False
