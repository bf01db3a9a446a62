"""What is drawn on the picture at an annotation: lines of points in parts of the picture, kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.annotation import Annotation, Attribute
from woz.model.scheme import AttributeType, TierType, ValueKind

Point = tuple[float, float]
"""Parts of the picture's width and height, 0 to 1."""
Line = Sequence[Point]
"""Kept with a third number a point where it is known when that was drawn: milliseconds since 1970, UTC."""
DECIMALS = 4


def drawing_of(tier_type: TierType) -> AttributeType | None:
    """The attribute that holds a drawing; None where the scheme has none."""
    return next((each for each in tier_type.attributes if each.kind == ValueKind.DRAWING), None)


def lines_of(annotation: Annotation) -> list[list[Point]]:
    """The lines of all its drawings, woz's own and Ego-Exo4D's; what can't be read is left out."""
    found = []
    for attribute in annotation.attributes:
        for told in strokes_of(attribute.place):
            try:
                found += list(_lines(told))
            except (ValueError, TypeError, LookupError):
                continue
    return [line for line in found if line]


def strokes_of(place: str) -> list[object]:
    """What the text of a drawing holds: lines of points, or events of Ego-Exo4D; nothing where it is no drawing."""
    try:
        told = json.loads(place) if place.startswith("[") else []
    except (ValueError, RecursionError):
        return []
    return [told] if is_line(told) else list(told)


def is_line(told: object) -> TypeGuard[list[list[float]]]:
    """Whether a stroke is a line of points, with times or without."""
    return isinstance(told, list) and bool(told) and all(map(_is_point, told))


def drawn(tier_type: TierType, annotation: Annotation, line: Line, times_ms: Sequence[int] = ()) -> Edit:
    """One more line of its drawing; `times_ms` is when each point was drawn, where that is known. Raises WozError
    where the scheme of the tier has no drawing.
    """
    kind = _demanded(tier_type)
    return _edit("Draw", annotation, kind, [*_kept(annotation, kind), timed(line, times_ms)])


def timed(line: Line, times_ms: Sequence[int]) -> list[list[float]]:
    """As a line is kept. Raises ValueError for times of other points."""
    points: list[list[float]] = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in line]
    return [[*point, t] for point, t in zip(points, times_ms, strict=True)] if times_ms else points


def wiped(kind: AttributeType, annotation: Annotation) -> Edit:
    """Without its drawing."""
    return _edit("Wipe the drawing", annotation, kind, ())


def _demanded(tier_type: TierType) -> AttributeType:
    kind = drawing_of(tier_type)
    if kind is None:
        raise WozError(
            "The scheme of this tier has no drawing; Ego-Exo4D's expert commentary has one (Ctrl+N), and your own"
            " scheme may."
        )
    return kind


def _kept(annotation: Annotation, kind: AttributeType) -> list[object]:
    return [each for has in annotation.attributes if has.key == kind.key for each in strokes_of(has.place)]


def _edit(name: str, annotation: Annotation, kind: AttributeType, lines: Sequence[object]) -> Edit:
    others = tuple(each for each in annotation.attributes if each.key != kind.key)
    now = (Attribute(kind.key, None, place=json.dumps(lines, ensure_ascii=False)),) if lines else ()
    return Edit(name, (annotation,), (replace(annotation, attributes=(*others, *now)),))


def _is_point(told: object) -> bool:
    return isinstance(told, list) and len(told) in (2, 3) and all(isinstance(each, int | float) for each in told)


def _lines(told: object) -> Iterator[list[Point]]:
    """Of a line of points, or of an event of Ego-Exo4D with its paths from place to place."""
    if is_line(told):
        yield [(float(x), float(y)) for x, y, *_ in told]
    elif isinstance(told, dict):
        for path in told["paths"]:
            yield [(float(end["x"]), float(end["y"])) for end in (path["from"], path["to"])]
