"""Labels of turns: dialogue acts, types of questions, purposes. Each spans its turn and names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.first_values import with_first_values
from woz.annotation.proposals.deciding import Room
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, LinkId, TurnId, new_id
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.made import Source
from woz.model.scheme import Overlap, Shape, TierType
from woz.model.tier import Tier
from woz.model.transcript import Turn

SAYS = "says"
"""The key of the link type that leads from a label to the turn that it is of, in schemes that have one."""


def labels_turns(tier_type: TierType) -> bool:
    """Whether a tier type may hold labels of turns."""
    return tier_type.shape in (Shape.INTERVAL, Shape.ANY) and bool(tier_type.offered)


def by_turn(annotations: Iterable[Annotation], turns: Sequence[Turn]) -> dict[TurnId, list[Annotation]]:
    """The labels of each turn: those that name it, and those at the same time."""
    places = {(turn.interval.start_ns, turn.interval.end_ns): turn.id for turn in turns}
    known = {turn.id for turn in turns}
    found: dict[TurnId, list[Annotation]] = {}
    for each in annotations:
        named = [TurnId(s.item.id) for s in each.made.sources if s.item.kind == "turn" and s.item.id in known]
        at = places.get((each.start_ns, each.end_ns)) if each.start_ns is not None and each.end_ns else None
        for turn_id in named or ([at] if at else []):
            found.setdefault(turn_id, []).append(each)
    return found


def label_turn(document: Document, tier: Tier, turn: Turn, label: LabelId, more: bool = False) -> Edit:
    """Give a turn a label in the place of those it has, or (`more`) beside them.

    Raises WozError where there is no room for it.
    """
    tier_type, present = document.tier_type(tier), document.annotations(tier.id)
    old = by_turn(present, [turn]).get(turn.id, [])
    if any(each.label == label for each in old) and (more or len(old) == 1):
        return Edit("Label turn")
    if old and not more:
        return Edit("Label turn", tuple(old), (replace(old[0], label=label),))
    if old and tier_type.overlap == Overlap.NONE:
        raise WozError(f"A turn has one label only in {tier.name}; its key without Shift changes that one.")
    made = replace(document.made(), sources=(Source(ref_to(turn)),))
    span = turn.interval
    bare = Annotation(AnnotationId(new_id()), tier.id, span.start_ns, span.end_ns, label, made)
    new = with_first_values(bare, tier_type, document.timed(tier.id))
    if not Room(present, tier_type.overlap).free(new):
        raise WozError(
            f"Another label of {tier.name} lies over this turn; its scheme allows no overlap, so remove that one."
        )
    return Edit("Label turn", (), (new, *_link(document, tier, new, turn)))


def unlabel_turn(labels: Sequence[Annotation]) -> Edit:
    return Edit("Take label from turn", tuple(labels), ())


def next_lacking(
    turns: Sequence[Turn], labelled: Mapping[TurnId, Sequence[Annotation]], number: int, direction: int = 1
) -> int | None:
    """The number of the next turn without a label after one, from the other end where there is none."""
    lacking = [n for n, turn in enumerate(turns) if not labelled.get(turn.id)]
    ahead = [n for n in lacking if (n > number if direction > 0 else n < number)]
    return next(iter((ahead or lacking)[:: 1 if direction > 0 else -1]), None)


def _link(document: Document, tier: Tier, new: Annotation, turn: Turn) -> tuple[Link, ...]:
    scheme = document.schemes.get((tier.scheme_id, tier.scheme_version))
    kinds = scheme.links if scheme else ()
    fits = any(k.key == SAYS and tier.tier_type in k.source and "turn" in k.target for k in kinds)
    made = document.made()
    return (Link(LinkId(new_id()), tier.session_id, SAYS, ref_to(new), ref_to(turn), made),) if fits else ()
