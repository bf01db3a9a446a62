"""Aggregated events as BORIS exports them: a row a point or a state, in CSV or with tabs.

Facts of the format: BORIS's user guide (https://www.boris.unito.it/user_guide), and tables that it wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from woz.base.counts import counted
from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines, exact_seconds
from woz.formats.format import Format, OutFile, Writing
from woz.formats.losses import told, uncarried
from woz.formats.parts import Lost, Part
from woz.formats.places import relative
from woz.formats.reading import Reading, nanoseconds
from woz.formats.spans import END_BEFORE, end_in_file, span_of
from woz.formats.tables.record import Record, TierFacts
from woz.formats.tables.table_reader import Row, read_table
from woz.formats.values import cell_of, values_of
from woz.model.annotation import Annotation, Attribute
from woz.model.tier import Tier

NOBODY, NONE, BEHAVIOURS = "No focal subject", "NA", "behaviors"
UNPAIRED, COMMENT_STOP, FRAME, FRAME_STOP = "unpaired", "comment_stop", "frame", "frame_stop"
_ASIDE = frozenset({UNPAIRED, COMMENT_STOP, FRAME, FRAME_STOP, END_BEFORE})
_BEFORE = (
    *("Observation id", "Observation date", "Description", "Observation type", "Source", "Time offset (s)"),
    *("Coding duration", "Media duration (s)", "FPS (frame/s)", "Subject"),
    *("Observation duration by subject by observation", "Behavior", "Behavioral category"),
)
_AFTER = (
    *("Behavior type", "Start (s)", "Stop (s)", "Duration (s)", "Media file name", "Image index start"),
    *("Image index stop", "Image file path start", "Image file path stop", "Comment start", "Comment stop"),
)
_ASIDE_COLUMNS = ((FRAME, "Image index start"), (FRAME_STOP, "Image index stop"), (COMMENT_STOP, "Comment stop"))
_OLDER = frozenset({"Total length", "FPS", "Media file", "Modifiers"})
"""Columns that older versions wrote."""


def _read(reading: Reading) -> Iterator[Part]:
    return read_table(reading, "boris-tabular", "BORIS", columns=_rows)


def _rows(header: Sequence[str]) -> Row:
    for name in ("Observation id", "Behavior", "Behavior type", "Start (s)", "Stop (s)"):
        if name not in header:
            raise ValueError(f"it has no column {name!r}, as the aggregated events have that BORIS exports")
    known = {*_BEFORE, *_AFTER, *_OLDER}
    modifiers = [name for name in header if name.startswith("Modifier #")]
    others = [name for name in header if name and name not in known and name not in modifiers]

    def record(row: Sequence[str]) -> Record:
        if len(row) < len(header) - 2:
            raise ValueError(f"it has {counted(len(row), 'cell')}, not {len(header)}")
        cell = dict(zip(header, (*row, "", ""), strict=False))
        parts = cell["Modifiers"].split("|") if cell.get("Modifiers") else [cell[name] for name in modifiers]
        named = [(f"modifier {i}", part) for i, part in enumerate(parts, 1)]
        named += [(name, cell[name]) for name in others]
        attributes = [at for name, text in named if text not in ("None", NONE) for at in values_of(name, text)]
        return _record(cell, attributes)

    return record


def _record(cell: dict[str, str], attributes: list[Attribute]) -> Record:
    subject = "" if cell.get("Subject") in (NOBODY, None) else cell["Subject"]
    category = cell.get("Behavioral category") or BEHAVIOURS
    start, stop = _time(cell["Start (s)"]), _time(cell["Stop (s)"])
    if start is None:
        raise ValueError(f"{cell['Start (s)']!r} is no time in seconds")
    end: int | None = None
    aside: tuple[Attribute, ...] = ()
    if cell["Behavior type"] == "STATE" and stop is None:
        aside = (Attribute(UNPAIRED, True),)
    elif cell["Behavior type"] == "STATE" and stop is not None:
        start, end, aside = span_of(start, stop)
    for key, column in _ASIDE_COLUMNS:
        text = cell.get(column, "")
        aside += values_of(key, text) if text != NONE else ()
    name = f"{category} of {subject}" if subject else category
    tier = TierFacts(f"{category}\n{subject}", name, category, subject)
    note = cell.get("Comment start", "")
    session, label = cell["Observation id"], cell["Behavior"]
    return Record(session, tier, label, start_ns=start, end_ns=end, attributes=(*attributes, *aside), note=note)


def _time(text: str) -> int | None:
    try:
        return None if text in ("", NONE) else nanoseconds(Decimal(text))
    except (ValueError, InvalidOperation):
        raise ValueError(f"{text[:40]!r} is no time in seconds") from None


def _write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
    most = max((len(keys) for bundle in bundles for keys in _keys(bundle).values()), default=0)
    header = (*_BEFORE, *(f"Modifier #{i + 1}" for i in range(most)), *_AFTER)
    rows = (row for bundle in bundles for row in _rows_of(bundle, writing, most))
    return [OutFile("sessions.boris.csv", csv_lines(header, rows))]


def _keys(bundle: SessionBundle) -> dict[tuple[str, str], list[str]]:
    """The attributes of each label of a tier type, by name: its first, second, … modifier."""
    found: dict[tuple[str, str], set[str]] = {}
    for tier in bundle.tiers:
        for each in bundle.in_tier(tier):
            names = {at.key for at in each.attributes} - _ASIDE
            found.setdefault((tier.tier_type, each.label), set()).update(names)
    return {key: sorted(names, key=_order) for key, names in found.items()}


def _order(name: str) -> tuple[int, str]:
    number = name.removeprefix("modifier ")
    return (int(number), "") if number.isdecimal() and len(number) < 9 else (10**9, name)


def _rows_of(bundle: SessionBundle, writing: Writing, most: int) -> Iterator[list[object]]:
    keys = _keys(bundle)
    media = relative(bundle.media, writing.folder)
    length = "" if bundle.session.duration_ns is None else exact_seconds(bundle.session.duration_ns)
    begin = (bundle.session.id, "", "", "Media file(s)", media, "0", length, length, writing.frame_rate or NONE)
    for tier in bundle.tiers:
        for each in bundle.in_tier(tier):
            if each.start_ns is not None:
                names = keys[tier.tier_type, each.label]
                yield [*begin, *_cells(bundle, tier, each, [*names, *[""] * (most - len(names))], length, media)]


def _cells(
    bundle: SessionBundle, tier: Tier, each: Annotation, names: Sequence[str], length: str, media: str
) -> Iterator[object]:
    assert each.start_ns is not None
    end = end_in_file(each)
    unpaired = each.value(UNPAIRED) is True and end is None
    stop = each.start_ns if end is None else end
    point = end is None and not unpaired
    category = "" if tier.tier_type == BEHAVIOURS else tier.tier_type
    yield from (tier.subject or NOBODY, length, bundle.label_name(tier, each.label), category)
    for name in names:
        yield cell_of([at for at in each.attributes if name and at.key == name])
    yield from ("POINT" if point else "STATE", exact_seconds(each.start_ns))
    if unpaired:
        yield from (NONE, NONE)
    else:
        yield from (exact_seconds(stop), NONE if point else exact_seconds(stop - each.start_ns))
    frames = (each.value(FRAME), each.value(FRAME_STOP))
    yield from (media, *(NONE if frame is None else frame for frame in frames), "", "")
    yield from (each.note, each.value(COMMENT_STOP) or "")


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    lost = uncarried(bundles, ("notes", "points", "texts and places of values", "ends before their starts"))
    lost["names of attributes"] = lost.pop("values of attributes", 0)
    return told(lost)


FORMATS = (
    Format(
        "boris-tabular",
        "aggregated events of BORIS, CSV",
        "boris.csv",
        ("intervals and points", "subjects", "labels", "values of attributes as modifiers", "notes"),
        ("turns", "names of attributes", "links", "who made what", "confidences"),
        "https://www.boris.unito.it/user_guide",
        read=_read,
        write=_write,
        losses=_losses,
    ),
)
