"""Tables of other programs with a start, an end or a duration, and a label, under the names that are common."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from woz.formats.reading import nanoseconds
from woz.formats.spans import span_of
from woz.formats.tables.own_reader import confidence_of
from woz.formats.tables.record import Record, TierFacts
from woz.formats.values import scalar_of
from woz.model.annotation import Attribute

_START = "start|onset|begin|start time|begin time|start timestamp|time start|t start|from|tmin|xmin"
_END = "end|offset|stop|finish|end time|stop time|end timestamp|stop timestamp|time end|t end|to|tmax|xmax"
_NAMES = {
    "start": _START,
    "end": _END,
    "duration": "duration|dur|length",
    "label": "label|labels|code|action|behavior|behaviour|annotation|annotation value|value|name|event|event type|"
    "trial type|class|category|activity|step|text|description",
    "tier": "tier|tier name|layer|track",
    "note": "note|notes|comment|comments|remark|remarks",
    "confidence": "confidence|score|probability",
    "session": "session|video|video id|file|recording|media",
    "subject": "subject|participant|speaker",
    "id": "id|annotation id|segment id",
}
"""What a column may be called for each part; the first that the table has is taken."""
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "ss msec", "ss"), Decimal(1)),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), Decimal("1e-3")),
    **dict.fromkeys(("us", "microseconds"), Decimal("1e-6")),
    **dict.fromkeys(("ns", "nanoseconds"), Decimal("1e-9")),
    **dict.fromkeys(("min", "minutes"), Decimal(60)),
    **dict.fromkeys(("hh mm ss", "hh mm ss ms", "hms", "timecode"), Decimal(1)),
}
"""Seconds of one unit, by what stands at the end of a column's name; seconds where nothing does."""
_CLOCK = re.compile(r"(-?)(?:(\d{1,4}):)?(\d{1,5}):(\d{1,2}(?:[.,]\d+)?)")
DEFAULT_TIER = "annotations"


def plain_rows(header: Sequence[str]) -> Callable[[Sequence[str]], Record]:
    """What makes a record of a row. Raises ValueError where there are no columns for a start and a label; what is
    made raises it for a row without times.
    """
    columns = _columns(header)
    for part in ("start", "label"):
        if part not in columns:
            names = _NAMES[part].replace("|", ", ")
            raise ValueError(f"it has no column for the {part}; give it one of the names {names}")
    taken = {at for at, _ in columns.values()}
    others = [(at, name.strip()) for at, name in enumerate(header) if at not in taken and name.strip()]

    def record(row: Sequence[str]) -> Record:
        cells = {part: row[at].strip() if at < len(row) else "" for part, (at, _) in columns.items()}
        start, end, ends_before = _span(cells, {part: unit for part, (_, unit) in columns.items()})
        attributes = (Attribute(name, scalar_of(row[at])) for at, name in others if at < len(row) and row[at])
        tier = cells.get("tier") or DEFAULT_TIER
        subject = cells.get("subject", "")
        key = "\n".join((tier, subject))
        return Record(
            cells.get("session", ""),
            TierFacts(key, f"{tier} of {subject}" if subject else tier, tier, subject),
            cells["label"],
            id=cells.get("id", ""),
            start_ns=start,
            end_ns=end,
            attributes=(*ends_before, *attributes),
            note=cells.get("note", ""),
            confidence=confidence_of(cells.get("confidence", "").replace(",", ".")),
        )

    return record


def _columns(header: Sequence[str]) -> dict[str, tuple[int, Decimal]]:
    """Of each part its column's place and the unit of its numbers."""
    named = [_name_and_unit(name) for name in header]
    found: dict[str, tuple[int, Decimal]] = {}
    for part, names in _NAMES.items():
        for name in names.split("|"):
            at = next((i for i, (known, _) in enumerate(named) if known == name), None)
            if at is not None and part not in found and at not in {taken for taken, _ in found.values()}:
                found[part] = at, named[at][1]
    return found


def _name_and_unit(column: str) -> tuple[str, Decimal]:
    words = re.sub(r"[^0-9a-z]+", " ", column.casefold()).strip()
    for unit, factor in sorted(_UNITS.items(), key=lambda each: -len(each[0])):
        if words.endswith(" " + unit):
            return words.removesuffix(" " + unit), factor
    return words, Decimal(1)


def _span(
    cells: Mapping[str, str], units: Mapping[str, Decimal]
) -> tuple[int | None, int | None, tuple[Attribute, ...]]:
    times = {part: _time(cells[part], units[part]) for part in ("start", "end", "duration") if part in cells}
    start, end, duration = times.get("start"), times.get("end"), times.get("duration")
    if start is None:
        if end is not None:
            raise ValueError("it has an end and no start")
        return None, None, ()
    if end is None and duration is not None:
        end = start + duration
    return (start, None, ()) if end is None else span_of(start, end)


def _time(cell: str, unit: Decimal) -> int | None:
    """In ns; None for an empty cell."""
    if not cell or cell.casefold() in {"na", "n/a", "nan", "none", "null", "-"}:
        return None
    try:
        if clock := _CLOCK.fullmatch(cell):
            return _clock(clock)
        return nanoseconds(Decimal(cell.replace(",", ".")) * unit)
    except (ValueError, InvalidOperation):
        raise ValueError(f"{cell!r} is no time") from None


def _clock(found: re.Match[str]) -> int:
    sign, hours, minutes, rest = found.groups()
    total = Decimal(hours or 0) * 3600 + Decimal(minutes) * 60 + Decimal(rest.replace(",", "."))
    return nanoseconds(-total if sign else total)
