"""What a proposer is told, and what it answers: a published interface, in plain values that have a JSON form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta

from woz.base.outside import Whole
from woz.model.ids import LabelId
from woz.model.scheme import TierType
from woz.model.transcript import Turn

Share = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Mark:
    """What was marked live at a session time (ns), with the id of its label."""

    t_ns: Whole
    label: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A session, and the tier type that its answer is to be of. Times are session time (ns).

    `media` is the view's file, empty where it isn't here; `options` are what the person who asked typed, by name.
    """

    tier_type: TierType
    duration_ns: Whole
    turns: tuple[Turn, ...] = ()
    marks: tuple[Mark, ...] = ()
    media: str = ""
    language: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An interval, or a point (without an end), with a label's id. `score` says how sure the proposer is.

    The spreads (ns) say how far each boundary may be off.
    """

    start_ns: Whole
    end_ns: Whole | None
    label: LabelId
    score: Share | None = None
    start_spread_ns: Whole = 0
    end_spread_ns: Whole = 0
    note: str = ""


Progress = Callable[[float], None]
"""Told how much is done, 0 to 1."""
Propose = Callable[[Ask, Progress], Iterable[Proposal]]
"""A proposer. Raises WozError, in a sentence for annotators, where it can't propose anything."""
