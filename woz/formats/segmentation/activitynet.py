"""Segments with labels as ActivityNet publishes them, and predictions of them, JSON.

Facts of the format: http://activity-net.org/challenges, and what its evaluation loads: of a data set `database`,
`taxonomy` and `version`, of predictions `results`, `version` and `external_data`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import exact_seconds
from woz.formats.format import Format, OutFile, Writing
from woz.formats.losses import told, uncarried
from woz.formats.parts import Lost
from woz.formats.segmentation.activitynet_reader import (
    APART,
    OWN,
    PREDICTIONS,
    SEGMENTS,
    SUBSET,
    VERSION,
    VIDEO,
    read,
)
from woz.formats.spans import END_BEFORE, end_in_file
from woz.model.annotation import Attribute
from woz.model.item import ItemRef
from woz.model.origin import Origin
from woz.model.scheme import Label
from woz.model.tier import Tier

SUBSETS = {"train": "training", "validation": "validation", "test": "testing"}
"""By the names of a release's splits."""


def _write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
    kinds = dict.fromkeys(tier.tier_type for bundle in bundles for tier in bundle.tiers if _timed(bundle, tier))
    files = []
    for kind in kinds:
        name = "".join(char if char.isalnum() or char in "-_" else "_" for char in kind)
        files.append(OutFile(f"{name}.activitynet.json", _database(bundles, kind)))
        if any(_of_machine(tier) for bundle in bundles for tier in _of_kind(bundle, kind)):
            files.append(OutFile(f"{name}.activitynet-predictions.json", _predictions(bundles, kind)))
    return files


def _timed(bundle: SessionBundle, tier: Tier) -> bool:
    return tier.tier_type != VIDEO and any(each.start_ns is not None for each in bundle.in_tier(tier))


def _of_kind(bundle: SessionBundle, kind: str) -> list[Tier]:
    return [tier for tier in bundle.tiers if tier.tier_type == kind]


def _of_machine(tier: Tier) -> bool:
    return tier.annotator_id is None and tier.made.origin == Origin.MACHINE


def _database(bundles: Sequence[SessionBundle], kind: str) -> Iterator[str]:
    version = next((str(at.value) for bundle in bundles for at in _of_video(bundle) if at.key == VERSION), "woz")
    taxonomy = list(_taxonomy(bundles, kind))
    yield "{" + f'"version": {_json(version)}, "taxonomy": {_json(taxonomy)},\n"database": {{'
    for n, bundle in enumerate(bundles):
        facts: dict[str, Any] = {}
        if bundle.session.duration_ns is not None:
            facts["duration"] = bundle.session.duration_ns / 10**9
        facts |= {SUBSET: SUBSETS.get(bundle.split, bundle.split)}
        facts |= _fields([at for at in _of_video(bundle) if at.key != VERSION])
        yield ("," if n else "") + f"\n{_json(bundle.session.id)}: {_json(facts)[:-1]}, "
        yield f'"annotations": [{", ".join(_objects(bundle, kind, machine=False))}]}}'
    yield "\n}}\n"


def _predictions(bundles: Sequence[SessionBundle], kind: str) -> Iterator[str]:
    yield '{"version": "woz", "results": {'
    for n, bundle in enumerate(bundles):
        yield (
            "," if n else ""
        ) + f"\n{_json(bundle.session.id)}: [{', '.join(_objects(bundle, kind, machine=True))}]"
    yield '\n}, "external_data": {}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _of_video(bundle: SessionBundle) -> tuple[Attribute, ...]:
    found = (each for tier in _of_kind(bundle, VIDEO) for each in bundle.in_tier(tier))
    return next((each.attributes for each in found), ())


def _told(bundle: SessionBundle, key: str) -> bool:
    return any(at.key == key for at in _of_video(bundle))


def _fields(attributes: Iterable[Attribute]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for at in attributes:
        if at.key != END_BEFORE and not isinstance(at.value, ItemRef):
            fields.setdefault((APART if at.key in OWN else "") + at.key, []).append(at.value)
    return {key: values[0] if len(values) == 1 else values for key, values in fields.items()}


def _objects(bundle: SessionBundle, kind: str, machine: bool) -> Iterator[str]:
    tiers = [tier for tier in _of_kind(bundle, kind) if _of_machine(tier) == machine]
    usual = PREDICTIONS if machine else SEGMENTS
    for tier in tiers:
        for each in bundle.in_tier(tier):
            if each.start_ns is not None:
                end = end_in_file(each)
                times = exact_seconds(each.start_ns), exact_seconds(each.start_ns if end is None else end)
                facts: dict[str, Any] = {"label": bundle.label_name(tier, each.label)}
                facts |= {} if each.confidence is None else {"score": each.confidence}
                facts |= {"note": each.note} if each.note else {}
                facts |= {"tier": tier.name} if tier.name and tier.name != usual else {}
                yield f'{{"segment": [{times[0]}, {times[1]}], {_json(facts | _fields(each.attributes))[1:]}'


def _taxonomy(bundles: Sequence[SessionBundle], kind: str) -> Iterator[dict[str, Any]]:
    """The labels' tree; each node by number, with its parent's."""
    labels: dict[str, Label] = {}
    for bundle in bundles:
        for tier in _of_kind(bundle, kind):
            labels |= {str(each.id): each for each in bundle.tier_type(tier).offered}
    numbers = {key: n for n, key in enumerate(labels, 1)}
    for key, each in labels.items():
        parent = labels.get(str(each.parent)) if each.parent else None
        yield {
            "nodeId": numbers[key],
            "nodeName": each.name(),
            "parentId": numbers[str(parent.id)] if parent else None,
            "parentName": parent.name() if parent else None,
        }


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    lost = uncarried(bundles, ("notes", "confidences", "values of attributes", "ends before their starts"))
    for bundle in bundles:
        lost["subsets of videos that are in no release"] += not bundle.split and not _told(bundle, SUBSET)
        lost["annotations without a time"] -= min(
            1, sum(bool(bundle.in_tier(tier)) for tier in _of_kind(bundle, VIDEO))
        )
    return told(lost)


FORMATS = (
    Format(
        "activitynet",
        "segments and predictions, ActivityNet JSON",
        "activitynet.json",
        ("intervals", "labels in a tree", "attributes", "notes", "scores of predictions"),
        ("points", "turns", "links", "parents", "who made what"),
        "http://activity-net.org",
        read=read,
        write=_write,
        losses=_losses,
    ),
)
