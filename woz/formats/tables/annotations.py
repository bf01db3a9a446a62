"""All annotations of a session as one table: for programs (CSV), and for spreadsheets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines
from woz.formats.format import Format, Writing, each_session
from woz.formats.parts import Lost, Part
from woz.formats.reading import Reading
from woz.formats.tables.own_columns import header_of, joins_annotations, rows_of
from woz.formats.tables.table_reader import read_table

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
BOM = "\ufeff"


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    header = header_of(bundle)
    return csv_lines(header, rows_of(bundle, header))


def _write_for_spreadsheets(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    yield BOM
    header = header_of(bundle)
    yield from csv_lines(map(guarded, header), ([guarded(cell) for cell in row] for row in rows_of(bundle, header)))


def guarded(cell: str) -> str:
    """With an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _read(reading: Reading) -> Iterator[Part]:
    return read_table(reading, "csv", "Table")


def _read_of_spreadsheets(reading: Reading) -> Iterator[Part]:
    return read_table(reading, "spreadsheet", "Table", unguarded)


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    lost = Counter[str]()
    for bundle in bundles:
        used = {(tier.scheme_id, tier.scheme_version) for tier in bundle.tiers}
        lost["turns"] += len(bundle.turns)
        lost["questions"] += len(bundle.questions)
        lost["links from or to what is no annotation"] += sum(not joins_annotations(each) for each in bundle.links)
        lost["definitions of schemes"] += len(used & bundle.schemes.keys())
        made = (each.made for items in (bundle.tiers, bundle.annotations, bundle.links) for each in items)
        lost["notes of what an item was derived from"] += sum(bool(each.sources) for each in made)
    return [Lost(what, count) for what, count in lost.items() if count]


_CARRIES = ("annotations of all tiers", "attributes", "links", "who made what", "notes", "confidences")
_LOSES = ("turns", "questions", "definitions of schemes", "what items were derived from")

FORMATS = (
    Format(
        "csv",
        "annotations with all that is known of them, CSV",
        "annotations.csv",
        _CARRIES,
        _LOSES,
        "RFC 4180; docs/formats.md",
        read=_read,
        write=each_session("annotations.csv", _write),
        losses=_losses,
    ),
    Format(
        "spreadsheet",
        "annotations for spreadsheets: CSV in which no text is a formula",
        "spreadsheet.csv",
        _CARRIES,
        _LOSES,
        "RFC 4180; docs/formats.md",
        read=_read_of_spreadsheets,
        write=each_session("spreadsheet.csv", _write_for_spreadsheets),
        losses=_losses,
    ),
)
