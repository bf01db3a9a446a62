"""Turns as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines, span_cells
from woz.formats.format import Format, Writing, each_session
from woz.formats.losses import told
from woz.formats.parts import Lost


def _turns(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    header = (
        *("start_s", "end_s", "said_start_s", "said_end_s", "speaker", "text", "confidence", "origin"),
        *("voice", "checked", "translation", "doubtful"),
    )
    rows = (
        (
            *span_cells(turn.interval),
            *(span_cells(turn.said) if turn.said else ("", "")),
            turn.speaker,
            turn.text,
            "" if turn.confidence is None else f"{turn.confidence:.3f}",
            bundle.origin or "",
            turn.voice,
            "yes" if turn.checked else "no",
            turn.translation,
            "" if turn.doubt is None else turn.doubt or "yes",
        )
        for turn in bundle.turns
    )
    return csv_lines(header, rows)


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    lost = Counter[str]()
    for bundle in bundles:
        lost["annotations"] += len(bundle.annotations)
        lost["links"] += len(bundle.links)
        lost["questions"] += len(bundle.questions)
        lost["words with times"] += sum(len(turn.words) for turn in bundle.turns)
    return told(lost)


FORMATS = (
    Format(
        "turns-csv",
        "turns as a table, CSV",
        "turns.csv",
        ("turns", "speakers and voices", "times said and heard", "translations", "what was checked or doubted"),
        ("words' times", "annotations"),
        "docs/formats.md",
        write=each_session("turns.csv", _turns),
        losses=_losses,
        by_default=True,
    ),
)
