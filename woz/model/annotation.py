"""What annotators mark in a tier."""

from __future__ import annotations

from dataclasses import dataclass, replace

from woz.base.interval import Interval
from woz.base.outside import Whole
from woz.model.ids import AnnotationId, TierId
from woz.model.item import ItemRef, item_kind
from woz.model.made import Made

Value = bool | Whole | float | str | ItemRef | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A value of an attribute; where one may have several, each is one of these with the same key.

    A choice is held by its key, a label and a person by their id. `note` is the text to one of several values,
    `place` where on the picture or in a file it is (a drawing, a sound).
    """

    key: str
    value: Value
    note: str = ""
    place: str = ""


@item_kind(
    "annotation",
    owner="tier",
    by_key={"attributes": "key"},
    follows=frozenset({"made"}),
    own_table={"attributes": "attribute"},
)
@dataclass(frozen=True, slots=True)
class Annotation:
    """A label in a tier. An interval has a start and an end, a point its start alone, what has no time neither.

    Raises ValueError for an end without a start, or before it.
    """

    id: AnnotationId
    tier_id: TierId
    start_ns: Whole | None
    end_ns: Whole | None
    label: str
    made: Made
    attributes: tuple[Attribute, ...] = ()
    note: str = ""
    confidence: float | None = None
    parent_id: AnnotationId | None = None

    def __post_init__(self) -> None:
        if self.end_ns is not None and (self.start_ns is None or self.end_ns < self.start_ns):
            raise ValueError(f"an annotation can't span {self.start_ns} to {self.end_ns}")

    @property
    def interval(self) -> Interval:
        """Its span; empty for a point. Raises ValueError for what has no time."""
        if self.start_ns is None:
            raise ValueError(f"the annotation {self.id} has no time")
        return Interval(self.start_ns, self.start_ns if self.end_ns is None else self.end_ns)

    def value(self, key: str) -> Value:
        """The value of an attribute, the first of several; None where it has none."""
        return next((each.value for each in self.attributes if each.key == key), None)

    def with_value(self, key: str, value: Value) -> Annotation:
        """The same with one value of an attribute; None takes it away."""
        others = tuple(each for each in self.attributes if each.key != key)
        new = () if value is None else (Attribute(key, value),)
        return replace(self, attributes=(*others, *new))
