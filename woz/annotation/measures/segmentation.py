"""The measures of action segmentation, as the MS-TCN line of work takes them (Farha and Gall, 2019)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from woz.annotation.measures.segment import Segment


@dataclass(frozen=True, slots=True)
class Hits:
    """Predicted segments that hit, that don't, and those of the reference that none hit."""

    hits: int
    false: int
    missed: int

    def __add__(self, other: Hits) -> Hits:
        return Hits(self.hits + other.hits, self.false + other.false, self.missed + other.missed)

    @property
    def f1(self) -> float | None:
        """None where there are no segments at all."""
        total = 2 * self.hits + self.false + self.missed
        return 2 * self.hits / total if total else None


def hits_at(reference: Sequence[Segment], predicted: Sequence[Segment], iou: float) -> Hits:
    """Each predicted segment goes to the one of its label that it overlaps best; the first to come hits it, where
    their intersection over union is `iou` at least.
    """
    found = hitting(reference, predicted, iou)
    return Hits(len(found), len(predicted) - len(found), len(reference) - len(found))


def hitting(reference: Sequence[Segment], predicted: Sequence[Segment], iou: float) -> dict[int, int]:
    """Which predicted segment hits which of the reference, by their places."""
    taken: dict[int, int] = {}
    for at_predicted, each in enumerate(predicted):
        best, at = 0.0, -1
        for i, known in enumerate(reference):
            if known.label == each.label and (shared := each.iou(known)) > best:
                best, at = shared, i
        if at >= 0 and best >= iou and at not in taken:
            taken[at] = at_predicted
    return {predicted_at: at for at, predicted_at in taken.items()}


def edit_score(reference: Sequence[str], predicted: Sequence[str]) -> float | None:
    """1 less the Levenshtein distance of the labels' order over the longer one. None where both are empty."""
    longer = max(len(reference), len(predicted))
    if not longer:
        return None
    row = list(range(len(predicted) + 1))
    for i, known in enumerate(reference, 1):
        before, row[0] = row[0], i
        for j, label in enumerate(predicted, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (known != label))
    return 1 - row[-1] / longer


def frame_accuracy(reference: Sequence[str], predicted: Sequence[str]) -> float | None:
    """The share of frames with the reference's label, background included. None without frames.

    Raises ValueError where there are more of the one than of the other.
    """
    same = sum(a == b for a, b in zip(reference, predicted, strict=True))
    return same / len(reference) if reference else None


def segments_of_frames(frames: Sequence[str], background: Collection[str] = ()) -> list[Segment]:
    """Runs of equal labels as segments in frames, without those of the background."""
    found, at = [], 0
    for label, run in groupby(frames):
        length = sum(1 for _ in run)
        if label not in background:
            found.append(Segment(at, at + length, label))
        at += length
    return found
