"""A step and a recording of CaptainCook4D as annotations, and what they make of them in either of the two files."""

from __future__ import annotations

from typing import Any

from woz.formats.datasets.captaincook_recipes import step_label, step_number
from woz.formats.datasets.making import (
    FILE,
    PLACE,
    REST,
    Making,
    added,
    seconds_of,
    span_of,
    text_of,
    whole_of,
    with_rest,
)
from woz.formats.datasets.remains import restored
from woz.model.annotation import Annotation, Attribute
from woz.model.procedure import Procedure
from woz.model.tier import Tier

STEPS, ERRORS = "step_annotations", "error_annotations"
"""The two files."""
LISTS = {STEPS: "steps", ERRORS: "step_annotations"}
"""What a recording's list of steps is called in each."""
LEFT_OUT = -1.0
"""Start and end of a step that was left out."""
Json = dict[str, Any]


def annotation_of(making: Making, tier: Tier, step: Json, place: int, recipe: Procedure, kind: str) -> Annotation:
    """With all that the file of that kind says of a step."""
    number = whole_of(step.get("step_id"))
    label = step_label(recipe, number)
    told = text_of(step.get("description"))
    start, end = step.get("start_time"), step.get("end_time")
    made = making.annotation(
        tier,
        label,
        (None, None) if start == end == LEFT_OUT else span_of(start, end),
        {
            "done as": text_of(step.get("modified_description")),
            "wrong": True if kind == STEPS and step.get("has_errors") is True else None,
            "description": None if told == _name(recipe, label) else told,
            "step": number,
            PLACE: place,
        },
    )
    errors = step.get("errors") if kind == ERRORS else None
    made = added(made, (each for error in _listed(errors) if (each := _error(error))))
    return with_rest(made, step, _written(made, recipe, label, kind))


def step_of(annotation: Annotation, recipe: Procedure | None, name: str, kind: str) -> Json:
    """`name` is that of the label."""
    return restored(_written(annotation, recipe, name, kind), annotation.value(REST))


def is_wrong(annotation: Annotation) -> bool:
    return annotation.value("wrong") is True or any(each.key == "errors" for each in annotation.attributes)


def recording_of(
    making: Making, tier: Tier, head: Json, key: str, place: int, kind: str, wrong: bool
) -> Annotation:
    """What the file of that kind says of a recording beside its steps; `key` is its name there."""
    activity = whole_of(head.get("activity_id"))
    values = {"kind": kind, "recording": key, "activity": activity, PLACE: place}
    made = making.annotation(tier, FILE, values=values)
    return with_rest(made, head, _head(made, key, kind, wrong))


def head_of(about: Annotation | None, key: str, kind: str, wrong: bool) -> Json:
    """A recording without its steps; `wrong`: something went wrong in it."""
    return restored(_head(about, key, kind, wrong), about.value(REST) if about else None)


def activity_of(head: Json, key: str) -> str:
    """Its number, as the file has it or as the recording's name begins with it."""
    number = whole_of(head.get("activity_id"))
    return key.split("_", 1)[0][:40] if number is None else str(number)


def _head(about: Annotation | None, key: str, kind: str, wrong: bool) -> Json:
    if kind == STEPS:
        return {"recording_id": key}
    activity = about.value("activity") if about else None
    known = {} if activity is None else {"activity_id": activity}
    return {"recording_id": key, **known, "is_error": wrong}


def _listed(errors: object) -> list[object]:
    return errors if isinstance(errors, list) else []


def _error(error: object) -> Attribute | None:
    """None for one without a text for its kind."""
    if not isinstance(error, dict) or not isinstance(error.get("tag"), str):
        return None
    return Attribute("errors", error["tag"], text_of(error.get("description")) or "")


def _name(recipe: Procedure | None, label: str) -> str:
    step = recipe.step(label) if recipe else None
    return step.name if step else label


def _written(annotation: Annotation, recipe: Procedure | None, name: str, kind: str) -> Json:
    told = annotation.value("description")
    known = step_number(recipe, annotation.label)
    number = annotation.value("step") if known is None else known
    step = recipe.step(annotation.label) if recipe else None
    step_id = {} if number is None else {"step_id": number}
    start = LEFT_OUT if annotation.start_ns is None else seconds_of(annotation.start_ns)
    end = start if annotation.end_ns is None else seconds_of(annotation.end_ns)
    description = told if told is not None else step.name if step else name
    written: Json = {"description": description, **step_id, "start_time": start, "end_time": end}
    if kind == STEPS:
        return {**written, "has_errors": is_wrong(annotation)}
    errors = [
        {"tag": each.value, "description": each.note} for each in annotation.attributes if each.key == "errors"
    ]
    if errors:
        written["errors"] = errors
    if annotation.value("done as") is not None:
        written["modified_description"] = annotation.value("done as")
    return written
