"""How good a recording is, and what the last check said of it, kept beside what can be made again of a session."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from woz.base.outside import Unsound, Whole, read_file
from woz.recording.folder.session_folder import SessionFolder


class Verdict(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"
    NONE = "no recording"
    """Of a session that was imported as annotations alone."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`worst_ms` is the largest error of any pair of streams, None where there were no sync marks; `manifest` the
    SHA-256 of the manifest that was checked."""

    verdict: Verdict
    worst_ms: float | None
    utc_ns: Whole
    manifest: str


def keep_verdict(folder: SessionFolder, verdict: Verdict, worst_ms: float | None, utc_ns: int) -> None:
    """Where the disk lets us; else it is told once more by the next check."""
    with contextlib.suppress(OSError):
        checked = Checked(verdict, worst_ms, utc_ns, _of(folder))
        folder.derived.mkdir(exist_ok=True)
        part = folder.verdict.with_suffix(".part")
        part.write_text(json.dumps(asdict(checked)), encoding="utf-8")
        part.replace(folder.verdict)


def kept_verdict(folder: SessionFolder) -> Checked | None:
    """None where it was never checked, or was changed since."""
    with contextlib.suppress(OSError, Unsound):
        found = read_file(folder.verdict, Checked)
        return found if found.manifest == _of(folder) else None
    return None


def _of(folder: SessionFolder) -> str:
    return hashlib.sha256(folder.manifest_path.read_bytes()).hexdigest()
