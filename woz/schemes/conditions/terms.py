"""What a condition consists of.

    label is a | label is not a | label in (a, b) | label under a     the label, or one below it
    tier is steps | tier in (steps, tasks)                            the tier type
    NAME = x | NAME != x | NAME < 3 | NAME in (x, y) | NAME has x     an attribute; of several values, one is enough
    NAME is empty | note is empty                                     no value, or a text of blanks
    duration < 0.2 s                                                  s, ms or min; seconds where no unit stands
    inside steps | inside steps (a, b)                                lies wholly in one of that tier type
    overlaps steps | overlaps steps (a, b)                            shares a time with one
    before step a                                                     none with this label began earlier
    linked corrects                                                   a link of this type comes from or goes to it
    not ... | ... and ... | ... or ... | ( ... )

What is true or false and has no value is false. Ordered values are compared by their order. Names with blanks stand
in quotes; an attribute that is named like a word of the language is written `attribute NAME`.
"""

from __future__ import annotations

from dataclasses import dataclass

Word = bool | float | str


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class LabelIn:
    labels: tuple[str, ...]
    below: bool = False


@dataclass(frozen=True, slots=True)
class TierIn:
    tier_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """`sign` is one of = < <= > >=; with "=", one of `values` is enough."""

    attribute: str
    sign: str
    values: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    """`attribute` is empty for the note."""

    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Lasts:
    sign: str
    ns: int


@dataclass(frozen=True, slots=True)
class Inside:
    tier_type: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlaps:
    tier_type: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    label: str


@dataclass(frozen=True, slots=True)
class Linked:
    link: str


Condition = Not | All | Either | LabelIn | TierIn | Compared | Empty | Lasts | Inside | Overlaps | Before | Linked


def parts(condition: Condition) -> list[Condition]:
    """The condition, and all that it is made of."""
    if isinstance(condition, Not):
        return [condition, *parts(condition.of)]
    if isinstance(condition, All | Either):
        return [condition, *(part for each in condition.of for part in parts(each))]
    return [condition]
