"""What a person makes of proposals: taken into their own tier, or refused.

Each decision is an edit, and can be undone. A proposal that was decided on leaves the machine's tier; the log
keeps it, and what became of it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit
from woz.annotation.proposals.drafts import without_spreads
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.made import Source
from woz.model.origin import Origin
from woz.model.scheme import Overlap
from woz.model.tier import Tier

TAKE, TAKE_ALL, MEND, REFUSE = "Take proposal", "Take proposals", "Mend proposal", "Refuse proposal"
NO_ROOM = "There is something else in your tier at this place; refuse the proposal, or make room."


def take(
    proposal: Annotation, into: Tier, existing: Sequence[Annotation], overlap: Overlap, new_id: AnnotationId
) -> Edit:
    """Raises WozError where it would cover what the tier has already, and may not."""
    return _decided(TAKE, proposal, proposal, into, Room(existing, overlap), new_id)


def mend(
    proposal: Annotation,
    mended: Annotation,
    into: Tier,
    existing: Sequence[Annotation],
    overlap: Overlap,
    new_id: AnnotationId,
) -> Edit:
    """Take it as a person changed it. Raises WozError as `take` does."""
    return _decided(MEND, proposal, mended, into, Room(existing, overlap), new_id)


def takable(
    proposals: Iterable[Annotation], existing: Iterable[Annotation], overlap: Overlap, least: float
) -> tuple[list[Annotation], int]:
    """Those that are as sure as `least` and find room, and how many as sure ones find none."""
    room, found, crowded = Room(existing, overlap), list[Annotation](), 0
    for proposal in proposals:
        if (proposal.confidence or 0.0) < least:
            continue
        if room.free(proposal):
            room.fill(proposal)
            found.append(proposal)
        else:
            crowded += 1
    return found, crowded


def take_all(
    proposals: Iterable[Annotation],
    into: Tier,
    existing: Sequence[Annotation],
    overlap: Overlap,
    least: float,
    new_id: Callable[[], AnnotationId],
) -> Edit:
    """All that are as sure as `least` and for which there is room, as one edit. Raises WozError where none is."""
    gone, _ = takable(proposals, existing, overlap, least)
    if not gone:
        raise WozError(f"No proposal in a free place is as sure as {least:.2f}; nothing was taken.")
    return Edit(TAKE_ALL, tuple(gone), tuple(_taken(each, each, into.id, new_id()) for each in gone))


def refuse(proposal: Annotation) -> Edit:
    return Edit(REFUSE, (proposal,), ())


def refuse_all(proposals: Sequence[Annotation]) -> Edit:
    return Edit(REFUSE, tuple(proposals), ())


class Room:
    """The free places of a tier, as its overlaps are allowed."""

    def __init__(self, existing: Iterable[Annotation], overlap: Overlap) -> None:
        self._overlap = overlap
        self._spans: dict[str, list[tuple[int, int]]] = {}
        for each in existing:
            self.fill(each)

    def fill(self, item: Annotation) -> None:
        if item.start_ns is not None and item.end_ns is not None:
            insort(self._spans.setdefault(self._among(item), []), (item.start_ns, item.end_ns))

    def free(self, item: Annotation) -> bool:
        if self._overlap == Overlap.ANY or item.start_ns is None or item.end_ns is None:
            return True
        spans = self._spans.get(self._among(item), [])
        at = bisect_left(spans, (item.end_ns,))
        return all(end <= item.start_ns for _, end in spans[max(0, at - 2) : at])

    def _among(self, item: Annotation) -> str:
        """Those that may not overlap have the same name."""
        return str(item.label) if self._overlap == Overlap.OTHER_LABEL else ""


def _decided(
    name: str, proposal: Annotation, mended: Annotation, into: Tier, room: Room, new_id: AnnotationId
) -> Edit:
    if not room.free(mended):
        raise WozError(NO_ROOM)
    return Edit(name, (proposal,), (_taken(proposal, mended, into.id, new_id),))


def _taken(proposal: Annotation, mended: Annotation, tier_id: TierId, new_id: AnnotationId) -> Annotation:
    """Names the proposal it comes from, since all of a run are made alike."""
    made = replace(proposal.made, sources=(Source(ref_to(proposal)), *proposal.made.sources))
    return replace(
        mended,
        id=new_id,
        tier_id=tier_id,
        confidence=None,
        parent_id=None,
        made=made,
        attributes=without_spreads(mended),
    )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of one proposer's proposals. `shifts_ns` are start and end as they are now less as proposed."""

    taken: int = 0
    moved: int = 0
    relabelled: int = 0
    deleted: int = 0
    refused: int = 0
    open: int = 0
    shifts_ns: tuple[int, ...] = ()


def outcomes(history: Iterable[LoggedEdit], now: Mapping[ItemRef, object]) -> dict[str, Outcomes]:
    """By the proposer. `taken` counts those that stand untouched, `deleted` those that were taken and then deleted.

    `history` has all edits of sessions, the oldest first, `now` what there is.
    """
    proposals: dict[str, Annotation] = {}
    became: dict[str, str] = {}
    for edit in history:
        _follow(edit, proposals, became)
    found: dict[str, Outcomes] = {}
    for key, proposal in proposals.items():
        maker = proposal.made.by
        found[maker] = _counted(found.get(maker, Outcomes()), proposal, became.get(key), now)
    return found


def _follow(edit: LoggedEdit, proposals: dict[str, Annotation], became: dict[str, str]) -> None:
    new = [change.after for change in edit.changes if change.before is None]
    proposals.update({each.id: each for each in new if isinstance(each, Annotation) and _by_machine(each)})
    if edit.name == REFUSE and edit.undoes is None:
        became.update({change.item.id: "" for change in edit.changes})
    if edit.name in (TAKE, TAKE_ALL, MEND):
        for change in edit.changes:
            if isinstance(change.after, Annotation):
                sources = [source.item.id for source in change.after.made.sources]
                became.update({key: change.item.id for key in sources if key in proposals})


def _by_machine(item: Annotation) -> bool:
    """What a person takes keeps its run, and is theirs."""
    return item.made.origin == Origin.MACHINE and bool(item.made.run)


def _counted(so_far: Outcomes, proposal: Annotation, became: str | None, now: Mapping[ItemRef, object]) -> Outcomes:
    if ItemRef("annotation", proposal.id) in now:
        return replace(so_far, open=so_far.open + 1)
    if not became:
        return replace(so_far, refused=so_far.refused + 1)
    taken = now.get(ItemRef("annotation", became))
    if not isinstance(taken, Annotation):
        return replace(so_far, deleted=so_far.deleted + 1)
    shifts = _shifts(proposal, taken)
    return replace(
        so_far,
        taken=so_far.taken + (not any(shifts) and taken.label == proposal.label),
        moved=so_far.moved + any(shifts),
        relabelled=so_far.relabelled + (taken.label != proposal.label),
        shifts_ns=(*so_far.shifts_ns, *shifts),
    )


def _shifts(proposal: Annotation, taken: Annotation) -> tuple[int, ...]:
    pairs = ((proposal.start_ns, taken.start_ns), (proposal.end_ns, taken.end_ns))
    return tuple(b - a for a, b in pairs if a is not None and b is not None)
