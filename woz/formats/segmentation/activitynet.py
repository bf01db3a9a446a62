"""Segments with labels as ActivityNet publishes them, and predictions of them, JSON.

Facts of the format: http://activity-net.org/challenges, and what its evaluation loads: of a data set `database`,
`taxonomy` and `version`, of predictions `results`, `version` and `external_data`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import exact_seconds
from woz.formats.format import Format, OutFile, Writing
from woz.formats.losses import told, uncarried
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading, nanoseconds
from woz.formats.spans import END_BEFORE, end_in_file, span_of
from woz.formats.values import MOST_WHOLE
from woz.formats.vocabulary import Vocabulary
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LabelId, SessionId, TierId, TranscriptId
from woz.model.item import ItemRef
from woz.model.origin import Origin
from woz.model.scheme import Label
from woz.model.tier import Tier

Json = Mapping[str, Any]
SEGMENTS, VIDEO = "segments", "video"
"""Tier types; of VIDEO there is one annotation without a time, with what the file says of the whole video."""
VERSION = "version"
_OWN = frozenset({"segment", "label", "score", "note", "tier"})
_APART = "attribute:"
"""Before the name of an attribute that is called as a field of the format is."""


def _read(reading: Reading) -> Iterator[Part]:
    first, second, third = reading.passes(3)
    version, taxonomy = _about(first)
    words = Vocabulary("activitynet", "ActivityNet", reading.scheme)
    words.tier_type(SEGMENTS)
    count = 0
    for each in taxonomy:
        words.declare(SEGMENTS, each)
    for key, video in _videos(second):
        count += 1
        for tier, segment in _segments(reading, key, video):
            words.label(SEGMENTS, segment.label)
            words.note(SEGMENTS, f"{key}\n{tier}", segment.start_ns, segment.end_ns, segment.attributes)
        if facts := _facts(video, version):
            words.tier_type(VIDEO)
            words.label(VIDEO, VIDEO)
            words.note(VIDEO, key, None, None, facts)
    if not count:
        raise WozError(f"{reading.path} has no database and no results of ActivityNet with a video.")
    for key, video in _videos(third):
        yield from _session(third, words, key, video, version)
    if taxonomy:
        yield Lost("numbers of the taxonomy's nodes", len(taxonomy))


def _about(reading: Reading) -> tuple[str, tuple[Label, ...]]:
    """The version, and the taxonomy as labels: a leaf's are what segments hold."""
    version, nodes = "", list[dict[str, str]]()
    for prefix, event, value in reading.json_events():
        if prefix == "" and event not in ("start_map", "end_map", "map_key"):
            raise WozError(f"{reading.path} is no object of ActivityNet, with a database or results in it.")
        if prefix == VERSION and event in ("string", "number"):
            version = str(value)
        elif prefix == "taxonomy.item" and event == "start_map":
            nodes.append({})
        elif prefix in ("taxonomy.item.nodeName", "taxonomy.item.parentName") and event == "string" and nodes:
            nodes[-1][prefix.rpartition(".")[2]] = value
    return version, tuple(_labels(nodes))


def _labels(nodes: Sequence[dict[str, str]]) -> Iterator[Label]:
    named = {node["nodeName"]: node for node in nodes if "nodeName" in node}
    for name, node in named.items():
        parent = node.get("parentName")
        known = LabelId(parent) if parent in named and parent != name else None
        yield Label(LabelId(name), name, {"en": name}, parent=known)


def _videos(reading: Reading) -> Iterator[tuple[str, Json]]:
    """Of a data set and of predictions alike: a video's name, and what is known of it."""
    for name in ("database", "results"):
        for key, value in reading.json_pairs(name):
            facts = {"predictions": value} if name == "results" else value
            if not isinstance(facts, dict):
                raise _no_video(reading, key, "it is no object")
            yield key, facts


def _no_video(reading: Reading, key: str, why: str) -> WozError:
    return WozError(f"{reading.path} can't be read: video {key[:80]} is not as it should be, {why}.")


def _segments(reading: Reading, key: str, video: Json) -> Iterator[tuple[str, Annotation]]:
    """Each with the name of its tier; the ids are still to be given."""
    machine = replace(reading.made, origin=Origin.MACHINE)
    for name, made in (("annotations", reading.made), ("predictions", machine)):
        found = video.get(name, [])
        if not isinstance(found, list):
            raise _no_video(reading, key, f"its {name} are no list")
        for each in found:
            try:
                start_ns, end_ns, before = _span(each)
                tier = str(each.get("tier") or (SEGMENTS if name == "annotations" else "predictions"))
                attributes = (*before, *_attributes(each))
                label, note, score = str(each["label"]), str(each.get("note", "")), _score(each.get("score"))
            except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
                raise _no_video(
                    reading, key, f"a segment of it has no label or no times ({str(each)[:60]})"
                ) from None
            yield (
                tier,
                Annotation(AnnotationId(""), TierId(""), start_ns, end_ns, label, made, attributes, note, score),
            )


def _span(each: Json) -> tuple[int, int | None, tuple[Attribute, ...]]:
    start, end = each["segment"]
    return span_of(nanoseconds(start), nanoseconds(end))


def _score(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST_WHOLE:
        raise ValueError
    return float(value)


def _attributes(each: Json) -> Iterator[Attribute]:
    for key, value in each.items():
        if key not in _OWN:
            for one in value if isinstance(value, list) else [value]:
                yield Attribute(
                    key.removeprefix(_APART), one if _plain(one) else json.dumps(one, ensure_ascii=False)
                )


def _plain(value: object) -> bool:
    number = isinstance(value, int | float) and abs(value) <= MOST_WHOLE
    return value is None or isinstance(value, str | bool) or number


def _facts(video: Json, version: str) -> tuple[Attribute, ...]:
    known = {key: value for key, value in video.items() if key not in ("annotations", "predictions", "duration")}
    if known.get("subset") == "":
        del known["subset"]
    if known and version:
        known[VERSION] = version
    return tuple(_attributes({_APART + key: value for key, value in known.items()}))


def _session(reading: Reading, words: Vocabulary, key: str, video: Json, version: str) -> Iterator[Part]:
    session_id = SessionId(reading.new_id())
    duration_ns = _duration(reading, key, video)
    yield Begin(key, session_id, TranscriptId(reading.new_id()), key, words.schemes, duration_ns=duration_ns)
    if facts := _facts(video, version):
        place = words.fit(VIDEO)
        tier = _tier(reading, words, session_id, VIDEO, VIDEO)
        made = reading.made
        yield tier
        key_ = AnnotationId(reading.new_id())
        yield Annotation(key_, tier.id, None, None, place.label(VIDEO), made, place.attributes(facts))
    tiers: dict[str, TierId] = {}
    place = words.fit(SEGMENTS)
    for name, each in _segments(reading, key, video):
        if name not in tiers:
            tier = replace(_tier(reading, words, session_id, SEGMENTS, name), made=each.made)
            tiers[name] = tier.id
            yield tier
        attributes = place.attributes(each.attributes)
        new = AnnotationId(reading.new_id())
        yield replace(each, id=new, tier_id=tiers[name], label=place.label(each.label), attributes=attributes)


def _duration(reading: Reading, key: str, video: Json) -> int | None:
    duration = video.get("duration")
    try:
        return None if duration is None else max(0, nanoseconds(duration))
    except (ValueError, ArithmeticError, TypeError):
        raise _no_video(reading, key, f"{str(duration)[:40]!r} is no duration in seconds") from None


def _tier(reading: Reading, words: Vocabulary, session_id: SessionId, kind: str, name: str) -> Tier:
    place = words.fit(kind)
    scheme = place.scheme
    tier_id = TierId(reading.new_id())
    return Tier(tier_id, session_id, scheme.id, scheme.version, place.tier_type.key, name, reading.made)


def _write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
    kinds = dict.fromkeys(tier.tier_type for bundle in bundles for tier in bundle.tiers if _timed(bundle, tier))
    files = []
    for kind in kinds:
        name = "".join(char if char.isalnum() or char in "-_" else "_" for char in kind)
        files.append(OutFile(f"{name}.activitynet.json", _database(bundles, kind)))
        if any(_of_machine(tier) for bundle in bundles for tier in _of_kind(bundle, kind)):
            files.append(OutFile(f"{name}.activitynet-predictions.json", _predictions(bundles, kind)))
    return files


def _timed(bundle: SessionBundle, tier: Tier) -> bool:
    return tier.tier_type != VIDEO and any(each.start_ns is not None for each in bundle.in_tier(tier))


def _of_kind(bundle: SessionBundle, kind: str) -> list[Tier]:
    return [tier for tier in bundle.tiers if tier.tier_type == kind]


def _of_machine(tier: Tier) -> bool:
    return tier.annotator_id is None and tier.made.origin == Origin.MACHINE


def _database(bundles: Sequence[SessionBundle], kind: str) -> Iterator[str]:
    version = next((str(at.value) for bundle in bundles for at in _of_video(bundle) if at.key == VERSION), "woz")
    taxonomy = list(_taxonomy(bundles, kind))
    yield "{" + f'"version": {_json(version)}, "taxonomy": {_json(taxonomy)},\n"database": {{'
    for n, bundle in enumerate(bundles):
        facts: dict[str, Any] = {}
        if bundle.session.duration_ns is not None:
            facts["duration"] = bundle.session.duration_ns / 10**9
        facts |= {"subset": "", **_fields([at for at in _of_video(bundle) if at.key != VERSION])}
        yield ("," if n else "") + f"\n{_json(bundle.session.id)}: {_json(facts)[:-1]}, "
        yield f'"annotations": [{", ".join(_objects(bundle, kind, machine=False))}]}}'
    yield "\n}}\n"


def _predictions(bundles: Sequence[SessionBundle], kind: str) -> Iterator[str]:
    yield '{"version": "woz", "results": {'
    for n, bundle in enumerate(bundles):
        yield (
            "," if n else ""
        ) + f"\n{_json(bundle.session.id)}: [{', '.join(_objects(bundle, kind, machine=True))}]"
    yield '\n}, "external_data": {}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _of_video(bundle: SessionBundle) -> tuple[Attribute, ...]:
    found = (each for tier in _of_kind(bundle, VIDEO) for each in bundle.in_tier(tier))
    return next((each.attributes for each in found), ())


def _fields(attributes: Iterable[Attribute]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for at in attributes:
        if at.key != END_BEFORE and not isinstance(at.value, ItemRef):
            fields.setdefault((_APART if at.key in _OWN else "") + at.key, []).append(at.value)
    return {key: values[0] if len(values) == 1 else values for key, values in fields.items()}


def _objects(bundle: SessionBundle, kind: str, machine: bool) -> Iterator[str]:
    tiers = [tier for tier in _of_kind(bundle, kind) if _of_machine(tier) == machine]
    usual = "predictions" if machine else SEGMENTS
    for tier in tiers:
        for each in bundle.in_tier(tier):
            if each.start_ns is not None:
                end = end_in_file(each)
                times = exact_seconds(each.start_ns), exact_seconds(each.start_ns if end is None else end)
                facts: dict[str, Any] = {"label": bundle.label_name(tier, each.label)}
                facts |= {} if each.confidence is None else {"score": each.confidence}
                facts |= {"note": each.note} if each.note else {}
                facts |= {"tier": tier.name} if tier.name and tier.name != usual else {}
                yield f'{{"segment": [{times[0]}, {times[1]}], {_json(facts | _fields(each.attributes))[1:]}'


def _taxonomy(bundles: Sequence[SessionBundle], kind: str) -> Iterator[dict[str, Any]]:
    """The labels' tree; each node by number, with its parent's."""
    labels: dict[str, Label] = {}
    for bundle in bundles:
        for tier in _of_kind(bundle, kind):
            labels |= {str(each.id): each for each in bundle.tier_type(tier).offered}
    numbers = {key: n for n, key in enumerate(labels, 1)}
    for key, each in labels.items():
        parent = labels.get(str(each.parent)) if each.parent else None
        yield {
            "nodeId": numbers[key],
            "nodeName": each.name(),
            "parentId": numbers[str(parent.id)] if parent else None,
            "parentName": parent.name() if parent else None,
        }


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    lost = uncarried(bundles, ("notes", "confidences", "values of attributes", "ends before their starts"))
    for bundle in bundles:
        lost["annotations without a time"] -= min(
            1, sum(bool(bundle.in_tier(tier)) for tier in _of_kind(bundle, VIDEO))
        )
    return told(lost)


FORMATS = (
    Format(
        "activitynet",
        "segments and predictions, ActivityNet JSON",
        "activitynet.json",
        ("intervals", "labels in a tree", "attributes", "notes", "scores of predictions"),
        ("points", "turns", "links", "parents", "who made what"),
        "http://activity-net.org",
        read=_read,
        write=_write,
        losses=_losses,
    ),
)
