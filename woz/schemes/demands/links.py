"""What a scheme demands of the links from and to its annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.scheme import Level, Scheme, named
from woz.model.tier import Tier
from woz.schemes.conditions.holding import Asked
from woz.schemes.demands.values import ALWAYS, Said, asks_for
from woz.schemes.finding import Finding


def of_links(asked: Asked, language: str) -> Iterator[Said]:
    """How many links come from an annotation."""
    ref = ItemRef("annotation", asked.annotation.id)
    for link in asked.known.scheme.links:
        if asked.known.tier_type.key not in link.source:
            continue
        count, name = asked.around.sent[link.key, ref], named(link.names, language, link.key)
        if count < link.low:
            yield Level.ERROR, f"It needs {_many(link.low)} “{name}”, and has {count or 'none'}."
        elif link.high is not None and count > link.high:
            yield Level.ERROR, f"It may have {_many(link.high)} “{name}” at most, and has {count}."
        elif count == 0 and asks_for(link.required, asked):
            where = "" if link.required == ALWAYS else f" where {link.required}"
            yield Level.ERROR, f"It needs a link “{name}”{where}."


def _many(count: int) -> str:
    return "one link" if count == 1 else f"{count} links"


def of_ends(
    links: Iterable[Link], tier_of: Mapping[ItemRef, Tier], schemes: Mapping[str, Scheme], language: str
) -> Iterator[Finding]:
    """Whether each link joins what its type may join; `schemes` by the ids of tiers."""
    for link in links:
        ends = (tier_of.get(link.source), tier_of.get(link.target))
        known = [schemes[tier.id] for tier in ends if tier and tier.id in schemes]
        of_type = next((each for scheme in known for each in scheme.links if each.key == link.type), None)
        if of_type is None:
            continue
        name = named(of_type.names, language, of_type.key)
        refs = (link.source, link.target)
        kinds = [tier.tier_type if tier else ref.kind for ref, tier in zip(refs, ends, strict=True)]
        for kind, allowed, way in zip(kinds, (of_type.source, of_type.target), ("from", "to"), strict=True):
            if kind not in allowed:
                sentence = f"It may not go {way} {kind}, only {way} {' or '.join(allowed)}."
                yield Finding(Level.ERROR, f"link “{name}”", sentence, ref_to(link))
