"""Ego-Exo4D's proficiency files: of demonstrations, and of those who demonstrate.

Both are a list of objects by take, `{take_uid, task_id, task_name, scenario_name, video_paths, ...}`. Of
demonstrations each has `good_executions` and `tips_for_improvement`, lists of `{video_time, list: [text],
expert_uid, video_name}`, a time in seconds each; of demonstrators each has a `proficiency_score`. (Ego-Exo4D's
documentation, docs/annotations/proficiency_estimation.md.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from woz.annotation.live_scheme import MISTAKE
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import live_texts, remarks_as, wrong_steps
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import demand_tiers, seconds_of, text_of, time_of
from woz.formats.datasets.takes import SCHEME, Item, Json, Kind, Root
from woz.formats.datasets.takes_reading import read_takes
from woz.formats.datasets.takes_writing import files_of
from woz.formats.format import Format, OutFile, Writing
from woz.formats.long_lists import ANY, Layout
from woz.formats.parts import Lost, Part
from woz.formats.reading import Reading
from woz.model.annotation import Annotation
from woz.model.procedure import Procedure
from woz.model.tier import Tier

TIER, SKILL, GOOD, TIP = "proficiency", "skill", "good", "tip"
_LISTS = {"good_executions": GOOD, "tips_for_improvement": TIP}
_ABOUT = {"take_uid": "take", "task_id": "task id", "task_name": "task", "scenario_name": "scenario"}
_LAYOUT = Layout("Ego-Exo4D's proficiency annotations", (ANY,), tuple(_LISTS))


def _item(name: str, told: Json, _: Procedure | None) -> Item:
    lines = told.get("list")
    plain = isinstance(lines, list) and lines and all(isinstance(each, str) for each in lines)
    values = {
        "text": "\n".join(lines) if plain and isinstance(lines, list) else None,
        "expert": text_of(told.get("expert_uid")),
    }
    return Item(_LISTS[name], (time_of(told.get("video_time")), None), values)


def _written(annotation: Annotation, _: str, __: Procedure | None) -> Json:
    text = annotation.value("text")
    fields: Json = {
        "video_time": None if annotation.start_ns is None else seconds_of(annotation.start_ns),
        "list": text.split("\n") if isinstance(text, str) else None,
        "expert_uid": annotation.value("expert"),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _into(label: str) -> str:
    return next((name for name, known in _LISTS.items() if known == label), "tips_for_improvement")


def _fresh(bundle: SessionBundle, _: Tier) -> Json:
    return {"take_uid": str(bundle.session.id), "task_name": bundle.session.title}


def _take(head: Json) -> str:
    return text_of(head.get("take_uid")) or ""


def _video(bundle: SessionBundle, about: Annotation | None, head: Json) -> Json:
    """A take is called as the folder of its videos, a session as its id; nothing where a file tells no folder."""
    if about is None:
        return {"video_name": str(bundle.session.id)}
    paths = head.get("video_paths")
    ego = paths.get("ego") if isinstance(paths, dict) else None
    folders = ego.split("/") if isinstance(ego, str) else []
    return {"video_name": folders[1]} if len(folders) > 2 and folders[1] else {}


DEMONSTRATIONS = Kind(
    TIER,
    "proficiency_demonstration.json",
    Root.LIST,
    _LAYOUT,
    _ABOUT,
    _item,
    _written,
    _fresh,
    _into,
    take=_take,
    new=_video,
)


def _score(head: Json) -> Iterator[tuple[str, Item]]:
    score = text_of(head.get("proficiency_score"))
    if score:
        yield SKILL, Item(score)


def _no_item(_: str, __: Json, ___: Procedure | None) -> Item:
    return Item(SKILL)


def _scored(beside: Mapping[str, Annotation]) -> Json:
    return {"proficiency_score": beside[SKILL].label} if SKILL in beside else {}


DEMONSTRATORS = Kind(
    SKILL,
    "proficiency_demonstrator.json",
    Root.LIST,
    Layout(_LAYOUT.file, (ANY,), ()),
    _ABOUT,
    _no_item,
    lambda *_: {},
    _fresh,
    _into,
    take=_take,
    beside=_score,
    fields=_scored,
    besides=(SKILL,),
)


def read(reading: Reading) -> Iterator[Part]:
    return read_takes(reading, DEMONSTRATORS if _is_of_demonstrators(reading) else DEMONSTRATIONS)


def _is_of_demonstrators(reading: Reading) -> bool:
    """Whether the first object of the list has a score."""
    events = reading.standing().json_tokens()
    depth = 0
    for event, value in events:
        depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
        if depth == 1 and event == "end_map":
            return False
        if depth == 2 and event == "map_key" and value == "proficiency_score":
            return True
        if depth == 2 and event == "map_key" and value in _LISTS:
            return False
    return False


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers(bundles, SCHEME, "Ego-Exo4D's proficiency annotations", (TIER, SKILL), "mistake with a text")
    return [*files_of(DEMONSTRATIONS, bundles), *files_of(DEMONSTRATORS, bundles)]


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, turns=False, tier_types=(TIER, SKILL))


FORMATS = (
    lending(
        Format(
            "egoexo4d-proficiency",
            "Ego-Exo4D's proficiency annotations, JSON",
            "proficiency.json",
            ("good executions and tips at a point", "the demonstrator's skill"),
            ("turns", "tiers of other types", "links", "notes", "confidence"),
            "Ego-Exo4D's documentation, docs/annotations/proficiency_estimation.md",
            read,
            write,
            losses,
            SCHEME,
        ),
        remarks_as(SCHEME, TIER, TIP, live_texts("text", MISTAKE), wrong_steps("text"), by="expert"),
        (TIER, SKILL),
    ),
)
