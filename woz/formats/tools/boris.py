"""Projects of BORIS, format version 7.0: ethogram, subjects, and an observation a session."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from woz.base.interval import seconds
from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import exact_seconds
from woz.formats.format import Format, OutFile, Writing
from woz.formats.losses import told
from woz.formats.parts import Lost
from woz.formats.places import relative
from woz.formats.tools.boris_coding import Coded, Coding, losses_of, may_be_variable
from woz.formats.tools.boris_ethogram import Behaviour, text_of
from woz.formats.tools.boris_events import Bout, Event
from woz.formats.tools.boris_parts import KIND, MEDIA, TIME_OFFSET
from woz.formats.tools.boris_reader import read
from woz.model.annotation import Attribute
from woz.model.scheme import NO_COLOUR

VERSION = "7.0"


def _write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
    return [OutFile("sessions.boris", _text(bundles, writing))]


def _text(bundles: Sequence[SessionBundle], writing: Writing) -> Iterator[str]:
    coding = Coding(bundles)
    newest = max((bundle.session.start_utc_ns for bundle in bundles), default=0)
    head = {
        "time_format": "hh:mm:ss",
        "project_date": _date(newest),
        "project_name": bundles[0].session.title if len(bundles) == 1 else "",
        "project_description": "",
        "project_format_version": VERSION,
        "subjects_conf": _numbered(_subject(name) for name in _subjects(bundles)),
        "behaviors_conf": _numbered(_behaviour(each) for each in coding.behaviours),
        "behavioral_categories": list(dict.fromkeys(each.category for each in coding.behaviours if each.category)),
        "independent_variables": _numbered(_variables(coding)),
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "observations": {'
    for n, each in enumerate(coding.observations):
        yield ("," if n else "") + f"\n  {_json(each.id)}: "
        yield from _observation(each, writing)
    yield "\n }\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _numbered(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(n): row for n, row in enumerate(rows)}


def _date(utc_ns: int) -> str:
    return datetime.fromtimestamp(seconds(utc_ns), UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _subjects(bundles: Sequence[SessionBundle]) -> list[str]:
    return list(dict.fromkeys(tier.subject for bundle in bundles for tier in bundle.tiers if tier.subject))


def _subject(name: str) -> dict[str, Any]:
    return {"key": "", "name": name, "description": ""}


def _behaviour(each: Behaviour) -> dict[str, Any]:
    sets = (
        {"name": one.name, "description": "", "type": one.type, "values": list(one.values)} for one in each.sets
    )
    return {
        "type": "State event" if each.state else "Point event",
        "key": each.key,
        "code": each.code,
        "description": each.description,
        "color": "" if each.colour == NO_COLOUR else each.colour,
        "category": each.category,
        "modifiers": _numbered(sets),
        "excluded": ",".join(each.excluded),
        "coding map": "",
    }


def _variables(coding: Coding) -> Iterator[dict[str, Any]]:
    found: dict[str, bool] = {}
    for each in coding.observations:
        for at in _variables_of(each):
            number = isinstance(at.value, int | float) and not isinstance(at.value, bool)
            found[at.key] = found.get(at.key, True) and number
    for name, number in found.items():
        kind = "numeric" if number else "text"
        yield {"label": name, "description": "", "type": kind, "default value": "", "possible values": ""}


def _variables_of(each: Coded) -> tuple[Attribute, ...]:
    attributes = each.whole.attributes if each.whole else ()
    return tuple(at for at in attributes if at.key not in (TIME_OFFSET, KIND) and may_be_variable(at))


def _observation(each: Coded, writing: Writing) -> Iterator[str]:
    media = relative(each.bundle.media, writing.folder)
    length = each.bundle.session.duration_ns
    offset = each.whole.value(TIME_OFFSET) if each.whole else None
    facts = {
        "file": {"1": [media]},
        "type": (each.whole.value(KIND) if each.whole else None) or MEDIA,
        "date": _date(each.bundle.session.start_utc_ns),
        "description": each.whole.note if each.whole else "",
        "time offset": offset if isinstance(offset, int | float) else 0.0,
        "independent_variables": {at.key: text_of(at) for at in _variables_of(each)},
        "media_info": {
            "length": {} if length is None else {media: seconds(length)},
            "fps": {media: writing.frame_rate} if writing.frame_rate else {},
            "hasVideo": {media: True},
            "hasAudio": {media: True},
            "offset": {"1": 0.0},
        },
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "close_behaviors_between_videos": False,
    }
    yield _json(facts)[:-1] + ', "events": ['
    for n, event in enumerate(_events(each.bouts)):
        yield ("," if n else "") + "\n   " + _row(event)
    yield "]}"


def _events(bouts: Sequence[Bout]) -> list[Event]:
    """Starts and stops by their times; at the same time by the starts of their bouts."""
    ordered = sorted(bouts, key=lambda each: each.start.t_ns)
    events = [event for each in ordered for event in (each.start, each.stop) if event]
    return sorted(events, key=lambda each: each.t_ns)


def _row(event: Event) -> str:
    cells = (event.subject, event.code, event.modifiers, event.comment)
    frame = () if event.frame is None else (str(event.frame),)
    return "[" + ", ".join((exact_seconds(event.t_ns), *map(_json, cells), *frame)) + "]"


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    return told(losses_of(bundles))


FORMATS = (
    Format(
        "boris",
        "a project of BORIS",
        "boris",
        (
            *("intervals and points", "subjects", "labels with keys and colours", "attributes as modifiers"),
            *("notes", "independent variables"),
        ),
        ("turns", "links", "who made what", "confidences", "overlaps of one label with itself"),
        "https://www.boris.unito.it/user_guide",
        read=read,
        write=_write,
        losses=_losses,
    ),
)
