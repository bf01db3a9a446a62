"""Steps and conversation states as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines, span_cells
from woz.formats.format import Format, Losses, Writing, each_session
from woz.formats.losses import told
from woz.formats.parts import Lost
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


def _losses(tier_type: str) -> Losses:
    """Of a table of one tier type's intervals, with one attribute."""

    def losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
        lost = Counter[str]()
        for bundle in bundles:
            mine = {tier.id for tier in bundle.tiers if tier.tier_type == tier_type}
            held = [each for each in bundle.annotations if each.tier_id in mine]
            lost["turns"] += len(bundle.turns)
            lost["links"] += len(bundle.links)
            lost["questions"] += len(bundle.questions)
            lost["annotations of other tiers"] += len(bundle.annotations) - len(held)
            lost["annotations without a time"] += sum(each.start_ns is None for each in held)
            lost["attributes"] += sum(at.key != MISTAKE for each in held for at in each.attributes)
            lost["confidences"] += sum(each.confidence is not None for each in held)
        return told(lost)

    return losses


FORMATS = tuple(
    Format(
        f"{name}-csv",
        f"{title} as a table, CSV",
        f"{name}.csv",
        (title, "notes", "mistakes"),
        ("turns", "other tiers", "attributes"),
        "docs/formats.md",
        write=each_session(f"{name}.csv", write),
        losses=_losses(tier_type),
        by_default=True,
    )
    for name, title, tier_type, write in (
        ("steps", "steps", STEPS, _steps),
        ("states", "conversation states", STATES, _states),
    )
)
