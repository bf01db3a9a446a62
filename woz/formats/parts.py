"""What a reader finds in a file, one after the other: where a session begins, its items, and what can't be kept."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.annotation import Annotation
from woz.model.ids import SessionId, TranscriptId
from woz.model.link import Link
from woz.model.procedure import Procedure
from woz.model.scheme import Scheme
from woz.model.session import Take
from woz.model.tier import Tier
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class Begin:
    """A session's part of a file begins; all that follows is of it, until the next one.

    `key` is what the file calls it (its video's name, its take); empty where it names none. Tiers carry
    `session_id`, turns `transcript_id`; whoever takes the parts in puts the real ones there. `schemes` are those
    that the tiers refer to, by id and version. `media` is the video that the file says it is of.
    """

    key: str
    session_id: SessionId
    transcript_id: TranscriptId
    title: str = ""
    schemes: tuple[Scheme, ...] = ()
    procedure: Procedure | None = None
    duration_ns: int | None = None
    start_utc_ns: int | None = None
    language: str = ""
    media: str = ""
    takes: tuple[Take, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that a file holds and woz can't (reading), or that woz holds and a format can't (writing).

    `what` is a phrase for people, in the plural ("words' times"), `count` how many of them.
    """

    what: str
    count: int = 1


Part = Begin | Tier | Annotation | Link | Turn | Lost
"""A tier comes before what is in it, a parent before its children, links after what they join."""
