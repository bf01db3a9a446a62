"""Reads a file of Ego-Exo4D's annotations, of any kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from woz.base.errors import WozError
from woz.formats.datasets.making import FILE, PLACE, Making, scheme_for
from woz.formats.datasets.remains import remains
from woz.formats.datasets.takes import (
    KIND_OF_FILE,
    SCHEME,
    WHOLE,
    Json,
    Kind,
    Root,
    about_object,
    annotation_of,
    made,
)
from woz.formats.long_lists import Group, Holder, Way, found, groups
from woz.formats.parts import Begin, Part
from woz.formats.passes import passes
from woz.formats.reading import Reading
from woz.model.annotation import Value
from woz.model.procedure import Procedure
from woz.procedures.keysteps import KEYSTEPS

MOST_SCENARIOS = 1000


def read_takes(reading: Reading, kind: Kind) -> Iterator[Part]:
    """Raises WozError for a file of another kind."""
    first, second, third = passes(reading, 3)
    takes = _Takes(reading, kind, Whole(first, kind))
    for each in groups(second, third, kind.layout):
        if isinstance(each, Holder):
            yield from takes.object(each)
        elif kind.root == Root.LISTS and len(each.way) == 2:
            yield from takes.group(each)
    yield from takes.end()


class Whole:
    """What a file says beside its objects. `recipes` are its scenarios by name."""

    def __init__(self, reading: Reading, kind: Kind) -> None:
        beside: Json = {}
        scenarios: set[str] = set()
        takes = objects = known_objects = 0
        for each in found(reading, kind.layout, {"outside", "head", "group"}):
            if each.kind == "outside":
                beside[each.way[0]] = each.value
            elif each.kind == "group":
                takes += kind.root == Root.LISTS and len(each.way) == 2
            else:
                scenario = each.value.get("scenario")
                if isinstance(scenario, str) and len(scenarios) < MOST_SCENARIOS:
                    scenarios.add(scenario)
                objects += 1
                known_objects += _is_object(kind, each.way, each.value)
        if not (known_objects or (takes and not objects)):
            raise WozError(f"{reading.path} holds nothing as {kind.layout.file} does; choose another format.")
        known = _recipes(beside.get("taxonomy"))
        self.recipes: Mapping[str, Procedure] = {name: known[name] for name in known if name in scenarios}
        self.rest = remains(beside, whole_file(list(self.recipes.values())))


def _is_object(kind: Kind, way: Way, head: Json) -> bool:
    if kind.root == Root.LIST and not way[0].isdecimal():
        return False
    return not kind.layout.long or any(head.get(name) == [] for name in kind.layout.long)


def whole_file(recipes: list[Procedure]) -> Json:
    """What a file says beside its objects where it is about these scenarios."""
    written: Json = json.loads(KEYSTEPS.write(recipes)) if recipes else {}
    return written


def _recipes(taxonomy: object) -> dict[str, Procedure]:
    """None where it is no such taxonomy."""
    try:
        read = KEYSTEPS.read(json.dumps({"taxonomy": taxonomy}).encode(), "") if taxonomy else []
    except WozError:
        return {}
    return {each.name: each for each in read}


class _Takes:
    def __init__(self, reading: Reading, kind: Kind, whole: Whole) -> None:
        self._reading = reading
        self._scheme = scheme_for(reading, SCHEME)
        self._kind = kind
        self._whole = whole
        self._first = True
        self._place = 0
        self._waiting: Way | None = None
        self._take: str | None = None
        self._making: Making | None = None

    def group(self, group: Group) -> Iterator[Part]:
        yield from self.end()
        self._waiting, self._take = group.way, None

    def end(self) -> Iterator[Part]:
        """A take that had no object is a session too, so that it comes back."""
        if self._waiting is None:
            return
        new = Making.of(self._reading, self._scheme)
        take = self._waiting[1]
        self._waiting = None
        yield self._begin(new, take, {})
        file = new.tier(FILE)
        yield file
        yield new.annotation(file, FILE, values=self._more(take))

    def object(self, holder: Holder) -> Iterator[Part]:
        take = self._take_of(holder)
        if self._making is None or self._kind.root != Root.LISTS or take != self._take:
            self._making = Making.of(self._reading, self._scheme)
            self._take = take
            yield self._begin(self._making, take, holder.head)
        self._waiting = None
        yield from self._parts(self._making, holder, take)

    def _take_of(self, holder: Holder) -> str:
        if self._kind.root in (Root.BY_TAKE, Root.LISTS):
            return holder.way[1]
        return self._kind.take(holder.head)

    def _begin(self, making: Making, take: str, head: Json) -> Begin:
        told = head.get("take_name", head.get("video_name"))
        name = told if isinstance(told, str) else take
        return Begin(
            take,
            making.session_id,
            making.transcript_id,
            name,
            (making.scheme,),
            self._recipe(head),
            media=name,
        )

    def _recipe(self, head: Json) -> Procedure | None:
        scenario = head.get("scenario")
        return self._whole.recipes.get(scenario) if isinstance(scenario, str) else None

    def _parts(self, making: Making, holder: Holder, take: str) -> Iterator[Part]:
        kind, head = self._kind, holder.head
        tier = making.tier(kind.tier_type, kind.name(head))
        yield tier
        for nr, (name, told) in enumerate(holder.items):
            if not isinstance(told, dict):
                path = self._reading.path
                raise WozError(f"{path} has something in {name!r} that is no object; get a whole copy of it.")
            yield annotation_of(making, tier, kind, (name, told), nr, self._recipe(head))
        beside = {}
        for tier_type, item in kind.beside(head):
            other = tier if tier_type == kind.tier_type else making.tier(tier_type, parent=tier)
            if other != tier:
                yield other
            beside[tier_type] = made(making, other, item)
            yield beside[tier_type]
        file = making.tier(FILE, parent=tier)
        yield file
        yield about_object(making, file, kind, head, beside, self._more(take))

    def _more(self, take: str) -> dict[str, Value]:
        more: dict[str, Value] = {KIND_OF_FILE: self._kind.file, "take": take, PLACE: self._place}
        if self._first and self._whole.rest:
            more[WHOLE] = self._whole.rest
        self._first = False
        self._place += 1
        return more
