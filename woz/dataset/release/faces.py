"""What a release does about the faces in its films: which may not go, and what its card tells of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from woz.dataset.release.markdown import as_written
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.summary import Summary
from woz.model.ids import SessionId


def no_objection(_: SessionId) -> str:
    """Every session may go."""
    return ""


def _nothing_told(_: Sequence[SessionId]) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class FacesOfFilms:
    """`objection_of` says why a session's film may not go, empty where it may; `told_of` how those of all sessions
    of a release were blurred.
    """

    blurred: bool = False
    objection_of: Callable[[SessionId], str] = no_objection
    told_of: Callable[[Sequence[SessionId]], tuple[str, ...]] = _nothing_told


def face_lines(recipe: Recipe, summary: Summary, faces: FacesOfFilms) -> tuple[str, ...]:
    if not recipe.shows:
        return ("This release has no pictures.",)
    if not faces.blurred:
        return ("Faces are as they were recorded.",)
    told = faces.told_of([SessionId(session) for session in summary.sessions])
    return (
        "Faces are blurred, but for those of people who agreed to be seen; one person decided on each, and a second"
        " signed all off.",
        *map(as_written, told),
    )
