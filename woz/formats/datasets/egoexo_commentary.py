"""Ego-Exo4D's expert commentary, in both its forms.

`expert_commentary_{split}.json`: `{ds, annotations: {take_uid: [{take_name, take_uid, task_id, task_name,
commentary: "take/expert", commentary_data: [{recording: "4.webm", video_time, text, duration_approx, error}]}]}}`.

`data.json` in a folder for each take and expert: `{user_id, video_name, annotations: [{recording_path, video_time,
duration_approx, start_global_time, events: [{type: "path", action, global_time, paths: [{from: {x, y, t}, to}]}]}],
proficiency: {rating, why}}`; strokes run from 0 to 1 over the picture, times are milliseconds of the day's clock
(`get_paths_for_commentary_time` of ego4d.egoexo.expert_commentary reads all of them). What was said stands beside
it in `transcriptions.json`, `{"4.webm": {text, language, error}}`, and is read for the texts alone.

(Ego-Exo4D's documentation, docs/annotations/expert_commentary.md.) Each expert is a tier.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise

from woz.annotation.drawing import is_line, strokes_of
from woz.annotation.live_scheme import MISTAKE, NOTE
from woz.base.outside import Data, Unsound, read_file
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import expert_turns, live_drawings, live_texts, remarks_as
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import FILE, demand_tiers, seconds_of, text_of, time_of
from woz.formats.datasets.remains import remains, restored
from woz.formats.datasets.takes import KIND_OF_FILE, SCHEME, Item, Json, Kind, Root, objects_of
from woz.formats.datasets.takes_reading import read_takes
from woz.formats.datasets.takes_writing import files_of, folder_of
from woz.formats.format import Format, OutFile, Writing
from woz.formats.long_lists import ANY, Layout
from woz.formats.parts import Lost, Part
from woz.formats.reading import Reading
from woz.model.annotation import Annotation, Attribute
from woz.model.procedure import Procedure
from woz.model.tier import Tier

TIER, RATING, COMMENT = "commentary", "rating", "comment"
TRANSCRIPTIONS = "transcriptions.json"


def _number(value: object) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53 else None


def _point(told: Json) -> tuple[int | None, None]:
    return time_of(told.get("video_time")), None


def _item(_: str, told: Json, __: Procedure | None) -> Item:
    failed = told.get("error")
    values = {
        "text": text_of(told.get("text")),
        "recording": text_of(told.get("recording")),
        "duration": _number(told.get("duration_approx")),
        "failed": failed if isinstance(failed, bool) else None,
    }
    return Item(COMMENT, _point(told), values)


def _written(annotation: Annotation, _: str, __: Procedure | None) -> Json:
    failed = annotation.value("failed")
    fields: Json = {
        "recording": annotation.value("recording"),
        "video_time": None if annotation.start_ns is None else seconds_of(annotation.start_ns),
        "text": annotation.value("text"),
        "duration_approx": annotation.value("duration"),
        "error": False if failed is None else failed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _fresh(bundle: SessionBundle, tier: Tier) -> Json:
    name = bundle.session.title
    return {
        "take_name": name,
        "take_uid": str(bundle.session.id),
        "commentary": f"{name}/{bundle.maker(tier)}",
    }


def _name(head: Json) -> str:
    expert = text_of(head.get("user_id")) or (text_of(head.get("commentary")) or "").rpartition("/")[2]
    return f"Commentary by {expert or 'an expert'}"[:200]


TOGETHER = Kind(
    TIER,
    "expert_commentary.json",
    Root.LISTS,
    Layout("Ego-Exo4D's expert commentary", ("annotations", ANY, ANY), ("commentary_data",)),
    {
        "take_uid": "take",
        "take_name": "take name",
        "task_id": "task id",
        "task_name": "task",
        "commentary": "commentary",
    },
    _item,
    _written,
    _fresh,
    lambda _: "commentary_data",
    name=_name,
)


def _alone_item(texts: Mapping[str, object], _: str, told: Json, __: Procedure | None) -> Item:
    recording = text_of(told.get("recording_path"))
    said = texts.get(recording) if recording else None
    values = {"recording": recording, "duration": _number(told.get("duration_approx"))}
    if isinstance(said, dict):
        text, failed = text_of(said.get("text")), said.get("error")
        failed = failed if isinstance(failed, bool) else None
        values |= {"text": text, "failed": failed}
        values["transcription"] = remains(said, _transcription(text, failed)) or None
    events = told.get("events")
    place = json.dumps(events, ensure_ascii=False) if events and isinstance(events, list) else ""
    return Item(COMMENT, _point(told), values, (Attribute("drawing", None, place=place),) if place else ())


def _alone_written(annotation: Annotation, _: str, __: Procedure | None) -> Json:
    drawings = [each.place for each in annotation.attributes if each.key == "drawing"]
    strokes = list(chain.from_iterable(map(strokes_of, drawings)))
    fields: Json = {
        "start_global_time": _begin(strokes),
        "recording_path": annotation.value("recording"),
        "video_time": None if annotation.start_ns is None else seconds_of(annotation.start_ns),
        "duration_approx": annotation.value("duration"),
        "events": [_event(stroke) if is_line(stroke) else stroke for stroke in strokes] or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _event(line: Sequence[Sequence[float]]) -> Json:
    """A line drawn in woz: a path from each point to the next; with its times where they are known."""
    ends = [dict(zip(("x", "y", "t"), point, strict=False)) for point in line]
    steps = list(pairwise(ends)) or [(end, end) for end in ends]
    timed = {"type": "path", "action": "draw", "global_time": ends[0]["t"]} if "t" in ends[0] else {}
    return {**timed, "paths": [{"from": a, "to": b} for a, b in steps]}


def _begin(strokes: Sequence[object]) -> float | None:
    """When the first of a comment's lines was begun, where all were drawn in woz and their times are known."""
    begins = [stroke[0][2] if is_line(stroke) and len(stroke[0]) == 3 else None for stroke in strokes]
    known = [each for each in begins if each is not None]
    return min(known) if known and len(known) == len(begins) else None


def _alone_fresh(bundle: SessionBundle, tier: Tier) -> Json:
    return {"user_id": bundle.maker(tier), "video_name": bundle.session.title}


def _rating(head: Json) -> Iterator[tuple[str, Item]]:
    told = head.get("proficiency")
    if isinstance(told, dict):
        yield RATING, Item(RATING, values={"rating": _number(told.get("rating")), "why": text_of(told.get("why"))})


def _proficiency(beside: Mapping[str, Annotation]) -> Json:
    rating = beside.get(RATING)
    if rating is None:
        return {}
    told = {"rating": rating.value("rating"), "why": rating.value("why")}
    return {"proficiency": {name: value for name, value in told.items() if value is not None}}


ALONE = Kind(
    TIER,
    "data.json",
    Root.ONE,
    Layout("Ego-Exo4D's expert commentary", (), ("annotations",)),
    {"video_name": "take name", "user_id": "expert"},
    partial(_alone_item, {}),
    _alone_written,
    _alone_fresh,
    lambda _: "annotations",
    take=lambda head: text_of(head.get("video_name")) or "",
    name=_name,
    beside=_rating,
    fields=_proficiency,
    besides=(RATING,),
)


def read(reading: Reading) -> Iterator[Part]:
    if not _is_alone(reading):
        return read_takes(reading, TOGETHER)
    try:
        texts = read_file(reading.path.parent / TRANSCRIPTIONS, Data)
    except (OSError, Unsound):
        texts = {}
    return read_takes(reading, replace(ALONE, item=partial(_alone_item, texts)))


def _is_alone(reading: Reading) -> bool:
    """Whether the annotations are a list, not by take."""
    name = ""
    for event, value in reading.standing().json_tokens():
        if name == "annotations":
            return event == "start_array"
        name = value if event == "map_key" else name
    return False


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers(bundles, SCHEME, "Ego-Exo4D's expert commentary", (TIER, "file"), "turns or marks of the expert")
    full = [bundle for bundle in bundles if _has_more(bundle)]
    return [*files_of(TOGETHER, bundles), *files_of(ALONE, full), *_transcriptions(full)]


def _has_more(bundle: SessionBundle) -> bool:
    """Whether a session has what the first form can't hold, or came in the second."""
    tiers = {tier.id: tier for tier in bundle.tiers_of(SCHEME) if tier.tier_type in (TIER, RATING, FILE)}
    mine = [each for each in bundle.annotations if each.tier_id in tiers]
    values = (at.value or at.place for each in mine for at in each.attributes if at.key in ("drawing", "recording"))
    return any(values) or any(tiers[each.tier_id].tier_type == RATING or _is_of_alone(each) for each in mine)


def _is_of_alone(about: Annotation) -> bool:
    return about.value(KIND_OF_FILE) == ALONE.file


def _transcriptions(bundles: Sequence[SessionBundle]) -> Iterator[OutFile]:
    for nr, (bundle, tier, about) in enumerate(objects_of(ALONE, bundles)):
        told = {}
        for each in bundle.in_tier(tier):
            text, recording = text_of(each.value("text")), text_of(each.value("recording"))
            kept = each.value("transcription")
            if recording is not None and (text is not None or kept):
                told[recording] = restored(_transcription(text, each.value("failed")), kept)
        if told:
            name = f"{folder_of(bundle, about, nr)}/{TRANSCRIPTIONS}"
            yield OutFile(name, (json.dumps(told, ensure_ascii=False, indent=1), "\n"))


def _transcription(text: str | None, failed: object) -> Json:
    said = {} if text is None else {"text": text}
    return {**said, "language": "en", "error": bool(failed)}


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, turns=False, tier_types=(TIER, RATING), several=True)
    alone = {tier.id for _, tier, _ in objects_of(ALONE, bundles)}
    only_together = {tier.id for _, tier, _ in objects_of(TOGETHER, bundles)} - alone
    every = chain.from_iterable(bundle.annotations for bundle in bundles)
    mine = (each for each in every if each.tier_id in only_together)
    drawings = sum(attribute.key == "drawing" for each in mine for attribute in each.attributes)
    if drawings:
        yield Lost("drawings of commentary that came without them", drawings)


FORMATS = (
    lending(
        Format(
            "egoexo4d-commentary",
            "Ego-Exo4D's expert commentary, JSON",
            "expert_commentary.json",
            ("comments at a point", "recordings' names", "drawings", "ratings and why"),
            ("turns", "tiers of other types", "links", "notes", "confidence"),
            "Ego-Exo4D's documentation, docs/annotations/expert_commentary.md",
            read,
            write,
            losses,
            SCHEME,
        ),
        remarks_as(
            SCHEME,
            TIER,
            COMMENT,
            expert_turns("text", "duration"),
            live_texts("text", MISTAKE, NOTE),
            live_drawings("drawing"),
            open_values=("recordings of what was said",),
        ),
        (TIER, "file"),
    ),
)
