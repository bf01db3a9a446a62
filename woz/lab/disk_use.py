"""What a project takes on the disk: by kind and by session, what can be made again, how long there is room; and
whose files nobody has held against their hashes for long.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.check.verdict import kept_verdict
from woz.recording.folder.session_folder import SessionFolder

DERIVED = "can be made again"
OTHER = "other files"
_BY_FOLDER = {"derived": DERIVED, "sensors": "sensors", "notes": "spoken notes", "expert.parts": "voices"}
_BY_SUFFIX = {
    ".mkv": "films",
    ".mp4": "films",
    ".mov": "films",
    ".mka": "voices",
    ".wav": "voices",
    ".flac": "voices",
    ".vrs": "glasses' recordings",
    ".jsonl": "journals",
    ".json": "journals",
}
_OF_PROJECT = {
    "releases": "releases",
    "runs": "batches",
    "evaluations": "evaluations",
    "withdrawals": "certificates",
    "models": "answers of models",
    "lists": "work lists",
    "cache": DERIVED,
}
DAY_NS = 86_400 * 10**9
LATELY_NS = 30 * DAY_NS
"""So far back it is looked for how much is recorded a day."""
LONG_DAYS = 90
"""So long a check of the files counts."""


@dataclass(frozen=True, slots=True)
class SessionUse:
    """Bytes by kind; `checked_utc_ns` is when the files were last held against their hashes, None where they never
    were as they are now.
    """

    session_id: SessionId
    title: str
    kinds: dict[str, int]
    checked_utc_ns: int | None = None

    @property
    def total(self) -> int:
        return sum(self.kinds.values())

    @property
    def kept(self) -> int:
        """Of what can't be made again."""
        return self.total - self.kinds.get(DERIVED, 0)


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes. `sessions` the largest first; `kinds` over these and the project's own files; `free` on the disk of
    the recordings. `a_day` is what was recorded a day of the last thirty, `days_left` how long the disk lasts at
    that rate; None where nothing was recorded. `never_checked` and `long_unchecked` count sessions: whose files
    weren't checked as they are now, and not for LONG_DAYS.
    """

    sessions: tuple[SessionUse, ...]
    kinds: dict[str, int]
    free: int
    a_day: int | None
    days_left: int | None
    never_checked: int = 0
    long_unchecked: int = 0

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


def disk_use(project: Project, now_utc_ns: int, go_on: Callable[[float], None] = lambda part: None) -> DiskUse:
    """`go_on` hears how much was looked at (0..1). A file that goes meanwhile counts as nothing.

    Raises WozError where the recordings' folder can't be read.
    """
    sessions = project.sessions.all()
    found, lately = [], 0
    for at, session in enumerate(sessions):
        kinds = Counter[str]()
        folder = project.session_dir(session.id)
        for file, size in files_with_sizes(folder):
            kinds[_kind(file.relative_to(folder))] += size
        checked = kept_verdict(SessionFolder(folder))
        found.append(
            SessionUse(session.id, session.title, dict(kinds.most_common()), checked.utc_ns if checked else None)
        )
        if session.start_utc_ns >= now_utc_ns - LATELY_NS:
            lately += sum(size for kind, size in kinds.items() if kind != DERIVED)
        go_on((at + 1) / len(sessions))
    total = _own(project.path)
    for each in found:
        total.update(each.kinds)
    free = _free(project.sessions_dir)
    a_day = lately // (LATELY_NS // DAY_NS)
    found.sort(key=lambda each: -each.total)
    checks = [each.checked_utc_ns for each in found if each.kept]
    return DiskUse(
        tuple(found),
        dict(total.most_common()),
        free,
        a_day or None,
        free // a_day if a_day else None,
        checks.count(None),
        sum(at is not None and at < now_utc_ns - LONG_DAYS * DAY_NS for at in checks),
    )


def _own(folder: Path) -> Counter[str]:
    """The project's files beside its sessions."""
    found = Counter[str]()
    for file in folder.iterdir():
        if file.name.startswith("project.sqlite.backup-"):
            found["copies from before an update"] += _size(file)
        elif file.name.startswith("project.sqlite"):
            found["database"] += _size(file)
        elif file.name in _OF_PROJECT:
            found[_OF_PROJECT[file.name]] += sum(size for _, size in files_with_sizes(file))
    return found


def _kind(path: Path) -> str:
    """Of a file by its place in the session's folder."""
    first = path.parts[0]
    if first in _BY_FOLDER:
        return _BY_FOLDER[first]
    return _BY_SUFFIX.get(path.suffix.lower(), OTHER)


def files_with_sizes(folder: Path) -> Iterator[tuple[Path, int]]:
    for at, _, names in os.walk(folder):
        for name in names:
            path = Path(at) / name
            yield path, _size(path)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise WozError(
            f"{folder} can't be read ({error.strerror}); connect its disk, or set it with woz project media-root."
        ) from error


def disk_facts(use: DiskUse) -> dict[str, Any]:
    """For programs."""
    return {**asdict(use), "total": use.total}
