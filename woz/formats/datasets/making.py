"""Tiers and annotations as the readers of data sets make them, and what the writers take out of them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from heapq import merge
from typing import Any

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.remains import remains
from woz.formats.reading import Reading, nanoseconds
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.ids import AnnotationId, LinkId, SessionId, TierId, TranscriptId
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.scheme import Scheme
from woz.model.tier import Tier
from woz.schemes.shipped import shipped

NS_PER_S = 10**9
FILE = "file"
"""The tier type, and the label, of the annotation without a time that keeps what a file says of a session."""
REST = "rest"
"""The attribute for what a file has otherwise than woz would write it (`remains`)."""
PLACE = "place"
"""The attribute for the place in the file's list, from 0."""


def scheme_for(reading: Reading, name: str) -> Scheme:
    """The shipped one, or the user's version of it. Raises WozError for another one."""
    if reading.scheme is None:
        return shipped(name)
    if reading.scheme.id != name:
        raise WozError(
            f"This format is read by the scheme {name!r}, not by {reading.scheme.id!r}; leave the scheme out."
        )
    return reading.scheme


@dataclass(frozen=True, slots=True)
class Making:
    """Makes the items of one session."""

    reading: Reading
    scheme: Scheme
    session_id: SessionId
    transcript_id: TranscriptId

    @classmethod
    def of(cls, reading: Reading, scheme: Scheme) -> Making:
        return cls(reading, scheme, SessionId(reading.new_id()), TranscriptId(reading.new_id()))

    def tier(self, tier_type: str, name: str = "", subject: str = "", parent: Tier | None = None) -> Tier:
        return Tier(
            TierId(self.reading.new_id()),
            self.session_id,
            self.scheme.id,
            self.scheme.version,
            tier_type,
            name or self.scheme.tier_type(tier_type).name(),
            self.reading.made,
            subject=subject,
            parent_id=parent.id if parent else None,
        )

    def annotation(
        self, tier: Tier, label: str, span: Span = (None, None), values: Mapping[str, Value] | None = None
    ) -> Annotation:
        """With those of the values that aren't None."""
        kept = tuple(Attribute(key, value) for key, value in (values or {}).items() if value is not None)
        key = AnnotationId(self.reading.new_id())
        return Annotation(key, tier.id, *span, label, self.reading.made, kept)

    def link(self, kind: str, source: Any, target: Any) -> Link:
        """Between two items."""
        key = LinkId(self.reading.new_id())
        return Link(key, self.session_id, kind, ref_to(source), ref_to(target), self.reading.made)


Span = tuple[int | None, int | None]
"""Start and end in ns; a point has no end, what has no time neither."""


def span_of(start: object, end: object) -> Span:
    """Of times in seconds as a file has them; what is no time, or an end before its start, is left out."""
    start_ns, end_ns = time_of(start), time_of(end)
    if start_ns is None or end_ns is None or end_ns < start_ns:
        return start_ns, None
    return start_ns, end_ns


def time_of(seconds: object) -> int | None:
    """In ns; None for what is no time in seconds."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | str | Decimal):
        return None
    try:
        return nanoseconds(seconds)
    except (ValueError, InvalidOperation):
        return None


def seconds_of(ns: int) -> float:
    """As near as a number in JSON can be; a time with nine decimal places is read from it again."""
    return ns / NS_PER_S


def text_of(value: object) -> str | None:
    return value if isinstance(value, str) else None


def whole_of(value: object) -> int | None:
    """A whole number that can be kept as one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None


def bool_of(value: object) -> bool | None:
    """True and false, also as the texts or numbers 1 and 0."""
    return value if isinstance(value, bool) else {"1": True, "0": False}.get(str(value))


def with_rest(annotation: Annotation, original: object, written: object) -> Annotation:
    """With what the file has otherwise than it would be written."""
    rest = remains(original, written)
    return annotation.with_value(REST, rest) if rest else annotation


def added(annotation: Annotation, attributes: Iterable[Attribute]) -> Annotation:
    return replace(annotation, attributes=(*annotation.attributes, *attributes))


def in_file_order(annotations: Iterable[Annotation]) -> list[Annotation]:
    """Those of a file in its order; others come before the first one that starts later."""
    every = list(annotations)
    known = [each for each in every if _place(each) is not None]
    new = [each for each in every if _place(each) is None]
    known.sort(key=lambda each: _place(each) or 0)
    new.sort(key=_start)
    return list(merge(known, new, key=_start))


def _place(annotation: Annotation) -> int | None:
    place = annotation.value(PLACE)
    return place if isinstance(place, int) else None


def _start(annotation: Annotation) -> int:
    return -1 if annotation.start_ns is None else annotation.start_ns


def demand_tiers(
    bundles: Sequence[SessionBundle],
    scheme_id: str,
    format_name: str,
    types: Sequence[str],
    instead: str = "",
) -> None:
    """Raises WozError for a session that has no tier that a format could hold. `instead` is what else of a session
    it could take.
    """
    for bundle in bundles:
        if not any(tier.tier_type in types for tier in bundle.tiers_of(scheme_id)):
            known = (shipped(scheme_id).tier_type(each).name() for each in types if each != FILE)
            lacks = f"no {instead}, and no tier" if instead else "no tier"
            raise WozError(
                f"{bundle.session.title or bundle.session.id} has nothing for {format_name}: {lacks} of the scheme"
                f" {scheme_id!r}; annotate it by that scheme ({' or '.join(known)}; Ctrl+N in the editor makes such"
                " a tier), or choose another format."
            )


def demand_distinct(names: Iterable[str], what: str) -> None:
    """Raises WozError where two sessions would stand under one name."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise WozError(f"Two of these sessions are of the {what} {name}; export one of them at a time.")
        seen.add(name)


def about_file(bundle: SessionBundle, scheme_id: str) -> Annotation | None:
    """What the file said of the session that it was read from; None where it wasn't read from one."""
    tiers = (tier for tier in bundle.tiers_of(scheme_id) if tier.tier_type == FILE)
    return next((each for tier in tiers for each in bundle.in_tier(tier)), None)


def about_tier(bundle: SessionBundle, tier: Tier) -> Annotation | None:
    """What the file says of what a tier was; None for one that was made here."""
    below = (each for each in bundle.tiers if each.tier_type == FILE and each.parent_id == tier.id)
    return next((each for file in below for each in bundle.in_tier(file)), None)
