"""CSV as RFC 4180 has it, and its neighbours with semicolons or tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from woz.base.errors import WozError
from woz.base.interval import Interval, seconds
from woz.formats.reading import MOST_LINE_CHARS, Reading

csv.field_size_limit(MOST_LINE_CHARS)


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[object]], delimiter: str = ",") -> Iterator[str]:
    """A line at a time. Texts are written as they are: a spreadsheet may take one for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    for row in ([*header], *([str(cell) for cell in row] for row in rows)):
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def csv_rows(reading: Reading, path: Path | None = None) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't empty, each with the number of the line that it ends in; the header is the first.

    The delimiter is the one of comma, semicolon and tab that the first line has most of. Raises WozError.
    """
    path = path or reading.path
    lines = reading.lines(path, keep_ends=True)
    begin = _until_text(lines)
    rows = csv.reader(chain(begin, lines), delimiter=delimiter_of(begin[-1] if begin else ""), strict=True)
    try:
        for row in rows:
            if any(row):
                yield rows.line_num, row
    except csv.Error as error:
        raise WozError(
            f"{path} is no whole table: line {rows.line_num} can't be read ({error}); get a whole copy of it."
        ) from error


def delimiter_of(line: str) -> str:
    return max((",", ";", "\t"), key=line.count)


def _until_text(lines: Iterator[str]) -> list[str]:
    begin = []
    for line in lines:
        begin.append(line)
        if line.strip():
            break
    return begin


def exact_seconds(ns: int) -> str:
    """In decimals, three at least and as many as it takes."""
    whole, rest = divmod(abs(ns), 10**9)
    decimals = f"{rest:09d}".rstrip("0").ljust(3, "0")
    return f"{'-' if ns < 0 else ''}{whole}.{decimals}"


def span_cells(interval: Interval) -> tuple[str, str]:
    return f"{seconds(interval.start_ns):.3f}", f"{seconds(interval.end_ns):.3f}"
