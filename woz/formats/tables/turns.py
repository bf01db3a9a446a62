"""Turns as a table."""

from __future__ import annotations

from collections.abc import Iterable

from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines, span_cells
from woz.formats.format import Format, Writing, each_session


def _turns(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    header = ("start_s", "end_s", "said_start_s", "said_end_s", "speaker", "text", "confidence", "origin")
    rows = (
        (
            *span_cells(turn.interval),
            *(span_cells(turn.said) if turn.said else ("", "")),
            turn.speaker,
            turn.text,
            "" if turn.confidence is None else f"{turn.confidence:.3f}",
            bundle.origin or "",
        )
        for turn in bundle.turns
    )
    return csv_lines(header, rows)


FORMATS = (
    Format(
        "turns-csv",
        "turns as a table, CSV",
        "turns.csv",
        ("turns", "speakers", "times said and heard"),
        ("words' times", "annotations"),
        "docs/formats.md",
        write=each_session("turns.csv", _turns),
        by_default=True,
    ),
)
