"""Ego-Exo4D's atomic descriptions, `atomic_descriptions_{split}.json`.

`{annotations: {take_uid: [{annotation_uid, annotator_id, rejected, reject_reason, descriptions: [{text, timestamp,
narration_subject, ego_visible, best_exo: {cam_id}, unsure}]}]}}`, a time in seconds each. Files have true, "1" and
1 for what is true. (Ego-Exo4D's documentation, docs/annotations/atomic_descriptions.md.) Each annotator of a take
is a tier of its session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import steps_as, told
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import bool_of, demand_tiers, seconds_of, text_of, time_of
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

TIER = "atomic"


def _item(_: str, told: Json, __: Procedure | None) -> Item:
    best = told.get("best_exo")
    values = {
        "text": text_of(told.get("text")),
        "visible": bool_of(told.get("ego_visible")),
        "best view": text_of(best.get("cam_id")) if isinstance(best, dict) else None,
        "unsure": bool_of(told.get("unsure")),
    }
    subject = text_of(told.get("narration_subject", told.get("subject")))
    return Item(subject or "none", (time_of(told.get("timestamp")), None), values)


def _written(annotation: Annotation, label: str, _: Procedure | None) -> Json:
    view = annotation.value("best view")
    fields: Json = {
        "text": annotation.value("text"),
        "timestamp": None if annotation.start_ns is None else seconds_of(annotation.start_ns),
        "narration_subject": label,
        "ego_visible": annotation.value("visible"),
        "best_exo": None if view is None else {"cam_id": view},
        "unsure": annotation.value("unsure"),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _fresh(bundle: SessionBundle, tier: Tier) -> Json:
    by = bundle.maker(tier)
    return {"annotation_uid": str(tier.id), "annotator_id": by, "rejected": False, "reject_reason": None}


def _name(head: Json) -> str:
    return f"Atomic descriptions by {head.get('annotator_id', 'somebody')}"[:200]


KIND = Kind(
    TIER,
    "atomic_descriptions.json",
    Root.LISTS,
    Layout("Ego-Exo4D's atomic descriptions", ("annotations", ANY, ANY), ("descriptions",)),
    {
        "annotation_uid": "annotation",
        "annotator_id": "annotator",
        "rejected": "rejected",
        "reject_reason": "reason",
    },
    _item,
    _written,
    _fresh,
    lambda _: "descriptions",
    name=_name,
)


def read(reading: Reading) -> Iterator[Part]:
    return read_takes(reading, KIND)


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers(bundles, SCHEME, "Ego-Exo4D's atomic descriptions", (TIER, "file"), "steps")
    return files_of(KIND, bundles)


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, turns=False, tier_types=(TIER,), several=True)


FORMATS = (
    lending(
        Format(
            "egoexo4d-atomic",
            "Ego-Exo4D's atomic descriptions, JSON",
            "atomic_descriptions.json",
            ("descriptions at a point", "annotators", "what was rejected and why"),
            ("turns", "tiers of other types", "links", "notes", "confidence"),
            "Ego-Exo4D's documentation, docs/annotations/atomic_descriptions.md",
            read,
            write,
            losses,
            SCHEME,
        ),
        steps_as(SCHEME, TIER, told("C", "text", as_point=True), "views that show it, which nobody annotated"),
        (TIER, "file"),
    ),
)
