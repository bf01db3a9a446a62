"""The scheme of an ELAN file that woz didn't write: a tier type a linguistic type, labels by its vocabulary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from woz.formats.reading import Reading
from woz.formats.tiers.eaf_document import Kept
from woz.formats.tiers.eaf_scratch import FileTier
from woz.formats.tiers.eaf_xml import parsed
from woz.formats.tiers.lanes import Stereotype, unused
from woz.model.ids import LabelId, SchemeId
from woz.model.own_schemes import PALETTE
from woz.model.scheme import Cover, Label, Overlap, Parent, Relation, Scheme, Shape, TierType

_RELATIONS = {
    Stereotype.TIME_SUBDIVISION: Relation.SUBDIVIDES,
    Stereotype.INCLUDED_IN: Relation.INSIDE,
    Stereotype.SYMBOLIC_SUBDIVISION: Relation.SUBDIVIDES,
    Stereotype.SYMBOLIC_ASSOCIATION: Relation.ONE_TO_ONE,
}


class ForeignScheme:
    """Tiers whose linguistic type, or whose own name, is a tier type of the user's scheme are of that one."""

    def __init__(
        self, reading: Reading, kept: Sequence[Kept], tiers: Sequence[FileTier], by_name: Mapping[str, FileTier]
    ) -> None:
        self._wanted = reading.scheme
        self._types = {e.attributes.get("LINGUISTIC_TYPE_ID", ""): e for e in kept if e.name == "LINGUISTIC_TYPE"}
        self._vocabularies = {e.attributes.get("CV_ID", ""): e for e in kept if e.name == "CONTROLLED_VOCABULARY"}
        self._by_name = by_name
        self._keys: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self._made: dict[str, TierType] = {}
        self._of: dict[int, TierType] = {}
        for tier in tiers:
            self._type(tier)
        self._scheme = self._named(reading.path.stem)

    def schemes(self) -> Iterator[Scheme]:
        if self._made:
            yield self._scheme
        if self._wanted:
            yield self._wanted

    def type_of(self, tier: FileTier) -> tuple[Scheme, TierType]:
        chosen = self._chosen(tier)
        if chosen and self._wanted:
            return self._wanted, chosen
        return self._scheme, self._of[tier.number]

    def _named(self, stem: str) -> Scheme:
        types = tuple(self._made.values())
        digest = hashlib.blake2b(msgspec.json.encode(types), digest_size=6).hexdigest()
        return Scheme(SchemeId(f"elan-{digest}"), f"ELAN, {stem}", 1, types)

    def _chosen(self, tier: FileTier) -> TierType | None:
        names = (tier.name, tier.attributes.get("LINGUISTIC_TYPE_REF", ""))
        types = self._wanted.tier_types if self._wanted else ()
        return next((each for name in names for each in types if name in (each.key, each.name())), None)

    def _type(self, tier: FileTier, below: tuple[int, ...] = ()) -> TierType:
        """Also of its parents, which a tier type names."""
        if tier.number in self._of:
            return self._of[tier.number]
        if chosen := self._chosen(tier):
            return chosen
        name = tier.attributes.get("LINGUISTIC_TYPE_REF", "") or "tier"
        above = self._by_name.get(tier.parent)
        parent = self._type(above, (*below, tier.number)).key if above and above.number not in below else ""
        if (name, parent) not in self._keys:
            key = self._keys[name, parent] = unused(name, self._taken)
            self._made[key] = self._new_type(key, name, parent)
        self._of[tier.number] = self._made[self._keys[name, parent]]
        return self._of[tier.number]

    def _new_type(self, key: str, name: str, parent: str) -> TierType:
        own = self._types.get(name)
        attributes = own.attributes if own else {}
        constraint = attributes.get("CONSTRAINTS", "")
        stereotype = Stereotype(constraint) if constraint in list(Stereotype) else Stereotype.ROOT
        vocabulary = self._vocabularies.get(attributes.get("CONTROLLED_VOCABULARY_REF", ""))
        hold = Parent(parent, _RELATIONS[stereotype]) if parent and stereotype in _RELATIONS else None
        return TierType(
            key,
            {"en": name},
            Shape.INTERVAL if stereotype.timed else Shape.SESSION,
            Cover.FREE,
            Overlap.ANY,
            hold,
            open=True,
            labels=tuple(_labels(vocabulary)) if vocabulary else (),
        )


def _labels(vocabulary: Kept) -> Iterator[Label]:
    entries: dict[str, dict[str, str]] = {}
    for entry in parsed(vocabulary.content):
        if entry.tag == "CV_ENTRY_ML" and entry.get("CVE_ID"):
            names = {str(each.get("LANG_REF")): each.text or "" for each in entry if each.tag == "CVE_VALUE"}
            entries[str(entry.get("CVE_ID"))] = names
    plain = [Label(LabelId(key), key, names) for key, names in entries.items()]
    for number, label in enumerate(_unambiguous(plain)):
        yield replace(label, colour=PALETTE[number % len(PALETTE)])


def _unambiguous(labels: Iterable[Label]) -> Iterator[Label]:
    """Keys are what people read: the name, where it is no other's."""
    taken: set[str] = set()
    for label in labels:
        yield replace(label, key=unused(label.name() or label.key, taken))
