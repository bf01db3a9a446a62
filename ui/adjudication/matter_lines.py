"""The tiers as they are drawn at a matter: what it is about stands out, and so does what its links lead to."""

from __future__ import annotations

from ui.adjudication.stack import Box, Line
from ui.theme import colours
from woz.annotation.adjudication.clusters import Matter, MatterKind
from woz.annotation.adjudication.state import Adjudication
from woz.annotation.document import Document
from woz.annotation.label_of import label_of
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.tier import Tier


def lines_at(
    document: Document, state: Adjudication, matter: Matter | None, draft: tuple[int, int] | None
) -> list[Line]:
    """A line for each side, then the gold, with what is edited of it (`draft`, start and end in ns)."""
    strong = {str(each.id) for each in matter.cluster.there} if matter else set()
    gold = state.gold_of(matter.cluster) if matter else None
    if gold:
        strong.add(str(gold.id))
    strong |= _led_to(state, matter)
    lines = [Line(side.name, _boxes(document, side.marks, side.tier, strong)) for side in state.sides]
    boxes = _boxes(document, state.marks, state.gold, strong)
    if draft:
        boxes = (*boxes, Box(Interval(*sorted(draft)), "edited", colours().of("accent").name(), True))
    return [*lines, Line("gold", boxes)]


def seen_at(state: Adjudication, matter: Matter | None) -> Interval:
    """The place of a matter, with what its links lead to."""
    ends = _led_to(state, matter)
    marks = (mark for side in state.sides for mark in side.marks if str(mark.id) in ends)
    place = matter.cluster.span if matter else Interval(0, 0)
    spans = [place, *(mark.interval for mark in marks if mark.start_ns is not None)]
    return Interval(min(each.start_ns for each in spans), max(each.end_ns for each in spans))


def _led_to(state: Adjudication, matter: Matter | None) -> set[str]:
    """The items at the other ends of the links that are asked for."""
    if matter is None or matter.kind != MatterKind.LINK:
        return set()
    found = (state.ends.of(mark).values() for mark in matter.cluster.there)
    links = (link for each in found for link in each if link.type == matter.key)
    return {ref.id for link in links for ref in (link.source, link.target)}


def _boxes(document: Document, marks: tuple[Annotation, ...], tier: Tier, strong: set[str]) -> tuple[Box, ...]:
    tier_type = document.tier_type(tier)
    found = []
    for mark in marks:
        if mark.start_ns is not None:
            label = label_of(tier_type, mark)
            found.append(Box(mark.interval, label.name(), label.colour, str(mark.id) in strong))
    return tuple(found)
