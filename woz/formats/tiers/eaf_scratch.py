"""An ELAN file taken apart into tables on disk: tiers refer to one another across the whole file.

The tables are temporary and gone when they are closed; memory holds the file's tiers, types and vocabularies, but
none of its annotations, time slots or links.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS
from woz.formats.reading import Reading
from woz.formats.tiers.eaf_document import Kept
from woz.formats.tiers.eaf_types import UNDETERMINED
from woz.formats.tiers.eaf_xml import element, inner
from woz.formats.tiers.times import nearest
from woz.formats.xml_events import XmlEvent

DEEPEST = 16
_MOST_MS = 2**40
_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE slot (id TEXT PRIMARY KEY, n INTEGER, ms INTEGER, ns INTEGER, mark TEXT, free INTEGER) WITHOUT ROWID;
CREATE TABLE annotation (n INTEGER PRIMARY KEY, tier INTEGER, id TEXT, parent TEXT, previous TEXT, value TEXT,
  names TEXT, start INTEGER, start_ns INTEGER, start_free INTEGER, end INTEGER, end_ns INTEGER, end_mark TEXT,
  end_free INTEGER);
CREATE TABLE link (n INTEGER PRIMARY KEY, link_set TEXT, id TEXT, one TEXT, other TEXT, type TEXT, note TEXT,
  names TEXT);
"""
_INDEXES = """
CREATE INDEX of_tier ON annotation (tier, start);
CREATE INDEX by_id ON annotation (id);
CREATE INDEX of_parent ON annotation (parent) WHERE parent IS NOT NULL;
CREATE INDEX link_by_id ON link (id);
CREATE INDEX link_from ON link (one);
"""
_TIMED = """
INSERT INTO annotation SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, a.ms, a.ns, a.free, b.ms, b.ns, b.mark, b.free
  FROM slot a, slot b WHERE a.id = ?8 AND b.id = ?9 AND a.ms IS NOT NULL AND b.ms IS NOT NULL
"""
_UNTIMED = "INSERT INTO annotation VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, 0, NULL, NULL, '', 0)"
AT_ONCE = 1000
Row = tuple[Any, ...]
_OWN_SLOT = re.compile(r"ts\d+(?:_(-?\d{1,18}))?([pz]?)")
_KEPT: tuple[str, ...] = (
    "LICENSE",
    "MEDIA_DESCRIPTOR",
    "LINKED_FILE_DESCRIPTOR",
    "LINGUISTIC_TYPE",
    "LOCALE",
    "LANGUAGE",
)
_KEPT += ("CONSTRAINT", "CONTROLLED_VOCABULARY", "LEXICON_REF", "EXTERNAL_REF")
_LINKS = ("CROSS_REF_LINK", "GROUP_REF_LINK")
_WHOLE = ("PROPERTY", *_LINKS)
_ANNOTATIONS = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")


@dataclass(slots=True)
class FileTier:
    number: int
    attributes: dict[str, str]
    count: int = 0

    @property
    def name(self) -> str:
        return self.attributes.get("TIER_ID", "")

    @property
    def parent(self) -> str:
        return self.attributes.get("PARENT_REF", "")


@dataclass(slots=True)
class Scratch:
    """`kept` are the elements that are no tiers or links; `own` the properties that woz wrote."""

    rows: sqlite3.Connection
    about: dict[str, str] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    tiers: list[FileTier] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    groups: list[Kept] = field(default_factory=list)


@contextmanager
def scratch_of(reading: Reading) -> Iterator[Scratch]:
    """Raises WozError for what is no ELAN file, or not whole."""
    with closing(sqlite3.connect("", isolation_level=None)) as rows:
        rows.executescript(_TABLES)
        rows.execute("BEGIN")
        scratch = Scratch(rows)
        _Taking(scratch, reading.path).take(reading.xml_events())
        rows.executescript(_INDEXES)
        yield scratch


class _Taking:
    """`_tree` is of an element that is kept whole, such as a vocabulary; of an annotation only its text is held."""

    def __init__(self, scratch: Scratch, path: Path) -> None:
        self._scratch = scratch
        self._path = path
        self._rows = scratch.rows
        self._open: list[str] = []
        self._tree: TreeBuilder | None = None
        self._tree_depth = 0
        self._names: dict[str, str] | None = None
        self._value = ""
        self._text: list[str] | None = None
        self._slots: list[Row] = []
        self._timed: list[Row] = []
        self._untimed: list[Row] = []
        self._slot_count = self._count = 0
        self._link_set: Mapping[str, str] = {}

    def take(self, events: Iterator[XmlEvent]) -> None:
        for event, name, attributes in events:
            if event == "start":
                self._begin(name, attributes)
                self._open.append(name)
            elif event == "end":
                self._open.pop()
                self._end(name)
            elif self._tree:
                self._tree.data(name)
            elif self._text is not None:
                self._text.append(name)
        self._keep_slots()
        self._keep_annotations()

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._open:
            self._root(tag, attributes)
        if len(self._open) >= DEEPEST:
            raise WozError(f"{self._path} has elements inside one another {DEEPEST} deep; it is no ELAN file.")
        if self._tree:
            self._tree.start(tag, dict(attributes))
        elif tag == "TIME_SLOT":
            self._slot(attributes)
        elif tag in _ANNOTATIONS:
            self._begin_annotation(attributes)
        elif tag == "ANNOTATION_VALUE":
            self._text = []
        elif tag == "TIER":
            self._scratch.tiers.append(FileTier(len(self._scratch.tiers), dict(attributes)))
        elif tag == "HEADER":
            self._header(attributes)
        elif tag == "REF_LINK_SET":
            self._link_set = attributes
        elif tag in _WHOLE or (tag in _KEPT and self._open[-1] in ("ANNOTATION_DOCUMENT", "HEADER")):
            self._tree, self._tree_depth = TreeBuilder(), len(self._open)
            self._tree.start(tag, dict(attributes))

    def _root(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag != "ANNOTATION_DOCUMENT":
            raise WozError(f"{self._path} is no ELAN file: it begins with {tag[:40]}, not with a document.")
        self._scratch.about = {key: value for key, value in attributes.items() if key in ("AUTHOR", "DATE")}

    def _header(self, attributes: Mapping[str, str]) -> None:
        units = attributes.get("TIME_UNITS", "milliseconds")
        if units != "milliseconds":
            raise WozError(f"{self._path} counts time in {units[:40]}; save it in ELAN, which writes milliseconds.")
        self._scratch.header = {key: value for key, value in attributes.items() if key != "TIME_UNITS"}

    def _end(self, tag: str) -> None:
        if self._tree:
            self._tree.end(tag)
            if len(self._open) == self._tree_depth:
                whole, self._tree = self._tree.close(), None
                self._end_whole(whole)
        elif tag in _ANNOTATIONS:
            self._end_annotation(timed=tag == "ALIGNABLE_ANNOTATION")
        elif tag == "ANNOTATION_VALUE":
            self._value, self._text = "".join(self._text or ()), None
        elif tag == "TIME_ORDER":
            self._keep_slots()
            self._fill_slots()

    def _end_whole(self, each: Element) -> None:
        if each.tag == "PROPERTY":
            self._property(each)
        elif each.tag in _LINKS:
            self._link(each)
        else:
            self._scratch.kept.append(_kept(each))

    def _slot(self, attributes: Mapping[str, str]) -> None:
        name, text = attributes.get("TIME_SLOT_ID", ""), attributes.get("TIME_VALUE")
        ms = None if text is None else self._ms(text)
        ns, mark = None if ms is None else ms * NS_PER_MS, ""
        found = _OWN_SLOT.fullmatch(name) if "woz" in self._scratch.own else None
        if found and ms is not None:
            mark = found[2]
            if found[1] and max(0, nearest(int(found[1]), NS_PER_MS)) in (ms, ms - 1):
                ns = int(found[1])
        self._slots.append((name, self._slot_count, ms, ns, mark, ms is None))
        self._slot_count += 1
        if len(self._slots) == AT_ONCE:
            self._keep_slots()

    def _keep_slots(self) -> None:
        self._rows.executemany("INSERT OR REPLACE INTO slot VALUES (?, ?, ?, ?, ?, ?)", self._slots)
        self._slots = []

    def _ms(self, text: str) -> int:
        try:
            ms = int(text)
        except ValueError:
            ms = -1
        if not 0 <= ms < _MOST_MS:
            raise WozError(
                f"{self._path} has the time {text[:40]!r}, which is no number of milliseconds; mend the file."
            )
        return ms

    def _fill_slots(self) -> None:
        """A slot without a time lies between its neighbours, as evenly as it can."""
        waiting: list[str] = []
        before = 0
        for name, ms in self._rows.execute("SELECT id, ms FROM slot ORDER BY n") if self._any_free() else ():
            if ms is None:
                waiting.append(name)
            else:
                self._fill(before, ms, waiting)
                waiting, before = [], ms
        self._fill(before, before, waiting)

    def _any_free(self) -> bool:
        return self._rows.execute("SELECT 1 FROM slot WHERE free LIMIT 1").fetchone() is not None

    def _fill(self, before: int, after: int, names: list[str]) -> None:
        self._rows.executemany("UPDATE slot SET ms = ?, ns = ? WHERE id = ?", _between(before, after, names))

    def _property(self, each: Element) -> None:
        name = each.attrib.get("NAME", "")
        if name == "woz" or name.startswith("woz:"):
            self._scratch.own[name] = each.text or ""
        else:
            self._scratch.kept.append(_kept(each))

    def _begin_annotation(self, attributes: Mapping[str, str]) -> None:
        if not self._scratch.tiers:
            raise WozError(f"{self._path} has an annotation outside any tier; it is no ELAN file.")
        if self._names is not None:
            raise WozError(f"{self._path} has an annotation inside another one; it is no ELAN file.")
        self._names, self._value = dict(attributes), ""

    def _end_annotation(self, timed: bool) -> None:
        names = self._names or {}
        tier = self._scratch.tiers[-1]
        tier.count += 1
        facts = (
            self._count,
            tier.number,
            names.pop("ANNOTATION_ID", ""),
            names.pop("ANNOTATION_REF", None),
            names.pop("PREVIOUS_ANNOTATION", None),
            self._value,
        )
        if timed:
            slots = (names.pop("TIME_SLOT_REF1", ""), names.pop("TIME_SLOT_REF2", ""))
            self._timed.append((*facts, json.dumps(names) if names else "", *slots))
        else:
            self._untimed.append((*facts, json.dumps(names) if names else ""))
        self._names = None
        self._count += 1
        if self._count % AT_ONCE == 0:
            self._keep_annotations()

    def _keep_annotations(self) -> None:
        if self._rows.executemany(_TIMED, self._timed).rowcount < len(self._timed):
            self._demand_slots(name for row in self._timed for name in row[-2:])
        self._rows.executemany(_UNTIMED, self._untimed)
        self._timed, self._untimed = [], []

    def _demand_slots(self, names: Iterable[str]) -> None:
        for name in names:
            if self._rows.execute("SELECT 1 FROM slot WHERE id = ? AND ms IS NOT NULL", (name,)).fetchone() is None:
                raise WozError(
                    f"{self._path} has an annotation at the time slot {name[:40]!r}, which it lacks; mend it."
                )

    def _link(self, each: Element) -> None:
        names = {**each.attrib}
        if each.tag == "GROUP_REF_LINK":
            self._scratch.groups.append(Kept("GROUP_REF_LINK", names, each.text or ""))
            return
        set_name = self._link_set.get("LINK_SET_NAME", self._link_set.get("LINK_SET_ID", ""))
        one, other, link_id = (names.pop(key, "") for key in ("REF1", "REF2", "REF_LINK_ID"))
        link_type = names.pop("REF_TYPE", "") or set_name
        self._rows.execute(
            "INSERT INTO link VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
            (set_name, link_id, one, other, link_type, each.text or "", json.dumps(names)),
        )


def _between(before: int, after: int, names: list[str]) -> Iterator[tuple[int, int, str]]:
    for place, name in enumerate(names, 1):
        ms = before + (after - before) * place // (len(names) + 1)
        yield ms, ms * NS_PER_MS, name


def _kept(each: Element) -> Kept:
    attributes = dict(each.attrib)
    if each.tag == "CONTROLLED_VOCABULARY":
        content = _vocabulary(each, attributes.pop("DESCRIPTION", ""))
        return Kept(str(each.tag), attributes, "", content)
    text = "" if len(each) else each.text or ""
    return Kept(str(each.tag), attributes, text, "".join(inner(child) for child in each))


def _vocabulary(each: Element, description: str) -> str:
    """Its entries in the form that EAF has since version 2.8; before, they had one language and no ids."""
    language = ("LANG_REF", UNDETERMINED)
    parts = [element("DESCRIPTION", (language,), description)] if description else []
    for number, child in enumerate(each, 1):
        if child.tag != "CV_ENTRY":
            for inside in child.iter():
                inside.tail = None
                inside.text = inside.text if inside.text and inside.text.strip() else None
            parts.append(inner(child))
            continue
        names = (
            *((("DESCRIPTION", child.attrib["DESCRIPTION"]),) if "DESCRIPTION" in child.attrib else ()),
            language,
        )
        value = element("CVE_VALUE", names, child.text or "")
        parts.append(
            element("CV_ENTRY_ML", (("CVE_ID", child.attrib.get("CVE_ID", f"cveid{number}")),), content=value)
        )
    return "".join(parts)
