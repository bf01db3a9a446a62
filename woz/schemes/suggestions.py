"""Rules that a scheme may have, made from what is in it, for those who don't write conditions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from woz.model.scheme import Scheme, Shape, TierType, ValueKind, named
from woz.schemes.conditions.quoting import quoted

MOST_IN_ORDER = 20
"""So many labels of a tier type are offered as one before the other."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`title` is for choosing it, `when` and `message` are the rule's."""

    title: str
    when: str
    message: str


def suggestions(scheme: Scheme, tier_type: TierType) -> list[Suggestion]:
    """About one tier type."""
    return list(_about(scheme, tier_type))


def _about(scheme: Scheme, tier_type: TierType) -> Iterator[Suggestion]:
    name, own = tier_type.name(), f"tier is {quoted(tier_type.key)} and "
    if len(scheme.tier_types) == 1:
        own = ""
    if tier_type.shape in (Shape.INTERVAL, Shape.ANY):
        yield Suggestion(f"{name}: too short", f"{own}duration < 0.5 s", "It is shorter than half a second.")
        yield Suggestion(f"{name}: too long", f"{own}duration > 60 s", "It is longer than a minute.")
    for attribute in tier_type.attributes:
        if attribute.kind == ValueKind.BOOL:
            called = named(attribute.names, "en", attribute.key)
            when = f"{own}{quoted(attribute.key)} = true and note is empty"
            yield Suggestion(f"{name}: {called} without a note", when, f"{called} needs a note that says why.")
    for other in scheme.tier_types:
        if other.key != tier_type.key:
            when = f"{own}not inside {quoted(other.key)}"
            yield Suggestion(f"{name}: not inside {other.name()}", when, f"It lies inside none of {other.name()}.")
    for first, second in pairwise(tier_type.offered[:MOST_IN_ORDER]):
        when = f"label is {quoted(second.id)} and before step {quoted(first.id)}"
        title = f"{name}: {second.name()} before {first.name()}"
        yield Suggestion(title, when, f"{second.name()} comes before any {first.name()}.")
