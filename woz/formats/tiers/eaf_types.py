"""Linguistic types, vocabularies and languages of an ELAN file: those that it came with, and those of schemes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.tiers.eaf_document import Kept
from woz.formats.tiers.eaf_xml import element, parsed
from woz.formats.tiers.lanes import Lane, Stereotype, unused
from woz.formats.tiers.layers import LayerKind
from woz.model.ids import LinkId
from woz.model.item import ItemRef
from woz.model.scheme import Label, TierType

UNDETERMINED = "und"
_DESCRIPTIONS = {
    Stereotype.TIME_SUBDIVISION: "Time subdivision of parent annotation's time interval, no time gaps allowed"
    " within this interval",
    Stereotype.SYMBOLIC_SUBDIVISION: "Symbolic subdivision of a parent annotation. Annotations refering to the same"
    " parent are ordered",
    Stereotype.SYMBOLIC_ASSOCIATION: "1-1 association with a parent annotation",
    Stereotype.INCLUDED_IN: "Time alignable annotations within the parent annotation's time interval, gaps are"
    " allowed",
}
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
Elements = Callable[[str], Iterator[str]]


class Types:
    """`of` each lane is called before `text`."""

    def __init__(self, bundle: SessionBundle, kept: Sequence[Kept]) -> None:
        self._bundle = bundle
        self._kept = kept
        self._own_types = {
            each.attributes.get("LINGUISTIC_TYPE_ID", ""): each for each in _named(kept, "LINGUISTIC_TYPE")
        }
        self._own_tiers = {each.attributes.get("TIER_ID", ""): each.attributes for each in _named(kept, "TIER")}
        self._own_languages = {each.attributes.get("LANG_ID", "") for each in _named(kept, "LANGUAGE")}
        self._locales = {each.attributes.get("LANGUAGE_CODE", "") for each in _named(kept, "LOCALE")}
        self._own_links: dict[ItemRef, list[tuple[str, str]]] = {}
        for each in _named(kept, "CROSS_REF_LINK"):
            for link in (item for key, item in each.items if key == "LINK"):
                self._own_links.setdefault(link, []).extend(each.attributes.items())
        self._names = set(self._own_types)
        self._vocabulary_names = {
            each.attributes.get("CV_ID", "") for each in _named(kept, "CONTROLLED_VOCABULARY")
        }
        self._made: dict[tuple[str, ...], Kept] = {}
        self._vocabularies: dict[tuple[str, ...], tuple[str, TierType]] = {}
        self._more: dict[str, list[Label]] = {}
        self._languages: dict[str, str] = {}

    def own_tier(self, lane: Lane) -> Mapping[str, str]:
        """The attributes that the tier came with."""
        return self._own_tiers.get(lane.name, {}) if lane.layer.kind is LayerKind.TIER else {}

    def own_link(self, link_id: LinkId) -> list[tuple[str, str]]:
        """The attributes that a link came with."""
        return self._own_links.get(ItemRef("link", link_id), [])

    def of(self, lane: Lane) -> str:
        """The linguistic type of a lane."""
        own = self._own_types.get(self.own_tier(lane).get("LINGUISTIC_TYPE_REF", ""))
        if own and own.attributes.get("CONSTRAINTS", "") == lane.stereotype:
            self._grown(own, lane.layer.type)
            return own.attributes["LINGUISTIC_TYPE_ID"]
        layer, tier = lane.layer, lane.layer.tier
        key = (layer.kind, tier.scheme_id, str(tier.scheme_version), tier.tier_type) if tier else (layer.kind,)
        if (*key, lane.stereotype) not in self._made:
            name = layer.type.name() if layer.type else str(layer.kind)
            kind = "" if lane.stereotype is Stereotype.ROOT else f", {lane.stereotype.replace('_', ' ').lower()}"
            vocabulary = self._vocabulary(key, layer.type) if layer.type and layer.type.labels else ""
            self._made[(*key, lane.stereotype)] = self._type(
                unused(name + kind, self._names), lane.stereotype, vocabulary
            )
        return self._made[(*key, lane.stereotype)].attributes["LINGUISTIC_TYPE_ID"]

    def of_values(self) -> str:
        """The linguistic type of tiers that hold further texts."""
        kept = self._type(unused("value", self._names), Stereotype.SYMBOLIC_ASSOCIATION, "")
        self._made[("value",)] = kept
        return kept.attributes["LINGUISTIC_TYPE_ID"]

    def language(self, tag: str) -> str:
        """The id of a language, which is written from now on; empty for none."""
        if not tag:
            return ""
        if tag not in self._languages:
            plain = _LANGUAGE.fullmatch(tag) and tag not in self._locales
            self._languages[tag] = tag if plain else "lang_" + re.sub(r"[^A-Za-z0-9_.-]", "_", tag)
        return self._languages[tag]

    def text(self, elements: Elements) -> Iterator[str]:
        yield from elements("LINGUISTIC_TYPE")
        for each in self._made.values():
            yield _line(each)
        yield from elements("LOCALE")
        vocabularies = [*self._kept_vocabularies(), *self._own_vocabularies()]
        yield from elements("LANGUAGE")
        for tag, lang_id in self._languages.items():
            if lang_id not in self._own_languages:
                yield _line(Kept("LANGUAGE", {"LANG_ID": lang_id, "LANG_LABEL": tag}))
        yield from self._constraints()
        yield from vocabularies

    def _constraints(self) -> Iterator[str]:
        own = list(_named(self._kept, "CONSTRAINT"))
        known = {each.attributes.get("STEREOTYPE") for each in own}
        for each in own:
            yield _line(each)
        for stereotype, description in _DESCRIPTIONS.items():
            if stereotype not in known:
                yield _line(Kept("CONSTRAINT", {"DESCRIPTION": description, "STEREOTYPE": stereotype}))

    def _type(self, name: str, stereotype: Stereotype, vocabulary: str) -> Kept:
        attributes = {
            "CONSTRAINTS": str(stereotype),
            "CONTROLLED_VOCABULARY_REF": vocabulary,
            "GRAPHIC_REFERENCES": "false",
            "LINGUISTIC_TYPE_ID": name,
            "TIME_ALIGNABLE": "true" if stereotype.timed else "false",
        }
        return Kept("LINGUISTIC_TYPE", {key: value for key, value in attributes.items() if value})

    def _vocabulary(self, key: tuple[str, ...], tier_type: TierType) -> str:
        if key not in self._vocabularies:
            name = unused(tier_type.name(), self._vocabulary_names)
            self._vocabularies[key] = (name, tier_type)
        return self._vocabularies[key][0]

    def _grown(self, own: Kept, tier_type: TierType | None) -> None:
        """Labels that a vocabulary got since it came."""
        name = own.attributes.get("CONTROLLED_VOCABULARY_REF", "")
        content = next(
            (e.content for e in _named(self._kept, "CONTROLLED_VOCABULARY") if e.attributes.get("CV_ID") == name),
            None,
        )
        if content is not None and tier_type:
            known = {each.get("CVE_ID") for each in parsed(content)}
            known |= {label.id for label in self._more.get(name, [])}
            self._more.setdefault(name, []).extend(label for label in tier_type.labels if label.id not in known)

    def _kept_vocabularies(self) -> Iterator[str]:
        for each in _named(self._kept, "CONTROLLED_VOCABULARY"):
            more = "".join(self._entry(label) for label in self._more.get(each.attributes.get("CV_ID", ""), []))
            yield _line(Kept(each.name, each.attributes, "", each.content + more))

    def _own_vocabularies(self) -> Iterator[str]:
        for name, tier_type in self._vocabularies.values():
            entries = "".join(self._entry(label) for label in tier_type.labels)
            yield _line(Kept("CONTROLLED_VOCABULARY", {"CV_ID": name}, "", entries))

    def _entry(self, label: Label) -> str:
        values = "".join(
            element("CVE_VALUE", (("DESCRIPTION", label.start_rule), ("LANG_REF", self.language(tag))), name)
            for tag, name in (label.names or {UNDETERMINED: label.key}).items()
        )
        return element("CV_ENTRY_ML", (("CVE_ID", label.id),), content=values)


def _named(kept: Iterable[Kept], name: str) -> Iterator[Kept]:
    return (each for each in kept if each.name == name)


def _line(kept: Kept) -> str:
    return f"    {element(kept.name, kept.attributes.items(), kept.text, kept.content)}\n"
