"""Walks through a project of BORIS: one event at a time, however many an observation has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ijson

from woz.base.errors import WozError
from woz.formats.reading import Reading

DEEPEST = 20


@dataclass(slots=True)
class Project:
    """What stands beside the observations."""

    fields: dict[str, Any] = field(default_factory=dict)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table that BORIS keeps as an object with numbers for names."""
        found = self.fields.get(name)
        return [row for row in found.values() if isinstance(row, dict)] if isinstance(found, dict) else []


@dataclass(frozen=True, slots=True)
class Observation:
    """An observation begins."""

    id: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the observation that began last, but for its events."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One event of it."""

    cells: list[Any]


Step = Observation | Field | Row | Project


def walk(reading: Reading) -> Iterator[Step]:
    """Observations with their fields and events as they come, the project at the end. Raises WozError."""
    events = reading.json_events()
    if next(events, ("", "", None))[1] != "start_map":
        raise WozError(f"{reading.path} is no project of BORIS; choose the .boris file that it saved.")
    project = Project()
    for name in _keys(events):
        if name == "observations":
            yield from _observations(events, reading)
        else:
            project.fields[name] = _value(events, reading)
    yield project


def _keys(events: Iterator[tuple[str, str, Any]]) -> Iterator[str]:
    """The names of an object that has begun; whoever takes one reads its value before the next."""
    for _, event, value in events:
        if event == "end_map":
            return
        yield value


def _observations(events: Iterator[tuple[str, str, Any]], reading: Reading) -> Iterator[Step]:
    _expect(events, "start_map", reading)
    for name in _keys(events):
        yield Observation(name)
        _expect(events, "start_map", reading)
        for part in _keys(events):
            if part == "events":
                yield from _rows(events, reading)
            else:
                yield Field(part, _value(events, reading))


def _rows(events: Iterator[tuple[str, str, Any]], reading: Reading) -> Iterator[Row]:
    _expect(events, "start_array", reading)
    for _, event, value in events:
        if event == "end_array":
            return
        if event != "start_array":
            raise _no_project(reading)
        yield Row(_rest([(event, value)], events, reading))


def _expect(events: Iterator[tuple[str, str, Any]], event: str, reading: Reading) -> None:
    if next(events, ("", "", None))[1] != event:
        raise _no_project(reading)


def _no_project(reading: Reading) -> WozError:
    return WozError(f"{reading.path} is no project of BORIS: its observations aren't built as BORIS builds them.")


def _value(events: Iterator[tuple[str, str, Any]], reading: Reading) -> Any:
    _, event, value = next(events)
    return _rest([(event, value)], events, reading)


def _rest(begun: Iterable[tuple[str, Any]], events: Iterator[tuple[str, str, Any]], reading: Reading) -> Any:
    """The value that has begun, whole."""
    builder, depth = ijson.ObjectBuilder(), 0
    for event, value in begun:
        builder.event(event, value)
        depth += _deeper(event)
    while depth:
        _, event, value = next(events)
        builder.event(event, value)
        depth += _deeper(event)
        if depth > DEEPEST:
            raise WozError(f"{reading.path} is nested deeper than any project of BORIS; it is no such file.")
    return builder.value


def _deeper(event: str) -> int:
    return 1 if event in ("start_map", "start_array") else -1 if event in ("end_map", "end_array") else 0
