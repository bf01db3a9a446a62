"""What a file of turns holds besides them: kept in a tier of its own, linked to its turns, and written back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from woz.formats.bundle import SessionBundle
from woz.formats.parts import Part
from woz.formats.reading import Reading
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LinkId, SchemeId, SessionId, TierId, TurnId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.scheme import AttributeType, LinkType, Overlap, Scheme, Shape, TierType, ValueKind
from woz.model.tier import Tier

OF, BEFORE = "of", "before"
"""The keys of links: an annotation tells more of a turn, or stands before it in the file."""
_BACKWARDS = "end_before_start_s"


@dataclass(frozen=True, slots=True)
class Kept:
    """`label` says what it is, `texts` are its parts. `span` (ns) is of a cue that is no turn."""

    label: str
    texts: Mapping[str, str]
    span: tuple[int, int] | None = None


def kept_scheme(key: str, name: str, attributes: Sequence[str]) -> Scheme:
    """`key` is the format's name: that of its scheme, and of the tier type."""
    texts = tuple(AttributeType(each, ValueKind.TEXT, {"en": each.capitalize()}) for each in attributes)
    number = AttributeType(_BACKWARDS, ValueKind.NUMBER, {"en": "End, before the start"}, unit="s")
    tier = TierType(key, {"en": name}, Shape.ANY, overlap=Overlap.ANY, open=True, attributes=(*texts, number))
    links = (LinkType(OF, (key,), ("turn",)), LinkType(BEFORE, (key,), ("turn",)))
    return Scheme(SchemeId(key), name, 1, (tier,), links)


class Keeping:
    """Makes parts of what is kept while a session is read; its tier comes with the first of them."""

    def __init__(self, reading: Reading, session_id: SessionId, scheme: Scheme) -> None:
        self._reading = reading
        self._session = session_id
        self._scheme = scheme
        self._tier: Tier | None = None

    def keep(self, kept: Kept, link: str = "", turn: TurnId | None = None) -> Iterator[Part]:
        tier = self._tier
        if tier is None:
            scheme, made = self._scheme, self._reading.made
            key = scheme.tier_types[0].key
            tier_id = TierId(self._reading.new_id())
            tier = Tier(tier_id, self._session, scheme.id, scheme.version, key, scheme.name, made)
            yield tier
            self._tier = tier
        annotation = self._annotation(kept, tier.id)
        yield annotation
        if turn:
            source, target = ItemRef("annotation", annotation.id), ItemRef("turn", turn)
            yield Link(LinkId(self._reading.new_id()), self._session, link, source, target, self._reading.made)

    def _annotation(self, kept: Kept, tier_id: TierId) -> Annotation:
        attributes = [Attribute(key, text) for key, text in kept.texts.items()]
        start, end = kept.span or (None, None)
        if start is not None and end is not None and end < start:
            attributes.append(Attribute(_BACKWARDS, end / 1e9))
            end = None
        new_id = AnnotationId(self._reading.new_id())
        return Annotation(new_id, tier_id, start, end, kept.label, self._reading.made, tuple(attributes))


@dataclass(frozen=True, slots=True)
class AllKept:
    """Of a session: by the turn that it is of, by the turn that it stands before, by its time, and all else."""

    of: Mapping[str, Kept]
    before: Mapping[str, Sequence[Kept]]
    cues: Sequence[Kept]
    rest: Sequence[Kept]


def kept_in(bundle: SessionBundle, key: str) -> AllKept:
    """In the order in which it was kept."""
    tiers = {tier.id for tier in bundle.tiers if tier.tier_type == key}
    turns = {str(turn.id) for turn in bundle.turns}
    links = {link.source.id: link for link in bundle.links if link.type in (OF, BEFORE) and link.target.id in turns}
    of: dict[str, Kept] = {}
    before: dict[str, list[Kept]] = {}
    cues, rest = [], []
    for each in bundle.annotations:
        if each.tier_id not in tiers:
            continue
        kept, link = _kept(each), links.get(each.id)
        if link and link.type == OF:
            of[link.target.id] = kept
        elif link:
            before.setdefault(link.target.id, []).append(kept)
        elif kept.span:
            cues.append(kept)
        else:
            rest.append(kept)
    return AllKept(of, before, cues, rest)


def _kept(each: Annotation) -> Kept:
    texts = {a.key: a.value for a in each.attributes if isinstance(a.value, str)}
    backwards = each.value(_BACKWARDS)
    if each.start_ns is None:
        return Kept(each.label, texts)
    end = each.end_ns if each.end_ns is not None else each.start_ns
    return Kept(each.label, texts, (each.start_ns, round(backwards * 1e9) if isinstance(backwards, float) else end))
