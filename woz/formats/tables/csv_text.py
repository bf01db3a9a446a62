"""CSV as RFC 4180 has it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from woz.base.interval import Interval, seconds


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterable[str]:
    """A line at a time. Texts are written as they are: a spreadsheet may take one for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in ([*header], *([str(cell) for cell in row] for row in rows)):
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def span_cells(interval: Interval) -> tuple[str, str]:
    return f"{seconds(interval.start_ns):.3f}", f"{seconds(interval.end_ns):.3f}"
