"""What sessions hold beyond labels and times of annotations, counted for the formats that can't hold it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.parts import Lost
from woz.formats.spans import END_BEFORE
from woz.model.annotation import Annotation
from woz.model.item import ItemRef


def uncarried(bundles: Sequence[SessionBundle], carried: Collection[str] = ()) -> Counter[str]:
    """By what it is; `carried` names what the format does hold."""
    lost = Counter[str]()
    for bundle in bundles:
        used = {(tier.scheme_id, tier.scheme_version) for tier in bundle.tiers}
        lost["turns"] += len(bundle.turns)
        lost["questions"] += len(bundle.questions)
        lost["links"] += len(bundle.links)
        lost["parents"] += sum(each.parent_id is not None for each in bundle.annotations)
        lost["parents of tiers"] += sum(each.parent_id is not None for each in bundle.tiers)
        lost["definitions of schemes"] += len(used & bundle.schemes.keys())
        lost["makers, origins and times of making"] += len(bundle.annotations)
        for each in bundle.annotations:
            lost.update(_of_annotation(each))
    return Counter({what: count for what, count in lost.items() if count and what not in carried})


def _of_annotation(each: Annotation) -> Iterable[str]:
    if each.note:
        yield "notes"
    if each.confidence is not None:
        yield "confidences"
    if each.start_ns is None:
        yield "annotations without a time"
    elif each.end_ns is None:
        yield "points"
    for attribute in each.attributes:
        yield "ends before their starts" if attribute.key == END_BEFORE else "values of attributes"
        if attribute.note or attribute.place:
            yield "texts and places of values"
        if isinstance(attribute.value, ItemRef):
            yield "values that point at other items"


def told(lost: Counter[str]) -> list[Lost]:
    return [Lost(what, count) for what, count in lost.items() if count]
