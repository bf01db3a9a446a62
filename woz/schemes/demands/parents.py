"""What a tier type demands of how its annotations lie in those of its parent."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from woz.model.annotation import Annotation
from woz.model.scheme import Parent, Relation
from woz.model.tier import Tier
from woz.schemes.conditions.holding import Known
from woz.schemes.conditions.surroundings import Surroundings, span_of
from woz.schemes.demands.spans import SMALLEST_GAP_NS, Told, gap_words


def of_parents(annotations: Sequence[Annotation], tier: Tier, known: Known, around: Surroundings) -> Iterator[Told]:
    """`annotations` are those of one tier, by start."""
    parent = known.tier_type.parent
    if parent is None:
        return
    tiers = around.related(tier, parent.tier_type)
    name = known.scheme.tier_type(parent.tier_type).name()
    if parent.relation == Relation.ONE_TO_ONE:
        yield from _one_to_one(annotations, _all(tiers, around), name)
        return
    yield from _inside(annotations, tiers, around, name)
    if parent.relation == Relation.SUBDIVIDES:
        yield from _filled(annotations, _all(tiers, around), parent, name)


def _all(tiers: Sequence[Tier], around: Surroundings) -> list[Annotation]:
    return [each for tier in tiers for each in around.by_tier.get(tier.id, [])]


def _inside(
    annotations: Sequence[Annotation], tiers: Sequence[Tier], around: Surroundings, name: str
) -> Iterator[Told]:
    by_id = {each.id: each for each in _all(tiers, around)} if any(each.parent_id for each in annotations) else {}
    for each in annotations:
        span = span_of(each)
        if span is None:
            continue
        own = span_of(by_id[each.parent_id]) if each.parent_id in by_id else None
        if own is not None:
            if not own[0] <= span[0] <= span[1] <= own[1]:
                yield each, f"It reaches beyond the one of {name} that it belongs to."
        elif not any(around.spans(tier.id).contain(span, each.id) for tier in tiers):
            partly = any(around.spans(tier.id).overlap(span, each.id) for tier in tiers)
            yield each, f"It lies {'only partly inside one' if partly else 'inside none'} of {name}."


def _filled(
    annotations: Sequence[Annotation], parents: Sequence[Annotation], parent: Parent, name: str
) -> Iterator[Told]:
    """Those that begin in a parent leave no gap in it; a parent without any is left alone."""
    timed = [(span, each) for each in annotations if (span := span_of(each)) is not None]
    starts = [span[0] for span, _ in timed]
    for outer in parents:
        around = span_of(outer)
        if around is None:
            continue
        within = timed[bisect_left(starts, around[0]) : bisect_left(starts, around[1])]
        until_ns = around[0]
        for span, each in within:
            if span[0] - until_ns > SMALLEST_GAP_NS:
                yield each, f"{gap_words(until_ns, span[0])[:-1]}, inside one of {name}."
            until_ns = max(until_ns, span[1])
        if within and around[1] - until_ns > SMALLEST_GAP_NS:
            yield within[-1][1], f"{gap_words(until_ns, around[1])[:-1]}, inside one of {name}."


def _one_to_one(annotations: Sequence[Annotation], parents: Sequence[Annotation], name: str) -> Iterator[Told]:
    by_id = {each.id: each for each in parents}
    by_span = {(each.start_ns, each.end_ns): each for each in parents}
    taken: Counter[str] = Counter()
    for each in annotations:
        own = by_id.get(each.parent_id) if each.parent_id else by_span.get((each.start_ns, each.end_ns))
        if own is None:
            yield each, f"It belongs to none of {name}."
            continue
        taken[own.id] += 1
        if each.start_ns is not None and (each.start_ns, each.end_ns) != (own.start_ns, own.end_ns):
            yield each, f"It has not the times of the one of {name} that it belongs to."
        if taken[own.id] == 2:
            yield each, f"Another one belongs to the same one of {name}."
