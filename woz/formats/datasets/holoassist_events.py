"""An event of a HoloAssist file as an annotation, and the event that an annotation makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from woz.formats.datasets.making import PLACE, REST, Making, seconds_of, span_of, text_of, whole_of, with_rest
from woz.formats.datasets.remains import restored
from woz.model.annotation import Annotation
from woz.model.people import Role
from woz.model.tier import Tier

NONE = "none"
"""What the files write where there is nothing."""
EVENT = "event"
COARSE, FINE, CONVERSATION, NARRATION, OTHER = "coarse", "fine", "conversation", "narration", "other"
TIER_TYPES: Mapping[str, str] = {
    "Coarse grained action": COARSE,
    "Fine grained action": FINE,
    "Conversation": CONVERSATION,
    "Narration": NARRATION,
}
"""By an event's label."""
_TITLES = {tier_type: title for title, tier_type in TIER_TYPES.items()}
PURPOSE, VERB, SAID, CORRECTED_BY = (
    "Conversation Purpose",
    "Verb",
    "Transcription",
    "Incorrect Action Corrected by",
)
_LABELS = {COARSE: VERB, FINE: VERB, CONVERSATION: PURPOSE}
"""The attribute that becomes the label, by tier type."""
_ALWAYS: Mapping[str, Mapping[str, str]] = {
    COARSE: {"Action sentence": "sentence", "Adjective": "adjective", "Noun": "noun"},
    FINE: {
        "Action Correctness": "correctness",
        "Incorrect Action Explanation": "explanation",
        CORRECTED_BY: "corrector",
        "Adjective": "adjective",
        "Noun": "noun",
        "adverbial": "adverbial",
    },
    CONVERSATION: {"Transcription Confidence": "confidence"},
    NARRATION: {"Long form description": "description"},
    OTHER: {},
}
"""The file's attributes and ours, by tier type."""
_SOMETIMES: Mapping[str, Mapping[str, str]] = {
    CONVERSATION: {"sequence": "sequence", "Conversation Purpose -- Other": "other"}
}
"""Those that are written only where there is something."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What an event says that is not in its annotation: the words, and which event corrects it."""

    said: str | None = None
    corrected_by: object = None


def annotation_of(making: Making, tier: Tier, event: dict[str, Any], place: int, beside: Beside) -> Annotation:
    """With all that the event says but what is beside it."""
    said = event.get("attributes")
    attributes = said if isinstance(said, dict) else {}
    names = {**_ALWAYS[tier.tier_type], **_SOMETIMES.get(tier.tier_type, {})}
    values = {ours: _value(attributes.get(theirs)) for theirs, ours in names.items()}
    if beside.corrected_by is not None:
        values["corrector"] = None
    made = making.annotation(
        tier,
        _label(event, attributes, tier.tier_type),
        span_of(event.get("start"), event.get("end")),
        {**values, EVENT: whole_of(event.get("id")), PLACE: place},
    )
    return with_rest(made, event, _written(made, tier.tier_type, made.label, beside))


def event_of(annotation: Annotation, tier_type: str, label: str, beside: Beside) -> dict[str, Any]:
    """`label` is as files have it. There is no id where the annotation isn't of a file."""
    return restored(_written(annotation, tier_type, label, beside), annotation.value(REST))


def speaker_of(purpose: str) -> Role:
    """The files write "student", their description "task performer"."""
    if purpose.startswith("instructor"):
        return Role.EXPERT
    return Role.TRAINEE if purpose.startswith(("student", "task performer")) else Role.OTHER


def corrector_of(event: dict[str, Any]) -> int | None:
    """The id of the event that corrects this one, where it names one."""
    attributes = event.get("attributes")
    named = attributes.get(CORRECTED_BY) if isinstance(attributes, dict) else None
    return int(named) if isinstance(named, str) and named.isdecimal() and named == str(int(named[:15])) else None


def spoken(event: dict[str, Any]) -> str | None:
    attributes = event.get("attributes")
    return text_of(attributes.get(SAID)) if isinstance(attributes, dict) else None


def _value(value: object) -> str | None:
    return None if value == NONE else text_of(value)


def _label(event: dict[str, Any], attributes: dict[str, Any], tier_type: str) -> str:
    if tier_type == NARRATION:
        return NARRATION
    found = event.get("label") if tier_type == OTHER else attributes.get(_LABELS[tier_type])
    return text_of(found) or NONE


def _written(annotation: Annotation, tier_type: str, label: str, beside: Beside) -> dict[str, Any]:
    attributes: dict[str, Any] = {_LABELS[tier_type]: label} if tier_type in _LABELS else {}
    if tier_type == CONVERSATION:
        attributes[SAID] = beside.said if beside.said is not None else NONE
    for theirs, ours in _ALWAYS[tier_type].items():
        attributes[theirs] = _or_none(annotation, ours)
    for theirs, ours in _SOMETIMES.get(tier_type, {}).items():
        if annotation.value(ours) is not None:
            attributes[theirs] = annotation.value(ours)
    if beside.corrected_by is not None:
        attributes[CORRECTED_BY] = str(beside.corrected_by)
    number = annotation.value(EVENT)
    event: dict[str, Any] = {} if number is None else {"id": number}
    event["label"] = label if tier_type == OTHER else _TITLES[tier_type]
    if annotation.start_ns is not None:
        end_ns = annotation.start_ns if annotation.end_ns is None else annotation.end_ns
        event |= {"start": seconds_of(annotation.start_ns), "end": seconds_of(end_ns)}
    return event | {"type": "range", "attributes": attributes}


def _or_none(annotation: Annotation, key: str) -> object:
    value = annotation.value(key)
    return NONE if value is None else value
