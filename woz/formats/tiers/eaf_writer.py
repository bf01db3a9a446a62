"""Writes a session as an ELAN file, EAF 3.0: times in ms; where they are finer, the time slot's name has the ns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from mimetypes import guess_type

import msgspec

from woz.base.interval import NS_PER_MS
from woz.formats.bundle import SessionBundle
from woz.formats.format import Writing
from woz.formats.places import relative
from woz.formats.tiers.eaf_document import (
    DOCUMENT,
    DOUBTS,
    FORMAT,
    MARKS,
    PARENTS,
    Kept,
    SessionFact,
    TierFact,
    kept_in,
)
from woz.formats.tiers.eaf_types import Types
from woz.formats.tiers.eaf_xml import element, opening, xml_id
from woz.formats.tiers.lanes import Lane, Placed, Stereotype, lanes_of, unused
from woz.formats.tiers.layers import LayerKind, layers_of
from woz.formats.tiers.values import END_BEFORE_START
from woz.model.stream import StreamKind

_NO_SCHEMA = (
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("xsi:noNamespaceSchemaLocation", "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"),
)
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def write_eaf(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    return _Document(bundle, writing).text()


class _Slots:
    """Time slots, in the order of time; an annotation of a subdivision shares its neighbour's."""

    def __init__(self, lanes: Iterable[Lane]) -> None:
        self._times: list[tuple[int, str, bool]] = []
        self._of: dict[int, tuple[int, int]] = {}
        for lane in lanes:
            for before, placed in zip([None, *lane.placed], lane.placed, strict=False):
                if lane.stereotype.timed:
                    self._of[id(placed)] = self._pair(placed, before)
        order = sorted(range(len(self._times)), key=lambda each: (self._times[each][0], each))
        self._names = [""] * len(order)
        for number, each in enumerate(order, 1):
            self._names[each] = f"ts{number}{self._times[each][1]}"
        self._order = order

    def _pair(self, placed: Placed, before: Placed | None) -> tuple[int, int]:
        entry, marks = placed.entry, dict(placed.entry.marks)
        if placed.lane.timeless:
            return self._slot(placed.start_ms, ""), self._slot(placed.end_ms, "")
        assert entry.start_ns is not None
        open_ = marks.get("unaligned", "")
        start = self._slot(placed.start_ms, _fine(entry.start_ns, placed.start_ms), open_ in ("start", "both"))
        start = self._shared(placed, before) or start
        if END_BEFORE_START in marks:
            return start, self._slot(_milliseconds(marks[END_BEFORE_START]), "")
        if entry.end_ns is None or entry.end_ns == entry.start_ns:
            return start, self._slot(placed.end_ms, "p" if entry.end_ns is None else "z")
        return start, self._slot(placed.end_ms, _fine(entry.end_ns, placed.end_ms), open_ in ("end", "both"))

    def _shared(self, placed: Placed, before: Placed | None) -> int | None:
        if placed.lane.stereotype is not Stereotype.TIME_SUBDIVISION or not before:
            return None
        return self._of[id(before)][1] if before.entry.end_ns == placed.entry.start_ns else None

    def _slot(self, ms: int, mark: str, unaligned: bool = False) -> int:
        self._times.append((ms, mark, unaligned))
        return len(self._times) - 1

    def of(self, placed: Placed) -> tuple[tuple[str, str], tuple[str, str]]:
        start, end = self._of[id(placed)]
        return ("TIME_SLOT_REF1", self._names[start]), ("TIME_SLOT_REF2", self._names[end])

    def text(self) -> Iterator[str]:
        used = {slot for pair in self._of.values() for slot in pair}
        yield "    <TIME_ORDER>\n"
        for each in self._order:
            if each in used:
                ms, _, unaligned = self._times[each]
                value = () if unaligned else (("TIME_VALUE", str(ms)),)
                yield f"        {element('TIME_SLOT', (('TIME_SLOT_ID', self._names[each]), *value))}\n"
        yield "    </TIME_ORDER>\n"


def _fine(ns: int, ms: int) -> str:
    return "" if ns == ms * NS_PER_MS else f"_{ns}"


def _milliseconds(text: str) -> int:
    try:
        return max(0, round(float(text) * 1000))
    except (ValueError, OverflowError):
        return 0


class _Document:
    def __init__(self, bundle: SessionBundle, writing: Writing) -> None:
        self._bundle = bundle
        self._writing = writing
        self._kept = [each for each in kept_in(bundle) if _TAG.fullmatch(each.name)]
        self._lanes = lanes_of(layers_of(bundle, frozenset(MARKS), DOCUMENT))
        self._types = Types(bundle, self._kept)
        self._slots = _Slots(self._lanes)
        self._names = {lane.name for lane in self._lanes}
        self._values = [pair for lane in self._lanes for pair in self._value_tiers(lane)]
        self._type_names = [self._types.of(lane) for lane in self._lanes]
        self._value_type = self._types.of_values() if self._values else ""
        self._links = list(self._link_sets())

    def _value_tiers(self, lane: Lane) -> Iterator[tuple[Lane, str, str]]:
        """The names of a lane's further texts, in the order in which they first come, and of their tiers."""
        keys = dict.fromkeys(key for placed in lane.placed for key, _ in placed.entry.values)
        for key in keys:
            yield lane, key, unused(f"{lane.name}:{key}", self._names)

    def text(self) -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield opening("ANNOTATION_DOCUMENT", self._about()) + "\n"
        yield from self._of("LICENSE", self._licence())
        yield from self._header()
        yield from self._slots.text()
        yield from self._tiers()
        yield from self._types.text(self._elements)
        yield from self._elements("LEXICON_REF")
        yield from self._links
        yield from self._elements("EXTERNAL_REF")
        yield "</ANNOTATION_DOCUMENT>\n"

    def _about(self) -> tuple[tuple[str, str], ...]:
        own = next((each.attributes for each in self._kept if each.name == "ANNOTATION_DOCUMENT"), {})
        date = datetime.fromtimestamp(self._bundle.session.start_utc_ns // 10**9, UTC).isoformat()
        return (
            ("AUTHOR", own.get("AUTHOR", "woz")),
            ("DATE", own.get("DATE", date)),
            ("FORMAT", FORMAT),
            ("VERSION", FORMAT),
            *_NO_SCHEMA,
        )

    def _elements(self, name: str) -> Iterator[str]:
        return self._of(name, ())

    def _of(self, name: str, otherwise: Iterable[Kept]) -> Iterator[str]:
        kept = [each for each in self._kept if each.name == name]
        for each in kept or otherwise:
            yield f"    {element(each.name, each.attributes.items(), each.text, each.content)}\n"

    def _licence(self) -> Iterator[Kept]:
        provenance = self._bundle.session.provenance
        if provenance:
            yield Kept("LICENSE", {"LICENSE_URL": ""}, f"{provenance.licence}, {provenance.source}")

    def _header(self) -> Iterator[str]:
        own = next((each.attributes for each in self._kept if each.name == "HEADER"), {"MEDIA_FILE": ""})
        yield f"    {opening('HEADER', {**own, 'TIME_UNITS': 'milliseconds'}.items())}\n"
        own_view = [f"    {element(each.name, each.attributes.items())}\n" for each in self._media()]
        for line in own_view or self._elements("MEDIA_DESCRIPTOR"):
            yield f"    {line}"
        for name in ("LINKED_FILE_DESCRIPTOR", "PROPERTY"):
            for line in self._elements(name):
                yield f"    {line}"
        for name, fact in self._properties():
            yield f"        {element('PROPERTY', (('NAME', name),), fact)}\n"
        yield "    </HEADER>\n"

    def _media(self) -> Iterator[Kept]:
        if any(stream.kind is StreamKind.VIEW for stream in self._bundle.streams):
            way = relative(self._bundle.media, self._writing.folder)
            way = way if way.startswith("../") else f"./{way}"
            mime = guess_type(self._bundle.media.name)[0] or "video/x-matroska"
            yield Kept("MEDIA_DESCRIPTOR", {"MEDIA_URL": way, "MIME_TYPE": mime, "RELATIVE_MEDIA_URL": way})

    def _properties(self) -> Iterator[tuple[str, str]]:
        session, transcript = self._bundle.session, self._bundle.transcript
        language = transcript.language if transcript else ""
        yield (
            "woz",
            _json(SessionFact(session.title, session.duration_ns, session.start_utc_ns, language, session.takes)),
        )
        used = {
            (lane.layer.tier.scheme_id, lane.layer.tier.scheme_version) for lane in self._lanes if lane.layer.tier
        }
        for scheme_id, version in sorted(used):
            if scheme := self._bundle.schemes.get((scheme_id, version)):
                yield f"woz:scheme:{scheme_id}:{version}", _json(scheme)
        if self._kept:
            yield "woz:document", _json(self._kept)
        if doubts := {xml_id(each.id): each.doubt for each in self._bundle.links if each.doubt is not None}:
            yield DOUBTS, _json(doubts)
        for lane in self._lanes:
            yield f"woz:tier:{lane.name}", _fact(lane)
        for _, key, name in self._values:
            yield f"woz:tier:{name}", _json(TierFact("value", key=key))

    def _tiers(self) -> Iterator[str]:
        values: dict[int, list[tuple[str, str]]] = {}
        for lane, key, name in self._values:
            values.setdefault(id(lane), []).append((key, name))
        number = 0
        for lane, type_name in zip(self._lanes, self._type_names, strict=True):
            yield from self._tier(lane, type_name)
            for key, name in values.get(id(lane), []):
                yield f"    {opening('TIER', self._tier_names(lane, name, self._value_type, lane.name))}\n"
                for placed in lane.placed:
                    for text in (text for found, text in placed.entry.values if found == key):
                        number += 1
                        yield _annotation(
                            "REF_ANNOTATION",
                            (("ANNOTATION_ID", f"v{number}"), ("ANNOTATION_REF", xml_id(placed.entry.id))),
                            text,
                        )
                yield "    </TIER>\n"

    def _tier_names(self, lane: Lane, name: str, type_name: str, parent: str) -> list[tuple[str, str]]:
        layer = lane.layer
        own = self._types.own_tier(lane) if name == lane.name else {}
        found = {
            "ANNOTATOR": layer.annotator,
            "LANG_REF": self._types.language(layer.language),
            **{key: value for key, value in own.items() if key not in ("LINGUISTIC_TYPE_REF", "PARENT_REF")},
            "LINGUISTIC_TYPE_REF": type_name,
            "PARENT_REF": parent,
            "PARTICIPANT": layer.subject,
            "TIER_ID": name,
        }
        return sorted((key, value) for key, value in found.items() if value)

    def _tier(self, lane: Lane, type_name: str) -> Iterator[str]:
        parent = lane.parent.name if lane.parent else ""
        yield f"    {opening('TIER', self._tier_names(lane, lane.name, type_name, parent))}\n"
        before: Placed | None = None
        for placed in lane.placed:
            yield self._placed(placed, before)
            before = placed
        yield "    </TIER>\n"

    def _placed(self, placed: Placed, before: Placed | None) -> str:
        entry, marks = placed.entry, dict(placed.entry.marks)
        names = [("ANNOTATION_ID", xml_id(entry.id))]
        names += [(key, marks[key]) for key in ("EXT_REF", "LANG_REF", "SVG_REF") if marks.get(key)]
        entry_ref = entry.label or marks.get("CVE_REF", "")
        names += [("CVE_REF", entry_ref)] if entry_ref else []
        value = _value(placed, marks.get("value_language", ""))
        if placed.lane.stereotype.timed:
            return _annotation(
                "ALIGNABLE_ANNOTATION",
                (*names, *self._slots.of(placed)),
                value,
            )
        assert placed.within is not None
        names.append(("ANNOTATION_REF", xml_id(placed.within.entry.id)))
        ordered = placed.lane.stereotype is Stereotype.SYMBOLIC_SUBDIVISION
        if ordered and before and before.within is placed.within:
            names.append(("PREVIOUS_ANNOTATION", xml_id(before.entry.id)))
        return _annotation(
            "REF_ANNOTATION",
            (each for each in names if each[0] != "SVG_REF"),
            value,
        )

    def _link_sets(self) -> Iterator[str]:
        strays = [placed for lane in self._lanes for placed in lane.placed if placed.stray]
        sets: dict[str, list[str]] = {}
        for placed in strays:
            names = (("REF1", placed.entry.id), ("REF2", placed.entry.parent))
            sets.setdefault(PARENTS, []).append(_cross("parent_" + placed.entry.id, PARENTS, names, ""))
        known = {placed.entry.id for lane in self._lanes for placed in lane.placed}
        known |= {str(link.id) for link in self._bundle.links}
        for link in self._bundle.links:
            if link.source.id in known and link.target.id in known:
                names = (("REF1", link.source.id), ("REF2", link.target.id))
                own = self._types.own_link(link.id)
                sets.setdefault(link.type, []).append(_cross(link.id, link.type, names, link.note, own))
        groups = [each for each in self._kept if each.name == "GROUP_REF_LINK"]
        for each in groups:
            refs = " ".join(xml_id(item.id) for key, item in each.items if key == "REFS" and item.id in known)
            own_names = (*each.attributes.items(), ("REFS", refs))
            line = f"        {element('GROUP_REF_LINK', own_names, each.text)}\n"
            sets.setdefault(each.attributes.get("REF_TYPE", ""), []).extend([line] if refs else [])
        for number, (name, lines) in enumerate(sets.items(), 1):
            yield f"    {opening('REF_LINK_SET', (('LINK_SET_ID', f'rls{number}'), ('LINK_SET_NAME', name)))}\n"
            yield from lines
            yield "    </REF_LINK_SET>\n"


def _value(placed: Placed, language: str) -> str:
    entry, tier_type = placed.entry, placed.lane.layer.type
    return tier_type.label(entry.label).name(language) if language and entry.label and tier_type else entry.value


def _cross(
    item_id: str, type_: str, refs: Iterable[tuple[str, str]], note: str, own: Iterable[tuple[str, str]] = ()
) -> str:
    names = {
        "REF_LINK_ID": xml_id(item_id),
        **{key: xml_id(each) for key, each in refs},
        "REF_TYPE": type_,
        "DIRECTIONALITY": "unidirectional",
        **dict(own),
    }
    return f"        {element('CROSS_REF_LINK', names.items(), note)}\n"


def _annotation(kind: str, names: Iterable[tuple[str, str]], text: str) -> str:
    return (
        f"        <ANNOTATION>\n            {opening(kind, names)}\n                "
        f"{element('ANNOTATION_VALUE', (), text)}\n            </{kind}>\n        </ANNOTATION>\n"
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _fact(lane: Lane) -> str:
    layer, tier = lane.layer, lane.layer.tier
    if tier is None or layer.kind is not LayerKind.TIER:
        fact = TierFact(layer.kind, speaker=layer.speaker, voice=layer.voice, given=lane.given)
        return _json(fact)
    return _json(
        TierFact(
            "tier",
            tier.id,
            tier.name,
            tier.scheme_id,
            tier.scheme_version,
            tier.tier_type,
            tier.subject,
            tier.parent_id or "",
            lane.given,
            lane.timeless,
            origin=tier.made.origin,
            by=layer.annotator or tier.made.by,
            state=tier.state,
        )
    )
