"""A turn of ProAssist's dialogues as an annotation, and the turn that an annotation makes."""

from __future__ import annotations

from typing import Any

from woz.formats.datasets.making import PLACE, REST, Making, added, seconds_of, text_of, time_of, with_rest
from woz.formats.datasets.remains import restored
from woz.model.annotation import Annotation, Attribute
from woz.model.people import Role
from woz.model.tier import Tier

ASSISTANT, USER = "assistant", "user"
SPEAKERS = {ASSISTANT: Role.EXPERT, USER: Role.TRAINEE}
UTTERANCE, NONE = "utterance", "none"
Json = dict[str, Any]


def kind_of(turn: Json) -> str:
    return ASSISTANT if turn.get("role") == ASSISTANT else USER


def is_spoken(turn: Json) -> bool:
    """Whether it has a text and a time, so that it is a turn here too."""
    return bool((text_of(turn.get("content")) or "").strip()) and time_of(turn.get("time")) is not None


def annotation_of(making: Making, tier: Tier, turn: Json, place: int) -> Annotation:
    """What a turn says but its words."""
    told = text_of(turn.get("labels")) if tier.tier_type == ASSISTANT else None
    label, _, intentions = (told or "").partition("|")
    progress = text_of(turn.get("progress")) if tier.tier_type == ASSISTANT else None
    made = making.annotation(
        tier,
        UTTERANCE if tier.tier_type == USER else label or NONE,
        (time_of(turn.get("time")), None),
        {"progress": progress, PLACE: place},
    )
    made = added(made, (Attribute("intention", each) for each in intentions.split(",") if each))
    said = turn["content"] if is_spoken(turn) else None
    return with_rest(made, turn, _written(made, tier.tier_type, made.label, said))


def turn_of(annotation: Annotation, kind: str, label: str, said: str | None) -> Json:
    """`label` is as files have it."""
    return restored(_written(annotation, kind, label, said), annotation.value(REST))


def _written(annotation: Annotation, kind: str, label: str, said: str | None) -> Json:
    intentions = ",".join(str(each.value) for each in annotation.attributes if each.key == "intention")
    named = "" if label == NONE else label
    fields: Json = {
        "role": kind,
        "time": None if annotation.start_ns is None else seconds_of(annotation.start_ns),
        "content": said,
        "labels": f"{named}|{intentions}" if kind == ASSISTANT and (named or intentions) else None,
        "progress": annotation.value("progress"),
    }
    return {name: value for name, value in fields.items() if value is not None}
