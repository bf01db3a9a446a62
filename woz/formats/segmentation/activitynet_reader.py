"""Reads data sets and predictions of ActivityNet, however many segments a video has: they stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from woz.base.errors import WozError
from woz.formats.long_lists import ANY, BARE, Holder, Layout, found, holders
from woz.formats.parts import Begin, Lost, Part
from woz.formats.passes import passes
from woz.formats.reading import Reading, nanoseconds
from woz.formats.spans import span_of
from woz.formats.values import MOST_WHOLE
from woz.formats.vocabulary import Vocabulary
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LabelId, SessionId, TierId, TranscriptId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Label
from woz.model.tier import Tier

Json = Mapping[str, Any]
SEGMENTS, PREDICTIONS, VIDEO = "segments", "predictions", "video"
"""Names of tiers; the first and the last are tier types. Of VIDEO there is one annotation without a time, with what
the file says of the whole video."""
VERSION, SUBSET = "version", "subset"
OWN = frozenset({"segment", "label", "score", "note", "tier"})
APART = "attribute:"
"""Before the name of an attribute that is called as a field of the format is."""
_FILE = "a data set of ActivityNet"
_LAYOUTS = {
    "database": Layout(_FILE, ("database", ANY), ("annotations", PREDICTIONS)),
    "results": Layout(_FILE, ("results", ANY), (BARE,)),
}


def read(reading: Reading) -> Iterator[Part]:
    first, second, third, fourth = passes(reading, 4)
    about = _about(first)
    words = Vocabulary("activitynet", "ActivityNet", reading.scheme)
    words.tier_type(SEGMENTS)
    for each in about.taxonomy:
        words.declare(SEGMENTS, each)
    count = sum(_note(second, words, layout, about.version) for layout in about.layouts)
    if not count:
        raise WozError(f"{reading.path} has no database and no results of ActivityNet with a video.")
    for layout in about.layouts:
        for holder in holders(third, fourth, layout):
            yield from _Video(reading, words, holder).parts(about.version)
    if about.taxonomy:
        yield Lost("numbers of the taxonomy's nodes", len(about.taxonomy))


@dataclass(frozen=True, slots=True)
class _About:
    """What a file is of, and its taxonomy as labels: a leaf's are what segments hold."""

    version: str
    taxonomy: tuple[Label, ...]
    layouts: tuple[Layout, ...]


def _about(reading: Reading) -> _About:
    version, nodes, known = "", list[dict[str, str]](), dict[str, None]()
    for prefix, event, value in reading.json_events():
        if prefix == "" and event not in ("start_map", "end_map", "map_key"):
            raise WozError(f"{reading.path} is no object of ActivityNet, with a database or results in it.")
        if prefix in _LAYOUTS and event == "start_map":
            known[prefix] = None
        elif prefix == VERSION and event in ("string", "number"):
            version = str(value)
        elif prefix == "taxonomy.item" and event == "start_map":
            nodes.append({})
        elif prefix in ("taxonomy.item.nodeName", "taxonomy.item.parentName") and event == "string" and nodes:
            nodes[-1][prefix.rpartition(".")[2]] = value
    return _About(version, tuple(_labels(nodes)), tuple(_LAYOUTS[name] for name in _LAYOUTS if name in known))


def _labels(nodes: Sequence[dict[str, str]]) -> Iterator[Label]:
    named = {node["nodeName"]: node for node in nodes if "nodeName" in node}
    for name, node in named.items():
        parent = node.get("parentName")
        known = LabelId(parent) if parent in named and parent != name else None
        yield Label(LabelId(name), name, {"en": name}, parent=known)


def _note(reading: Reading, words: Vocabulary, layout: Layout, version: str) -> int:
    """What there is of labels and attributes; the answer is how many videos."""
    count = 0
    for each in found(reading, layout, {"item", "head"}):
        key = each.way[-1]
        if each.kind == "item":
            tier, segment = _segment(reading, key, each.name, each.value)
            words.label(SEGMENTS, segment.label)
            words.note(SEGMENTS, f"{key}\n{tier}", segment.start_ns, segment.end_ns, segment.attributes)
        else:
            count += 1
            _demand_lists(reading, key, each.value, layout)
            if facts := _facts(each.value, version):
                words.tier_type(VIDEO)
                words.label(VIDEO, VIDEO)
                words.note(VIDEO, key, None, None, facts)
    return count


def _demand_lists(reading: Reading, key: str, head: Json, layout: Layout) -> None:
    wrong = [name for name in layout.long if (head.get(name, []) if name != BARE else [*head]) != []]
    if wrong:
        raise _no_video(reading, key, f"its {wrong[0] or PREDICTIONS} are no list")


def _segment(reading: Reading, key: str, name: str, told: Any) -> tuple[str, Annotation]:
    """With the name of its tier; the ids are still to be given."""
    usual = SEGMENTS if name == "annotations" else PREDICTIONS
    try:
        start, end = told["segment"]
        start_ns, end_ns, before = span_of(nanoseconds(start), nanoseconds(end))
        attributes = (*before, *_attributes({k: value for k, value in told.items() if k not in OWN}))
        label, note, score = str(told["label"]), str(told.get("note", "")), _score(told.get("score"))
        tier = str(told.get("tier") or usual)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        raise _no_video(reading, key, f"a segment of it has no label or no times ({str(told)[:60]})") from None
    made = reading.made if usual == SEGMENTS else replace(reading.made, origin=Origin.MACHINE)
    return tier, Annotation(AnnotationId(""), TierId(""), start_ns, end_ns, label, made, attributes, note, score)


def _score(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST_WHOLE:
        raise ValueError
    return float(value)


def _attributes(told: Json) -> Iterable[Attribute]:
    for key, value in told.items():
        for one in value if isinstance(value, list) else [value]:
            yield Attribute(key.removeprefix(APART), one if _plain(one) else json.dumps(one, ensure_ascii=False))


def _plain(value: object) -> bool:
    number = isinstance(value, int | float) and abs(value) <= MOST_WHOLE
    return value is None or isinstance(value, str | bool) or number


def _facts(video: Json, version: str) -> tuple[Attribute, ...]:
    known = {key: value for key, value in video.items() if key not in ("annotations", PREDICTIONS, "duration")}
    if known.get(SUBSET) == "":
        del known[SUBSET]
    if known and version:
        known[VERSION] = version
    return tuple(_attributes(known))


def _no_video(reading: Reading, key: str, why: str) -> WozError:
    return WozError(f"{reading.path} can't be read: video {key[:80]} is not as it should be, {why}.")


class _Video:
    """Makes the parts of one video."""

    def __init__(self, reading: Reading, words: Vocabulary, holder: Holder) -> None:
        self._reading, self._words, self._holder = reading, words, holder
        self._key = holder.way[-1]
        self._session_id = SessionId(reading.new_id())

    def parts(self, version: str) -> Iterator[Part]:
        head, new_id = self._holder.head, self._reading.new_id
        schemes, duration_ns = self._words.schemes, self._duration(head)
        yield Begin(
            self._key, self._session_id, TranscriptId(new_id()), self._key, schemes, duration_ns=duration_ns
        )
        if facts := _facts(head, version):
            place, made = self._words.fit(VIDEO), self._reading.made
            tier = self._tier(VIDEO, VIDEO, made)
            yield tier
            key = AnnotationId(new_id())
            yield Annotation(key, tier.id, None, None, place.label(VIDEO), made, place.attributes(facts))
        yield from self._segments()

    def _segments(self) -> Iterator[Part]:
        tiers: dict[str, TierId] = {}
        place = self._words.fit(SEGMENTS)
        for name, told in self._holder.items:
            tier_name, each = _segment(self._reading, self._key, name, told)
            if tier_name not in tiers:
                tier = self._tier(SEGMENTS, tier_name, each.made)
                tiers[tier_name] = tier.id
                yield tier
            attributes = place.attributes(each.attributes)
            new, label = AnnotationId(self._reading.new_id()), place.label(each.label)
            yield replace(each, id=new, tier_id=tiers[tier_name], label=label, attributes=attributes)

    def _duration(self, head: Json) -> int | None:
        duration = head.get("duration")
        try:
            return None if duration is None else max(0, nanoseconds(duration))
        except (ValueError, ArithmeticError, TypeError):
            why = f"{str(duration)[:40]!r} is no duration in seconds"
            raise _no_video(self._reading, self._key, why) from None

    def _tier(self, kind: str, name: str, made: Made) -> Tier:
        place = self._words.fit(kind)
        scheme, tier_id = place.scheme, TierId(self._reading.new_id())
        return Tier(tier_id, self._session_id, scheme.id, scheme.version, place.tier_type.key, name, made)
