"""What a project takes on the disk, in lines."""

from __future__ import annotations

from collections.abc import Mapping

from ui.application.bytes_text import bytes_text
from woz.base.counts import counted
from woz.lab.disk_use import DERIVED, LONG_DAYS, DiskUse

DAYS_A_YEAR = 365.25
DAYS_TOLD = 730
"""So many days are told as days, more as years."""
MOST_YEARS = 20
"""Of longer times no disk can be told."""


def disk_words(use: DiskUse, most: int) -> list[str]:
    """All, by kind, the `most` largest sessions, whose hashes want a check, and how long the disk lasts."""
    count = counted(len(use.sessions), "session")
    again = use.kinds.get(DERIVED, 0)
    lines = [f"{bytes_text(use.total)} in {count} and the project; {bytes_text(again)} {DERIVED}."]
    lines += [f"  {bytes_text(size):>10}  {kind}" for kind, size in use.kinds.items()]
    lines += [
        f"  {bytes_text(each.total):>10}  {each.title}  ({each.session_id}): {_kinds(each.kinds)}"
        for each in use.sessions[:most]
    ]
    lines.append(check_words(use))
    lines.append(room_words(use))
    return lines


def check_words(use: DiskUse) -> str:
    """Whose files nobody has held against their hashes for long, and what does it."""
    kinds = (
        (use.never_checked, "never checked in their present state"),
        (use.long_unchecked, f"not checked for {LONG_DAYS} days"),
    )
    told = [f"{counted(count, 'session')} {how}" for count, how in kinds if count]
    if not told:
        return f"Hashes: all recordings were checked in the last {LONG_DAYS} days."
    return f"Hashes: {', '.join(told)}; woz check PROJECT checks all."


def room_words(use: DiskUse) -> str:
    """How much is free, and for how long."""
    free = f"{bytes_text(use.free)} are free"
    if use.a_day is None or use.days_left is None:
        return f"{free}; nothing was recorded in the last 30 days, so how long they last isn't known."
    return f"{free}: {_how_long(use.days_left)} at {bytes_text(use.a_day)} a day, as in the last 30."


def _how_long(days: int) -> str:
    years = round(days / DAYS_A_YEAR)
    if days > MOST_YEARS * DAYS_A_YEAR:
        return f"more than {MOST_YEARS} years"
    return f"{years} years" if days > DAYS_TOLD else counted(days, "day")


def _kinds(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {bytes_text(size)}" for kind, size in kinds.items()) or "no files here"
