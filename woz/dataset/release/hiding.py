"""What a release does about the people in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from woz.base.interval import Interval
from woz.dataset.release.faces import FacesOfFilms
from woz.dataset.release.voices import VoicesOfFilms
from woz.model.ids import SessionId


@dataclass(frozen=True, slots=True)
class Hiding:
    faces: FacesOfFilms = field(default_factory=FacesOfFilms)
    voices: VoicesOfFilms = field(default_factory=VoicesOfFilms)
    names: tuple[str, ...] = ("Names are as they were said and written.",)
    """What the card says of names."""
    over: Mapping[SessionId, str] = field(default_factory=dict)
    """Sessions that should have gone by now, and why."""
    withheld: Mapping[SessionId, Sequence[Interval]] = field(default_factory=dict)
    """Stretches of sessions that stay in the lab."""

    def touches(self, session_id: SessionId, span: Interval) -> bool:
        """Whether some of a span stays in the lab."""
        spans = self.withheld.get(session_id, ())
        return any(span.start_ns < one.end_ns and one.start_ns < span.end_ns for one in spans)
