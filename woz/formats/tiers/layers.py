"""A session as layers of texts on a time line, which formats of tiers lay out each in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.tiers.times import seconds_text
from woz.formats.tiers.values import CONFIDENCE, YES, doubt_text, values_of
from woz.model.annotation import Annotation
from woz.model.ids import TierId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.scheme import TierType
from woz.model.tier import Tier
from woz.model.transcript import Turn, Word

TRANSLATION, CHECKED, SAID, ORIGINS, DOUBT, FLAG = "translation", "checked", "said", "origins", "doubt", "flag"
DOUBTED = "doubtful"
"""Of a turn: why, or only that it is."""
DOUBTFUL, RIGHT = "doubtful", "right"


class LayerKind(StrEnum):
    TIER = "tier"
    TURNS = "turns"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Entry:
    """An annotation, a turn or a word: `id` names it among all. No `end_ns`: a point; no `start_ns`: no time.

    `value` is its text, `label` the id of the vocabulary's entry that it is. `values` are further texts by name;
    `marks` are attributes that the format at hand has a place of its own for.
    """

    id: str
    value: str
    start_ns: int | None
    end_ns: int | None
    parent: str = ""
    label: str = ""
    values: tuple[tuple[str, str], ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Layer:
    """`entries` are in time; `tier` and `type` are of a layer of annotations, `speaker` and `voice` of others."""

    kind: LayerKind
    name: str
    entries: list[Entry]
    parent: Layer | None = None
    tier: Tier | None = None
    type: TierType | None = None
    speaker: Role = Role.OTHER
    voice: str = ""
    subject: str = ""
    annotator: str = ""
    language: str = ""


def layers_of(bundle: SessionBundle, marked: frozenset[str] = frozenset(), without: str = "") -> list[Layer]:
    """A layer a speaker and voice, one of their words, and one a tier; parents first. `without` is a tier type that
    is left out; attributes with keys in `marked` become marks.
    """
    layers = list(_said(bundle))
    by_tier: dict[TierId, Layer] = {}
    annotations: dict[TierId, list[Annotation]] = {}
    for each in bundle.annotations:
        annotations.setdefault(each.tier_id, []).append(each)
    for tier in parents_first(bundle.tiers):
        if tier.tier_type != without:
            parent = by_tier.get(tier.parent_id) if tier.parent_id else None
            layer = _layer(bundle, tier, annotations.get(tier.id, []), parent, marked)
            by_tier[tier.id] = layer
            layers.append(layer)
    return layers


def parents_first(tiers: Iterable[Tier]) -> list[Tier]:
    """In their order, but none before its parent; one that is its own ancestor stands as it came."""
    left = {tier.id: tier for tier in tiers}
    found: list[Tier] = []

    def take(tier: Tier) -> None:
        left.pop(tier.id)
        if tier.parent_id in left:
            take(left[tier.parent_id])
        found.append(tier)

    while left:
        take(next(iter(left.values())))
    return found


def _layer(
    bundle: SessionBundle, tier: Tier, annotations: list[Annotation], parent: Layer | None, marked: frozenset[str]
) -> Layer:
    tier_type = bundle.tier_type(tier)
    names = {str(label.id): label.name() for label in tier_type.labels}
    ordered = sorted(annotations, key=_by_time)
    return Layer(
        LayerKind.TIER,
        tier.name or tier.tier_type,
        [_entry(each, tier, names, marked) for each in ordered],
        parent,
        tier,
        tier_type,
        subject=tier.subject,
        annotator=bundle.maker(tier) if tier.annotator_id or tier.made.origin == Origin.MANUAL else "",
    )


def _by_time(each: Annotation) -> tuple[int, int]:
    start = -1 if each.start_ns is None else each.start_ns
    return start, start if each.end_ns is None else each.end_ns


def _entry(each: Annotation, tier: Tier, names: dict[str, str], marked: frozenset[str]) -> Entry:
    known = each.label in names
    return Entry(
        each.id,
        names[each.label] if known else each.label,
        each.start_ns,
        each.end_ns,
        each.parent_id or "",
        each.label if known else "",
        tuple(values_of(each, tier.made.origin, marked)),
        tuple((a.key, str(a.value)) for a in each.attributes if a.key in marked),
    )


def _said(bundle: SessionBundle) -> Iterator[Layer]:
    speakers: dict[tuple[Role, str], list[Turn]] = {}
    for turn in bundle.turns:
        speakers.setdefault((turn.speaker, turn.voice), []).append(turn)
    language = bundle.transcript.language if bundle.transcript else ""
    for (speaker, voice), turns in speakers.items():
        name = voice or str(speaker)
        said = Layer(LayerKind.TURNS, name, [_turn(turn) for turn in turns], None, None, None, speaker, voice)
        said.language = language
        said.subject = name
        yield said
        words = [_word(turn, number, word) for turn in turns for number, word in enumerate(turn.words, 1)]
        if words:
            layer = Layer(LayerKind.WORDS, f"{name} words", words, said, None, None, speaker, voice)
            layer.language = language
            layer.subject = name
            yield layer


def _turn(turn: Turn) -> Entry:
    return Entry(turn.id, turn.text, *_times(turn.interval), values=tuple(_values_of_turn(turn)))


def _times(interval: Interval) -> tuple[int, int]:
    return interval.start_ns, interval.end_ns


def _values_of_turn(turn: Turn) -> Iterator[tuple[str, str]]:
    if turn.translation:
        yield TRANSLATION, turn.translation
    if turn.checked:
        yield CHECKED, YES
    if turn.said is not None:
        yield SAID, f"{seconds_text(turn.said.start_ns)} {seconds_text(turn.said.end_ns)}"
    if turn.confidence is not None:
        yield CONFIDENCE, repr(turn.confidence)
    if turn.doubt is not None:
        yield DOUBTED, doubt_text(turn.doubt)
    if turn.origins:
        yield ORIGINS, " ".join(turn.origins)


def _word(turn: Turn, number: int, word: Word) -> Entry:
    values = []
    if word.confidence is not None:
        values.append((CONFIDENCE, repr(word.confidence)))
    if word.doubt is not None:
        values.append((DOUBT, DOUBTFUL if word.doubt else RIGHT))
    if word.flag:
        values.append((FLAG, word.flag))
    return Entry(f"{turn.id}.{number}", word.text, *_times(word.interval), turn.id, values=tuple(values))
