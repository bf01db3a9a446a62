"""What a release does about the people in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from woz.dataset.release.faces import FacesOfFilms
from woz.dataset.release.voices import VoicesOfFilms
from woz.model.ids import SessionId


@dataclass(frozen=True, slots=True)
class Hiding:
    faces: FacesOfFilms = field(default_factory=FacesOfFilms)
    voices: VoicesOfFilms = field(default_factory=VoicesOfFilms)
    names: tuple[str, ...] = ("Names are as they were said and written.",)
    """What the card says of names."""

    def objection_of(self, session_id: SessionId) -> str:
        """Why a session's film may not go; empty where it may."""
        return self.faces.objection_of(session_id) or self.voices.objection_of(session_id)
