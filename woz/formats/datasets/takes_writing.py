"""Writes a file of Ego-Exo4D's annotations, of any kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from woz.formats.bundle import SessionBundle
from woz.formats.datasets.json_pieces import json_pieces
from woz.formats.datasets.making import PLACE, REST, demand_distinct, in_file_order
from woz.formats.datasets.remains import restored
from woz.formats.datasets.takes import WHOLE, Json, Kind, Root, empty_takes, object_of, objects_of, place_of
from woz.formats.datasets.takes_reading import whole_file
from woz.formats.format import OutFile
from woz.model.annotation import Annotation
from woz.model.tier import Tier


def files_of(kind: Kind, bundles: Sequence[SessionBundle]) -> list[OutFile]:
    """One file, or one for each object where a file holds just one."""
    objects = list(objects_of(kind, bundles))
    if kind.root == Root.ONE:
        return [
            OutFile(f"{folder_of(bundle, about, nr)}/{kind.file}", _pieces(_object(kind, bundle, tier, about)))
            for nr, (bundle, tier, about) in enumerate(objects)
        ]
    if not objects and not any(empty_takes(bundle, kind) for bundle in bundles):
        return []
    if kind.root == Root.BY_TAKE:
        pairs = dict.fromkeys((_take(bundle, about), bundle.session.id) for bundle, _, about in objects)
        demand_distinct((take for take, _ in pairs), "take")
    if kind.root == Root.LIST:
        return [OutFile(kind.file, _pieces(_object(kind, *each) for each in objects))]
    return [OutFile(kind.file, _pieces(_by_take(kind, bundles, objects)))]


def folder_of(bundle: SessionBundle, about: Annotation | None, nr: int) -> str:
    """Of an object that is a file of its own: its take, and its place among them."""
    take = str(about.value("take")) if about else ""
    plain = "".join(each if each.isalnum() or each in "_-" else "_" for each in take)[:80]
    return f"{plain or bundle.session.id}/{nr}"


def _by_take(
    kind: Kind, bundles: Sequence[SessionBundle], objects: list[tuple[SessionBundle, Tier, Annotation | None]]
) -> Json:
    empty = [each for bundle in bundles for each in empty_takes(bundle, kind)]
    abouts = [about for _, _, about in objects if about] + empty
    takes: dict[str, Any] = {}
    for each in sorted(empty, key=place_of):
        takes[str(each.value("take"))] = []
    for bundle, tier, about in objects:
        take = _take(bundle, about)
        told = _object(kind, bundle, tier, about)
        if kind.root == Root.LISTS:
            takes.setdefault(take, []).append(told)
        elif take in takes:
            for name in kind.layout.long:
                takes[take][name] = [*takes[take].get(name, []), *told.get(name, [])]
        else:
            takes[take] = told
    recipes = {bundle.procedure.name: bundle.procedure for bundle, _, _ in objects if bundle.procedure}
    whole = whole_file(list(recipes.values())) if kind.layout.long == ("segments",) else {}
    kept = next((about.value(WHOLE) for about in sorted(abouts, key=place_of) if about.value(WHOLE)), None)
    return {**restored(whole, kept), "annotations": takes}


def _take(bundle: SessionBundle, about: Annotation | None) -> str:
    return str(bundle.session.id) if about is None else str(about.value("take"))


def _object(kind: Kind, bundle: SessionBundle, tier: Tier, about: Annotation | None) -> Json:
    """With its lists."""
    written = object_of(kind, bundle, tier, about)
    known = bundle.tier_type(tier)
    lists: dict[str, list[Json]] = {name: [] for name in kind.layout.long}
    for each in in_file_order(bundle.in_tier(tier) if lists else ()):
        label = known.label(each.label).key
        told = restored(kind.written(each, label, bundle.procedure), each.value(REST))
        new = kind.new(bundle, about, written) if each.value(PLACE) is None else {}
        lists[kind.into(label)].append({**told, **new})
    return {**written, **{name: told for name, told in lists.items() if told or written.get(name) == []}}


def _pieces(value: object) -> Iterator[str]:
    yield from json_pieces(value, 4)
    yield "\n"
