"""The demo's dialogue: what the two people say while a lamp is assembled, and how it is laid out in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, Interval
from woz.model.people import Role


class Kind(StrEnum):
    """What a line is in the conversation."""

    GREETING = "greeting"
    QUESTION = "question"
    ANSWER = "answer"
    SUGGESTION = "suggestion"
    CORRECTION = "correction"
    REMARK = "remark"
    CLOSING = "closing"


class Mark(StrEnum):
    """What the scripted expert marks on the console when a line has begun."""

    NEXT_STEP = "next step"
    MISTAKE = "mistake"
    NOTE = "note"


USUAL_GAP_NS = 400 * NS_PER_MS
THINKING_GAP_NS = 900 * NS_PER_MS


@dataclass(frozen=True, slots=True)
class Line:
    """What one person says in one go.

    `gap_ns` is the pause before it, stretched or squeezed with the whole performance; below 0 the line begins that
    much before the last one ends. Lines with a `spare` of 1 are the first to be left out of a performance that is
    too short, then those with 2, and so on; lines with 0 always stay.
    """

    speaker: Role
    text: str
    kind: Kind
    gap_ns: int = USUAL_GAP_NS
    mark: Mark | None = None
    spare: int = 0


_T, _E = Role.TRAINEE, Role.EXPERT
_NEXT = Mark.NEXT_STEP

LINES: tuple[Line, ...] = (
    Line(_T, "Hello! What comes first?", Kind.QUESTION),
    Line(_E, "Hi! Place the base plate.", Kind.ANSWER, mark=_NEXT),
    Line(_T, "Which gear is next?", Kind.QUESTION, THINKING_GAP_NS),
    Line(_E, "The red one, on the left.", Kind.ANSWER, mark=_NEXT),
    Line(_T, "Do I fit it like this?", Kind.QUESTION, THINKING_GAP_NS),
    Line(_E, "No, it is upside down.", Kind.CORRECTION, -250 * NS_PER_MS, Mark.MISTAKE),
    Line(_T, "Oh, I see. I turn it over.", Kind.REMARK, spare=2),
    Line(_E, "Good. Now the blue axle.", Kind.SUGGESTION, THINKING_GAP_NS, _NEXT),
    Line(_T, "How far does it go in?", Kind.QUESTION, spare=3),
    Line(_E, "Until it clicks.", Kind.ANSWER, spare=3),
    Line(_E, "Turn the gear to test it.", Kind.SUGGESTION, THINKING_GAP_NS, _NEXT),
    Line(_T, "It turns. Can I close it?", Kind.QUESTION, THINKING_GAP_NS),
    Line(_E, "Yes, put the cover on.", Kind.ANSWER, mark=_NEXT),
    Line(_E, "Mind the small cable.", Kind.SUGGESTION, mark=Mark.NOTE, spare=1),
    Line(_T, "Is it finished now?", Kind.QUESTION, THINKING_GAP_NS),
    Line(_E, "Almost. Switch on the light.", Kind.ANSWER, mark=_NEXT),
    Line(_T, "It works, thank you!", Kind.REMARK, THINKING_GAP_NS),
    Line(_E, "Well done. Goodbye!", Kind.CLOSING, spare=4),
)

BEFORE_NS = 400 * NS_PER_MS
AFTER_NS = 1_200 * NS_PER_MS
"""Kept free at the end, so that the last words have arrived everywhere when the session stops."""
LEAST_STRETCH = 0.25
"""Of the pauses: squeezed below this, the two would talk without a breath."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line with its place in time as said, in nanoseconds from the performance's start."""

    line: Line
    interval: Interval


@dataclass(frozen=True, slots=True)
class Performance:
    """What is said when. It begins at a whole second of UTC, and lasts `duration_ns`."""

    spoken: tuple[Spoken, ...]
    duration_ns: int

    def of(self, speaker: Role) -> tuple[Spoken, ...]:
        return tuple(spoken for spoken in self.spoken if spoken.line.speaker == speaker)


def lay_out(lines: Sequence[Line], durations_ns: Sequence[int], duration_ns: int) -> Performance:
    """Spread the lines, which take `durations_ns` to say, evenly over a performance.

    Where they don't fit, spare lines are left out whole. Raises WozError where not even the others fit.
    """
    room_ns = duration_ns - BEFORE_NS - AFTER_NS
    for left_out in range(max((line.spare for line in lines), default=0) + 1):
        timed = [(line, d) for line, d in zip(lines, durations_ns, strict=True) if not 0 < line.spare <= left_out]
        stretch = _stretch(timed, room_ns)
        if stretch >= LEAST_STRETCH:
            return Performance(_place(timed, stretch), duration_ns)
    raise WozError(f"The demo's dialogue does not fit into {duration_ns / 1e9:.0f} s; give the demo more seconds.")


def _stretch(timed: Sequence[tuple[Line, int]], room_ns: int) -> float:
    spoken_ns = sum(duration_ns for _, duration_ns in timed)
    gaps_ns = sum(max(line.gap_ns, 0) for line, _ in timed[1:])
    return (room_ns - spoken_ns) / max(gaps_ns, 1)


def _place(timed: Sequence[tuple[Line, int]], stretch: float) -> tuple[Spoken, ...]:
    placed: list[Spoken] = []
    for line, duration_ns in timed:
        start_ns = _start(line, placed[-1].interval, stretch) if placed else BEFORE_NS
        placed.append(Spoken(line, Interval(start_ns, start_ns + duration_ns)))
    return tuple(placed)


def _start(line: Line, last: Interval, stretch: float) -> int:
    """An overlap takes at most half of the line before, and leaves it to end first."""
    if line.gap_ns < 0:
        return last.end_ns + max(line.gap_ns, -last.duration_ns // 2)
    return last.end_ns + int(line.gap_ns * stretch)
