"""What a link belongs to: with that it is decided, and closed."""

from __future__ import annotations

from woz.model.item import ItemRef
from woz.model.link import Link


def link_owner(link: Link) -> ItemRef:
    """A tier that it leads to; else the annotation that it leads from, or to where it comes from none."""
    if link.target.kind == "tier":
        return link.target
    return link.source if link.source.kind == "annotation" else link.target
