"""Tasks of Label Studio, JSON, with the labeling configuration that shows them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, OutFile, Writing
from woz.formats.frames import FrameRate
from woz.formats.losses import told, uncarried
from woz.formats.parts import Lost
from woz.formats.places import relative
from woz.formats.spans import END_BEFORE, end_in_file
from woz.formats.tools.label_studio_reader import RELATION, read
from woz.formats.tools.label_studio_regions import (
    ASIDE,
    AUDIO,
    CHANNEL,
    OBJECTS,
    OF_REGION,
    OTHER_LABELS,
    PARAGRAPH,
    PARAGRAPHS,
    TIMELINE,
    frames_of,
)
from woz.formats.xml_characters import xml_text
from woz.model.annotation import Annotation, Attribute
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.origin import Origin
from woz.model.scheme import ValueKind
from woz.model.tier import Tier
from woz.model.transcript import Turn

_CHOSEN = (ValueKind.CHOICE, ValueKind.ORDERED, ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT)
_TAGS = {
    TIMELINE: ("TimelineLabels", "Label"),
    AUDIO: ("Labels", "Label"),
    PARAGRAPHS: ("ParagraphLabels", "Label"),
    "choices": ("Choices", "Choice"),
}
"""The control for a type of result, and what its labels are in it."""
_FIELD = {"textarea": "text"}
"""Where a type of result has its values under another name."""
NO_RATE = "Label Studio counts frames; name the video's frame rate with --frame-rate."


def _write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
    if not writing.frame_rate:
        raise WozError(NO_RATE)
    FrameRate.of(writing.frame_rate)
    tasks = OutFile("label-studio.json", _text(bundles, writing, writing.frame_rate))
    return [tasks, OutFile("label-studio.config.xml", _config(bundles, writing.frame_rate))]


def _text(bundles: Sequence[SessionBundle], writing: Writing, rate: float) -> Iterator[str]:
    spoken = any(bundle.turns for bundle in bundles)
    for n, bundle in enumerate(bundles):
        yield (
            ("," if n else "[") + "\n" + json.dumps(_task(bundle, writing, rate, n + 1, spoken), ensure_ascii=False)
        )
    yield "\n]\n" if bundles else "[]\n"


def _task(bundle: SessionBundle, writing: Writing, rate: float, n: int, spoken: bool) -> dict[str, Any]:
    controls = _controls(bundle)
    media = relative(bundle.media, writing.folder)
    data: dict[str, Any] = {"video": media, "title": bundle.session.title, "session": bundle.session.id}
    data |= {"frame_rate": rate, "woz_tiers": {controls[tier.id]: _tier(tier) for tier in bundle.tiers}}
    data |= {"turns": [_line(turn) for turn in bundle.turns]} if spoken else {}
    works = [_work(bundle, tiers, controls, rate) for tiers in _groups(bundle)]
    people = [work for work in works if "model_version" not in work]
    machines = [work for work in works if "model_version" in work]
    return {"id": n, "data": data, "annotations": people, "predictions": machines}


def _tier(tier: Tier) -> dict[str, str]:
    return {"tier_type": tier.tier_type, "name": tier.name, "subject": tier.subject}


def _controls(bundle: SessionBundle) -> dict[str, str]:
    """The name of each tier's control: its tier type, with a number where one annotator has several."""
    found: dict[str, str] = {}
    for tiers in _groups(bundle):
        taken: set[str] = set()
        for tier in tiers:
            facts, n = _tier(tier), 1
            name = base = _control(tier.tier_type)
            while name in taken or any(
                found[other.id] == name and _tier(other) != facts for other in bundle.tiers if other.id in found
            ):
                n += 1
                name = f"{base} {n}"
            taken.add(name)
            found[tier.id] = name
    return found


def _control(tier_type: str) -> str:
    """A name that neither an object nor an attribute has."""
    taken = not tier_type or tier_type in OBJECTS or tier_type.startswith(tuple(OF_REGION.values()))
    return f"tier {tier_type}" if taken else tier_type


def _groups(bundle: SessionBundle) -> list[list[Tier]]:
    """The tiers of each annotator and of each machine; an annotation or a prediction each."""
    groups: dict[tuple[str, bool], list[Tier]] = {}
    for tier in bundle.tiers:
        groups.setdefault((bundle.maker(tier), _of_machine(tier)), []).append(tier)
    return list(groups.values())


def _of_machine(tier: Tier) -> bool:
    return tier.annotator_id is None and tier.made.origin == Origin.MACHINE


def _line(turn: Turn) -> dict[str, Any]:
    facts: dict[str, Any] = {"author": turn.speaker.value, "text": turn.text}
    facts |= {"start": seconds(turn.interval.start_ns), "end": seconds(turn.interval.end_ns)}
    more = {"voice": turn.voice, "checked": turn.checked, "translation": turn.translation}
    more |= {} if turn.doubt is None else {"doubtful": turn.doubt or True}
    return facts | {key: value for key, value in more.items() if value}


def _work(bundle: SessionBundle, tiers: list[Tier], controls: dict[str, str], rate: float) -> dict[str, Any]:
    frames = FrameRate.of(rate)
    results: list[dict[str, Any]] = []
    ids: set[str] = set()
    for tier in tiers:
        for each in bundle.in_tier(tier):
            ids.add(each.id)
            results += _results(bundle, tier, each, controls[tier.id], frames)
    results += [_relation(link) for link in bundle.links if _ends(link) <= ids and _joins(link)]
    maker = bundle.maker(tiers[0])
    if _of_machine(tiers[0]):
        return {"model_version": maker, "result": results}
    return {"created_username": maker, "ground_truth": False, "was_cancelled": False, "result": results}


def _ends(link: Link) -> set[str]:
    return {link.source.id, link.target.id}


def _joins(link: Link) -> bool:
    return link.source.kind == link.target.kind == "annotation"


def _relation(link: Link) -> dict[str, Any]:
    relation: dict[str, Any] = {"type": RELATION, "from_id": link.source.id, "to_id": link.target.id}
    relation |= {"direction": "right", "labels": [link.type]}
    meta: dict[str, Any] = {"text": [link.note]} if link.note else {}
    meta |= {} if link.doubt is None else {"doubtful": link.doubt or True}
    return relation | ({"meta": meta} if meta else {})


def _results(
    bundle: SessionBundle, tier: Tier, each: Annotation, control: str, rate: FrameRate
) -> Iterator[dict[str, Any]]:
    """The region with its labels, then one more with its id for each attribute."""
    names = [
        bundle.label_name(tier, each.label),
        *(str(at.value) for at in each.attributes if at.key == OTHER_LABELS),
    ]
    kind, to_name, place = _place(each, rate)
    main: dict[str, Any] = {"id": each.id, "type": kind, "from_name": control, "to_name": to_name}
    main["value"] = {**place, kind: names}
    if meta := _meta(each, kind):
        main["meta"] = meta
    if each.confidence is not None:
        main["score"] = each.confidence
    if each.parent_id:
        main["parentID"] = each.parent_id
    yield main
    by_key: dict[str, list[Attribute]] = {}
    for at in each.attributes:
        if at.key not in ASIDE and _holds(at) and not (kind == AUDIO and at.key == END_BEFORE):
            by_key.setdefault(at.key, []).append(at)
    for key, values in by_key.items():
        of, value = _said(bundle, tier, key, values)
        result = {"id": each.id, "type": of, "from_name": OF_REGION[of] + key, "to_name": to_name}
        yield result | {"value": {**place, _FIELD.get(of, of): value}}


def _place(each: Annotation, rate: FrameRate) -> tuple[str, str, dict[str, Any]]:
    """The type of the result, the object that it lies on, and where on it."""
    channel = each.value(CHANNEL)
    kept = {name: each.value(f"paragraph_{name}") for name in PARAGRAPH}
    if kept["start"] is not None:
        return PARAGRAPHS, "turns", {name: value for name, value in kept.items() if value is not None}
    if each.start_ns is None:
        return "choices", "video", {}
    if isinstance(channel, int) and not isinstance(channel, bool):
        end = end_in_file(each)
        times = {"start": seconds(each.start_ns), "end": seconds(each.start_ns if end is None else end)}
        return AUDIO, "audio", {**times, "channel": channel}
    first, last = frames_of(each, rate)
    return TIMELINE, "video", {"ranges": [{"start": first, "end": last}]}


def _meta(each: Annotation, kind: str) -> dict[str, Any]:
    """The note, and the times that the frames are too coarse for."""
    meta: dict[str, Any] = {"text": [each.note]} if each.note else {}
    if kind == TIMELINE and each.start_ns is not None:
        meta["start_s"] = seconds(each.start_ns)
        meta["end_s"] = None if each.end_ns is None else seconds(each.end_ns)
    return meta


def _holds(attribute: Attribute) -> bool:
    return attribute.value is not None and not isinstance(attribute.value, ItemRef)


def _said(bundle: SessionBundle, tier: Tier, key: str, values: list[Attribute]) -> tuple[str, Any]:
    first = values[0].value
    if len(values) == 1 and isinstance(first, int | float) and not isinstance(first, bool):
        return "number", first
    texts = [str(at.value).lower() if isinstance(at.value, bool) else str(at.value) for at in values]
    kind = next((each for each in bundle.tier_type(tier).attributes if each.key == key), None)
    chosen = isinstance(first, bool) or (kind is not None and kind.kind in _CHOSEN)
    return ("choices", texts) if chosen else ("textarea", texts)


def _config(bundles: Sequence[SessionBundle], rate: float) -> Iterator[str]:
    """A control for each tier and each attribute, over a video with its declared frame rate."""
    yield f'<View>\n  <Video name="video" value="$video" frameRate="{rate:g}"/>\n'
    labels: dict[str, dict[str, str]] = {}
    said: dict[tuple[str, str], dict[str, None]] = {}
    lying: dict[str, tuple[str, str]] = {}
    for bundle in bundles:
        _note_controls(bundle, labels, said, lying, FrameRate.of(rate))
    objects = {to_name for _, to_name in lying.values()}
    if "audio" in objects:
        yield '  <Audio name="audio" value="$video"/>\n'
    if "turns" in objects or any(bundle.turns for bundle in bundles):
        yield '  <Paragraphs name="turns" value="$turns" layout="dialogue"/>\n'
    for control, known in labels.items():
        yield from _labels_of(control, known, *lying.get(control, (TIMELINE, "video")))
    for (key, kind), choices in said.items():
        yield from _per_region(key, kind, choices)
    yield "</View>\n"


def _labels_of(control: str, known: dict[str, str], kind: str, to_name: str) -> Iterator[str]:
    tag, inner = _TAGS[kind]
    yield f'  <{tag} name={_quoted(control)} toName="{to_name}">\n'
    for name, colour in known.items():
        yield f"    <{inner} value={_quoted(name)} background={_quoted(colour)}/>\n"
    yield f"  </{tag}>\n"


def _note_controls(
    bundle: SessionBundle,
    labels: dict[str, dict[str, str]],
    said: dict[tuple[str, str], dict[str, None]],
    lying: dict[str, tuple[str, str]],
    rate: FrameRate,
) -> None:
    """Of each control its labels, and by its first region what it lies on; of each attribute its values."""
    controls = _controls(bundle)
    for tier in bundle.tiers:
        known = labels.setdefault(controls[tier.id], {})
        kind = bundle.tier_type(tier)
        for label in kind.offered:
            known[label.name()] = label.colour
        for attribute in kind.attributes:
            if attribute.kind in _CHOSEN:
                choices = said.setdefault((attribute.key, "choices"), {})
                choices.update(dict.fromkeys(choice.key for choice in attribute.values))
        for each in bundle.in_tier(tier):
            lying.setdefault(controls[tier.id], _place(each, rate)[:2])
            others = (str(at.value) for at in each.attributes if at.key == OTHER_LABELS)
            for name in (bundle.label_name(tier, each.label), *others):
                known.setdefault(name, kind.label(each.label).colour)
            for key in dict.fromkeys(at.key for at in each.attributes if at.key not in ASIDE and _holds(at)):
                of, value = _said(bundle, tier, key, [at for at in each.attributes if at.key == key and _holds(at)])
                choices = said.setdefault((key, of), {})
                choices.update(dict.fromkeys(value) if of == "choices" else {})


def _quoted(text: str) -> str:
    return quoteattr(xml_text(text))


def _per_region(key: str, kind: str, choices: dict[str, None]) -> Iterator[str]:
    name = f'name={_quoted(OF_REGION[kind] + key)} toName="video" perRegion="true"'
    if kind == "choices":
        yield f'  <Choices {name} choice="multiple">\n'
        yield from (f"    <Choice value={_quoted(choice)}/>\n" for choice in choices)
        yield "  </Choices>\n"
    else:
        yield f"  <{'Number' if kind == 'number' else 'TextArea'} {name}/>\n"


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    carried = (
        "turns",
        "links",
        "parents",
        "notes",
        "confidences",
        "annotations without a time",
        "points",
        "ends before their starts",
    )
    lost: Counter[str] = uncarried(bundles, (*carried, "values of attributes"))
    for bundle in bundles:
        group: dict[str, int] = {
            each.id: n for n, tiers in enumerate(_groups(bundle)) for tier in tiers for each in bundle.in_tier(tier)
        }
        lost["parents by other annotators"] += sum(
            each.parent_id is not None and group.get(each.parent_id) != group.get(each.id)
            for each in bundle.annotations
        )
        for link in bundle.links:
            apart = not _joins(link) or group.get(link.source.id) != group.get(link.target.id)
            lost["links between annotators, or with turns"] += apart
        lost["turns' confidences"] += sum(turn.confidence is not None for turn in bundle.turns)
        lost["words with times"] += sum(bool(turn.words) for turn in bundle.turns)
        lost["times at which the expert spoke"] += sum(turn.said is not None for turn in bundle.turns)
        lost["tiers without annotations"] += sum(not bundle.in_tier(tier) for tier in bundle.tiers)
        for each in bundle.annotations:
            count = Counter(at.key for at in each.attributes)
            lost["kinds of values where there are several"] += sum(
                count[at.key] > 1 and not isinstance(at.value, str) for at in each.attributes
            )
            lost["values that are nothing"] += sum(at.value is None for at in each.attributes)
    return told(lost)


FORMATS = (
    Format(
        "label-studio",
        "tasks of Label Studio, JSON",
        "label-studio.json",
        (
            "intervals and points",
            "attributes",
            "links",
            "parents",
            "notes",
            "confidences",
            "turns, what is checked or doubted",
            "annotators and models",
        ),
        ("words' times", "texts and places of values", "definitions of schemes"),
        "https://labelstud.io/guide/task_format",
        read=read,
        write=_write,
        losses=_losses,
    ),
)
