"""What a release does about the voices in its clips: which may not go, and what its card tells of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from woz.dataset.release.faces import no_objection
from woz.dataset.release.markdown import as_written
from woz.dataset.release.recipe import Recipe
from woz.model.ids import SessionId


@dataclass(frozen=True, slots=True)
class VoicesOfFilms:
    """`objection_of` says why a session's sound may not go, empty where it may; `how` what masked the others."""

    masked: bool = False
    objection_of: Callable[[SessionId], str] = no_objection
    how: str = ""


def voice_lines(recipe: Recipe, voices: VoicesOfFilms) -> tuple[str, ...]:
    if not recipe.clips:
        return ("This release has no sound.",)
    if not voices.masked:
        return ("Voices are as they were recorded.",)
    return (
        f"Voices are masked: {as_written(voices.how)}. This hides little: who knows a person's voice may still tell"
        " it, and whoever compares voices by a program is wrong only somewhat more often. Words, pitch, rhythm and"
        " the room are as they were.",
    )
