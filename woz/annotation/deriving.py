"""What is derived, derived anew: the machine's part is replaced, what a person did stays."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.staleness import Derived
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.item import ItemRef
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.question import Question, QuestionKind, ReviewStatus

DERIVE = "Derive states and questions"
_NAMESPACE = uuid.UUID("c0a3a1c8-6d0b-4c55-8b63-0f4f4c0c6a12")


def derived_anew(wanted: Sequence[Derived], present: Sequence[Derived], taken_away: Container[str]) -> Edit:
    """What makes `present` the derived items that are wanted, but for what people did.

    What a person changed, made or judged stays, and what is derived is cut to the time round it; what a person took
    away stays away; a question that was kept is not proposed again.
    """
    kept = [item for item in present if not _machines(item)]
    old: dict[str, Derived] = {item.id: item for item in present if _machines(item)}
    new: dict[str, Derived] = {item.id: item for item in _around(wanted, kept) if item.id not in taken_away}
    gone = [item for item_id, item in old.items() if new.get(item_id) != item]
    come = [item for item_id, item in new.items() if old.get(item_id) != item]
    return Edit(DERIVE, _settled(gone, new), _settled(come, old))


def _settled(items: Iterable[Derived], others: Mapping[str, Derived]) -> tuple[Derived, ...]:
    """Without those that differ from the other side only in when they were derived."""
    return tuple(item for item in items if not _alike(item, others.get(item.id)))


def _alike(one: Derived, other: Derived | None) -> bool:
    if other is None or type(one) is not type(other) or one.made.stale or other.made.stale:
        return False
    same_time: Made = replace(one.made, utc_ns=other.made.utc_ns)
    return replace(one, made=same_time) == other


def _machines(item: Derived) -> bool:
    judged = isinstance(item, Question) and item.status != ReviewStatus.PROPOSED
    return item.made.origin == Origin.DERIVED and not judged


def _around(wanted: Sequence[Derived], kept: Sequence[Derived]) -> list[Derived]:
    spans: dict[TierId, list[Interval]] = {}
    for item in kept:
        if isinstance(item, Annotation) and item.end_ns is not None:
            spans.setdefault(item.tier_id, []).append(item.interval)
    ids, asked = {item.id for item in kept}, {ref for item in kept for ref in _asked(item)}
    of_questions = {ref for item in kept if isinstance(item, Question) for ref in _turns(item)}
    found: list[Derived] = []
    for new in wanted:
        if isinstance(new, Annotation):
            found += [part for part in _cut(new, spans.get(new.tier_id, [])) if part.id not in ids]
        elif new.id not in ids and not (of_questions if _unasked(new) else asked) & _asked(new):
            found.append(new)
    return found


def _asked(item: Derived) -> set[ItemRef]:
    """The turn that a question was asked in, which is the first of its sources."""
    return set(_turns(item)[:1]) if isinstance(item, Question) else set()


def _turns(item: Derived) -> list[ItemRef]:
    return [source.item for source in item.made.sources if source.item.kind == "turn"]


def _unasked(item: Question) -> bool:
    """What answers a question that was kept was not said unasked."""
    return item.kind == QuestionKind.UNASKED


def _cut(item: Annotation, others: Iterable[Interval]) -> list[Annotation]:
    """The parts of an interval that others leave; the first keeps its id where it keeps its start."""
    parts = [item.interval]
    for other in others:
        parts = [left for part in parts for left in _without(part, other)]
    if parts == [item.interval]:
        return [item]
    return [replace(item, id=_part_id(item, part), start_ns=part.start_ns, end_ns=part.end_ns) for part in parts]


def _without(span: Interval, other: Interval) -> list[Interval]:
    if not span.intersects(other):
        return [span]
    before = Interval(span.start_ns, max(span.start_ns, other.start_ns))
    after = Interval(min(span.end_ns, other.end_ns), span.end_ns)
    return [part for part in (before, after) if part]


def _part_id(item: Annotation, part: Interval) -> AnnotationId:
    if part.start_ns == item.interval.start_ns:
        return item.id
    return AnnotationId(uuid.uuid5(_NAMESPACE, f"{item.tier_id}/{part.start_ns}").hex)
