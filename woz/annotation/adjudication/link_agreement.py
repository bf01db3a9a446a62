"""Agreement on links, apart from that on where and what: over segments that both have, by the ends that the
adjudication decides on, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from woz.annotation.adjudication.clusters import Cluster, Side
from woz.annotation.adjudication.ends import End, Ends, by_type
from woz.annotation.adjudication.state import gold_apart
from woz.annotation.measures.agreement import Doubled
from woz.annotation.measures.attributes import share_of
from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.intervals import Estimate
from woz.model.annotation import Annotation
from woz.model.link import Link


@dataclass(frozen=True, slots=True)
class LinkAgreement:
    """Over pairs of segments of which one at least has such a link; `cards` are those with other ends, `share` is
    that of the others, `alike`, with its interval by session.
    """

    type: str
    pairs: int
    same: int
    share: Estimate
    cards: tuple[Card, ...]
    alike: tuple[Card, ...] = ()


def link_agreement(
    sessions: Sequence[Doubled], links: Mapping[str, Sequence[Link]], beside: Mapping[str, Sequence[Side]]
) -> list[LinkAgreement]:
    """By type. `links` and `beside`, the tiers of other types, are by session.

    Two links are the same where type and direction are, and both lead to the same item or to marks of one thing:
    such as are paired by their times, in this tier type and in others.
    """
    found: dict[str, dict[str, list[tuple[Card, bool]]]] = {}
    for each in sessions:
        one, other = ({str(mark.id): mark for mark in side} for side in each.annotations)
        ends = _ends(each, one, other, links.get(each.session, ()), beside.get(each.session, ()))
        for a, b in each.paired.pairs:
            first, second = by_type(ends.of(one[a.id])), by_type(ends.of(other[b.id]))
            for kind in sorted(first.keys() | second.keys()):
                card = Card(each.session, CardKind.LINK, a, b, kind)
                same = _leads(first, kind) == _leads(second, kind)
                found.setdefault(kind, {}).setdefault(each.session, []).append((card, same))
    return [_of_type(kind, list(found[kind].values())) for kind in sorted(found)]


def _ends(
    session: Doubled,
    one: Mapping[str, Annotation],
    other: Mapping[str, Annotation],
    links: Sequence[Link],
    beside: Sequence[Side],
) -> Ends:
    coded, golds = gold_apart(beside)
    here = [Cluster((one[a.id], other[b.id])) for a, b in session.paired.pairs]
    return Ends(here, coded, golds, links)


def _leads(ends: Mapping[str, frozenset[End]], kind: str) -> frozenset[End]:
    return ends.get(kind, frozenset())


def _of_type(kind: str, sessions: Sequence[Sequence[tuple[Card, bool]]]) -> LinkAgreement:
    pairs = [pair for each in sessions for pair in each]
    apart = tuple(card for card, same in pairs if not same)
    alike = tuple(replace(card, kind=CardKind.SAME) for card, same in pairs if same)
    share = share_of([[same for _, same in each] for each in sessions])
    return LinkAgreement(kind, len(pairs), len(alike), share, apart, alike)
