"""Whether what an edit made or moved covers another annotation of its tier, where the tier's type allows none.

An edit leaves in order what was in order: it is enough to look at the neighbours of what it made or moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Rows

from storage.history.schemes import KnownSchemes
from storage.tables.items import ITEM_TABLES
from woz.annotation.conflict import OverlapError
from woz.annotation.logged import ItemChange
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SchemeId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.scheme import Overlap

_ANNOTATION = ITEM_TABLES["annotation"].table
_TIER = ITEM_TABLES["tier"].table
MANY = 100
"""From so many in one edit on, the whole tier is read once, rather than each one's neighbours."""
_NEAR = 3
"""So many that begin at the same time or before are looked at: an empty one may stand between."""


def refuse_overlaps(rows: Rows, changes: Iterable[ItemChange], schemes: KnownSchemes) -> None:
    """Raises OverlapError. The changes are written already."""
    moved: dict[TierId, list[Annotation]] = {}
    for change in changes:
        if isinstance(change.after, Annotation) and change.after.end_ns is not None and _moved(change):
            moved.setdefault(change.after.tier_id, []).append(change.after)
    for tier_id, made in moved.items():
        allowed = _allowed(rows, tier_id, schemes)
        if allowed != Overlap.ANY and len(made) > MANY:
            _refuse_many(rows, tier_id, {annotation.id for annotation in made}, allowed)
        elif allowed != Overlap.ANY:
            for annotation in made:
                _refuse(rows, annotation, allowed)


def refuse_overlaps_of(rows: Rows, tier_id: TierId, schemes: KnownSchemes) -> None:
    """Raises OverlapError where any two of a tier overlap that may not."""
    allowed = _allowed(rows, tier_id, schemes)
    if allowed != Overlap.ANY:
        _refuse_many(rows, tier_id, None, allowed)


def _refuse_many(rows: Rows, tier_id: TierId, moved: set[AnnotationId] | None, allowed: Overlap) -> None:
    """All intervals of the tier in their order, each beside the one before that ends last; None: all moved."""
    column = _ANNOTATION.c
    query = (
        select(column.id, column.start_ns, column.end_ns, column.label)
        .where(column.tier_id == tier_id, column.end_ns > column.start_ns)
        .order_by(column.start_ns, column.end_ns)
    )
    before: dict[str, tuple[AnnotationId, int]] = {}
    for key, start_ns, end_ns, label in rows.execute(query):
        kind = label if allowed == Overlap.OTHER_LABEL else ""
        other, until_ns = before.get(kind, (key, start_ns))
        if until_ns > start_ns and (moved is None or key in moved or other in moved):
            raise OverlapError(ItemRef("annotation", key if moved is None or key in moved else other))
        if end_ns > until_ns or kind not in before:
            before[kind] = (key, end_ns)


def _moved(change: ItemChange) -> bool:
    return not isinstance(change.before, Annotation) or _place(change.before) != _place(change.after)


def _place(annotation: object) -> tuple[object, ...]:
    assert isinstance(annotation, Annotation)
    return annotation.tier_id, annotation.start_ns, annotation.end_ns, annotation.label


def _allowed(rows: Rows, tier_id: TierId, schemes: KnownSchemes) -> Overlap:
    query = select(_TIER.c.scheme_id, _TIER.c.scheme_version, _TIER.c.tier_type).where(_TIER.c.id == tier_id)
    tier = rows.execute(query).first()
    scheme = schemes.get(rows, SchemeId(tier[0]), tier[1]) if tier else None
    return scheme.tier_type(tier[2]).overlap if scheme and tier else Overlap.ANY


def _refuse(rows: Rows, annotation: Annotation, allowed: Overlap) -> None:
    for query in _neighbours(annotation, allowed):
        for start_ns, end_ns in rows.execute(query):
            assert annotation.start_ns is not None
            assert annotation.end_ns is not None
            if max(start_ns, annotation.start_ns) < min(end_ns, annotation.end_ns):
                raise OverlapError(ref_to(annotation))


def _neighbours(annotation: Annotation, allowed: Overlap) -> tuple[Select[Any], ...]:
    column = _ANNOTATION.c
    others = select(column.start_ns, column.end_ns).where(
        column.tier_id == annotation.tier_id, column.id != annotation.id, column.end_ns.is_not(None)
    )
    if allowed == Overlap.OTHER_LABEL:
        others = others.where(column.label == annotation.label)
    return (
        others.where(column.start_ns <= annotation.start_ns)
        .order_by(column.start_ns.desc(), column.end_ns.desc())
        .limit(_NEAR),
        others.where(column.start_ns > annotation.start_ns).order_by(column.start_ns, column.end_ns).limit(1),
    )
