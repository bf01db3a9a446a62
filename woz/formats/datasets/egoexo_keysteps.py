"""Ego-Exo4D's key steps, `keystep_{split}.json`.

`{annotations: {take_uid: {take_uid, take_name, scenario, annotation_meta, segments: [{start_time, end_time,
step_id, step_name, step_description, is_essential, step_unique_id}]}}, taxonomy, vocabulary}`, times in seconds.
(Ego-Exo4D's documentation, docs/annotations/keystep.md.) A scenario becomes a procedure; a step's id there is the
label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import labelled, steps_as
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import demand_tiers, seconds_of, span_of, text_of, whole_of
from woz.formats.datasets.takes import SCHEME, Item, Json, Kind, Root
from woz.formats.datasets.takes_reading import read_takes
from woz.formats.datasets.takes_writing import files_of
from woz.formats.format import Format, OutFile, Writing
from woz.formats.long_lists import ANY, Layout
from woz.formats.parts import Lost, Part
from woz.formats.reading import Reading
from woz.model.annotation import Annotation
from woz.model.procedure import Procedure
from woz.model.tier import Tier
from woz.procedures.keysteps import numbers_of
from woz.procedures.making import is_number

TIER = "keysteps"


def _item(_: str, told: Json, recipe: Procedure | None) -> Item:
    number = whole_of(told.get("step_id"))
    label = "none" if number is None else str(number)
    name = text_of(told.get("step_name"))
    step = recipe.step(label) if recipe else None
    essential = told.get("is_essential")
    values = {
        "essential": essential if isinstance(essential, bool) else None,
        "description": text_of(told.get("step_description")),
        "step name": None if step and step.name == name else name,
    }
    return Item(label, span_of(told.get("start_time"), told.get("end_time")), values)


def _written(annotation: Annotation, label: str, recipe: Procedure | None) -> Json:
    step = recipe.step(annotation.label) if recipe else None
    told = annotation.value("step name")
    essential = annotation.value("essential")
    end_ns = annotation.start_ns if annotation.end_ns is None else annotation.end_ns
    fields: Json = {
        "start_time": None if annotation.start_ns is None else seconds_of(annotation.start_ns),
        "end_time": None if end_ns is None else seconds_of(end_ns),
        "step_id": numbers_of(recipe)[step.id] if recipe and step else int(label) if is_number(label) else None,
        "step_name": told if told is not None else step.name if step else label,
        "step_description": annotation.value("description"),
        "is_essential": (not step.optional if step else None) if essential is None else essential,
        "step_unique_id": int(step.global_id) if step and is_number(step.global_id) else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _fresh(bundle: SessionBundle, _: Tier) -> Json:
    scenario = {"scenario": bundle.procedure.name} if bundle.procedure else {}
    return {"take_uid": str(bundle.session.id), "take_name": bundle.session.title, **scenario}


KIND = Kind(
    TIER,
    "keystep.json",
    Root.BY_TAKE,
    Layout("Ego-Exo4D's key steps", ("annotations", ANY), ("segments",)),
    {"take_uid": "take", "take_name": "take name", "scenario": "scenario"},
    _item,
    _written,
    _fresh,
    lambda _: "segments",
)


def read(reading: Reading) -> Iterator[Part]:
    return read_takes(reading, KIND)


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers(bundles, SCHEME, "Ego-Exo4D's key steps", (TIER,), "steps")
    return files_of(KIND, bundles)


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, turns=False, tier_types=(TIER,))


FORMATS = (
    lending(
        Format(
            "egoexo4d-keysteps",
            "Ego-Exo4D's key steps with their taxonomy, JSON",
            "keystep.json",
            ("key steps", "what is essential", "the taxonomy as a procedure"),
            ("turns", "tiers of other types", "links", "notes", "confidence"),
            "Ego-Exo4D's documentation, docs/annotations/keystep.md",
            read,
            write,
            losses,
            SCHEME,
        ),
        steps_as(SCHEME, TIER, labelled()),
        (TIER,),
    ),
)
