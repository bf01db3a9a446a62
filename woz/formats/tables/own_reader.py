"""Reads rows of woz's own columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import InvalidOperation

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.formats.reading import nanoseconds
from woz.formats.tables.own_columns import ATTRIBUTE
from woz.formats.tables.record import LinkFacts, Record, TierFacts
from woz.formats.values import MOST_WHOLE, values_of
from woz.model.annotation import Attribute
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import TierState


def own_rows(header: Sequence[str]) -> Callable[[Sequence[str]], Record]:
    """What makes a record of a row. That raises ValueError for a row that isn't as woz writes them."""
    keys = [name.removeprefix(ATTRIBUTE) for name in header if name.startswith(ATTRIBUTE)]

    def record(row: Sequence[str]) -> Record:
        if len(row) != len(header):
            raise ValueError(f"it has {counted(len(row), 'cell')}, not {len(header)}")
        return _record(dict(zip(header, row, strict=True)), keys)

    return record


def _record(cell: Mapping[str, str], keys: Sequence[str]) -> Record:
    start, end = _time(cell["start_s"]), _time(cell["end_s"])
    if end is not None and (start is None or end < start):
        raise ValueError(f"its end {cell['end_s']} lies before its start {cell['start_s']}")
    attributes: list[Attribute] = []
    for key in keys:
        attributes += values_of(key, cell[ATTRIBUTE + key])
    return Record(
        cell["session"],
        _tier(cell),
        cell["label_id"],
        cell["label"],
        cell["id"],
        cell["parent"],
        start,
        end,
        tuple(attributes),
        cell["note"],
        confidence_of(cell["confidence"]),
        _made(cell["origin"], cell["made_by"], cell["made_utc_ns"], cell["run"]),
        _links(cell["links"]),
        empty=not cell["id"],
    )


def _tier(cell: Mapping[str, str]) -> TierFacts:
    return TierFacts(
        cell["tier_id"],
        cell["tier"],
        cell["tier_type"],
        cell["subject"],
        cell["tier_parent"],
        TierState(cell["tier_state"] or TierState.IN_WORK),
        _made(cell["tier_origin"], cell["annotator"], cell["tier_utc_ns"], cell["tier_run"]),
    )


def _time(cell: str) -> int | None:
    try:
        return nanoseconds(cell) if cell else None
    except (ValueError, InvalidOperation):
        raise ValueError(f"{cell!r} is no time in seconds") from None


def confidence_of(cell: str) -> float | None:
    """Raises ValueError for what is no number."""
    value = float(cell) if cell else None
    if value is not None and not abs(value) <= MOST_WHOLE:
        raise ValueError(f"{cell!r} is no confidence")
    return value


def _made(origin: str, by: str, utc_ns: str, run: str) -> Made | None:
    if not origin:
        return None
    utc = int(utc_ns or 0)
    if abs(utc) > MOST_WHOLE:
        raise ValueError(f"{utc_ns!r} is no time in nanoseconds")
    return Made(Origin(origin), by, utc, run)


def _links(cell: str) -> tuple[LinkFacts, ...]:
    if not cell:
        return ()
    try:
        found = read(cell, list[dict[str, str]])
    except Unsound as error:
        raise ValueError(f"its links can't be read ({error})") from error
    return tuple(_link(each) for each in found)


def _link(facts: Mapping[str, str]) -> LinkFacts:
    if not facts.get("type") or not facts.get("to"):
        raise ValueError("a link of it has no type or leads nowhere")
    made = _made(*(facts.get(name, "") for name in ("origin", "made_by", "made_utc_ns", "run")))
    return LinkFacts(facts["type"], facts["to"], facts.get("note", ""), made, facts.get("doubt"))


def told(path: object, line: int, error: ValueError) -> WozError:
    return WozError(f"{path} can't be read: line {line} is not as it should be, {error}; nothing was taken.")
