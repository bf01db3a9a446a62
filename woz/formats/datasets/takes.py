"""What Ego-Exo4D's annotation files have in common: objects of a take, each with lists of annotations.

An object becomes a tier; a tier *About the file* below it keeps what else the object says. What lies beside all
objects is kept in the first session of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from woz.formats.bundle import SessionBundle
from woz.formats.datasets.making import (
    FILE,
    PLACE,
    REST,
    Making,
    Span,
    about_tier,
    added,
    text_of,
    whole_of,
    with_rest,
)
from woz.formats.datasets.remains import restored
from woz.formats.long_lists import Layout
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.procedure import Procedure
from woz.model.scheme import ValueKind
from woz.model.tier import Tier

SCHEME = "egoexo4d"
WHOLE, KIND_OF_FILE = "whole file", "kind"
Json = dict[str, Any]


class Root(StrEnum):
    """What a file is: objects by take, a list of them for each take, a list of all, or one alone."""

    BY_TAKE = "by take"
    LISTS = "lists"
    LIST = "list"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Item:
    """An annotation to be made."""

    label: str
    span: Span = (None, None)
    values: Mapping[str, Value] = field(default_factory=dict)
    more: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `about` are the fields of an object that attributes of their own hold.

    `item` takes the list's name, what stands there and the procedure; `written` an annotation, its label as files
    have it and the procedure. `into` is the list that a label goes into. `beside` are the tiers, each of one
    annotation without a time, that an object's fields become, `fields` what these annotations write there. `fresh`
    is an object that was made here, and `name` what its tier is called. `new` is what an annotation that was made
    here says besides, of the session and of its object, of which `about` is None where that was made here, too.
    """

    tier_type: str
    file: str
    root: Root
    layout: Layout
    about: Mapping[str, str]
    item: Callable[[str, Json, Procedure | None], Item]
    written: Callable[[Annotation, str, Procedure | None], Json]
    fresh: Callable[[SessionBundle, Tier], Json]
    into: Callable[[str], str]
    take: Callable[[Json], str] = lambda head: ""
    name: Callable[[Json], str] = lambda head: ""
    beside: Callable[[Json], Iterable[tuple[str, Item]]] = lambda head: ()
    fields: Callable[[Mapping[str, Annotation]], Json] = lambda beside: {}
    besides: tuple[str, ...] = ()
    new: Callable[[SessionBundle, Annotation | None, Json], Json] = lambda bundle, about, head: {}


def made(making: Making, tier: Tier, item: Item) -> Annotation:
    return added(making.annotation(tier, item.label, item.span, item.values), item.more)


def annotation_of(
    making: Making, tier: Tier, kind: Kind, told: tuple[str, Json], place: int, recipe: Procedure | None
) -> Annotation:
    """Of what stands in the list of that name."""
    item = kind.item(*told, recipe)
    annotation = made(making, tier, item).with_value(PLACE, place)
    return with_rest(annotation, told[1], kind.written(annotation, item.label, recipe))


def about_object(
    making: Making, tier: Tier, kind: Kind, head: Json, beside: Mapping[str, Annotation], more: Mapping[str, Value]
) -> Annotation:
    """What else an object says; its lists stand empty in the head."""
    kinds = {each.key: each.kind for each in making.scheme.tier_type(FILE).attributes}
    values = {ours: _kept(head.get(theirs), kinds.get(ours)) for theirs, ours in kind.about.items()}
    about = making.annotation(tier, FILE, values={**values, **more})
    return with_rest(about, head, _object(kind, about, beside))


def object_of(kind: Kind, bundle: SessionBundle, tier: Tier, about: Annotation | None) -> Json:
    """An object with empty lists."""
    beside = _beside(bundle, tier, kind)
    if about is None:
        empty: Json = {name: [] for name in kind.layout.long}
        return {**kind.fresh(bundle, tier), **kind.fields(beside), **empty}
    return restored(_object(kind, about, beside), about.value(REST))


def empty_takes(bundle: SessionBundle, kind: Kind) -> Sequence[Annotation]:
    """What the file says of takes without any object."""
    tiers = [each for each in bundle.tiers_of(SCHEME) if each.tier_type == FILE and each.parent_id is None]
    return [each for file in tiers for each in bundle.in_tier(file) if each.value(KIND_OF_FILE) == kind.file]


def _object(kind: Kind, about: Annotation, beside: Mapping[str, Annotation]) -> Json:
    known = {theirs: about.value(ours) for theirs, ours in kind.about.items()}
    empty: Json = {name: [] for name in kind.layout.long}
    return {**{k: v for k, v in known.items() if v is not None}, **kind.fields(beside), **empty}


def _beside(bundle: SessionBundle, tier: Tier, kind: Kind) -> dict[str, Annotation]:
    found: dict[str, Annotation] = {}
    for each in bundle.tiers_of(SCHEME):
        own = each.tier_type == kind.tier_type
        if each.tier_type in kind.besides and (each == tier if own else each.parent_id in (tier.id, None)):
            for annotation in bundle.in_tier(each):
                found.setdefault(each.tier_type, annotation)
    return found


def _kept(value: object, kind: ValueKind | None) -> Value:
    """What an attribute of that kind can be; None for what it can't."""
    if kind == ValueKind.BOOL:
        return value if isinstance(value, bool) else None
    return whole_of(value) if kind == ValueKind.NUMBER else text_of(value)


def objects_of(
    kind: Kind, bundles: Sequence[SessionBundle]
) -> Iterator[tuple[SessionBundle, Tier, Annotation | None]]:
    """The tiers that are objects of such a file, in its order; those that were made here come last."""
    every = [
        (bundle, tier, about_tier(bundle, tier))
        for bundle in bundles
        for tier in bundle.tiers_of(SCHEME)
        if tier.tier_type == kind.tier_type
    ]
    mine = (each for each in every if each[2] is None or each[2].value(KIND_OF_FILE) == kind.file)
    yield from sorted(mine, key=lambda each: place_of(each[2]))


def place_of(about: Annotation | None) -> tuple[bool, int]:
    """New ones come last."""
    place = about.value(PLACE) if about else None
    return not isinstance(place, int), place if isinstance(place, int) else 0
