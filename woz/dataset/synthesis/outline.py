"""What a model is told of a session: its goal, and what is done in it when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from woz.base.interval import Interval, seconds

MOST_LINES = 40
"""So many lines are one part: a dialogue is written part by part, so that a model sees all of one at a time."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is done; its interval is empty for a point in time. `within` is a description below a step."""

    interval: Interval
    text: str
    within: bool = False

    def __str__(self) -> str:
        """As ProAssist's prompts have it."""
        start, end = seconds(self.interval.start_ns), seconds(self.interval.end_ns)
        span = f"[{start:.1f}s-{end:.1f}s]" if self.interval else f"[{start:.1f}s]"
        return f" - {span} {self.text}" if self.within else f"{span} {self.text}"


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that a model is asked about at once, from `start_ns` to `end_ns`."""

    start_ns: int
    end_ns: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """`knowledge` is what is known of the task beforehand: its procedure's steps, numbered. `lines` are by time."""

    goal: str
    knowledge: str
    lines: tuple[Line, ...]
    length_ns: int

    @property
    def text(self) -> str:
        return "\n".join(map(str, self.lines))

    @property
    def digest(self) -> str:
        """Another one where anything that a model was told is another."""
        told = "\n".join((self.goal, self.knowledge, self.text, str(self.length_ns)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def starts_s(self) -> list[float]:
        """When something begins, to a tenth of a second, as the lines have it."""
        return [round(seconds(each.interval.start_ns), 1) for each in self.lines]

    @property
    def times_s(self) -> list[float]:
        """When something begins or ends."""
        ends = [round(seconds(each.interval.end_ns), 1) for each in self.lines if each.interval]
        return sorted({*self.starts_s, *ends})

    def parts(self) -> list[Part]:
        """One after the other; together they are the whole session."""
        return list(self._parts())

    def _parts(self) -> Iterator[Part]:
        groups = [self.lines[n : n + MOST_LINES] for n in range(0, len(self.lines), MOST_LINES)]
        begun = 0
        for nr, group in enumerate(groups, 1):
            end = self.length_ns if nr == len(groups) else groups[nr][0].interval.start_ns
            yield Part(begun, max(begun, end), group)
            begun = end
