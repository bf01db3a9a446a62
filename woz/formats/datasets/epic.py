"""EPIC-KITCHENS-100's actions, a CSV of all videos, a row an action.

Columns as its README and files have them: narration_id, participant_id, video_id, narration_timestamp,
start_timestamp, stop_timestamp, start_frame, stop_frame, narration, verb, verb_class, noun, noun_class, all_nouns,
all_noun_classes; lists as Python writes them. (https://github.com/epic-kitchens/epic-kitchens-100-annotations)
Whatever a row has otherwise than it would be written is kept with its action and written back.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines, csv_rows
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import steps_as, told
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import (
    PLACE,
    REST,
    Making,
    demand_tiers,
    in_file_order,
    scheme_for,
    whole_of,
    with_rest,
)
from woz.formats.datasets.remains import restored
from woz.formats.format import Format, OutFile, Writing
from woz.formats.frames import FrameRate
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading, nanoseconds
from woz.formats.spans import END_BEFORE, end_in_file, span_of
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId
from woz.model.tier import Tier
from woz.schemes.shipped import shipped

SCHEME, ACTION, NARRATION = "epic", "action", "narration"
COLUMNS = (
    *("narration_id", "participant_id", "video_id", "narration_timestamp", "start_timestamp", "stop_timestamp"),
    *("start_frame", "stop_frame", "narration", "verb", "verb_class", "noun", "noun_class", "all_nouns"),
    "all_noun_classes",
)
_NEEDED = ("video_id", "start_timestamp", "stop_timestamp")
_TIME = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2}(?:\.\d{1,12})?)")
_VIDEO = re.compile(r"P\d+_\d+")
MOST_LIST = 5_000
CENTI, MILLI = 2, 3
"""Decimal places of the timestamps of an action, and of a narration."""
Row = Mapping[str, str]


def _read(reading: Reading) -> Iterator[Part]:
    scheme = scheme_for(reading, SCHEME)
    seen: set[str] = set()
    making, video, actions, narrations = None, None, None, None
    for line, row in _rows(reading):
        if row["video_id"] != video or making is None:
            video = row["video_id"]
            if video in seen:
                raise WozError(f"{reading.path} has rows of {video} here and there; sort it by video first.")
            seen.add(video)
            making = Making.of(reading, scheme)
            actions = making.tier(ACTION)
            narrations = making.tier(NARRATION, parent=actions)
            yield Begin(video, making.session_id, making.transcript_id, video, (scheme,), media=f"{video}.MP4")
            yield from (actions, narrations)
        assert actions
        assert narrations
        yield from _action(making, actions, narrations, row, (line, f"{reading.path}, line {line}"))
    if not seen:
        raise WozError(f"{reading.path} has no actions; there is nothing to import.")


def _rows(reading: Reading) -> Iterator[tuple[int, Row]]:
    rows = csv_rows(reading)
    header = next(rows, (0, []))[1]
    lacking = [name for name in _NEEDED if name not in header]
    if lacking:
        raise WozError(f"{reading.path} is no table of EPIC-KITCHENS: it has no column {lacking[0]}.")
    for line, row in rows:
        if len(row) != len(header):
            raise WozError(
                f"{reading.path} is cut short: line {line} has {counted(len(row), 'cell')}, not {len(header)}."
            )
        yield line, dict(zip(header, row, strict=True))


def _action(
    making: Making, actions: Tier, narrations: Tier, row: Row, place: tuple[int, str]
) -> Iterator[Annotation]:
    line, words = place
    start, stop = (_needed(row, name, words) for name in ("start_timestamp", "stop_timestamp"))
    start_ns, end_ns, before = span_of(start, stop)
    action = making.annotation(actions, row.get("verb", ""), (start_ns, end_ns))
    attributes = (*before, *_attributes(row), Attribute(PLACE, line))
    action = Annotation(action.id, actions.id, start_ns, end_ns, action.label, action.made, attributes)
    said_ns = _time(row.get("narration_timestamp", ""))
    written = _written(action, said_ns, row["video_id"], None)
    yield with_rest(action, dict(row), written)
    if said_ns is not None:
        said = making.annotation(narrations, NARRATION, (said_ns, None))
        yield Annotation(said.id, narrations.id, said_ns, None, NARRATION, said.made, parent_id=action.id)


def _needed(row: Row, name: str, place: str) -> int:
    found = _time(row[name])
    if found is None:
        raise WozError(f"{place} can't be read: {row[name][:40]!r} is no time as hh:mm:ss.ss.")
    return found


def _time(text: str) -> int | None:
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hours, minutes, rest = found.groups()
    return nanoseconds(Decimal(hours) * 3600 + Decimal(minutes) * 60 + Decimal(rest))


def _attributes(row: Row) -> Iterator[Attribute]:
    for name in ("narration_id", "narration", "noun"):
        if row.get(name):
            yield Attribute(name, row[name])
    for name in ("verb_class", "noun_class", "start_frame", "stop_frame"):
        text = row.get(name, "")
        if text.isascii() and text.isdecimal() and len(text) < 16:
            yield Attribute(name, int(text))
    yield from (Attribute("all_nouns", each) for each in _list(row.get("all_nouns", "")) if isinstance(each, str))
    for each in _list(row.get("all_noun_classes", "")):
        if whole_of(each) is not None:
            yield Attribute("all_noun_classes", whole_of(each))


def _list(text: str) -> list[object]:
    """A flat list as Python writes it; empty for anything else."""
    if len(text) > MOST_LIST or not text.startswith("[") or text.count("[") > 1 or "(" in text or "{" in text:
        return []
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _written(action: Annotation, said_ns: int | None, video: str, rate: FrameRate | None) -> dict[str, str]:
    """A row as it would be written but for what was kept of the file."""
    end = end_in_file(action)
    stop_ns = (action.start_ns or 0) if end is None else end
    return {
        "narration_id": _text(action, "narration_id"),
        "participant_id": video.partition("_")[0],
        "video_id": video,
        "narration_timestamp": "" if said_ns is None else _stamp(said_ns, MILLI),
        "start_timestamp": _stamp(action.start_ns or 0, CENTI),
        "stop_timestamp": _stamp(stop_ns, CENTI),
        "start_frame": _frame(action, "start_frame", action.start_ns or 0, rate),
        "stop_frame": _frame(action, "stop_frame", stop_ns, rate),
        "narration": _text(action, "narration"),
        "verb": action.label,
        "verb_class": _text(action, "verb_class") or _class_of(action.label),
        "noun": _text(action, "noun"),
        "noun_class": _text(action, "noun_class"),
        "all_nouns": str([at.value for at in action.attributes if at.key == "all_nouns"]),
        "all_noun_classes": str([at.value for at in action.attributes if at.key == "all_noun_classes"]),
    }


def _text(action: Annotation, key: str) -> str:
    value = action.value(key)
    return "" if value is None else str(value)


def _class_of(verb: str) -> str:
    """The number of a verb's class where the verb is its key."""
    keys = [str(label.id) for label in shipped(SCHEME).tier_type(ACTION).labels]
    return str(keys.index(verb)) if verb in keys else ""


def _frame(action: Annotation, key: str, t_ns: int, rate: FrameRate | None) -> str:
    return _text(action, key) or ("" if rate is None else str(rate.at(t_ns)))


def _stamp(ns: int, places: int) -> str:
    """With as many decimal places, or more where the time has them."""
    seconds, rest = divmod(ns, 10**9)
    decimals = f"{rest:09d}".rstrip("0").ljust(places, "0")
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{decimals}"


def _write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
    demand_tiers(bundles, SCHEME, "EPIC-KITCHENS", (ACTION,), "steps")
    rate = FrameRate.of(writing.frame_rate) if writing.frame_rate else None
    return [OutFile("epic.csv", _lines(bundles, rate))]


def _lines(bundles: Sequence[SessionBundle], rate: FrameRate | None) -> Iterator[str]:
    found: dict[str, None] = {}
    for row in _out_rows(bundles, rate):
        found.update(dict.fromkeys(row))
    header = [*(name for name in COLUMNS if name in found), *(name for name in found if name not in COLUMNS)]
    rows = ([row.get(name, "") for name in header] for row in _out_rows(bundles, rate))
    return csv_lines(header or COLUMNS, rows)


def _out_rows(bundles: Sequence[SessionBundle], rate: FrameRate | None) -> Iterator[dict[str, str]]:
    for bundle in sorted(bundles, key=_first_place):
        video = bundle.session.title if _VIDEO.fullmatch(bundle.session.title) else str(bundle.session.id)
        said: dict[AnnotationId | None, int | None] = {}
        for tier in bundle.tiers_of(SCHEME):
            if tier.tier_type == NARRATION:
                said |= {each.parent_id: each.start_ns for each in bundle.in_tier(tier)}
        n = 0
        for tier in bundle.tiers_of(SCHEME):
            for each in in_file_order(bundle.in_tier(tier)) if tier.tier_type == ACTION else ():
                if each.start_ns is not None:
                    row = restored(_written(each, said.get(each.id), video, rate), each.value(REST))
                    row["narration_id"] = row.get("narration_id") or f"{video}_{n}"
                    n += 1
                    yield row


def _first_place(bundle: SessionBundle) -> float:
    """Of a session's actions in the file that they came from; sessions that came from none are last."""
    mine = {tier.id for tier in bundle.tiers_of(SCHEME)}
    places = (each.value(PLACE) for each in bundle.annotations if each.tier_id in mine)
    return min((place for place in places if isinstance(place, int)), default=float("inf"))


def _losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    known = {*COLUMNS, REST, PLACE, END_BEFORE}
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, turns=False)
        actions = {tier.id for tier in bundle.tiers_of(SCHEME) if tier.tier_type == ACTION}
        mine = [each for each in bundle.annotations if each.tier_id in actions]
        counts = {
            "actions without a time": sum(each.start_ns is None for each in mine),
            "values that have no column": sum(at.key not in known for each in mine for at in each.attributes),
        }
        yield from (Lost(what, count) for what, count in counts.items() if count)


FORMATS = (
    lending(
        Format(
            "epic",
            "actions of EPIC-KITCHENS, CSV",
            "epic.csv",
            ("actions with verb and nouns", "narrations and when they were spoken"),
            ("turns", "other schemes", "notes", "links", "who made what"),
            "https://github.com/epic-kitchens/epic-kitchens-100-annotations",
            read=_read,
            write=_write,
            losses=_losses,
            scheme=SCHEME,
        ),
        steps_as(SCHEME, ACTION, told("", "narration"), "verbs and nouns, which nobody annotated"),
    ),
)
