"""Reads tasks of Label Studio: a session a task, tiers for each annotation and each prediction of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.frames import FrameRate
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading, nanoseconds
from woz.formats.tools.label_studio_regions import LABELS, OTHER_LABELS, SAID, Span, said, spans_of
from woz.formats.vocabulary import Vocabulary
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LinkId, SessionId, TierId, TranscriptId, TurnId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.tier import Tier
from woz.model.transcript import Turn

Json = Mapping[str, Any]
RELATION = "relation"


@dataclass(frozen=True, slots=True)
class Region:
    """A result and what else is said of it; `key` is its id, `tier` the control that made it."""

    key: str
    tier: str
    label: str
    spans: tuple[Span, ...]
    attributes: tuple[Attribute, ...]
    note: str
    confidence: float | None
    parent: str


@dataclass(frozen=True, slots=True)
class Work:
    """One annotation or prediction of a task."""

    made: Made
    regions: tuple[Region, ...]
    relations: tuple[Json, ...]
    unknown: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Task:
    key: str
    data: Json
    works: tuple[Work, ...]
    skipped: int


def read(reading: Reading) -> Iterator[Part]:
    first, second = reading.passes(2)
    words = Vocabulary("label-studio", "Label Studio", reading.scheme)
    count = 0
    for task in _tasks(first):
        count += 1
        for n, work in enumerate(task.works):
            _note(words, task, f"{count} {n}", work)
    if not count:
        raise WozError(f"{reading.path} has no tasks of Label Studio; export the project as JSON.")
    for task in _tasks(second):
        yield from _parts(second, task, words)


def _note(words: Vocabulary, task: Task, place: str, work: Work) -> None:
    for region in work.regions:
        tier_type, name, _ = _tier_facts(task, region.tier)
        words.tier_type(tier_type, name)
        words.label(tier_type, region.label)
        for start_ns, end_ns, aside in region.spans:
            words.note(tier_type, f"{place} {region.tier}", start_ns, end_ns, (*region.attributes, *aside))
    for each in work.relations:
        words.link(_relation(each))


def _tasks(reading: Reading) -> Iterator[Task]:
    kind = next(reading.standing().json_events(), ("", "", None))[1]
    if kind != "start_array":
        raise WozError(f"{reading.path} is no list of tasks; export the project of Label Studio as JSON.")
    for n, task in enumerate(reading.json_items("item"), 1):
        try:
            yield _task(reading, task, n)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            why = str(error) if isinstance(error, ValueError) else "it isn't built as Label Studio builds it"
            raise WozError(f"{reading.path} can't be read: task {n} is not as it should be, {why}.") from error


def _task(reading: Reading, task: Json, n: int) -> Task:
    data = task["data"]
    rate = data.get("frame_rate") or reading.frame_rate
    frames = _frame_rate(reading, rate) if isinstance(rate, int | float) else None
    lines = _paragraphs(data)
    done = task.get("annotations") or task.get("completions") or []
    works = [
        _work(each, replace(reading.made, by=_by(each) or reading.made.by), frames, lines)
        for each in done
        if not each.get("was_cancelled")
    ]
    for each in task.get("predictions") or []:
        by = str(each.get("model_version") or "model")
        works.append(_work(each, replace(reading.made, origin=Origin.MACHINE, by=by), frames, lines))
    key = str(data.get("session") or task.get("id") or n)
    return Task(key, data, tuple(works), len(done) + len(task.get("predictions") or []) - len(works))


def _by(annotation: Json) -> str:
    """Who annotated; no address of a person."""
    name = str(annotation.get("created_username") or "").partition(",")[0].strip()
    if name and "@" not in name:
        return name
    who = annotation.get("completed_by")
    return f"annotator {who}" if isinstance(who, int) else ""


def _paragraphs(data: Json) -> list[Json]:
    """The lines of a dialogue in a task's data, the first list of them."""
    for value in data.values():
        if isinstance(value, list) and value and all(isinstance(each, dict) and "text" in each for each in value):
            return value
    return []


def _frame_rate(reading: Reading, rate: float) -> FrameRate:
    try:
        return FrameRate.of(rate)
    except WozError as error:
        raise WozError(f"{reading.path} can't be read: {error}") from error


def _work(each: Json, made: Made, rate: FrameRate | None, lines: Sequence[Json]) -> Work:
    groups: dict[str, list[Json]] = {}
    relations: list[Json] = []
    unknown = Counter[str]()
    for n, result in enumerate(each.get("result") or ()):
        kind = result.get("type")
        if kind == RELATION:
            relations.append(result)
        elif kind in LABELS or kind in SAID:
            groups.setdefault(str(result.get("id") or f"#{n}"), []).append(result)
        else:
            unknown[f"results of type {kind}"] += 1
    score = _score(each)
    regions = tuple(_region(key, results, rate, lines, score) for key, results in groups.items())
    return Work(made, regions, tuple(relations), unknown)


def _score(each: Json) -> float | None:
    score = each.get("score")
    return (
        float(score)
        if isinstance(score, int | float) and not isinstance(score, bool) and abs(score) < 1e9
        else None
    )


def _region(
    key: str, results: list[Json], rate: FrameRate | None, lines: Sequence[Json], score: float | None
) -> Region:
    main = next((each for each in results if each["type"] in LABELS), results[0])
    spans = tuple(spans_of(main, rate, lines)) or ((None, None, ()),)
    whole = main["type"] == "choices" and spans[0][0] is None
    names = main["value"].get("choices" if whole else main["type"]) if main["type"] in LABELS or whole else None
    labels = [str(name) for name in names] if isinstance(names, list) else []
    others = [each for each in results if each is not main or not (whole or main["type"] in LABELS)]
    attributes = [Attribute(OTHER_LABELS, label) for label in labels[1:]]
    for each in others:
        attributes += said(each)
    own = _score(main)
    confidence = score if own is None else own
    parent = str(main.get("parentID") or "")
    return Region(
        key,
        str(main.get("from_name")),
        labels[0] if labels else "",
        spans,
        tuple(attributes),
        _text(_meta(main)),
        confidence,
        parent,
    )


def _meta(result: Json) -> Json:
    meta = result.get("meta")
    return meta if isinstance(meta, dict) else {}


def _text(meta: Json) -> str:
    texts = meta.get("text")
    return "\n".join(str(text) for text in texts) if isinstance(texts, list) else str(texts or "")


def _tier_facts(task: Task, control: str) -> tuple[str, str, str]:
    """Tier type, name and subject of what a control made; woz writes them beside the data."""
    tiers = task.data.get("woz_tiers")
    facts = tiers.get(control) if isinstance(tiers, dict) else None
    if not isinstance(facts, dict):
        return control, control, ""
    tier_type = str(facts.get("tier_type") or control)
    return tier_type, str(facts.get("name", tier_type)), str(facts.get("subject") or "")


def _relation(each: Json) -> str:
    labels = each.get("labels")
    return str(labels[0]) if isinstance(labels, list) and labels else RELATION


def _parts(reading: Reading, task: Task, words: Vocabulary) -> Iterator[Part]:
    session_id, transcript_id = SessionId(reading.new_id()), TranscriptId(reading.new_id())
    media = next((str(task.data[name]) for name in ("video", "audio") if task.data.get(name)), "")
    title = str(task.data.get("title") or "")
    yield Begin(task.key, session_id, transcript_id, title, words.schemes, media=media)
    yield from _turns(reading, task, transcript_id)
    for work in task.works:
        yield from _Taking(reading, task, work, words, session_id).parts()
    if task.skipped:
        yield Lost("annotations that were skipped", task.skipped)


def _turns(reading: Reading, task: Task, transcript_id: TranscriptId) -> Iterator[Part]:
    timeless = 0
    for line in _paragraphs(task.data):
        try:
            start, end = nanoseconds(line["start"]), nanoseconds(line["end"])
            interval = Interval(start, end)
        except (KeyError, ValueError, ArithmeticError):
            timeless += 1
            continue
        author = str(line.get("author") or "")
        role = Role(author) if author in {each.value for each in Role} else Role.OTHER
        voice = str(line.get("voice") or (author if role.value != author else ""))
        yield Turn(
            TurnId(reading.new_id()),
            transcript_id,
            role,
            interval,
            str(line["text"]),
            voice=voice,
            checked=line.get("checked") is True,
            translation=str(line.get("translation") or ""),
            doubt=_doubt(line.get("doubtful")),
        )
    if timeless:
        yield Lost("lines of a dialogue without times", timeless)


def _doubt(value: object) -> str | None:
    return "" if value is True else str(value) if value else None


class _Taking:
    """Makes the parts of one annotation or prediction."""

    def __init__(self, reading: Reading, task: Task, work: Work, words: Vocabulary, session_id: SessionId) -> None:
        self._reading, self._task, self._work, self._words = reading, task, work, words
        self._session_id = session_id
        self._ids = {region.key: AnnotationId(reading.new_id()) for region in work.regions}

    def parts(self) -> Iterator[Part]:
        tiers = {
            control: self._tier(control) for control in dict.fromkeys(each.tier for each in self._work.regions)
        }
        yield from tiers.values()
        for region in self._parents_first():
            for n, span in enumerate(region.spans):
                yield self._annotation(region, span, tiers[region.tier], n)
        lost = Counter(self._work.unknown)
        for each in self._work.relations:
            links = self._links(each)
            lost["relations to what is not in the file"] += not links
            yield from links
        yield from (Lost(what, count) for what, count in lost.items() if count)

    def _parents_first(self) -> Iterator[Region]:
        waiting = {region.key: region for region in self._work.regions}

        def take(key: str) -> Iterator[Region]:
            way = []
            while key in waiting:
                way.append(waiting.pop(key))
                key = way[-1].parent
            yield from reversed(way)

        for region in self._work.regions:
            yield from take(region.key)

    def _tier(self, control: str) -> Tier:
        tier_type, name, subject = _tier_facts(self._task, control)
        place = self._words.fit(tier_type)
        return Tier(
            TierId(self._reading.new_id()),
            self._session_id,
            place.scheme.id,
            place.scheme.version,
            place.tier_type.key,
            name,
            self._work.made,
            subject=subject,
        )

    def _annotation(self, region: Region, span: Span, tier: Tier, n: int) -> Annotation:
        start_ns, end_ns, aside = span
        place = self._words.fit(_tier_facts(self._task, region.tier)[0])
        return Annotation(
            AnnotationId(self._reading.new_id()) if n else self._ids[region.key],
            tier.id,
            start_ns,
            end_ns,
            place.label(region.label),
            self._work.made,
            place.attributes((*region.attributes, *aside)),
            region.note,
            region.confidence,
            self._ids.get(region.parent) if region.parent != region.key else None,
        )

    def _links(self, each: Json) -> list[Link]:
        ends = [self._ids.get(str(each.get(name))) for name in ("from_id", "to_id")]
        source, target = ends
        if source is None or target is None:
            return []
        direction = each.get("direction")
        pairs = [(source, target)] if direction != "left" else [(target, source)]
        pairs += [(target, source)] if direction == "bi" else []
        return [self._link(each, *pair) for pair in pairs]

    def _link(self, relation: Json, source: str, target: str) -> Link:
        meta = _meta(relation)
        return Link(
            LinkId(self._reading.new_id()),
            self._session_id,
            _relation(relation),
            ItemRef("annotation", source),
            ItemRef("annotation", target),
            self._work.made,
            _text(meta),
            _doubt(meta.get("doubtful")),
        )
