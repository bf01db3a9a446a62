"""What two annotators did differently, one by one: the list that stands behind each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from woz.annotation.measures.pairing import Paired
from woz.annotation.measures.segment import Segment, both_set
from woz.model.annotation import Annotation


class DifferenceKind(StrEnum):
    """`MISSING`: the first has it and the second hasn't; `EXTRA`: the other way round."""

    MISSING = "missing"
    EXTRA = "extra"
    LABEL = "label"
    BOUNDARY = "boundary"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one segment, or of a pair; `what` is the boundary ("start", "end") or the attribute's key."""

    kind: DifferenceKind
    one: Segment | None
    other: Segment | None
    what: str = ""


def differences(
    found: Paired, tolerance_ns: int, one: Mapping[str, Annotation], other: Mapping[str, Annotation]
) -> list[Difference]:
    """By time. A pair may differ in several ways, each of which is listed. The annotations are by their ids."""
    made = [Difference(DifferenceKind.MISSING, each, None) for each in found.only_one]
    made += [Difference(DifferenceKind.EXTRA, None, each) for each in found.only_other]
    for a, b in found.pairs:
        if a.label != b.label:
            made.append(Difference(DifferenceKind.LABEL, a, b))
        made += [
            Difference(DifferenceKind.BOUNDARY, a, b, what)
            for what in both_set(a, b)
            if abs(getattr(a, f"{what}_ns") - getattr(b, f"{what}_ns")) > tolerance_ns
        ]
        keys = attributes_apart(one[a.id], other[b.id]) if a.id in one and b.id in other else ()
        made += [Difference(DifferenceKind.ATTRIBUTE, a, b, key) for key in keys]
    return sorted(made, key=_place)


def attributes_apart(one: Annotation, other: Annotation) -> Sequence[str]:
    """The keys of attributes whose values, with their notes, aren't the same in both; order doesn't matter."""
    keys = sorted({each.key for each in (*one.attributes, *other.attributes)})
    return [key for key in keys if _values(one, key) != _values(other, key)]


def _values(annotation: Annotation, key: str) -> list[tuple[str, str]]:
    return sorted((repr(each.value), each.note) for each in annotation.attributes if each.key == key)


def _place(difference: Difference) -> tuple[int, str, str]:
    segment = difference.one or difference.other
    assert segment
    return segment.start_ns, difference.kind, difference.what
