"""A session to try schemes on: tiers, annotations and links in a few words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, AnnotatorId, LinkId, SchemeId, SessionId, TierId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Scheme
from woz.model.tier import Tier
from woz.schemes.demands.findings import findings
from woz.schemes.finding import Finding
from woz.schemes.reading import scheme_from_text

MADE = Made(Origin.MANUAL, "anna")
SESSION = SessionId("s1")
S = 10**9


def scheme(body: str) -> Scheme:
    return scheme_from_text("scheme: s\nname: S\nversion: 1\n" + body)


def tier(kind: str, **fields: object) -> Tier:
    plain = Tier(TierId(kind), SESSION, SchemeId("s"), 1, kind, kind.capitalize(), MADE, AnnotatorId("anna"))
    return replace(plain, **fields)  # type: ignore[arg-type]


def mark(
    key: str, kind: str, label: str, start_s: float | None, end_s: float | None = None, **values: Any
) -> Annotation:
    """Values that are lists are several of one attribute."""
    start_ns, end_ns = (None if t is None else round(t * S) for t in (start_s, end_s))
    attributes = tuple(
        Attribute(name, each)
        for name, value in values.items()
        for each in (value if isinstance(value, list) else [value])
    )
    return Annotation(AnnotationId(key), TierId(kind), start_ns, end_ns, label, MADE, attributes)


def link(key: str, kind: str, source: str, target: str, target_kind: str = "annotation") -> Link:
    return Link(LinkId(key), SESSION, kind, ItemRef("annotation", source), ItemRef(target_kind, target), MADE)


def found(of: Scheme, *items: Item, duration_s: float | None = None) -> list[Finding]:
    return findings(items, {(of.id, 1): of}, duration_ns=None if duration_s is None else round(duration_s * S))


def told(of: Scheme, *items: Item, duration_s: float | None = None) -> list[str]:
    return [each.words for each in found(of, *items, duration_s=duration_s)]
