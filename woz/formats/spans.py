"""Ends that files have before their starts: an annotation can't, so they are kept beside it and written back."""

from __future__ import annotations

from woz.base.interval import nanoseconds, seconds
from woz.model.annotation import Annotation, Attribute

END_BEFORE = "end_before_start_s"
"""The key of the attribute that holds such an end, in seconds; the annotation is a point at its start."""


def span_of(start_ns: int, end_ns: int) -> tuple[int, int | None, tuple[Attribute, ...]]:
    """Start, end and attributes for what a file says lies between two times."""
    if end_ns >= start_ns:
        return start_ns, end_ns, ()
    return start_ns, None, (Attribute(END_BEFORE, seconds(end_ns)),)


def end_in_file(annotation: Annotation) -> int | None:
    """The end for a file that has one for each: its own, the one before its start, or None for a point."""
    end_s = annotation.value(END_BEFORE)
    if annotation.end_ns is None and isinstance(end_s, int | float):
        return nanoseconds(end_s)
    return annotation.end_ns
