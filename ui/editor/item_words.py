"""An item as links name it."""

from __future__ import annotations

from ui.widgets.parts import clock_text
from woz.annotation.document import Document
from woz.annotation.label_of import label_of
from woz.model.annotation import Annotation
from woz.model.item import ItemRef
from woz.model.transcript import Turn

LONG = 40


def item_words(document: Document, ref: ItemRef) -> str:
    """A turn by what is said, an annotation by its label and time, all else by its kind."""
    item = document.item(ref)
    if isinstance(item, Turn):
        return item.text[:LONG] or f"turn at {clock_text(item.interval.start_ns)}"
    if isinstance(item, Annotation):
        tier = next(each for each in document.tiers if each.id == item.tier_id)
        name = label_of(document.tier_type(tier), item).name()
        return name if item.start_ns is None else f"{name}, {clock_text(item.start_ns)}"
    return ref.kind
