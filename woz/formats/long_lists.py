"""JSON objects that hold a long list each: everything of one but the list is read first, then the list streams."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from ijson.common import ObjectBuilder

from woz.base.errors import WozError
from woz.formats.reading import Reading

ANY = "*"
"""Any name of an object, or any place in a list."""
BARE = ""
"""In `Layout.long`: what lies at the place may be a list itself. Its items have this name, its head is empty."""
DEEPEST = 60
MOST_VALUES = 400_000
"""In one value that is not a list that streams."""

Event = tuple[str, Any]
Way = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the objects lie: `place` are the names down to them, `long` are those of their lists.

    `file` is what such a file is called.
    """

    file: str
    place: Way
    long: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """`way` leads to the object. `head` is all of it but its lists, each of which is empty there; `items` streams
    what they hold, each with its list's name. What stands under such a name and is no list is in the head.
    """

    way: Way
    head: dict[str, Any]
    items: Iterator[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Group:
    """The objects of a list or of an object begin, if there are any."""

    way: Way


def holders(head_reading: Reading, item_reading: Reading, layout: Layout) -> Iterator[Holder]:
    """Raises WozError for what is laid out otherwise, is nested too deep, or no JSON. The items of one are to be
    used before the next one is asked for.
    """
    return (each for each in groups(head_reading, item_reading, layout) if isinstance(each, Holder))


def groups(head_reading: Reading, item_reading: Reading, layout: Layout) -> Iterator[Holder | Group]:
    """The same with where each group begins. Raises WozError, too."""
    lists = found(item_reading, layout, {"item"})
    for each in found(head_reading, layout, {"head", "group"}):
        if each.kind == "group":
            yield Group(each.way)
            continue
        items = _until_end(lists)
        yield Holder(each.way, each.value, items)
        for _ in items:
            pass


Kind = Literal["item", "head", "group", "outside"]


@dataclass(frozen=True, slots=True)
class Found:
    """An item of the list `name`; the head of an object, after its items; where a group of such objects begins; or
    what lies beside them. The value of a head is None where heads aren't wanted.
    """

    kind: Kind
    way: Way
    value: Any = None
    name: str = ""


def found(reading: Reading, layout: Layout, wanted: Collection[Kind]) -> Iterator[Found]:
    """All that is wanted, as it comes; the heads always. Raises WozError, too."""
    return _Walk(reading, layout, wanted).walk()


def _until_end(lists: Iterator[Found]) -> Iterator[tuple[str, Any]]:
    for each in lists:
        if each.kind == "head":
            return
        yield each.name, each.value


class _Walk:
    def __init__(self, reading: Reading, layout: Layout, wanted: Collection[Kind]) -> None:
        self._path = reading.path
        self._layout = layout
        self._items, self._heads = "item" in wanted, "head" in wanted
        self._groups, self._others = "group" in wanted, "outside" in wanted
        self._events = reading.json_tokens()

    def walk(self) -> Iterator[Found]:
        first = next(self._events, None)
        if first is None:
            raise self._foreign()
        yield from self._down(first, self._layout.place, ())
        for _ in self._events:
            raise self._foreign()

    def _down(self, first: Event, place: Way, way: Way) -> Iterator[Found]:
        if len(place) == 1 and self._groups:
            yield Found("group", way)
        if not place and first[0] == "start_map":
            yield from self._holder(way)
        elif not place and first[0] == "start_array" and BARE in self._layout.long:
            yield from self._list(way, BARE)
            yield Found("head", way, {} if self._heads else None)
        elif place and first[0] == "start_map":
            yield from self._object(place, way)
        elif place and first[0] == "start_array" and place[0] == ANY:
            for nr, each in enumerate(self._in_list()):
                yield from self._down(each, place[1:], (*way, str(nr)))
        else:
            raise self._foreign()

    def _object(self, place: Way, way: Way) -> Iterator[Found]:
        for name in self._names():
            inner = (*way, name)
            first = next(self._events)
            if place[0] in (ANY, name):
                yield from self._down(first, place[1:], inner)
            elif self._others:
                yield Found("outside", inner, self._value(first))
            else:
                self._skip(first)

    def _holder(self, way: Way) -> Iterator[Found]:
        head: dict[str, Any] = {}
        for name in self._names():
            first = next(self._events)
            if name in self._layout.long and first[0] == "start_array":
                head[name] = []
                yield from self._list(way, name)
            elif self._heads:
                head[name] = self._value(first)
            else:
                self._skip(first)
        yield Found("head", way, head if self._heads else None)

    def _list(self, way: Way, name: str) -> Iterator[Found]:
        for each in self._in_list():
            if self._items:
                yield Found("item", way, self._value(each), name)
            else:
                self._skip(each)

    def _names(self) -> Iterator[str]:
        for event, value in self._events:
            if event == "end_map":
                return
            yield value

    def _in_list(self) -> Iterator[Event]:
        for each in self._events:
            if each[0] == "end_array":
                return
            yield each

    def _value(self, first: Event) -> Any:
        """The value that begins."""
        builder = ObjectBuilder()
        depth = 0
        for count, (event, value) in enumerate(chain((first,), self._events)):
            builder.event(event, value)
            if event in _OPENING:
                depth += 1
            elif event in _CLOSING:
                depth -= 1
            if depth == 0:
                break
            if depth > DEEPEST or count > MOST_VALUES:
                raise self._foreign()
        return builder.value

    def _skip(self, first: Event) -> None:
        depth = 0
        for event, _ in chain((first,), self._events):
            if event in _OPENING:
                depth += 1
            elif event in _CLOSING:
                depth -= 1
            if depth == 0:
                return
            if depth > DEEPEST:
                raise self._foreign()

    def _foreign(self) -> WozError:
        return WozError(f"{self._path} is not laid out as {self._layout.file} is; choose the format that it is in.")


_OPENING = frozenset({"start_map", "start_array"})
_CLOSING = frozenset({"end_map", "end_array"})
