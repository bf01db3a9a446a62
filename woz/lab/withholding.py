"""What stays in the lab of a session: the stretches that are kept out, since a bystander asked, say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.annotation.live_scheme import WITHHELD
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.kinds import Item
from woz.model.tier import Tier


def withheld_in(items: Iterable[Item]) -> tuple[Interval, ...]:
    """The stretches of all tiers of that type, by time, as people left them."""
    known = list(items)
    tiers = {item.id for item in known if isinstance(item, Tier) and item.tier_type == WITHHELD}
    found = (
        Interval(item.start_ns, item.end_ns)
        for item in known
        if isinstance(item, Annotation) and item.tier_id in tiers
        if item.start_ns is not None and item.end_ns is not None
    )
    return tuple(sorted(found))


def without_withheld(bundle: SessionBundle, questions: bool = True) -> SessionBundle:
    """The same without what was said, marked and (with `questions`) asked in these stretches, and links to it."""
    spans = withheld_in((*bundle.tiers, *bundle.annotations))
    if not spans:
        return bundle
    gone = {tier.id for tier in bundle.tiers if tier.tier_type == WITHHELD}
    marks = tuple(a for a in bundle.annotations if a.tier_id not in gone and not _touches(_span(a), spans))
    turns = tuple(turn for turn in bundle.turns if not _touches(turn.interval, spans))
    kept = [each for each in bundle.questions if not any(_touches(s, spans) for s in (each.clip, each.answered))]
    asked = tuple(kept) if questions else bundle.questions
    left = {*(a.id for a in marks), *(t.id for t in turns), *(q.id for q in asked)}
    lost = {*(a.id for a in bundle.annotations), *(t.id for t in bundle.turns), *(q.id for q in bundle.questions)}
    lost -= left
    links = tuple(each for each in bundle.links if not {each.source.id, each.target.id} & lost)
    tiers = tuple(tier for tier in bundle.tiers if tier.id not in gone)
    return replace(bundle, tiers=tiers, annotations=marks, turns=turns, questions=asked, links=links)


def _span(each: Annotation) -> Interval | None:
    if each.start_ns is None:
        return None
    return Interval(each.start_ns, max(each.end_ns or each.start_ns, each.start_ns + 1))


def _touches(span: Interval | None, spans: Sequence[Interval]) -> bool:
    return span is not None and any(span.start_ns < one.end_ns and one.start_ns < span.end_ns for one in spans)
