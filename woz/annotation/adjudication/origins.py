"""From whom the gold is, boundary by boundary, and what was changed of somebody's marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from woz.annotation.adjudication.clusters import MatterKind, Side, values
from woz.annotation.adjudication.state import DROPPED, RUN, decided_of
from woz.annotation.link_owner import link_owner
from woz.base.interval import hundredths
from woz.model.annotation import Annotation
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link

MIDDLE, OWN = "middle", "adjudicator"
_LINK = f"{MatterKind.LINK} "
"""Begins the name of a matter of links; their type follows."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Names of annotators, several where these set the same; "middle", or "adjudicator" for what nobody set."""

    label: str
    start: str
    end: str


def origins(gold: Annotation, sides: Sequence[Side]) -> Origins:
    """Told by the marks that it was made from, which no longer change."""
    sources = {source.item for source in gold.made.sources}
    marks = [(side.name, mark) for side in sides for mark in side.marks if ref_to(mark) in sources]
    return Origins(
        _whose({name: mark.label for name, mark in marks}, gold.label),
        _whose({name: mark.start_ns for name, mark in marks}, gold.start_ns),
        _whose({name: mark.end_ns for name, mark in marks}, gold.end_ns),
    )


def _whose(given: Mapping[str, object], value: object) -> str:
    same = [name for name, each in given.items() if each == value]
    if same:
        return " and ".join(same)
    times = [each for each in given.values() if isinstance(each, int)]
    return MIDDLE if times and isinstance(value, int) and value == sum(times) // len(times) else OWN


@dataclass(frozen=True, slots=True)
class Changed:
    """One of somebody's marks, or something that they missed (`mark` is None), and what the gold has in its place.

    `what` says in words what is not the same.
    """

    mark: Annotation | None
    gold: Annotation | None
    what: tuple[str, ...]


def changed(
    own: Sequence[Annotation], gold: Sequence[Annotation], links: Sequence[Link], tolerance_ns: int
) -> list[Changed]:
    """By time. Boundaries that nobody disputed are in the middle of theirs: they count from the tolerance on; those
    that somebody decided on, from what is seen in hundredths of a second.
    """
    golds = {source.item: each for each in gold for source in each.made.sources}
    out = {each.source for each in links if each.type == DROPPED}
    refs = {ref_to(mark) for mark in own}
    found = [each for mark in own if (each := _of(mark, golds, links, out, tolerance_ns))]
    found += [
        Changed(None, each, ("it was missed",))
        for each in gold
        if not refs & {source.item for source in each.made.sources}
    ]
    return sorted(found, key=_place)


def _of(
    mark: Annotation,
    golds: Mapping[ItemRef, Annotation],
    links: Sequence[Link],
    out: set[ItemRef],
    tolerance_ns: int,
) -> Changed | None:
    gold = golds.get(ref_to(mark))
    if gold is None:
        return Changed(mark, None, ("it was kept out",)) if ref_to(mark) in out else None
    what = ["label"] if gold.label != mark.label else []
    least_ns = 0 if _bounds_decided(gold) else tolerance_ns
    for name, was, now in (("start", mark.start_ns, gold.start_ns), ("end", mark.end_ns, gold.end_ns)):
        if was is not None and now is not None and abs(was - now) > least_ns and (by := hundredths(now - was)):
            what.append(f"{name} {'later' if by > 0 else 'earlier'} by {abs(by) / 100:.2f} s")
    keys = sorted({each.key for each in (*mark.attributes, *gold.attributes)})
    what += [key for key in keys if values(mark, key) != values(gold, key)]
    what += [name for name in decided_of(gold) if name.startswith(_LINK) and _relinked(mark, gold, name, links)]
    return Changed(mark, gold, tuple(what)) if what else None


def _bounds_decided(gold: Annotation) -> bool:
    """Whether somebody decided where it begins and ends, or made it by hand."""
    return not gold.made.run.startswith(RUN) or str(MatterKind.BOUNDARY) in decided_of(gold)


def _relinked(mark: Annotation, gold: Annotation, name: str, links: Sequence[Link]) -> bool:
    """Whether the gold lacks one of its links of a decided type, or has one that it hasn't."""
    of_type = [each for each in links if each.type == name.removeprefix(_LINK)]
    own, made = ([each for each in of_type if link_owner(each) == ref] for ref in map(ref_to, (mark, gold)))
    kept = [{source.item for source in each.made.sources} for each in made]
    mine = {ref_to(each) for each in own}
    return any(not mine & each for each in kept) or bool(mine - {ref for each in kept for ref in each})


def _place(each: Changed) -> int:
    there = each.mark or each.gold
    return there.start_ns or 0 if there else 0
