"""woz's own columns for annotations: of each all that is known, an attribute a column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import exact_seconds
from woz.formats.parents import parents_first
from woz.formats.values import cell_of
from woz.model.annotation import Annotation, Attribute
from woz.model.link import Link
from woz.model.made import Made
from woz.model.tier import Tier

BEFORE = ("session", "tier", "start_s", "end_s", "label")
AFTER = (
    *("note", "confidence", "annotator", "origin", "made_by", "made_utc_ns", "run"),
    *("id", "parent", "label_id", "links"),
    *("tier_type", "subject", "tier_state", "scheme", "scheme_version", "tier_id", "tier_parent"),
    *("tier_origin", "tier_utc_ns", "tier_run"),
)
ATTRIBUTE = "attribute:"
"""What the name of an attribute's column begins with."""
ANNOTATION = "annotation"
"""The kind of item that links in a table join."""


def is_own(header: Iterable[str]) -> bool:
    return {*BEFORE, *AFTER} <= {*header}


def header_of(bundle: SessionBundle) -> tuple[str, ...]:
    return (*BEFORE, *(ATTRIBUTE + key for key in _keys(bundle)), *AFTER)


def rows_of(bundle: SessionBundle, header: Sequence[str]) -> Iterator[list[str]]:
    """A row an annotation, tiers one after the other, parents first; a tier without any has one, too."""
    links: dict[str, list[Link]] = {}
    for link in bundle.links:
        if joins_annotations(link):
            links.setdefault(link.source.id, []).append(link)
    for tier in parents_first(bundle.tiers):
        facts = _of_tier(bundle, tier)
        annotations = bundle.in_tier(tier)
        for each in parents_first(annotations):
            cells = facts | _of_annotation(bundle, tier, each) | _attributes(each.attributes)
            cells["links"] = _links(bundle, links.get(each.id, ()))
            yield [cells.get(name, "") for name in header]
        if not annotations:
            yield [facts.get(name, "") for name in header]


def joins_annotations(link: Link) -> bool:
    return link.source.kind == link.target.kind == ANNOTATION


def _keys(bundle: SessionBundle) -> tuple[str, ...]:
    """Of the attributes that annotations have: as their schemes have them, then by name."""
    used = {each.key for annotation in bundle.annotations for each in annotation.attributes}
    types = (bundle.tier_type(tier) for tier in bundle.tiers)
    ordered = dict.fromkeys(each.key for tier_type in types for each in tier_type.attributes)
    return tuple(key for key in (*ordered, *sorted(used - ordered.keys())) if key in used)


def _of_tier(bundle: SessionBundle, tier: Tier) -> dict[str, str]:
    return {
        "session": bundle.session.id,
        "tier": tier.name,
        "annotator": bundle.maker(tier),
        "tier_type": tier.tier_type,
        "subject": tier.subject,
        "tier_state": tier.state,
        "scheme": tier.scheme_id,
        "scheme_version": str(tier.scheme_version),
        "tier_id": tier.id,
        "tier_parent": tier.parent_id or "",
        "tier_origin": tier.made.origin,
        "tier_utc_ns": str(tier.made.utc_ns),
        "tier_run": tier.made.run,
    }


def _of_annotation(bundle: SessionBundle, tier: Tier, each: Annotation) -> dict[str, str]:
    return {
        "start_s": "" if each.start_ns is None else exact_seconds(each.start_ns),
        "end_s": "" if each.end_ns is None else exact_seconds(each.end_ns),
        "label": bundle.label_name(tier, each.label),
        "label_id": each.label,
        "note": each.note,
        "confidence": "" if each.confidence is None else repr(each.confidence),
        **_made(bundle, each.made),
        "id": each.id,
        "parent": each.parent_id or "",
    }


def _made(bundle: SessionBundle, made: Made) -> dict[str, str]:
    return {
        "origin": made.origin,
        "made_by": bundle.known_as(made.by),
        "made_utc_ns": str(made.utc_ns),
        "run": made.run,
    }


def _attributes(attributes: Sequence[Attribute]) -> dict[str, str]:
    by_key: dict[str, list[Attribute]] = {}
    for each in attributes:
        by_key.setdefault(each.key, []).append(each)
    return {ATTRIBUTE + key: cell_of(values) for key, values in by_key.items()}


def _doubt(link: Link) -> dict[str, str]:
    return {} if link.doubt is None else {"doubt": link.doubt}


def _links(bundle: SessionBundle, links: Iterable[Link]) -> str:
    facts: list[Mapping[str, str]] = [
        {"type": link.type, "to": link.target.id, "note": link.note, **_doubt(link), **_made(bundle, link.made)}
        for link in links
    ]
    return json.dumps(facts, ensure_ascii=False) if facts else ""
