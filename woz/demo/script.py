"""The demo's dialogue, and how it is laid out in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from woz.errors import WozError
from woz.interval import Interval, nanoseconds
from woz.session import Role


class Mark(StrEnum):
    """What the scripted expert does on the console when a line begins."""

    NEXT_STEP = "next step"
    MISTAKE = "mistake"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Line:
    """One turn. `gap` is the pause before it in parts of the usual one; below 0 it overlaps the last one."""

    speaker: Role
    text: str
    gap: float = 1.0
    mark: Mark | None = None


_T, _E = Role.TRAINEE, Role.EXPERT

LINES: tuple[Line, ...] = (
    Line(_T, "Hello, what comes first?"),
    Line(_E, "Hi! Take the base plate.", mark=Mark.NEXT_STEP),
    Line(_T, "Which gear is next?"),
    Line(_E, "The red one, on the left.", mark=Mark.NEXT_STEP),
    Line(_T, "Like this?"),
    Line(_E, "No, that is upside down.", gap=-1.5, mark=Mark.MISTAKE),
    Line(_T, "Oh, I see. I turn it over."),
    Line(_E, "Good. Now the blue axle.", mark=Mark.NEXT_STEP),
    Line(_T, "How far does it go in?"),
    Line(_E, "Until it clicks."),
    Line(_E, "Turn the gear to test it.", mark=Mark.NEXT_STEP),
    Line(_T, "It turns. Can I close it?"),
    Line(_E, "Yes, put the cover on.", mark=Mark.NEXT_STEP),
    Line(_E, "Mind the small cable.", mark=Mark.NOTE),
    Line(_T, "Is it done now?"),
    Line(_E, "Switch on the light.", mark=Mark.NEXT_STEP),
    Line(_T, "It works, thank you!"),
    Line(_E, "Well done, goodbye."),
)

DISPENSABLE = (13, 9, 6, 17)
"""Lines that may be left out of a short session, the first one first; the others make sense without them."""

BEFORE_NS = nanoseconds(0.4)
AFTER_NS = nanoseconds(1.2)
SHORTEST_GAP_NS = nanoseconds(0.05)
LONGEST_GAP_NS = nanoseconds(3.0)
OVERLAP_NS = nanoseconds(0.25)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line with its place in time, in nanoseconds from the performance's start."""

    line: Line
    interval: Interval


@dataclass(frozen=True, slots=True)
class Performance:
    spoken: tuple[Spoken, ...]
    duration_ns: int

    def of(self, speaker: Role) -> tuple[Spoken, ...]:
        return tuple(s for s in self.spoken if s.line.speaker == speaker)


def lay_out(lines: Sequence[Line], durations_ns: Mapping[str, int], duration_ns: int) -> Performance:
    """Place the lines, whose spoken lengths are given by text, so that they fill a performance evenly.

    A short performance leaves out dispensable lines, never part of one. Raises WozError where not even the others
    fit.
    """
    room_ns = duration_ns - BEFORE_NS - AFTER_NS
    left_out: set[int] = set()
    for i in (None, *DISPENSABLE):
        left_out |= {i} if i is not None else set()
        kept = [line for j, line in enumerate(lines) if j not in left_out]
        gap_ns = _gap(kept, durations_ns, room_ns)
        if gap_ns >= SHORTEST_GAP_NS:
            return Performance(_place(kept, durations_ns, min(gap_ns, LONGEST_GAP_NS)), duration_ns)
    raise WozError(f"The dialogue does not fit into {duration_ns / 1e9:.0f} s; give the demo more seconds.")


def _gap(lines: Sequence[Line], durations_ns: Mapping[str, int], room_ns: int) -> int:
    spoken_ns = sum(durations_ns[line.text] for line in lines)
    overlaps = sum(1 for line in lines if line.gap < 0)
    gaps = sum(line.gap for line in lines[1:] if line.gap > 0)
    return int((room_ns - spoken_ns + overlaps * OVERLAP_NS) / max(gaps, 1e-9))


def _place(lines: Sequence[Line], durations_ns: Mapping[str, int], gap_ns: int) -> tuple[Spoken, ...]:
    placed: list[Spoken] = []
    end_ns = BEFORE_NS
    for i, line in enumerate(lines):
        pause_ns = 0 if i == 0 else round(line.gap * gap_ns) if line.gap > 0 else -OVERLAP_NS
        start_ns = max(0, end_ns + pause_ns)
        interval = Interval(start_ns, start_ns + durations_ns[line.text])
        placed.append(Spoken(line, interval))
        end_ns = max(end_ns, interval.end_ns)
    return tuple(placed)
