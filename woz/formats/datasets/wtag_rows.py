"""A line of WTaG's files as an annotation, and the line that an annotation makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from woz.base.errors import WozError
from woz.formats.datasets.making import PLACE, REST, Making, Span, added, with_rest
from woz.formats.datasets.remains import restored
from woz.model.annotation import Annotation, Attribute
from woz.model.procedure import Procedure
from woz.model.scheme import TierType
from woz.model.tier import Tier

NS_PER_TICK = 100
MOST_NS = 10**18
"""Further from the start no time of a video can be."""
USER, INSTRUCTOR, STEPS = "user", "instructor", "steps"
NONE = "none"
"""The label of an utterance whose intention nobody has said."""
_TICK = re.compile(r"-?[0-9]{1,18}")
_BREAK = re.compile(r"[\t\r\n]")
_STEP = re.compile(r"(?:step\s*)?([0-9]{1,4})", re.IGNORECASE)
_MISTAKES = ("wrong object", "wrong state", "wrong action")
_INSTRUCTIONS = {
    "current step": "current step",
    "next step": "next step",
    "details": "details",
    "detailed": "details",
    "mistake correction": "mistake correction",
    "mistake": "mistake correction",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Start and end in ticks of 100 ns on the recorder's clock, then the cells."""

    start: int
    end: int
    cells: tuple[str, ...]


def row_of(line: str, where: str) -> Row:
    """Raises WozError for what isn't two times and a text, with `where` it stands."""
    start, _, rest = line.partition("\t")
    end, tab, text = rest.partition("\t")
    if not tab or not _TICK.fullmatch(start) or not _TICK.fullmatch(end):
        raise WozError(f"{where} is no line of WTaG: it doesn't begin with two times in ticks; get a whole copy.")
    return Row(int(start), int(end), tuple(text.split("\t")))


def step_of(making: Making, tier: Tier, row: Row, place: int, first: int, recipe: Procedure | None) -> Annotation:
    """`first` is the tick at which the video starts."""
    made = making.annotation(tier, _step_label(row.cells[0], recipe), _span(row, first), {PLACE: place})
    return _kept(made, row, first, (step_text(made, made.label, recipe),))


def step_text(annotation: Annotation, label: str, recipe: Procedure | None) -> str:
    step = recipe.step(annotation.label) if recipe else None
    return step.name if step else label


def utterance_of(making: Making, tier: Tier, row: Row, place: int, first: int) -> Annotation:
    """What a line says but its text, where there is a turn for it."""
    known = making.scheme.tier_type(tier.tier_type)
    label, *more = [_intent(cell, known) for cell in row.cells[1:]] or [NONE]
    values = {
        "instruction": next((_INSTRUCTIONS[cell.lower()] for cell in more if cell.lower() in _INSTRUCTIONS), None),
        "mistake": next((cell.lower() for cell in more if cell.lower() in _MISTAKES), None),
        PLACE: place,
    }
    if tier.tier_type != INSTRUCTOR:
        values["instruction"] = None
    made = making.annotation(tier, label or NONE, _span(row, first), values)
    intents = {each.id for each in known.labels}
    made = added(made, (Attribute("also", cell) for cell in more if cell in intents))
    return _kept(made, row, first, utterance_cells(made, made.label, row.cells[0] if is_spoken(made, row) else ""))


def is_spoken(utterance: Annotation, row: Row) -> bool:
    """Whether there is a turn for it: it has a text and a time."""
    return utterance.start_ns is not None and bool(row.cells[0].strip())


def utterance_cells(annotation: Annotation, label: str, text: str) -> tuple[str, ...]:
    also = [str(each.value) for each in annotation.attributes if each.key == "also"]
    further = [str(value) for key in ("instruction", "mistake") if (value := annotation.value(key)) is not None]
    intents = [] if label == NONE and not also and not further else [label, *also, *further]
    return (text, *intents)


def line_of(annotation: Annotation, first: int, cells: Sequence[str]) -> str:
    """With its line end; tabs and line ends in texts become blanks."""
    told = restored(_told(annotation, first, cells), annotation.value(REST))
    every = (told["start"], told["end"], told["text"], *told["further"])
    return "\t".join(" ".join(_BREAK.split(str(cell))) for cell in every) + "\n"


def _kept(made: Annotation, row: Row, first: int, cells: Sequence[str]) -> Annotation:
    text, *further = row.cells
    told = {"start": row.start, "end": row.end, "text": text, "further": further}
    return with_rest(made, told, _told(made, first, cells))


def _told(annotation: Annotation, first: int, cells: Sequence[str]) -> dict[str, Any]:
    start_ns = annotation.start_ns or 0
    end_ns = start_ns if annotation.end_ns is None else annotation.end_ns
    start, end = (round(ns / NS_PER_TICK) + first for ns in (start_ns, end_ns))
    text, *further = cells
    return {"start": start, "end": end, "text": text, "further": further}


def _span(row: Row, first: int) -> Span:
    start_ns, end_ns = ((tick - first) * NS_PER_TICK for tick in (row.start, row.end))
    if max(abs(start_ns), abs(end_ns)) > MOST_NS:
        return None, None
    return start_ns, None if end_ns < start_ns else end_ns


def _step_label(cell: str, recipe: Procedure | None) -> str:
    if recipe is None:
        return cell or NONE
    number = _STEP.fullmatch(cell.strip())
    by_number = recipe.step(number[1]) if number else None
    found = by_number or next((step for step in recipe.steps if step.name == cell), None)
    return str(found.id) if found else cell or NONE


def _intent(cell: str, known: TierType) -> str:
    """As the scheme spells it, else as it stands."""
    by_name = {each.key.lower(): each.key for each in known.labels}
    return by_name.get(cell.strip().lower(), cell)
