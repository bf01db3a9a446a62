"""Average precision: of detections in time, by overlap or by distance, and calibrated for rare labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

import numpy as np

IOUS = tuple(np.linspace(0.5, 0.95, 10).tolist())
"""ActivityNet's thresholds, to the last bit as its evaluation has them."""
DISTANCES = (0.25, 0.5, 1.0)
"""Ego-Exo4D's for demonstration proficiency, in s."""


@dataclass(frozen=True, slots=True)
class Known:
    """A segment of the reference (s); a point is one that begins where it ends."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, slots=True)
class Detected:
    start: float
    end: float
    label: str
    score: float


Videos = Mapping[str, Sequence[Known]]
Detections = Mapping[str, Sequence[Detected]]
Near = Callable[[Known, Detected], float | None]
"""How well they fit, the more the better; None where they don't."""
LAST, FIRST = 1, -1
"""Which segment of equally near ones a detection takes."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Mean AP over the reference's labels by threshold, and its mean; None where the reference has no segment.
    `by_label` is each label's mean over thresholds.
    """

    at: dict[str, float | None]
    mean: float | None
    by_label: dict[str, float]


def overlap(known: Known, detected: Detected) -> float:
    """Intersection over union of the times; 0 where the union is empty."""
    shared = max(0.0, min(known.end, detected.end) - max(known.start, detected.start))
    union = (known.end - known.start) + (detected.end - detected.start) - shared
    return shared / union if union > 0 else 0.0


def map_at_overlap(reference: Videos, predicted: Detections, ious: Sequence[float] = IOUS) -> Precision:
    """mAP at temporal IoU, as ActivityNet's evaluation takes it (eval_detection.py): by falling score, each
    detection goes to the segment of its label that it overlaps best among those still free, and is right where the
    IoU is the threshold at least; AP is the area under the envelope of precision; the mean is over the reference's
    labels. Of equal scores the first in the file counts first, of equal overlaps the last segment.
    """
    return _precision(reference, predicted, {f"{iou:g}": _by_overlap(iou) for iou in ious}, LAST)


def map_at_distance(reference: Videos, predicted: Detections, distances: Sequence[float] = DISTANCES) -> Precision:
    """mAP at L1 distance of points (s), as Ego-Exo4D scores demonstration proficiency (its libs/utils/metrics.py):
    the same, with the nearest free point no further away than the threshold, the first of equal ones.
    """
    return _precision(reference, predicted, {f"{most:g}": _by_distance(most) for most in distances}, FIRST)


def calibrated_ap(scored: Sequence[tuple[float, bool]]) -> float | None:
    """cAP of (score, whether it is right): precision with right ones weighed by w = wrong / right, as
    w TP / (w TP + FP), averaged over the right ones (De Geest et al., Online Action Detection, 2016; Ego-Exo4D's
    procedure understanding and online key steps). Ones of equal score count together, so that their order doesn't
    matter. None where all are right or none is.
    """
    right = sum(is_right for _, is_right in scored)
    wrong = len(scored) - right
    if not right or not wrong:
        return None
    weight, hits, false, area = wrong / right, 0, 0, 0.0
    for _, same in groupby(sorted(scored, key=lambda each: -each[0]), key=lambda each: each[0]):
        group = [is_right for _, is_right in same]
        hits, false = hits + sum(group), false + len(group) - sum(group)
        if any(group):
            area += sum(group) * weight * hits / (weight * hits + false)
    return area / right


def interpolated_ap(hits: Sequence[bool], positives: int) -> float:
    """Of detections by falling score, the area under the envelope of precision over recall."""
    found, precisions = 0, list[float]()
    for n, hit in enumerate(hits, 1):
        found += hit
        precisions.append(found / n)
    envelope, highest = 0.0, 0.0
    for precision, hit in zip(reversed(precisions), reversed(hits), strict=True):
        highest = max(highest, precision)
        envelope += highest if hit else 0.0
    return envelope / positives if positives else 0.0


def _by_overlap(least: float) -> Near:
    def near(known: Known, detected: Detected) -> float | None:
        iou = overlap(known, detected)
        return iou if iou >= least else None

    return near


def _by_distance(most: float) -> Near:
    def near(known: Known, detected: Detected) -> float | None:
        apart = abs(known.start - detected.start)
        return -apart if apart <= most else None

    return near


def _precision(reference: Videos, predicted: Detections, nears: Mapping[str, Near], which: int) -> Precision:
    known = dict[str, dict[str, list[Known]]]()
    for video, segments in reference.items():
        for each in segments:
            known.setdefault(each.label, {}).setdefault(video, []).append(each)
    told = dict[str, list[tuple[Detected, str]]]()
    for video, found in predicted.items():
        for detected in found:
            told.setdefault(detected.label, []).append((detected, video))
    for ranked in told.values():
        ranked.sort(key=lambda each: -each[0].score)
    by_label = {
        label: {name: _label_ap(known[label], told.get(label, ()), near, which) for name, near in nears.items()}
        for label in sorted(known)
    }
    at = {name: fmean(each[name] for each in by_label.values()) if by_label else None for name in nears}
    means = {label: fmean(each.values()) for label, each in by_label.items()}
    return Precision(at, fmean(means.values()) if means else None, means)


def _label_ap(
    known: Mapping[str, Sequence[Known]], ranked: Sequence[tuple[Detected, str]], near: Near, which: int
) -> float:
    """Of one label: its segments by video, and its detections by falling score."""
    taken = set[tuple[str, int]]()
    hits = []
    for detected, video in ranked:
        fits = [
            (fit, which * n)
            for n, each in enumerate(known.get(video, ()))
            if (video, n) not in taken and (fit := near(each, detected)) is not None
        ]
        hits.append(bool(fits))
        if fits:
            taken.add((video, which * max(fits)[1]))
    return interpolated_ap(hits, sum(map(len, known.values())))
