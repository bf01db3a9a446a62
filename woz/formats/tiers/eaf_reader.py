"""Reads an ELAN file, EAF 2.6 to 3.0; one that woz wrote comes back as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

from woz.base.interval import NS_PER_S
from woz.base.outside import Unsound, read
from woz.formats.parts import Begin, Lost, Part
from woz.formats.passes import told
from woz.formats.reading import Reading
from woz.formats.tiers.eaf_document import (
    DOCUMENT,
    DOCUMENT_SCHEME,
    DOUBTS,
    PARENTS,
    Kept,
    SessionFact,
    TierFact,
)
from woz.formats.tiers.eaf_foreign import ForeignScheme
from woz.formats.tiers.eaf_scratch import FileTier, Scratch, scratch_of
from woz.formats.tiers.eaf_xml import xml_id
from woz.formats.tiers.said import turn_from
from woz.formats.tiers.values import CONFIDENCE, END_BEFORE_START, NOTE, attributes_from, confidence_from
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LinkId, SchemeId, SessionId, TierId, TranscriptId, TurnId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.scheme import Label, Scheme, Shape, TierType
from woz.model.tier import Tier

T = TypeVar("T")
_BY_PARENT = "WHERE tier = ? ORDER BY (SELECT above.n FROM annotation above WHERE above.id = annotation.parent), n"
_COLUMNS = "id, parent, previous, start, start_ns, start_free, end, end_ns, end_mark, end_free, value, names"


def read_eaf(reading: Reading) -> Iterator[Part]:
    """The file is taken apart in the first half of the progress, its items come in the second."""
    apart, together = reading.passes(2)
    with scratch_of(apart) as scratch:
        file = _File(reading, scratch)
        yield from told(file.parts(), file.count, together)


class _File:
    def __init__(self, reading: Reading, scratch: Scratch) -> None:
        self._reading = reading
        self._scratch = scratch
        self._rows = scratch.rows
        self._salt = reading.new_id()
        self._session = SessionId(reading.new_id())
        self._transcript = TranscriptId(reading.new_id())
        self._facts = {tier.number: self._fact(tier) for tier in scratch.tiers}
        self._by_name = {tier.name: tier for tier in scratch.tiers}
        self._values = {
            tier.number: fact.key
            for tier in scratch.tiers
            if (fact := self._facts[tier.number]) and fact.of == "value"
        }
        foreign = [tier for tier in scratch.tiers if self._facts[tier.number] is None]
        self._foreign = ForeignScheme(reading, scratch.kept, foreign, self._by_name)
        self._schemes = {(scheme.id, scheme.version): scheme for scheme in self._own_schemes()}
        self._kept = self._kept_elements()

    @property
    def count(self) -> int:
        """How many annotations and turns come of it."""
        facts = ((tier.count, self._facts[tier.number]) for tier in self._scratch.tiers)
        return sum(count for count, fact in facts if not fact or fact.of in ("tier", "turns"))

    def parts(self) -> Iterator[Part]:
        fact = self._own("woz", SessionFact) or SessionFact()
        schemes = [*self._schemes.values(), *self._foreign.schemes()]
        schemes += [DOCUMENT_SCHEME] if self._kept else []
        media = next(
            (k.attributes.get("MEDIA_URL", "") for k in self._scratch.kept if k.name == "MEDIA_DESCRIPTOR"), ""
        )
        yield Begin(
            media.replace("\\", "/").rsplit("/", 1)[-1],
            self._session,
            self._transcript,
            fact.title or self._reading.path.stem,
            tuple(schemes),
            None,
            fact.duration_ns,
            fact.start_utc_ns,
            fact.language or self._reading.language,
            media,
            fact.takes,
        )
        self._home_strays()
        yield from self._document()
        made: set[str] = set()
        for tier in self._parents_first():
            yield from self._tier(tier, made)
        yield from self._links()

    def _own(self, name: str, kind: type[T]) -> T | None:
        """One of the properties that woz wrote; None where it is not there, or was changed by others."""
        try:
            return read(self._scratch.own[name], kind)
        except (KeyError, Unsound):
            return None

    def _fact(self, tier: FileTier) -> TierFact | None:
        fact = self._own(f"woz:tier:{tier.name}", TierFact)
        return fact if fact and fact.of in ("tier", "turns", "words", "value") else None

    def _own_schemes(self) -> Iterator[Scheme]:
        for name in self._scratch.own:
            if name.startswith("woz:scheme:") and (scheme := self._own(name, Scheme)):
                yield scheme

    def _id(self, file_id: str) -> str:
        return hashlib.blake2b(f"{self._salt} {file_id}".encode("utf-8", "replace"), digest_size=16).hexdigest()

    def _parents_first(self) -> list[FileTier]:
        left = {tier.number: tier for tier in self._scratch.tiers}
        found: list[FileTier] = []
        while left:
            line = [next(iter(left.values()))]
            while (above := self._by_name.get(line[-1].parent)) and above.number in left and above not in line:
                line.append(above)
            for tier in reversed(line):
                found.append(left.pop(tier.number))
        return found

    def _home_strays(self) -> None:
        """What does not lie in its parent is told by links."""
        self._rows.execute(
            "UPDATE annotation SET parent = (SELECT other FROM link WHERE link_set = ? AND one = annotation.id)"
            " WHERE id IN (SELECT one FROM link WHERE link_set = ?)",
            (PARENTS, PARENTS),
        )

    def _kept_elements(self) -> list[Kept]:
        if "woz" in self._scratch.own:
            return [self._homed(each) for each in self._own("woz:document", list[Kept]) or []]
        about = [Kept("ANNOTATION_DOCUMENT", self._scratch.about), Kept("HEADER", self._scratch.header)]
        tiers = [Kept("TIER", tier.attributes) for tier in self._scratch.tiers]
        groups = [self._group(each) for each in self._scratch.groups]
        return [*about, *self._scratch.kept, *tiers, *groups]

    def _homed(self, kept: Kept) -> Kept:
        return replace(kept, items=tuple((key, ItemRef(i.kind, self._id(xml_id(i.id)))) for key, i in kept.items))

    def _group(self, each: Kept) -> Kept:
        names = dict(each.attributes)
        refs = names.pop("REFS", "").split()
        return Kept(each.name, names, each.text, "", tuple(("REFS", self._ref(ref)) for ref in refs))

    def _told_links(self) -> Iterator[Kept]:
        """Of links, what they have besides their ends, their type and their note."""
        for link_id, names in self._rows.execute("SELECT id, names FROM link ORDER BY n"):
            own = json.loads(names)
            if own != {"DIRECTIONALITY": "unidirectional"}:
                yield Kept("CROSS_REF_LINK", own, items=(("LINK", ItemRef("link", self._id(link_id))),))

    def _ref(self, file_id: str) -> ItemRef:
        found = self._rows.execute("SELECT tier FROM annotation WHERE id = ?", (file_id,)).fetchone()
        fact = self._facts.get(found[0]) if found else None
        kind = "link" if found is None else "turn" if fact and fact.of == "turns" else "annotation"
        return ItemRef(kind, self._id(file_id))

    def _document(self) -> Iterator[Part]:
        if self._kept:
            made = self._reading.made
            tier_id = TierId(self._reading.new_id())
            name = DOCUMENT_SCHEME.name
            yield Tier(tier_id, self._session, DOCUMENT_SCHEME.id, DOCUMENT_SCHEME.version, DOCUMENT, name, made)
            links = () if "woz" in self._scratch.own else self._told_links()
            for each in chain(self._kept, links):
                yield each.annotation(self._reading.new_id(), tier_id, made)

    def _tier(self, tier: FileTier, made: set[str]) -> Iterator[Part]:
        fact = self._facts[tier.number]
        if fact and fact.of == "turns":
            yield from self._turns(tier, fact)
        elif fact is None or fact.of == "tier":
            own = self._woz_tier(fact) if fact else self._foreign_tier(tier)
            if own.id not in made:
                made.add(own.id)
                yield own
            yield from self._annotations(tier, fact, own)

    def _woz_tier(self, fact: TierFact) -> Tier:
        parent = TierId(self._id(f"tier {fact.parent}")) if fact.parent else None
        return Tier(
            TierId(self._id(f"tier {fact.id}")),
            self._session,
            SchemeId(fact.scheme),
            fact.version,
            fact.type,
            fact.name,
            self._reading.made,
            subject=fact.subject,
            parent_id=parent,
        )

    def _foreign_tier(self, tier: FileTier) -> Tier:
        scheme, tier_type = self._foreign.type_of(tier)
        above = self._by_name.get(tier.parent)
        return Tier(
            self._tier_id(tier),
            self._session,
            scheme.id,
            scheme.version,
            tier_type.key,
            tier.name,
            self._reading.made,
            subject=tier.attributes.get("PARTICIPANT", ""),
            parent_id=self._tier_id(above) if above else None,
        )

    def _tier_id(self, tier: FileTier) -> TierId:
        fact = self._facts[tier.number]
        return TierId(self._id(f"tier {fact.id}" if fact else f"file tier {tier.number}"))

    def _annotations(self, tier: FileTier, fact: TierFact | None, own: Tier) -> Iterator[Part]:
        scheme = self._schemes.get((own.scheme_id, own.scheme_version)) if fact else None
        tier_type = (
            scheme.tier_type(fact.type) if scheme and fact else self._foreign.type_of(tier)[1] if not fact else None
        )
        point = tier_type is not None and tier_type.shape is Shape.POINT and fact is not None
        above = self._by_name.get(tier.parent)
        around = above if fact and fact.given and above else None
        labels = _Labels(tier_type)
        for row in self._ordered(tier):
            annotation = self._annotation(row, own, fact, labels, around)
            yield replace(annotation, end_ns=None) if point and annotation.end_ns else annotation

    def _ordered(self, tier: FileTier) -> Iterator[dict[str, Any]]:
        """The annotations of a tier: in the file's order, but those with one parent in theirs."""
        linked = "SELECT 1 FROM annotation WHERE tier = ? AND previous IS NOT NULL LIMIT 1"
        rows = self._select("WHERE tier = ? ORDER BY n", tier.number)
        if not self._rows.execute(linked, (tier.number,)).fetchone():
            yield from rows
            return
        group: list[dict[str, Any]] = []
        for row in self._select(_BY_PARENT, tier.number):
            if group and group[0]["parent"] != row["parent"]:
                yield from _chained(group)
                group = []
            group.append(row)
        yield from _chained(group)

    def _select(self, where: str, *values: Any) -> Iterator[dict[str, Any]]:
        names = _COLUMNS.split(", ")
        for row in self._rows.execute(f"SELECT {_COLUMNS} FROM annotation {where}", values):
            yield dict(zip(names, row, strict=True))

    def _annotation(
        self,
        row: dict[str, Any],
        own: Tier,
        fact: TierFact | None,
        labels: _Labels,
        around: FileTier | None,
    ) -> Annotation:
        values = dict(self._values_of(row["id"])) if self._values else {}
        names = json.loads(row["names"]) if row["names"] else {}
        label, marks = labels.labelled(row["value"], names)
        start, end, more = (None, None, ()) if fact and fact.timeless else _span(row)
        return Annotation(
            AnnotationId(self._id(row["id"])),
            own.id,
            start,
            end,
            label,
            self._reading.made,
            (*self._homed_values(attributes_from(values.items())), *marks, *more),
            values.get(NOTE, ""),
            confidence_from(values.get(CONFIDENCE)),
            self._parent(row, around),
        )

    def _homed_values(self, attributes: tuple[Attribute, ...]) -> Iterator[Attribute]:
        for each in attributes:
            if isinstance(each.value, ItemRef):
                yield replace(each, value=ItemRef(each.value.kind, self._id(xml_id(each.value.id))))
            else:
                yield each

    def _values_of(self, file_id: str) -> Iterator[tuple[str, str]]:
        found = self._rows.execute("SELECT tier, value FROM annotation WHERE parent = ? ORDER BY n", (file_id,))
        for tier, value in found.fetchall():
            if tier in self._values:
                yield self._values[tier], value

    def _parent(self, row: dict[str, Any], around: FileTier | None) -> AnnotationId | None:
        if row["parent"]:
            return AnnotationId(self._id(row["parent"])) if self._known(row["parent"]) else None
        if around is None:
            return None
        found = self._rows.execute(
            "SELECT id, end FROM annotation WHERE tier = ? AND start <= ? ORDER BY start DESC LIMIT 1",
            (around.number, row["start"]),
        ).fetchone()
        return AnnotationId(self._id(found[0])) if found and found[1] >= row["end"] else None

    def _turns(self, tier: FileTier, fact: TierFact) -> Iterator[Part]:
        words = [each.number for each in self._scratch.tiers if (f := self._facts[each.number]) and f.of == "words"]
        within = [each for each in words if self._scratch.tiers[each].parent == tier.name]
        for row in self._select("WHERE tier = ? ORDER BY n", tier.number):
            turn, backwards = turn_from(
                TurnId(self._id(row["id"])),
                self._transcript,
                (fact.speaker, fact.voice),
                (row["value"], row["start_ns"], _end(row)),
                dict(self._values_of(row["id"])),
                [
                    (word["value"], word["start_ns"], _end(word), dict(self._values_of(word["id"])))
                    for word in self._words(row, words, within)
                ],
            )
            yield turn
            if backwards:
                yield Lost("ends of turns that lie before their starts")

    def _words(self, turn: dict[str, Any], words: list[int], within: list[int]) -> list[dict[str, Any]]:
        found = [
            word
            for number in within
            for word in self._select(
                "WHERE tier = ? AND start BETWEEN ? AND ? AND end <= ? AND parent IS NULL ORDER BY start",
                number,
                turn["start"],
                turn["end"],
                turn["end"],
            )
        ]
        if words:
            places = ", ".join(str(number) for number in words)
            found += self._select(f"WHERE parent = ? AND tier IN ({places}) ORDER BY n", turn["id"])
        return sorted(found, key=lambda word: (word["start_ns"], word["end_ns"]))

    def _links(self) -> Iterator[Part]:
        query = "SELECT id, one, other, type, note FROM link WHERE link_set <> ? ORDER BY n"
        orphans = self._orphans()
        if orphans:
            yield Lost("parents that are not there", orphans)
        lost, doubts = 0, self._own(DOUBTS, dict[str, str]) or {}
        for link_id, one, other, link_type, note in self._rows.execute(query, (PARENTS,)):
            if not (self._known(one) and self._known(other)):
                lost += 1
                continue
            yield Link(
                LinkId(self._id(link_id)),
                self._session,
                link_type,
                self._ref(one),
                self._ref(other),
                self._reading.made,
                note,
                doubts.get(link_id),
            )
        if lost:
            yield Lost("links to what is not there", lost)

    def _orphans(self) -> int:
        query = (
            "SELECT count(*) FROM annotation WHERE parent IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM annotation above WHERE above.id = annotation.parent)"
        )
        return int(self._rows.execute(query).fetchone()[0])

    def _known(self, file_id: str) -> bool:
        queries = ("SELECT 1 FROM annotation WHERE id = ?", "SELECT 1 FROM link WHERE id = ?")
        return any(self._rows.execute(query, (file_id,)).fetchone() for query in queries)


def _chained(group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each after the one that it names as the one before it; in the file's order where that doesn't lead on."""
    following = {row["previous"]: row for row in reversed(group) if row["previous"]}
    ids = {row["id"] for row in group}
    left = {row["id"]: row for row in group}
    found: list[dict[str, Any]] = []
    for first in [row for row in group if row["previous"] not in ids] + group:
        row: dict[str, Any] | None = first
        while row and row["id"] in left:
            found.append(left.pop(row["id"]))
            row = following.get(row["id"])
    return found


class _Labels:
    """A tier type's labels by each of their names."""

    def __init__(self, tier_type: TierType | None) -> None:
        self._by_name: dict[str, list[Label]] = {}
        for label in tier_type.labels if tier_type else ():
            for name in {label.name(), *label.names.values()} - {""}:
                self._by_name.setdefault(name, []).append(label)

    def labelled(self, value: str, names: dict[str, str]) -> tuple[str, tuple[Attribute, ...]]:
        """The label, and the attributes that the annotation has in the file."""
        label = value
        if same := self._same(value, names.get("CVE_REF", "")):
            names.pop("CVE_REF", None)
            label = str(same.id)
            if value != same.name():
                names["value_language"] = next(tag for tag, name in same.names.items() if name == value)
        return label, tuple(Attribute(key, text) for key, text in names.items())

    def _same(self, value: str, entry: str) -> Label | None:
        """The label that a text is: that of the entry that it refers to, or where it names none, the only one."""
        named = self._by_name.get(value, [])
        if entry:
            return next((each for each in named if each.id == entry), None)
        return named[0] if len(named) == 1 else None


def _end(row: dict[str, Any]) -> int:
    return int(row["start_ns"] if row["end_mark"] in ("p", "z") else row["end_ns"])


def _span(row: dict[str, Any]) -> tuple[int | None, int | None, tuple[Attribute, ...]]:
    """Start and end (ns), and what of the times woz has no other place for."""
    start, end = row["start_ns"], row["end_ns"]
    if start is None:
        return None, None, ()
    if row["end_mark"] in ("p", "z"):
        return start, None if row["end_mark"] == "p" else start, ()
    if end < start:
        return start, None, (Attribute(END_BEFORE_START, end / NS_PER_S),)
    free = {(1, 0): "start", (0, 1): "end", (1, 1): "both"}.get((row["start_free"], row["end_free"]))
    return start, end, (Attribute("unaligned", free),) if free else ()
