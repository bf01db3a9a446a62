"""A transcript's turns as they were first made, brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.transcript_edits import sources
from woz.annotation.voices import voice_of
from woz.base.errors import WozError
from woz.model.transcript import Turn


def restore_turn(turn: Turn, turns: Sequence[Turn], originals: Sequence[Turn]) -> Edit:
    """Bring back the turns that one was made from, in place of all that was made of them.

    A speaker who was corrected stays so. Raises WozError for a turn that was added by hand.
    """
    now, names = _family(turn, turns)
    first = [original for original in originals if original.id in names]
    if not first:
        raise WozError("This turn was added by hand; there is no earlier text to bring back.")
    if len({voice_of(t) for t in now}) == len({voice_of(t) for t in first}) == 1:
        first = [replace(t, speaker=turn.speaker, voice=turn.voice) for t in first]
    return Edit("Restore turn", tuple(now), tuple(first))


def restore_all(turns: Sequence[Turn], originals: Sequence[Turn]) -> Edit:
    """The whole transcript as it was first made, speakers too."""
    known = {t.id: t for t in originals}
    before = tuple(t for t in turns if known.get(t.id) != t)
    kept = {t.id for t in turns} - {t.id for t in before}
    return Edit("Restore transcript", before, tuple(t for t in originals if t.id not in kept))


def _family(turn: Turn, turns: Sequence[Turn]) -> tuple[list[Turn], set[str]]:
    """All turns that share a source with this one, or with one that does; and all their sources."""
    names = {str(name) for name in sources(turn)}
    while True:
        now = [t for t in turns if names.intersection(sources(t))]
        wider = names.union(*(sources(t) for t in now))
        if wider == names:
            return now, names
        names = wider
