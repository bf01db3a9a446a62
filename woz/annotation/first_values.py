"""What a new annotation says before anybody does: what its scheme has carried over, else its scheme's defaults."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.attribute_edits import attributes_of, values_of
from woz.model.annotation import Annotation, Attribute
from woz.model.scheme import AttributeType, TierType


def with_first_values(new: Annotation, tier_type: TierType, timed: Sequence[Annotation]) -> Annotation:
    """The same with the values that it begins with; `timed` are those of its tier with a time, in order."""
    before = _one_before(timed, new.start_ns) if new.start_ns is not None else None
    found = (value for kind in attributes_of(tier_type, new) for value in _first_values(kind, before))
    return replace(new, attributes=(*new.attributes, *found))


def _one_before(timed: Sequence[Annotation], t_ns: int) -> Annotation | None:
    """The last one that begins before a time."""
    place = bisect_left(timed, t_ns, key=lambda each: each.interval.start_ns)
    return timed[place - 1] if place else None


def _first_values(kind: AttributeType, before: Annotation | None) -> tuple[Attribute, ...]:
    """A yes or no is never a no, and a text never empty, since either is the same as none."""
    carried = values_of(before, kind) if kind.carry_over and before else ()
    says_nothing = kind.default is None or kind.default is False or kind.default == ""
    return carried or (() if says_nothing else (Attribute(kind.key, kind.default),))
