"""What lies around an annotation: found by time, in the tiers that belong to its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from woz.model.annotation import Annotation
from woz.model.ids import TierId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.tier import Tier

Span = tuple[int, int]


def span_of(annotation: Annotation) -> Span | None:
    """Start and end; what has no length lasts a nanosecond, what has no time has none."""
    if annotation.start_ns is None:
        return None
    return annotation.start_ns, max(annotation.end_ns or 0, annotation.start_ns + 1)


class Spans:
    """Annotations by start, each with the two latest ends until there, so that one may be left aside."""

    def __init__(self, annotations: Iterable[Annotation]) -> None:
        found = sorted((span, each.id) for each in annotations if (span := span_of(each)) is not None)
        self.starts = [span[0] for span, _ in found]
        self._latest: list[tuple[int, str, int]] = []
        end, who, second = -1, "", -1
        for (_, own_end), own in found:
            if own_end > end:
                end, who, second = own_end, str(own), end
            elif own_end > second:
                second = own_end
            self._latest.append((end, who, second))

    def contain(self, span: Span, besides: str) -> bool:
        """Whether one, but the named one, holds all of a span."""
        return self._latest_end(bisect_right(self.starts, span[0]), besides) >= span[1]

    def overlap(self, span: Span, besides: str) -> bool:
        return self._latest_end(bisect_left(self.starts, span[1]), besides) > span[0]

    def _latest_end(self, count: int, besides: str) -> int:
        if count == 0:
            return -1
        end, who, second = self._latest[count - 1]
        return second if who == besides else end


class Surroundings:
    """The annotations and links of one session. What is asked of it is found in the logarithm of their number."""

    def __init__(self, tiers: Sequence[Tier], annotations: Iterable[Annotation], links: Iterable[Link]) -> None:
        self.tiers = {tier.id: tier for tier in tiers}
        self.by_tier: dict[TierId, list[Annotation]] = defaultdict(list)
        for annotation in annotations:
            self.by_tier[annotation.tier_id].append(annotation)
        self._spans: dict[tuple[TierId, str], Spans] = {}
        self._labels: dict[TierId, dict[str, list[Annotation]]] = {}
        self._related: dict[tuple[TierId, str], tuple[Tier, ...]] = {}
        self.linked: Counter[tuple[str, ItemRef]] = Counter()
        self.sent: Counter[tuple[str, ItemRef]] = Counter()
        for link in links:
            self.sent[link.type, link.source] += 1
            self.linked.update({(link.type, link.source), (link.type, link.target)})

    def related(self, tier: Tier, tier_type: str) -> tuple[Tier, ...]:
        """The tiers of a type that belong to a tier: its parent, itself, else its annotator's, else all."""
        key = (tier.id, tier_type)
        if key not in self._related:
            self._related[key] = self._find_related(tier, tier_type)
        return self._related[key]

    def _find_related(self, tier: Tier, tier_type: str) -> tuple[Tier, ...]:
        if tier.tier_type == tier_type:
            return (tier,)
        of_type = [each for each in self.tiers.values() if each.tier_type == tier_type]
        parent = [each for each in of_type if each.id == tier.parent_id]
        own = [each for each in of_type if each.annotator_id == tier.annotator_id]
        return tuple(parent or own or of_type)

    def spans(self, tier_id: TierId, label: str = "") -> Spans:
        """Of a tier, or of one label in it."""
        key = (tier_id, label)
        if key not in self._spans:
            found = self._by_label(tier_id).get(label, []) if label else self.by_tier.get(tier_id, [])
            self._spans[key] = Spans(found)
        return self._spans[key]

    def _by_label(self, tier_id: TierId) -> dict[str, list[Annotation]]:
        if tier_id not in self._labels:
            by_label: dict[str, list[Annotation]] = defaultdict(list)
            for annotation in self.by_tier.get(tier_id, []):
                by_label[annotation.label].append(annotation)
            self._labels[tier_id] = by_label
        return self._labels[tier_id]
