"""An ELAN file taken apart into tables on disk: tiers refer to one another across the whole file.

The tables are temporary and gone when they are closed; memory holds the file's tiers, types and vocabularies, but
none of its annotations, time slots or links.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS
from woz.formats.reading import Reading
from woz.formats.tiers.eaf_document import Kept
from woz.formats.tiers.eaf_types import UNDETERMINED
from woz.formats.tiers.eaf_xml import element, inner
from woz.formats.tiers.times import nearest

DEEPEST = 16
_MOST_MS = 2**40
_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE slot (id TEXT PRIMARY KEY, n INTEGER, ms INTEGER, ns INTEGER, mark TEXT, free INTEGER) WITHOUT ROWID;
CREATE TABLE annotation (n INTEGER PRIMARY KEY, tier INTEGER, id TEXT, parent TEXT, previous TEXT, start INTEGER,
  start_ns INTEGER, start_free INTEGER, end INTEGER, end_ns INTEGER, end_mark TEXT, end_free INTEGER, value TEXT,
  names TEXT);
CREATE TABLE link (n INTEGER PRIMARY KEY, link_set TEXT, id TEXT, one TEXT, other TEXT, type TEXT, note TEXT,
  names TEXT);
"""
_INDEXES = """
CREATE INDEX of_tier ON annotation (tier, start);
CREATE INDEX by_id ON annotation (id);
CREATE INDEX of_parent ON annotation (parent);
CREATE INDEX link_by_id ON link (id);
"""
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
_ANNOTATION = "INSERT INTO annotation VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


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
        _Taking(scratch, reading.path).take(reading.xml_elements())
        rows.executescript(_INDEXES)
        yield scratch


class _Taking:
    def __init__(self, scratch: Scratch, path: Path) -> None:
        self._scratch = scratch
        self._path = path
        self._rows = scratch.rows
        self._open: list[Element] = []
        self._waiting: list[tuple[Any, ...]] = []
        self._slots = 0
        self._link_set: Mapping[str, str] = {}

    def take(self, events: Iterator[tuple[str, Element]]) -> None:
        for event, each in events:
            if event == "start":
                self._begin(each)
            else:
                self._open.pop()
                self._end(each)
        self._flush()

    def _begin(self, each: Element) -> None:
        if not self._open:
            self._root(each)
        if len(self._open) >= DEEPEST:
            raise WozError(f"{self._path} has elements inside one another {DEEPEST} deep; it is no ELAN file.")
        self._open.append(each)
        if each.tag == "TIER":
            self._scratch.tiers.append(FileTier(len(self._scratch.tiers), dict(each.attrib)))
        elif each.tag == "HEADER":
            self._header(each)
        elif each.tag == "REF_LINK_SET":
            self._link_set = dict(each.attrib)

    def _root(self, each: Element) -> None:
        if each.tag != "ANNOTATION_DOCUMENT":
            raise WozError(
                f"{self._path} is no ELAN file: it begins with {str(each.tag)[:40]}, not with a document."
            )
        self._scratch.about = {key: value for key, value in each.attrib.items() if key in ("AUTHOR", "DATE")}

    def _header(self, each: Element) -> None:
        units = each.attrib.get("TIME_UNITS", "milliseconds")
        if units != "milliseconds":
            raise WozError(f"{self._path} counts time in {units[:40]}; save it in ELAN, which writes milliseconds.")
        self._scratch.header = {key: value for key, value in each.attrib.items() if key != "TIME_UNITS"}

    def _end(self, each: Element) -> None:
        above = str(self._open[-1].tag) if self._open else ""
        tag = str(each.tag)
        if tag == "TIME_SLOT":
            self._slot(each)
        elif tag == "TIME_ORDER":
            self._fill_slots()
        elif tag == "PROPERTY":
            self._property(each)
        elif tag in ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
            self._annotation(each, timed=tag == "ALIGNABLE_ANNOTATION")
        elif tag in ("CROSS_REF_LINK", "GROUP_REF_LINK"):
            self._link(each)
        elif tag in _KEPT and above in ("ANNOTATION_DOCUMENT", "HEADER"):
            self._scratch.kept.append(_kept(each))
        if above in ("ANNOTATION_DOCUMENT", "TIER", "TIME_ORDER", "REF_LINK_SET", "HEADER"):
            self._open[-1].clear()

    def _slot(self, each: Element) -> None:
        name, text = each.attrib.get("TIME_SLOT_ID", ""), each.attrib.get("TIME_VALUE")
        ms = None if text is None else self._ms(text)
        ns, mark = None if ms is None else ms * NS_PER_MS, ""
        found = _OWN_SLOT.fullmatch(name) if "woz" in self._scratch.own else None
        if found and ms is not None:
            mark = found[2]
            if found[1] and max(0, nearest(int(found[1]), NS_PER_MS)) in (ms, ms - 1):
                ns = int(found[1])
        self._rows.execute(
            "INSERT OR REPLACE INTO slot VALUES (?, ?, ?, ?, ?, ?)", (name, self._slots, ms, ns, mark, ms is None)
        )
        self._slots += 1

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
        updates: list[tuple[int, int, str]] = []
        for name, ms in (
            self._rows.execute("SELECT id, ms FROM slot ORDER BY n").fetchall() if self._any_free() else ()
        ):
            if ms is None:
                waiting.append(name)
                continue
            updates += _between(before, ms, waiting)
            waiting, before = [], ms
        updates += _between(before, before, waiting)
        self._rows.executemany("UPDATE slot SET ms = ?, ns = ? WHERE id = ?", updates)

    def _any_free(self) -> bool:
        return self._rows.execute("SELECT 1 FROM slot WHERE free LIMIT 1").fetchone() is not None

    def _property(self, each: Element) -> None:
        name = each.attrib.get("NAME", "")
        if name == "woz" or name.startswith("woz:"):
            self._scratch.own[name] = each.text or ""
        else:
            self._scratch.kept.append(_kept(each))

    def _annotation(self, each: Element, timed: bool) -> None:
        names = dict(each.attrib)
        value = each.find("ANNOTATION_VALUE")
        tier = self._scratch.tiers[-1] if self._scratch.tiers else None
        if tier is None:
            raise WozError(f"{self._path} has an annotation outside any tier; it is no ELAN file.")
        tier.count += 1
        start = self._time(names.pop("TIME_SLOT_REF1", "")) if timed else (None, None, "", 0)
        end = self._time(names.pop("TIME_SLOT_REF2", "")) if timed else (None, None, "", 0)
        self._waiting.append(
            (
                tier.number,
                names.pop("ANNOTATION_ID", ""),
                names.pop("ANNOTATION_REF", None),
                names.pop("PREVIOUS_ANNOTATION", None),
                start[0],
                start[1],
                start[3],
                *end,
                (value.text or "") if value is not None else "",
                json.dumps(names) if names else "",
            )
        )
        if len(self._waiting) == 1000:
            self._flush()

    def _flush(self) -> None:
        self._rows.executemany(_ANNOTATION, self._waiting)
        self._waiting = []

    def _time(self, name: str) -> tuple[Any, ...]:
        found = self._rows.execute("SELECT ms, ns, mark, free FROM slot WHERE id = ?", (name,)).fetchone()
        if found is None or found[0] is None:
            raise WozError(
                f"{self._path} has an annotation at the time slot {name[:40]!r}, which it lacks; mend it."
            )
        return tuple(found)

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
