"""The speakers of a transcript: whose turn it is, samples to tell them by, new names, and two found to be one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.people import Role
from woz.model.transcript import Turn

LONG_ENOUGH_NS = 5 * NS_PER_S
"""A voice can be told from a sample of this length; longer ones are no better."""
_ORDER = {Role.TRAINEE: 0, Role.EXPERT: 1, Role.OTHER: 2}


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker; `name` tells several of one role apart, and is empty for the role's own."""

    role: Role
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or self.role.value.capitalize()


def voice_of(turn: Turn) -> Voice:
    return Voice(turn.speaker, turn.voice)


def voices_of(turns: Iterable[Turn]) -> list[Voice]:
    """The trainee, the expert, then all others who speak, by name."""
    found = {voice_of(turn) for turn in turns} | {Voice(Role.TRAINEE), Voice(Role.EXPERT)}
    return sorted(found, key=lambda voice: (_ORDER[voice.role], voice.name))


def choices(turns: Iterable[Turn]) -> list[Voice]:
    """Whom a turn may be given to: all who speak, and somebody who hasn't yet."""
    known = voices_of(turns)
    taken = {voice.name for voice in known}
    number = next(n for n in range(1, len(known) + 2) if f"other {n}" not in taken)
    return [*known, Voice(Role.OTHER, f"other {number}")]


def samples(turns: Sequence[Turn], voice: Voice, count: int = 3) -> list[Turn]:
    """Turns to tell a voice by, in their order: long ones in which nobody else speaks come first."""
    own = [turn for turn in turns if voice_of(turn) == voice]
    mixed = _mixed(turns)
    ranked = sorted(own, key=lambda t: (t.id in mixed, -min(t.interval.duration_ns, LONG_ENOUGH_NS), t.interval))
    return sorted(ranked[:count], key=lambda turn: turn.interval)


def assign(turns: Sequence[Turn], old: Voice, new: Voice) -> Edit:
    """Give all turns of one voice to another: a new name, or a merge where the other speaks already.

    Raises WozError where nobody would be renamed.
    """
    if old == new:
        raise WozError("The speaker has this name already.")
    own = tuple(turn for turn in turns if voice_of(turn) == old)
    if not own:
        raise WozError(f"{old.label} says nothing in this transcript.")
    known = any(voice_of(turn) == new for turn in turns)
    after = tuple(replace(turn, speaker=new.role, voice=new.name) for turn in own)
    return Edit("Merge speakers" if known else "Rename speaker", own, after)


def _mixed(turns: Sequence[Turn]) -> set[str]:
    """The turns during which another voice speaks."""
    found: set[str] = set()
    speaking: list[Turn] = []
    for turn in sorted(turns, key=lambda t: t.interval):
        speaking = [other for other in speaking if other.interval.end_ns > turn.interval.start_ns]
        others = [other for other in speaking if voice_of(other) != voice_of(turn)]
        found.update(other.id for other in (*others, *([turn] if others else [])))
        speaking.append(turn)
    return found
