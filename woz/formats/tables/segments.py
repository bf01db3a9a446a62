"""Steps and conversation states as tables."""

from __future__ import annotations

from collections.abc import Iterable

from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines, span_cells
from woz.formats.format import Format, Writing, each_session
from woz.model.own_schemes import MISTAKE, STATES, STEPS


def _segments(bundle: SessionBundle, tier_type: str) -> Iterable[str]:
    header = ("start_s", "end_s", "label", "label_id", "mistake", "note", "tier", "annotator", "origin")
    rows = (
        (
            *span_cells(segment.interval),
            bundle.label_name(tier, segment.label),
            segment.label,
            "yes" if segment.value(MISTAKE) is True else "no",
            segment.note,
            tier.name,
            bundle.maker(tier),
            tier.made.origin,
        )
        for tier, segment in bundle.of_type(tier_type)
    )
    return csv_lines(header, rows)


def _steps(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    return _segments(bundle, STEPS)


def _states(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    return _segments(bundle, STATES)


FORMATS = tuple(
    Format(
        f"{name}-csv",
        f"{title} as a table, CSV",
        f"{name}.csv",
        (title, "notes", "mistakes"),
        ("turns", "other tiers", "attributes"),
        "docs/formats.md",
        write=each_session(f"{name}.csv", write),
        by_default=True,
    )
    for name, title, write in (("steps", "steps", _steps), ("states", "conversation states", _states))
)
