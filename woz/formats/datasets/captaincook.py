"""CaptainCook4D's step and error annotations, each one JSON file of many recordings.

`step_annotations`: `{recording_id: {recording_id, steps: [{step_id, start_time, end_time, description,
has_errors}]}}`. `error_annotations`: `[{recording_id, activity_id, is_error, step_annotations: [{description,
step_id, start_time, end_time, errors: [{tag, description}], modified_description}]}]`. Times are seconds, both -1
where a step was left out. (The data set's public files, CaptainCook4D/annotations.)

A recording becomes a session, a recipe its procedure, with the task graph where one lies beside the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.captaincook_recipes import MOST_STEPS, Recipes, Texts
from woz.formats.datasets.captaincook_steps import (
    ERRORS,
    LISTS,
    STEPS,
    activity_of,
    annotation_of,
    head_of,
    is_wrong,
    recording_of,
    step_of,
)
from woz.formats.datasets.json_pieces import json_pieces
from woz.formats.datasets.long_lists import ANY, Holder, Layout, found, holders
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import (
    FILE,
    PLACE,
    Making,
    about_file,
    demand_tiers,
    in_file_order,
    scheme_for,
    text_of,
    whole_of,
)
from woz.formats.datasets.passes import passes
from woz.formats.format import Format, OutFile, Writing
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading
from woz.model.annotation import Annotation

SCHEME, TIER = "captaincook4d", "steps"


def read(reading: Reading) -> Iterator[Part]:
    scheme = scheme_for(reading, SCHEME)
    kind = _kind(reading)
    layout = Layout("CaptainCook4D's annotations", (ANY,), (LISTS[kind],))
    first, second, third = passes(reading, 3)
    recipes = Recipes(_texts(first, layout, kind), reading.path)
    for place, holder in enumerate(holders(second, third, layout)):
        yield from _recording(Making.of(reading, scheme), holder, place, kind, recipes)


def _kind(reading: Reading) -> str:
    first = next(reading.json_tokens(), None)
    return ERRORS if first and first[0] == "start_array" else STEPS


def _key(head: dict[str, Any], way: tuple[str, ...], kind: str) -> str:
    return way[0] if kind == STEPS else text_of(head.get("recording_id")) or ""


def _texts(reading: Reading, layout: Layout, kind: str) -> dict[str, Texts]:
    """The texts of the steps, by activity."""
    known: dict[str, Texts] = {}
    here: Texts = {}
    for each in found(reading, layout, {"item", "head"}):
        if each.kind == "head":
            if each.value.get(LISTS[kind]) != []:
                raise WozError(
                    f"{reading.path} has a recording without a list {LISTS[kind]!r}; choose another format."
                )
            _remember(known, activity_of(each.value, _key(each.value, each.way, kind)), here)
            here = {}
            continue
        if not isinstance(each.value, dict):
            raise WozError(f"{reading.path} holds a step that is no object; get a whole copy of it.")
        number, text = whole_of(each.value.get("step_id")), text_of(each.value.get("description"))
        if number is not None and number >= 0 and text and len(here) < MOST_STEPS:
            here.setdefault(number, text)
    return known


def _remember(known: dict[str, Texts], activity: str, texts: Texts) -> None:
    if sum(map(len, known.values())) + len(texts) > MOST_STEPS:
        return
    for number, text in texts.items():
        known.setdefault(activity, {}).setdefault(number, text)


def _recording(making: Making, holder: Holder, place: int, kind: str, recipes: Recipes) -> Iterator[Part]:
    key = _key(holder.head, holder.way, kind)
    recipe = recipes.of(activity_of(holder.head, key))
    yield Begin(
        key,
        making.session_id,
        making.transcript_id,
        key,
        (making.scheme,),
        recipe if recipe.steps else None,
        media=key,
    )
    steps, about = making.tier(TIER), making.tier(FILE)
    head = {name: value for name, value in holder.head.items() if name != LISTS[kind]}
    yield steps
    yield about
    wrong = False
    for nr, (_, step) in enumerate(holder.items):
        made = annotation_of(making, steps, step, nr, recipe, kind)
        wrong = wrong or is_wrong(made)
        yield made
    yield recording_of(making, about, head, key, place, kind, wrong)


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers(bundles, SCHEME, "CaptainCook4D", (TIER,))
    ordered = sorted(bundles, key=_place)
    files = []
    for kind in (STEPS, ERRORS):
        mine = [each for each in ordered if _kind_of(each) in (None, kind)]
        if mine:
            files.append(OutFile(f"{kind}.json", _text(mine, kind)))
    return files


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, turns=False)


def _place(bundle: SessionBundle) -> tuple[bool, int]:
    """Those of a file first, in its order."""
    about = about_file(bundle, SCHEME)
    place = about.value(PLACE) if about else None
    return not isinstance(place, int), place if isinstance(place, int) else 0


def _kind_of(bundle: SessionBundle) -> object:
    """The file that a session was read from; None for one that was made here, which goes into both."""
    about = about_file(bundle, SCHEME)
    return about.value("kind") if about else None


def _text(bundles: Sequence[SessionBundle], kind: str) -> Iterator[str]:
    recordings = (_written(bundle, kind) for bundle in bundles)
    if kind == ERRORS:
        yield from json_pieces(({**head, LISTS[kind]: steps} for _, head, steps in recordings), 3)
    else:
        yield from json_pieces({key: {**head, LISTS[kind]: steps} for key, head, steps in recordings}, 3)
    yield "\n"


def _written(bundle: SessionBundle, kind: str) -> tuple[str, dict[str, Any], Iterator[dict[str, Any]]]:
    about = about_file(bundle, SCHEME)
    tiers = {tier.id: tier for tier in bundle.tiers_of(SCHEME) if tier.tier_type == TIER}
    steps = in_file_order(each for each in bundle.annotations if each.tier_id in tiers)
    recording = text_of(about.value("recording")) if about else None
    key = str(bundle.session.id) if recording is None else recording

    def name(annotation: Annotation) -> str:
        return bundle.label_name(tiers[annotation.tier_id], annotation.label)

    written = (step_of(each, bundle.procedure, name(each), kind) for each in steps)
    return key, head_of(about, key, kind, any(map(is_wrong, steps))), written


FORMATS = (
    Format(
        "captaincook4d",
        "CaptainCook4D's step and error annotations, JSON",
        "annotations.json",
        ("steps", "steps that were left out", "several errors a step with their texts"),
        ("turns", "tiers of other schemes", "links", "notes", "confidence"),
        "CaptainCook4D/annotations, its public files",
        read,
        write,
        losses,
        SCHEME,
    ),
)
