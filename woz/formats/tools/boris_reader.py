"""Reads a project of BORIS: a session an observation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from woz.base.errors import WozError
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading
from woz.formats.tools.boris_ethogram import Behaviour, behaviours_of
from woz.formats.tools.boris_events import Bout, Event, bouts, event_of
from woz.formats.tools.boris_parts import (
    OBSERVATION,
    aside,
    behaviour_of,
    media_of,
    said_of_all,
    start_of,
    tier_name,
)
from woz.formats.tools.boris_walk import Field, Observation, Project, Row, walk
from woz.formats.vocabulary import Vocabulary
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId, TierId, TranscriptId
from woz.model.scheme import Overlap
from woz.model.tier import Tier

TierKey = tuple[str, str]
"""A tier type and a subject."""


@dataclass(slots=True)
class _Header:
    """An observation without its events; `sorted` where those stand by their times."""

    fields: dict[str, Any] = field(default_factory=dict)
    sorted: bool = True
    last_ns: int | None = None
    tiers: dict[TierKey, None] = field(default_factory=dict)


def read(reading: Reading) -> Iterator[Part]:
    """The file is read three times: its ethogram, what is in it, and the events themselves."""
    first, second, third = reading.passes(3)
    project, headers = _headers(first)
    try:
        ethogram = behaviours_of(project.rows("behaviors_conf"))
    except ValueError as error:
        raise WozError(f"{reading.path} is no project of BORIS: {error}.") from error
    texts = [str(row.get("label")) for row in project.rows("independent_variables") if row.get("type") == "text"]
    words = Vocabulary("boris", "BORIS", reading.scheme)
    for behaviour in ethogram.values():
        words.tier_type(behaviour.tier_type)
        words.declare(behaviour.tier_type, behaviour.label())
    for name, found in _bouts(second, headers, ethogram):
        for each in found:
            _note(words, headers[name], ethogram, name, each)
    for header in headers.values():
        _note_whole(words, header, texts)
    taking = _Taking(reading, words, ethogram, texts)
    told = False
    for name, found in _bouts(third, headers, ethogram):
        yield from taking.observation(name, headers[name], found)
        yield from () if told else _told(project, ethogram, words)
        told = True


def _headers(reading: Reading) -> tuple[Project, dict[str, _Header]]:
    headers: dict[str, _Header] = {}
    header = _Header()
    project = Project()
    for step in walk(reading):
        if isinstance(step, Observation):
            if step.id in headers:
                raise WozError(f"{reading.path} has two observations named {step.id}; rename one of them in BORIS.")
            header = headers[step.id] = _Header()
        elif isinstance(step, Field):
            header.fields[step.name] = step.value
        elif isinstance(step, Project):
            project = step
        else:
            _in_order(header, _event(reading, step))
    if "behaviors_conf" not in project.fields or not headers:
        lacks = "observations" if "behaviors_conf" in project.fields else "ethogram"
        raise WozError(f"{reading.path} has no {lacks} of BORIS; choose the .boris file that it saved.")
    return project, headers


def _in_order(header: _Header, event: Event) -> None:
    header.sorted &= header.last_ns is None or event.t_ns >= header.last_ns
    header.last_ns = event.t_ns


def _event(reading: Reading, row: Row) -> Event:
    try:
        return event_of(row.cells)
    except ValueError as error:
        raise WozError(f"{reading.path} can't be read: {error}; mend it in BORIS.") from error


def _bouts(
    reading: Reading, headers: dict[str, _Header], ethogram: dict[str, Behaviour]
) -> Iterator[tuple[str, Iterator[Bout]]]:
    """Of each observation; events that don't stand by their times are brought in order first, as BORIS does."""
    for name, steps in _by_observation(reading):
        events = (_event(reading, step) for step in steps if isinstance(step, Row))
        ordered = events if headers[name].sorted else iter(sorted(events, key=lambda each: each.t_ns))
        yield name, bouts(ordered, ethogram)


def _by_observation(reading: Reading) -> Iterator[tuple[str, Iterator[object]]]:
    steps = walk(reading)
    waiting: list[Observation] = []

    def rest() -> Iterator[object]:
        for step in steps:
            if isinstance(step, Observation):
                waiting.append(step)
                return
            yield step

    for _ in rest():
        pass
    while waiting:
        yield waiting.pop().id, rest()


def _note(words: Vocabulary, header: _Header, ethogram: dict[str, Behaviour], name: str, bout: Bout) -> None:
    behaviour = behaviour_of(ethogram, bout.start.code)
    kind, subject = behaviour.tier_type, bout.start.subject
    header.tiers[kind, subject] = None
    words.tier_type(kind)
    words.label(kind, behaviour.code)
    stop = bout.stop.t_ns if bout.stop else None
    words.note(kind, f"{name}\n{kind}\n{subject}", bout.start.t_ns, stop, aside(bout))


def _note_whole(words: Vocabulary, header: _Header, texts: Collection[str]) -> None:
    description, attributes = said_of_all(header.fields, texts)
    if description or attributes:
        words.tier_type(OBSERVATION)
        words.label(OBSERVATION, OBSERVATION)
        words.note(OBSERVATION, OBSERVATION, None, None, attributes)
        header.tiers[OBSERVATION, ""] = None


def _told(project: Project, ethogram: dict[str, Behaviour], words: Vocabulary) -> Iterator[Part]:
    exclusions = sum(
        1
        for each in ethogram.values()
        for other in each.excluded
        if behaviour_of(ethogram, other).tier_type != each.tier_type
        or words.fit(each.tier_type).tier_type.overlap != Overlap.NONE
    )
    maps = project.fields.get("coding_map")
    found = {
        "exclusions between behaviours": exclusions,
        "coding maps": len(maps) if isinstance(maps, dict) else 0,
        "keys and descriptions of subjects": sum(
            bool(row.get("key") or row.get("description")) for row in project.rows("subjects_conf")
        ),
    }
    yield from (Lost(what, count) for what, count in found.items() if count)


class _Taking:
    def __init__(
        self, reading: Reading, words: Vocabulary, ethogram: dict[str, Behaviour], texts: Collection[str]
    ) -> None:
        self._reading, self._words, self._ethogram, self._texts = reading, words, ethogram, texts

    def observation(self, name: str, header: _Header, found: Iterator[Bout]) -> Iterator[Part]:
        session_id = SessionId(self._reading.new_id())
        media, duration_ns = media_of(header.fields)
        yield Begin(
            name,
            session_id,
            TranscriptId(self._reading.new_id()),
            name,
            self._words.schemes,
            duration_ns=duration_ns,
            start_utc_ns=start_of(header.fields),
            media=media,
        )
        tiers = {key: self._tier(key, session_id) for key in header.tiers}
        yield from tiers.values()
        if (OBSERVATION, "") in tiers:
            yield self._whole(tiers[OBSERVATION, ""], header)
        unpaired = 0
        for bout in found:
            unpaired += bout.unpaired
            behaviour = behaviour_of(self._ethogram, bout.start.code)
            yield self._annotation(tiers[behaviour.tier_type, bout.start.subject], behaviour, bout)
        if unpaired:
            yield Lost("stops of states that only start", unpaired)

    def _tier(self, key: TierKey, session_id: SessionId) -> Tier:
        kind, subject = key
        place = self._words.fit(kind)
        scheme, tier_type = place.scheme, place.tier_type.key
        made = self._reading.made
        tier_id = TierId(self._reading.new_id())
        name = tier_name(kind, subject)
        return Tier(tier_id, session_id, scheme.id, scheme.version, tier_type, name, made, subject=subject)

    def _whole(self, tier: Tier, header: _Header) -> Annotation:
        description, attributes = said_of_all(header.fields, self._texts)
        place = self._words.fit(OBSERVATION)
        return Annotation(
            AnnotationId(self._reading.new_id()),
            tier.id,
            None,
            None,
            place.label(OBSERVATION),
            self._reading.made,
            place.attributes(attributes),
            description,
        )

    def _annotation(self, tier: Tier, behaviour: Behaviour, bout: Bout) -> Annotation:
        start, stop = bout.start, bout.stop
        place = self._words.fit(behaviour.tier_type)
        attributes = (*behaviour.attributes(start.modifiers), *aside(bout))
        return Annotation(
            AnnotationId(self._reading.new_id()),
            tier.id,
            start.t_ns,
            stop.t_ns if stop else None,
            place.label(behaviour.code),
            self._reading.made,
            place.attributes(attributes),
            start.comment,
        )
