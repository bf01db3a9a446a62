"""Points that are spoken: which attributes hold the text, the sound and its length, as a scheme has them."""

from __future__ import annotations

from dataclasses import replace

from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation, Attribute
from woz.model.scheme import AttributeType, Shape, TierType, ValueKind

TEXT, DURATION = "text", "duration"
"""The keys that the field's schemes give them."""


def may_be_spoken(tier_type: TierType) -> bool:
    """Points with a text, as atomic descriptions and expert commentary are."""
    return tier_type.shape in (Shape.POINT, Shape.ANY) and text_of(tier_type) is not None


def text_of(tier_type: TierType) -> AttributeType | None:
    """The attribute that holds what is said."""
    texts = [each for each in tier_type.attributes if each.kind == ValueKind.TEXT]
    named = [each for each in texts if each.key == TEXT]
    required = [each for each in texts if each.required]
    return next(iter((*named, *required, *texts)), None)


def sounding(tier_type: TierType, point: Annotation, place: str, sha256: str, duration_ns: int) -> Edit:
    """The sound of a point: `place` is its file in the session's folder."""
    others = {each.key: each for each in point.attributes}
    for kind in tier_type.attributes:
        if kind.kind == ValueKind.SOUND:
            others[kind.key] = Attribute(kind.key, place, place=f"sha256:{sha256}")
        elif kind.kind == ValueKind.NUMBER and kind.key == DURATION:
            others[kind.key] = Attribute(kind.key, round(duration_ns / NS_PER_S, 3))
    return Edit("Speak", (point,), (replace(point, attributes=tuple(others.values())),))


def sound_of(tier_type: TierType, annotation: Annotation) -> str:
    """The place of its sound, as the scheme's attribute has it; empty where there is none."""
    kinds = {each.key for each in tier_type.attributes if each.kind == ValueKind.SOUND}
    places = (str(each.value) for each in annotation.attributes if each.key in kinds and each.value)
    return next(places, "")


def written(tier_type: TierType, point: Annotation, text: str) -> Edit:
    """What was said, in words, unless somebody has typed some already."""
    kind = text_of(tier_type)
    if kind is None or not text or point.value(kind.key):
        return Edit("Write what was said", (), ())
    return Edit("Write what was said", (point,), (point.with_value(kind.key, text),))
