"""Models and figures of transcription in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from woz.transcription.catalogue import GATED_STEPS, Entry
from woz.transcription.layouts import form_fault
from woz.transcription.models import ModelInfo

FIGURES = {
    "wer": "word error rate, whoever speaks",
    "cpwer": "word error rate by speaker, best pairing (cpWER)",
    "der": "diarization error rate (no collar, overlap counted)",
    "jer": "Jaccard error rate",
}


def models_words(entries: Sequence[Entry], here: Sequence[ModelInfo], folder: Path) -> str:
    """What there is, then what else lies in the folder, then how to come by the gated one."""
    found = {model.name: model for model in here}
    lines = [f"Models are kept in {folder}", ""]
    rows = [_row(entry, found.pop(entry.name, None)) for entry in entries]
    rows += [(m.name, _megabytes(m.size_bytes), "", _state(m), m.kind) for m in found.values()]
    lines += _columns(rows)
    if any(model.fault for model in here):
        lines += ["", *(model.fault for model in here if model.fault)]
    if any(entry.gated and not (folder / entry.name).is_dir() for entry in entries):
        lines += ["", GATED_STEPS]
    return "\n".join(lines)


def figures_words(figures: Mapping[str, float | None]) -> str:
    return "\n".join(
        f"{name:<6}{'–' if value is None else f'{value:.1%}':>8}  {FIGURES[name]}"
        for name, value in figures.items()
    )


def _row(entry: Entry, here: ModelInfo | None) -> tuple[str, ...]:
    state = _state(here) if here else "not here"
    gate = " (gated, see below)" if entry.gated else ""
    return entry.name, _megabytes(entry.size_bytes), entry.licence, state, f"{entry.purpose}{gate}"


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:6.0f} MB"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows of equal length under each other, two spaces between their columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _state(model: ModelInfo) -> str:
    """Whether it can be used; why it can't, stands below the list."""
    if model.missing and not form_fault(model.path):
        return f"lacks {', '.join(model.missing)}"
    return "can't be used" if model.fault else "here"
