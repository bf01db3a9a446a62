"""Scores of a step or state segmentation over several videos, as the MS-TCN line of work reports them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from woz.annotation.measures.segmentation import Hits, edit_score, frame_accuracy, hits_at, segments_of_frames

IOUS = (0.1, 0.25, 0.5)
Frames = Sequence[str]
"""A label a frame."""


@dataclass(frozen=True, slots=True)
class SegmentationScores:
    """`accuracy` is of all frames together, `edit` the mean over videos, `f1` (by IoU in percent) of all segments
    together; None where it isn't defined. `without_segments` are references that hold background alone, which count
    in accuracy and as false segments only.
    """

    videos: int
    frames: int
    accuracy: float | None
    edit: float | None
    f1: dict[int, float | None]
    without_segments: tuple[str, ...] = ()


def segmentation_scores(
    pairs: Mapping[str, tuple[Frames, Frames]], background: Collection[str] = ()
) -> SegmentationScores:
    """Of the reference and the prediction of each video, by its name. Raises ValueError for other lengths."""
    right = frames = 0
    edits: list[float] = []
    hits = dict.fromkeys(IOUS, Hits(0, 0, 0))
    empty = []
    for name, (reference, predicted) in pairs.items():
        right += round((frame_accuracy(reference, predicted) or 0) * len(reference))
        frames += len(reference)
        known, told = (segments_of_frames(each, background) for each in (reference, predicted))
        for iou in IOUS:
            hits[iou] += hits_at(known, told, iou)
        edit = edit_score([each.label for each in known], [each.label for each in told])
        if not known:
            empty.append(name)
        elif edit is not None:
            edits.append(edit)
    return SegmentationScores(
        len(pairs),
        frames,
        right / frames if frames else None,
        sum(edits) / len(edits) if edits else None,
        {round(iou * 100): found.f1 for iou, found in hits.items()},
        tuple(empty),
    )
