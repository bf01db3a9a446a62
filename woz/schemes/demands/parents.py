"""What a tier type demands of how its annotations lie in those of its parent."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from woz.model.annotation import Annotation
from woz.model.scheme import Relation
from woz.model.tier import Tier
from woz.schemes.conditions.holding import Known
from woz.schemes.conditions.surroundings import Span, Surroundings, span_of
from woz.schemes.demands.part import Part
from woz.schemes.demands.spans import SMALLEST_GAP_NS, Told, gap_words


def of_parents(
    annotations: Sequence[Annotation], tier: Tier, known: Known, around: Surroundings, part: Part
) -> Iterator[Told]:
    """`annotations` are those of one tier in a part of the session, by start; what of them lies there counts."""
    parent = known.tier_type.parent
    if parent is None:
        return
    tiers = around.related(tier, parent.tier_type)
    name = known.scheme.tier_type(parent.tier_type).name()
    if parent.relation == Relation.ONE_TO_ONE:
        yield from _one_to_one(annotations, _all(tiers, around), name, part)
        return
    yield from _inside(annotations, tiers, around, name, part)
    if parent.relation == Relation.SUBDIVIDES:
        yield from _filled(annotations, _all(tiers, around), name, part)


def _all(tiers: Sequence[Tier], around: Surroundings) -> list[Annotation]:
    return [each for tier in tiers for each in around.by_tier.get(tier.id, [])]


def _inside(
    annotations: Sequence[Annotation], tiers: Sequence[Tier], around: Surroundings, name: str, part: Part
) -> Iterator[Told]:
    by_id = {each.id: each for each in _all(tiers, around)} if any(each.parent_id for each in annotations) else {}
    for each in annotations:
        span = span_of(each)
        if span is None:
            continue
        own, pieces = span_of(by_id[each.parent_id]) if each.parent_id in by_id else None, part.inside(span)
        if own is not None:
            if not all(own[0] <= start_ns <= end_ns <= own[1] for start_ns, end_ns in pieces):
                yield each, f"It reaches beyond the one of {name} that it belongs to."
        elif not all(any(around.spans(t.id).contain(piece, each.id) for t in tiers) for piece in pieces):
            partly = any(around.spans(t.id).overlap(piece, each.id) for t in tiers for piece in pieces)
            yield each, f"It lies {'only partly inside one' if partly else 'inside none'} of {name}."


def _filled(
    annotations: Sequence[Annotation], parents: Sequence[Annotation], name: str, part: Part
) -> Iterator[Told]:
    """Those that begin in a parent leave no gap in it; a parent without any is left alone."""
    timed = [(piece, each) for each in annotations if (span := span_of(each)) for piece in part.inside(span)]
    timed.sort(key=lambda one: one[0])
    starts = [span[0] for span, _ in timed]
    for outer in parents:
        around = span_of(outer)
        if around is None:
            continue
        within = timed[bisect_left(starts, around[0]) : bisect_left(starts, around[1])]
        until_ns = around[0]
        for span, each in within:
            for gap in _gaps((until_ns, span[0]), part):
                yield each, f"{gap_words(*gap)[:-1]}, inside one of {name}."
            until_ns = max(until_ns, span[1])
        for gap in _gaps((until_ns, around[1]), part) if within else ():
            yield within[-1][1], f"{gap_words(*gap)[:-1]}, inside one of {name}."


def _gaps(between: Span, part: Part) -> list[Span]:
    return [gap for gap in part.inside(between) if gap[1] - gap[0] > SMALLEST_GAP_NS]


def _one_to_one(
    annotations: Sequence[Annotation], parents: Sequence[Annotation], name: str, part: Part
) -> Iterator[Told]:
    by_id = {each.id: each for each in parents}
    by_times = {_times(each, part): each for each in parents}
    taken: Counter[str] = Counter()
    for each in annotations:
        own = by_id.get(each.parent_id) if each.parent_id else by_times.get(_times(each, part))
        if own is None:
            yield each, f"It belongs to none of {name}."
            continue
        taken[own.id] += 1
        if each.start_ns is not None and _times(each, part) != _times(own, part):
            yield each, f"It has not the times of the one of {name} that it belongs to."
        if taken[own.id] == 2:
            yield each, f"Another one belongs to the same one of {name}."


def _times(each: Annotation, part: Part) -> tuple[object, ...]:
    """When it lasts, in a part of the session; the same for two that last as long there."""
    span = span_of(each)
    return tuple(part.inside(span)) if span and part.windows else (each.start_ns, each.end_ns)
