"""What an annotator says of an annotation beyond its label, each as an edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.scheme import AttributeType, TierType, ValueKind


def attributes_of(tier_type: TierType, annotation: Annotation) -> tuple[AttributeType, ...]:
    """Those of its tier type, then those of its label."""
    return (*tier_type.attributes, *tier_type.label(annotation.label).attributes)


def set_value(annotation: Annotation, kind: AttributeType, value: Value) -> Edit:
    """One value, or none. Raises WozError for a number out of its range."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        _require_range(kind, value)
    changed = annotation.with_value(kind.key, value)
    if changed.value(kind.key) == annotation.value(kind.key):
        return Edit(_name(kind), (), ())
    return Edit(_name(kind), (annotation,), (changed,))


def set_several(annotation: Annotation, kind: AttributeType, values: Sequence[Attribute]) -> Edit:
    """All values of an attribute that may have several, each with its text."""
    if tuple(values) == values_of(annotation, kind):
        return Edit(_name(kind), (), ())
    others = tuple(each for each in annotation.attributes if each.key != kind.key)
    return Edit(_name(kind), (annotation,), (replace(annotation, attributes=(*others, *values)),))


def values_of(annotation: Annotation, kind: AttributeType) -> tuple[Attribute, ...]:
    return tuple(each for each in annotation.attributes if each.key == kind.key)


def number_of(kind: AttributeType, text: str) -> float | int | None:
    """What was typed as a number; None for nothing. Raises WozError for what is none, or out of its range."""
    if not text.strip():
        return None
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise WozError(f"{kind.name()} is a number; “{text.strip()}” is none.") from None
    _require_range(kind, value)
    return int(value) if value.is_integer() else value


def lacks(kind: AttributeType, annotation: Annotation) -> bool:
    """Whether a value is always required, and missing."""
    return kind.required == "always" and annotation.value(kind.key) is None


def _require_range(kind: AttributeType, value: float) -> None:
    low, high = kind.low, kind.high
    if kind.kind == ValueKind.NUMBER and ((low is not None and value < low) or (high is not None and value > high)):
        unit = f" {kind.unit}" if kind.unit else ""
        if low is None or high is None:
            bounds = f"at least {low:g}" if low is not None else f"at most {high:g}"
        else:
            bounds = f"from {low:g} to {high:g}"
        raise WozError(f"{kind.name()} is {bounds}{unit}.")


def _name(kind: AttributeType) -> str:
    return f"Set {kind.name()}"
