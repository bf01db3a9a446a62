"""A row of a table of annotations, however its columns are named."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.annotation import Attribute
from woz.model.made import Made
from woz.model.tier import TierState


@dataclass(frozen=True, slots=True)
class TierFacts:
    """What a row says of its tier; `key` is its id in the file, `parent` that of the one that it hangs on."""

    key: str
    name: str
    tier_type: str
    subject: str = ""
    parent: str = ""
    state: TierState = TierState.IN_WORK
    made: Made | None = None


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link from a row's annotation to another one's."""

    type: str
    target: str
    note: str = ""
    made: Made | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """`empty`: the row is of a tier without annotations. `made` is None where the file says nothing of it."""

    session: str
    tier: TierFacts
    label: str
    label_name: str = ""
    id: str = ""
    parent: str = ""
    start_ns: int | None = None
    end_ns: int | None = None
    attributes: tuple[Attribute, ...] = ()
    note: str = ""
    confidence: float | None = None
    made: Made | None = None
    links: tuple[LinkFacts, ...] = ()
    empty: bool = False
