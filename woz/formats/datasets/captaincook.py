"""CaptainCook4D's step and error annotations, each one JSON file of many recordings.

`step_annotations`: `{recording_id: {recording_id, steps: [{step_id, start_time, end_time, description,
has_errors}]}}`. `error_annotations`: `[{recording_id, activity_id, is_error, step_annotations: [{description,
step_id, start_time, end_time, errors: [{tag, description}], modified_description}]}]`. Times are seconds, both -1
where a step was left out. (The data set's public files, CaptainCook4D/annotations.)

A recording becomes a session, a recipe its procedure, with the task graph where one lies beside the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.captaincook_recipes import MOST_STEPS, Recipes, Texts
from woz.formats.datasets.captaincook_steps import (
    ERRORS,
    LISTS,
    STEPS,
    Json,
    activity_of,
    annotation_of,
    head_of,
    is_wrong,
    recording_of,
    step_of,
)
from woz.formats.datasets.json_pieces import json_pieces
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import labelled, steps_as
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import (
    FILE,
    PLACE,
    Making,
    about_tier,
    demand_distinct,
    demand_tiers,
    in_file_order,
    scheme_for,
    text_of,
    whole_of,
)
from woz.formats.format import Format, OutFile, Writing
from woz.formats.long_lists import ANY, Holder, Layout, found, holders
from woz.formats.parts import Begin, Lost, Part
from woz.formats.passes import passes
from woz.formats.reading import Reading
from woz.model.annotation import Annotation
from woz.model.ids import TierId
from woz.model.tier import Tier

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
    first = next(reading.standing().json_tokens(), None)
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
    steps = making.tier(TIER)
    about = making.tier(FILE, parent=steps)
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
    demand_tiers(bundles, SCHEME, "CaptainCook4D", (TIER,), "steps")
    files = []
    for kind in (STEPS, ERRORS):
        mine = [found for bundle in bundles if (found := _Recording.of(bundle, kind))]
        if kind == STEPS:
            demand_distinct((each.name for each in mine), "recording")
        if mine:
            files.append(OutFile(f"{kind}.json", _text(sorted(mine, key=_place), kind)))
    return files


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, turns=False)


@dataclass(frozen=True, slots=True)
class _Recording:
    """What of a session goes into a file: the tiers that came from such a file, and those that were made here.

    A session that came from no file goes into both.
    """

    bundle: SessionBundle
    tiers: Mapping[TierId, Tier]
    about: Annotation | None

    @classmethod
    def of(cls, bundle: SessionBundle, kind: str) -> _Recording | None:
        steps = [tier for tier in bundle.tiers_of(SCHEME) if tier.tier_type == TIER]
        abouts = {tier.id: about_tier(bundle, tier) for tier in steps}
        kinds = {about.value("kind") for about in abouts.values() if about}
        if kinds and kind not in kinds:
            return None
        own = {tier.id: tier for tier in steps if (about := abouts[tier.id]) is None or about.value("kind") == kind}
        return cls(bundle, own, next((about for key in own if (about := abouts[key])), None))

    def written(self, kind: str) -> tuple[str, Json]:
        """By its name."""
        steps = in_file_order(each for each in self.bundle.annotations if each.tier_id in self.tiers)
        head = head_of(self.about, self.name, kind, any(map(is_wrong, steps)))
        recipe = self.bundle.procedure
        return self.name, {**head, LISTS[kind]: (step_of(each, recipe, self._label(each), kind) for each in steps)}

    @property
    def name(self) -> str:
        recording = text_of(self.about.value("recording")) if self.about else None
        return str(self.bundle.session.id) if recording is None else recording

    def _label(self, annotation: Annotation) -> str:
        return self.bundle.label_name(self.tiers[annotation.tier_id], annotation.label)


def _place(recording: _Recording) -> tuple[bool, int]:
    """Those of a file first, in its order."""
    place = recording.about.value(PLACE) if recording.about else None
    return not isinstance(place, int), place if isinstance(place, int) else 0


def _text(recordings: Sequence[_Recording], kind: str) -> Iterator[str]:
    written = (each.written(kind) for each in recordings)
    yield from json_pieces((told for _, told in written) if kind == ERRORS else dict(written), 3)
    yield "\n"


FORMATS = (
    lending(
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
        steps_as(SCHEME, TIER, labelled("wrong"), mistakes=True),
    ),
)
