"""Regions of Label Studio: where they lie, and what is said of them.

Facts of the format: https://labelstud.io/guide/task_format and https://labelstud.io/tags. Frames are counted from
1; a region of a time line has one range, whose end is its last frame; one whose end is its start is an instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from woz.formats.frames import FrameRate
from woz.formats.reading import nanoseconds
from woz.formats.spans import span_of
from woz.formats.values import MOST_WHOLE
from woz.model.annotation import Annotation, Attribute

Span = tuple[int | None, int | None, tuple[Attribute, ...]]
"""Start, end, and what a span has beside them."""
TIMELINE, AUDIO, PARAGRAPHS, SERIES = "timelinelabels", "labels", "paragraphlabels", "timeserieslabels"
LABELS = (TIMELINE, AUDIO, PARAGRAPHS, SERIES)
"""Types of results that are regions with labels."""
OBJECTS = frozenset({"video", "audio", "turns"})
"""What regions lie on, by the names in woz's configuration."""
OF_REGION = {"choices": "choice:", "textarea": "text:", "number": "number:"}
"""What woz's names of controls for attributes begin with, by type: no two controls may have one name."""
CHANNEL, OTHER_LABELS = "channel", "other_labels"
PARAGRAPH = ("start", "end", "startOffset", "endOffset", "text")
"""What a region of paragraphs has; kept as attributes of these names behind "paragraph_"."""
ASIDE = frozenset({CHANNEL, OTHER_LABELS, *(f"paragraph_{name}" for name in PARAGRAPH)})


def frames_of(annotation: Annotation, rate: FrameRate) -> tuple[int, int]:
    """First and last frame, from 1; of what has no end, and of what is empty, the same."""
    assert annotation.start_ns is not None
    start = rate.at(annotation.start_ns) + 1
    end = annotation.start_ns if annotation.end_ns is None else annotation.end_ns
    return start, max(start, rate.until(end))


def spans_of(result: Mapping[str, Any], rate: FrameRate | None, paragraphs: Sequence[Any]) -> Iterator[Span]:
    """Where a region lies: a span for each range of a time line. Raises ValueError for what is no region."""
    value = result["value"]
    if "ranges" in value:
        if rate is None:
            raise ValueError("it counts frames, so name the video's frame rate with --frame-rate")
        yield from (_of_range(each, rate, result.get("meta")) for each in value["ranges"] or ())
    elif "startOffset" in value or result.get("type") == PARAGRAPHS:
        yield _of_paragraphs(value, paragraphs)
    elif "start" in value:
        start, end = _time(value["start"]), _time(value.get("end", value["start"]))
        channel = value.get("channel", 0)
        aside = (Attribute(CHANNEL, channel),) if isinstance(channel, int) and abs(channel) <= MOST_WHOLE else ()
        start_ns, end_ns, before = span_of(start, end)
        yield start_ns, None if end == start else end_ns, (*before, *aside)
    else:
        yield None, None, ()


def _of_range(each: Mapping[str, Any], rate: FrameRate, meta: object) -> Span:
    start, end = _frame(each.get("start")), _frame(each.get("end", each.get("start")))
    if isinstance(meta, dict) and (exact := _exact(meta, start, end, rate)):
        return exact
    start_ns = rate.begin_ns(start - 1)
    return (start_ns, None, ()) if end == start else span_of(start_ns, rate.begin_ns(end))


def _frame(value: object) -> int:
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < 2**40
        and value == int(value)
    ):
        return int(value)
    raise ValueError(f"{str(value)[:40]!r} is no frame")


def _exact(meta: Mapping[str, Any], start: int, end: int, rate: FrameRate) -> Span | None:
    """The times that woz wrote beside the frames, where nobody has moved these since."""
    try:
        start_ns = _time(meta["start_s"])
        end_ns = None if meta.get("end_s") is None else _time(meta["end_s"])
    except (KeyError, ValueError):
        return None
    first = rate.at(start_ns) + 1
    last = max(first, rate.until(start_ns if end_ns is None else end_ns))
    fits = (first, last) == (start, end) and (end_ns is None or end_ns >= start_ns)
    return (start_ns, end_ns, ()) if fits else None


def _of_paragraphs(value: Mapping[str, Any], paragraphs: Sequence[Any]) -> Span:
    kept = [(f"paragraph_{name}", value[name]) for name in PARAGRAPH if value.get(name) is not None]
    aside = tuple(Attribute(key, each) for key, each in kept if isinstance(each, str | int | float))
    try:
        first, last = paragraphs[int(value["start"])], paragraphs[int(value["end"])]
        start_ns, end_ns, before = span_of(_time(first["start"]), _time(last["end"]))
    except (LookupError, ValueError, TypeError):
        return None, None, aside
    return start_ns, end_ns, (*before, *aside)


def _time(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{str(value)[:40]!r} is no time in seconds")
    try:
        return nanoseconds(value)
    except ArithmeticError:
        raise ValueError(f"{str(value)[:40]!r} is no time in seconds") from None


def said(result: Mapping[str, Any]) -> tuple[Attribute, ...]:
    """The values of a control that isn't of labels: a choice, a text, a number or a rating."""
    value, kind = result["value"], result.get("type")
    key = str(result.get("from_name")).removeprefix(OF_REGION.get(str(kind), ""))
    if kind == "choices":
        return tuple(Attribute(key, _truth(each)) for each in value.get("choices") or () if isinstance(each, str))
    if kind == "textarea":
        text = value.get("text")
        return tuple(
            Attribute(key, each) for each in (text if isinstance(text, list) else [text]) if isinstance(each, str)
        )
    number = value.get(kind) if kind in ("number", "rating") else None
    if isinstance(number, int | float) and not isinstance(number, bool) and abs(number) <= MOST_WHOLE:
        return (Attribute(key, number),)
    return ()


SAID = frozenset({"choices", "textarea", "number", "rating"})


def _truth(choice: str) -> bool | str:
    return {"true": True, "false": False}.get(choice, choice)
