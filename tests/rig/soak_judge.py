"""What rounds of a soak come to: what was recorded and lost, told apart from what a starved machine never recorded.

A stream lacks what it has not from before the kill. Where the program had taken that to be written, it was
*recorded and lost*; what still waited in a program is *lacking*, which nothing excuses where that program had its
turns. Where its threads waited for a processor for more than nine tenths of the time in which they wanted one, the
machine *starved* it, and what it lacks says nothing of the program; nor is it known then what it wrote since it
last said how far it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any

MOST_LOST_S = 1.0
"""Of what was on its way to the disk, and of what a program lacks that had its turns."""
STARVED = 0.9
"""Who waited for more than this part of the time that it wanted got less than a tenth of a machine."""


class Verdict(StrEnum):
    WHOLE = "whole"
    STARVED = "lacking, the machine starved"
    LACKING = "lacking, with time"
    LOST = "recorded and lost"
    BROKEN = "ended by a fault"


@dataclass(frozen=True)
class Stream:
    """Seconds that it lacks, how many of them were taken to be written, and for which part of its time the program
    that records it waited for a processor.
    """

    missing_s: float
    recorded_and_lost_s: float
    waited: float

    @property
    def starved(self) -> bool:
        return self.waited > STARVED

    @property
    def verdict(self) -> Verdict:
        if self.recorded_and_lost_s > MOST_LOST_S:
            return Verdict.LOST
        if self.missing_s <= MOST_LOST_S:
            return Verdict.WHOLE
        return Verdict.STARVED if self.starved else Verdict.LACKING


@dataclass(frozen=True)
class Round:
    """`streams` are those that were looked at: what a console said is only where the console was killed. `fault` is
    what ended it before its end.
    """

    streams: Mapping[str, Stream]
    marks_lost: int
    fault: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst of its streams'."""
        found = {stream.verdict for stream in self.streams.values()}
        if self.marks_lost:
            found.add(Verdict.LOST)
        if self.fault:
            found.add(Verdict.BROKEN)
        return next(verdict for verdict in reversed(Verdict) if verdict in found)

    @property
    def is_sound(self) -> bool:
        return self.verdict in (Verdict.WHOLE, Verdict.STARVED)


def passed(rounds: Sequence[Round]) -> bool:
    """Whether nothing was lost, and some round can tell: where the machine starved all of them, none can."""
    return all(done.is_sound for done in rounds) and any(done.verdict == Verdict.WHOLE for done in rounds)


def summary(rounds: Sequence[Round]) -> dict[str, Any]:
    """Of what each stream lacks the median and the most, with time for its program and without; what was lost."""
    verdicts = Counter(done.verdict for done in rounds)
    names = dict.fromkeys(name for done in rounds for name in done.streams)
    return {
        "kills": len(rounds),
        "verdicts": {str(verdict): verdicts[verdict] for verdict in Verdict},
        "marks_lost": sum(done.marks_lost for done in rounds),
        "faults": [done.fault for done in rounds if done.fault],
        "streams": {
            name: _figures([each.streams[name] for each in rounds if name in each.streams]) for name in names
        },
    }


def _figures(streams: Sequence[Stream]) -> dict[str, Any]:
    lacked = {starved: [each.missing_s for each in streams if each.starved == starved] for starved in (False, True)}
    lost_s = max(each.recorded_and_lost_s for each in streams)
    return {
        "with_time": _spread(lacked[False]),
        "starved": _spread(lacked[True]),
        "recorded_and_lost_s": round(max(0.0, lost_s), 3),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {"rounds": 0}
    return {"rounds": len(values), "median_s": round(median(values), 3), "most_s": round(max(values), 3)}


def table(found: Mapping[str, Any]) -> str:
    """The summary in Markdown: a row a stream, then how many rounds came to what."""
    head = "lacks, with time: median, most | lacks, the machine starved: median, most | recorded and lost: most"
    lines = [f"| | {head} |", "|---" * 4 + "|"]
    for name, told in found["streams"].items():
        lost = f"{told['recorded_and_lost_s']:.2f} s"
        lines.append(f"| {name} | {_words(told['with_time'])} | {_words(told['starved'])} | {lost} |")
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in found["verdicts"].items())
    lines.append(f"Of {found['kills']} rounds: {verdicts}. Marks lost: {found['marks_lost']}.")
    return "\n".join([*lines, *(f"A round ended by a fault: {fault}" for fault in found["faults"])])


def _words(spread: Mapping[str, float]) -> str:
    if not spread["rounds"]:
        return "–"
    return f"{spread['median_s']:.2f}, {spread['most_s']:.2f} s ({spread['rounds']} rounds)"
