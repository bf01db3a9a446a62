"""All of a session that doesn't meet what its schemes demand. The editor and `woz check` show the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import SchemeId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import Level, Scheme, named
from woz.model.tier import Tier
from woz.model.transcript import Turn
from woz.schemes.conditions.holding import Asked, Known, holds
from woz.schemes.conditions.parsing import readable
from woz.schemes.conditions.surroundings import Surroundings
from woz.schemes.conditions.terms import Condition
from woz.schemes.demands.links import of_ends, of_links
from woz.schemes.demands.parents import of_parents
from woz.schemes.demands.part import Part
from woz.schemes.demands.spans import of_spans, unbegun
from woz.schemes.demands.told import doubt_words, place_of, time_words
from woz.schemes.demands.values import Said, of_attributes, of_label
from woz.schemes.finding import Finding

Schemes = Mapping[tuple[SchemeId, int], Scheme]
"""By id and version."""
Windows = Mapping[TierId, tuple[Interval, ...]]
"""In which parts of the session tiers are given, disjoint and in order; what isn't named is given as a whole."""
_Rule = tuple[Condition, Level, str]


def findings(
    items: Iterable[Item],
    schemes: Schemes,
    *,
    duration_ns: int | None = None,
    steps: Collection[str] | None = None,
    language: str = "en",
    only: Tier | None = None,
    windows: Windows | None = None,
) -> list[Finding]:
    """By tier, and in it by time; `only` those about one tier. Of a tier that is given in `windows`, what lies in
    them: an annotation that crosses the edge of one counts, in time, by what of it lies inside.

    Items are those of one session, of any kinds. `duration_ns` is how long it is, `steps` are the ids of its
    procedure's steps; None where they aren't known. A tier whose scheme isn't known is left alone.
    """
    items = list(items)
    tiers = sorted((each for each in items if isinstance(each, Tier)), key=lambda tier: (tier.name, tier.id))
    links = [each for each in items if isinstance(each, Link)]
    around = Surroundings(tiers, (each for each in items if isinstance(each, Annotation)), links)
    parts = {tier_id: Part(given) for tier_id, given in (windows or {}).items()}
    found: list[Finding] = []
    for tier in tiers if only is None else (only,):
        scheme = schemes.get((tier.scheme_id, tier.scheme_version))
        if scheme is not None:
            known = Known(scheme, scheme.tier_type(tier.tier_type))
            found += _Tier(tier, known, around, language, parts.get(tier.id, Part())).all(duration_ns, steps)
    found += _of_ends(_within(links, around, parts), around, schemes, language, only)
    return found if only is not None else found + list(_doubted(items, schemes, language))


class _Tier:
    def __init__(self, tier: Tier, known: Known, around: Surroundings, language: str, part: Part) -> None:
        self._tier = tier
        self._known = known
        self._around = around
        self._language = language
        self._part = part
        self._rules = _rules(known.scheme, language)
        self._annotations = sorted(filter(part.holds, around.by_tier.get(tier.id, [])), key=_by_time)

    def all(self, duration_ns: int | None, steps: Collection[str] | None) -> list[Finding]:
        parent = self._known.tier_type.parent
        found: list[tuple[int, Finding]] = []
        for each, sentence in of_spans(self._annotations, self._known, duration_ns, self._language, self._part):
            found.append((_start(each), self._told(each, Level.ERROR, sentence)))
        for each, sentence in of_parents(self._annotations, self._tier, self._known, self._around, self._part):
            level = parent.level if parent else Level.WARNING
            found.append((_start(each), self._told(each, level, sentence)))
        for each in self._annotations:
            for level, sentence in self._of(each, steps):
                found.append((_start(each), self._told(each, level, sentence)))
        if sentence := unbegun(self._annotations, self._known, duration_ns, self._part):
            found.append((_start(None), self._told(None, Level.WARNING, sentence, unbegun=True)))
        return [finding for _, finding in sorted(found, key=lambda one: one[0])]

    def _of(self, annotation: Annotation, steps: Collection[str] | None) -> Iterator[Said]:
        asked = Asked(annotation, self._tier, self._known, self._around)
        yield from of_label(asked, steps)
        yield from of_attributes(asked, self._language)
        yield from of_links(asked, self._language)
        for condition, level, message in self._rules:
            if holds(condition, asked):
                yield level, message

    def _told(self, annotation: Annotation | None, level: Level, sentence: str, unbegun: bool = False) -> Finding:
        if annotation is None:
            return Finding(level, self._tier.name, sentence, ref_to(self._tier), unbegun)
        place = place_of(annotation, self._tier, self._known, self._language)
        return Finding(level, place, sentence, ref_to(annotation))


def _by_time(annotation: Annotation) -> tuple[int, int]:
    start_ns = annotation.start_ns
    return (-1, -1) if start_ns is None else (start_ns, annotation.end_ns or start_ns)


def _start(annotation: Annotation | None) -> int:
    """What is about the tier's end comes last."""
    return 2**63 if annotation is None else _by_time(annotation)[0]


def _doubted(items: Iterable[Item], schemes: Schemes, language: str) -> Iterator[Finding]:
    """Turns and links that somebody flagged."""
    names = {kind.key: named(kind.names, language, kind.key) for each in schemes.values() for kind in each.links}
    for each in items:
        if isinstance(each, Turn) and each.doubt is not None:
            place = f"Turn, {time_words(each.interval.start_ns)}, {each.voice or each.speaker}"
            yield Finding(Level.WARNING, place, doubt_words(each.doubt), ref_to(each))
        elif isinstance(each, Link) and each.doubt is not None:
            place = f"link “{names.get(each.type, each.type)}”"
            yield Finding(Level.WARNING, place, doubt_words(each.doubt), ref_to(each))


def _rules(scheme: Scheme, language: str) -> list[_Rule]:
    """Those that can be read; the check of the scheme tells of the others."""
    read = ((readable(rule.when), rule) for rule in scheme.rules)
    return [(when, rule.level, named(rule.message, language, rule.key)) for when, rule in read if when is not None]


def _within(links: Iterable[Link], around: Surroundings, parts: Mapping[TierId, Part]) -> list[Link]:
    """Without those from what lies outside the windows of its tier."""
    outside = {
        ItemRef("annotation", each.id)
        for tier_id, part in parts.items()
        for each in around.by_tier.get(tier_id, ())
        if not part.holds(each)
    }
    return [each for each in links if each.source not in outside]


def _of_ends(
    links: list[Link], around: Surroundings, schemes: Schemes, language: str, only: Tier | None
) -> Iterator[Finding]:
    tier_of = {
        ItemRef("annotation", each.id): around.tiers[tier_id]
        for tier_id, found in around.by_tier.items()
        for each in found
        if tier_id in around.tiers
    }
    if only is not None:
        links = [each for each in links if tier_of.get(each.source) == only]
    known = {
        str(tier.id): scheme
        for tier in around.tiers.values()
        if (scheme := schemes.get((tier.scheme_id, tier.scheme_version))) is not None
    }
    yield from of_ends(links, tier_of, known, language)
