"""When a recording that was made elsewhere began, by the wall clock, and what says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from woz.base.clock import iso_utc
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S

EARLIEST_UTC_NS = round(datetime(2001, 1, 1, tzinfo=UTC).timestamp()) * NS_PER_S
"""Clocks that were never set, or count from when the device was switched on, begin in 1904, 1970, 1980 or 2000."""
AHEAD_NS = 24 * 3600 * NS_PER_S
"""How far a recorder's clock may be ahead of ours."""
_STAMP = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:T|[-_. ]+(?:at )?)([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?(?!\d)(Z?)"
)


class KnownFrom(StrEnum):
    """What says when a recording began, the surest first."""

    GIVEN = "given"
    TAGS = "tags"
    NAME = "name"
    CHANGED = "changed"
    NOW = "now"


WORDS = {
    KnownFrom.GIVEN: "as given",
    KnownFrom.TAGS: "as the file says",
    KnownFrom.NAME: "by the file's name",
    KnownFrom.CHANGED: "by when the file was last changed; --start sets another",
    KnownFrom.NOW: "the time of the import, since nothing tells its own; --start sets another",
}


@dataclass(frozen=True, slots=True)
class Beginning:
    utc_ns: int
    known_from: KnownFrom = KnownFrom.GIVEN

    @property
    def words(self) -> str:
        return f"{iso_utc(self.utc_ns)[:19]}Z, {WORDS[self.known_from]}"


def beginning_of(path: Path, tagged_utc_ns: int | None, now_utc_ns: int) -> Beginning:
    """By the file's own tags, else its name, else when it was last changed, else now: the first that can be true.

    A time in a file's name is taken for local time, unless it ends with Z. Raises WozError where the file is gone.
    """
    sayings: tuple[tuple[KnownFrom, Callable[[], int | None]], ...] = (
        (KnownFrom.TAGS, lambda: tagged_utc_ns),
        (KnownFrom.NAME, lambda: _by_name(path.stem)),
        (KnownFrom.CHANGED, lambda: _changed(path)),
    )
    for known_from, ask in sayings:
        said = ask()
        if said is not None and EARLIEST_UTC_NS <= said <= now_utc_ns + AHEAD_NS:
            return Beginning(said, known_from)
    return Beginning(now_utc_ns, KnownFrom.NOW)


def _by_name(name: str) -> int | None:
    found = _STAMP.search(name)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=UTC if found.group(7) else None)
    except ValueError:
        return None
    return round(local.timestamp()) * NS_PER_S


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
