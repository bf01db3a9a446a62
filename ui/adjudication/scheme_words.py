"""What labels and attributes are by the scheme: in the gold's version of it, else as the annotators have them."""

from __future__ import annotations

from collections.abc import Iterator

from woz.annotation.adjudication.clusters import Matter, MatterKind
from woz.annotation.adjudication.state import Adjudication
from woz.annotation.document import Document
from woz.annotation.linking import link_name
from woz.model.scheme import AttributeType, TierType, all_attributes


def name_at(document: Document, state: Adjudication, matter: Matter | None, key: str) -> str:
    """Of a label; or of a type of link, where that is asked for."""
    if matter and matter.kind == MatterKind.LINK and key == matter.key:
        return link_name(document, key)
    labels = (label for each in _tier_types(document, state) for label in each.labels)
    return next((label.name() for label in labels if label.id == key), key)


def attribute_at(document: Document, state: Adjudication, matter: Matter | None) -> AttributeType | None:
    """The one that is asked for."""
    if matter is None or matter.kind != MatterKind.ATTRIBUTE:
        return None
    known = (kind for each in _tier_types(document, state) for kind in all_attributes(each))
    return next((kind for kind in known if kind.key == matter.key), None)


def _tier_types(document: Document, state: Adjudication) -> Iterator[TierType]:
    return (document.tier_type(tier) for tier in (state.gold, *(side.tier for side in state.sides)))
