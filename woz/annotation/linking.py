"""Typed links between items: which types fit, what is linked with what, and what becomes of links as items go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import LinkId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import LinkType, Scheme, named

LINK, UNLINK = "Link", "Remove link"


@dataclass(frozen=True, slots=True)
class Way:
    """A link as it is seen from one of its ends: leading to the other, with its type's name."""

    link: Link
    other: ItemRef
    name: str
    onward: bool


def link_types(document: Document, source: Item, target: Item) -> list[LinkType]:
    """Those of the schemes of both ends that may lead from one to the other."""
    kinds = _kind(document, source), _kind(document, target)
    schemes = {scheme.id: scheme for item in (source, target) for scheme in _schemes(document, item)}
    return [
        each
        for scheme in schemes.values()
        for each in scheme.links
        if kinds[0] in each.source and kinds[1] in each.target
    ]


def link(document: Document, kind: LinkType, source: Item, target: Item, new_id: LinkId) -> Edit:
    """Raises WozError for one that is there already, and for more than its type allows."""
    name, start, end = named(kind.names, "en", kind.key), ref_to(source), ref_to(target)
    sent = [each for each in document.links if each.type == kind.key and each.source == start]
    if any(each.target == end for each in sent):
        raise WozError(f"These two are linked by “{name}” already.")
    if kind.high is not None and len(sent) >= kind.high:
        raise WozError(f"It may have {kind.high} “{name}” at most; remove one first (Alt+Delete).")
    return Edit(LINK, (), (Link(new_id, document.session_id, kind.key, start, end, document.made()),))


def unlink(gone: Link) -> Edit:
    return Edit(UNLINK, (gone,), ())


def ways(document: Document, ref: ItemRef) -> list[Way]:
    """The links of an item whose other end is there, those that lead on from it first."""
    found = [
        Way(each, each.target, link_name(document, each.type), True)
        for each in document.links
        if each.source == ref
    ] + [
        Way(each, each.source, link_name(document, each.type), False)
        for each in document.links
        if each.target == ref
    ]
    return [way for way in found if document.item(way.other) is not None]


def with_links(edit: Edit, links: Iterable[Link]) -> Edit:
    """The edit with the links of what goes: they lead to what comes in its place, or go with it."""
    left = {ref_to(item) for item in edit.after}
    gone = {ref for ref in map(ref_to, edit.before) if ref not in left}
    if not gone:
        return edit
    touched = [each for each in links if gone & {each.source, each.target} and ref_to(each) not in gone]
    heir = _heir(edit)
    kept = [_led(each, gone, heir) for each in touched] if heir else []
    kept = [each for each in kept if each.source != each.target]
    return replace(edit, before=(*edit.before, *touched), after=(*edit.after, *kept)) if touched else edit


def _heir(edit: Edit) -> ItemRef | None:
    """The one annotation or turn that stands for what goes."""
    came = [ref_to(item) for item in edit.after]
    return came[0] if len(came) == 1 and edit.before else None


def _led(each: Link, gone: Sequence[ItemRef] | set[ItemRef], heir: ItemRef) -> Link:
    source = heir if each.source in gone else each.source
    return replace(each, source=source, target=heir if each.target in gone else each.target)


def _kind(document: Document, item: Item) -> str:
    """What link types name it by: its tier's type, or its own kind."""
    if isinstance(item, Annotation):
        tier = next((each for each in document.tiers if each.id == item.tier_id), None)
        return tier.tier_type if tier else ""
    return ref_to(item).kind


def _schemes(document: Document, item: Item) -> list[Scheme]:
    if not isinstance(item, Annotation):
        return []
    tier = next((each for each in document.tiers if each.id == item.tier_id), None)
    scheme = document.schemes.get((tier.scheme_id, tier.scheme_version)) if tier else None
    return [scheme] if scheme else []


def link_name(document: Document, key: str) -> str:
    """What the schemes call a type of link; its key where none does."""
    for scheme in document.schemes.values():
        for kind in scheme.links:
            if kind.key == key:
                return named(kind.names, "en", kind.key)
    return key
