"""Detections in time, levels and yes-or-no labels as files, scored; what doesn't fit is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.dataset.evaluation.files import demand_same, lines_by, value_of
from woz.dataset.measures.average_precision import (
    Detected,
    Known,
    Precision,
    calibrated_ap,
    map_at_distance,
    map_at_overlap,
)
from woz.dataset.measures.clustered import clustered_mean

Facts = dict[str, Any]
ROUNDING_S = 0.001
"""Lengths are written with so many digits."""


@dataclass(frozen=True, slots=True)
class _Segment:
    segment: tuple[float, float]
    label: str


@dataclass(frozen=True, slots=True)
class _Found:
    segment: tuple[float, float]
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class _Video:
    duration: float | None = None
    annotations: list[_Segment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ActivityNet:
    database: dict[str, _Video]


@dataclass(frozen=True, slots=True)
class _Results:
    results: dict[str, list[_Found]]


@dataclass(frozen=True, slots=True)
class _Point:
    video_time: float


@dataclass(frozen=True, slots=True)
class _Take:
    take_uid: str
    good_executions: list[_Point] = field(default_factory=list)
    tips_for_improvement: list[_Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Level:
    """`group` is what intervals are clustered by, where the reference names it."""

    id: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class _Truth:
    id: str
    label: bool
    task: str = ""


@dataclass(frozen=True, slots=True)
class _Guess:
    id: str
    score: float
    task: str = ""


_Videos = Mapping[str, tuple[list[Known], float | None]]
"""What is known of each, and how long it is (s), where that is known."""


def score_overlaps(reference: Path, predicted: Path) -> Facts:
    """mAP at temporal IoU of ActivityNet's JSON (`database`) and predictions (`results`)."""
    videos = _videos(value_of(reference, _ActivityNet))
    return _scored(videos, reference, predicted, map_at_overlap)


def score_points(reference: Path, predicted: Path) -> Facts:
    """mAP at L1 distance; the reference is Ego-Exo4D's list of takes, or ActivityNet's JSON, whose segments' starts
    count.
    """
    kind: Any = list[_Take] | _ActivityNet
    found: Any = value_of(reference, kind)
    if isinstance(found, _ActivityNet):
        return _scored(_videos(found), reference, predicted, map_at_distance)
    videos = {each.take_uid: (_points(each), None) for each in found}
    if len(videos) < len(found):
        double = Counter(each.take_uid for each in found).most_common(1)[0][0]
        raise WozError(f"{reference} holds {double} twice; keep one.")
    return _scored(videos, reference, predicted, map_at_distance)


def score_levels(reference: Path, predicted: Path) -> Facts:
    """Accuracy of the demonstrator's level: JSON Lines of id and label, both sides; each level's own recall, and an
    interval clustered by group where the reference has groups.
    """
    known, told = (lines_by(path, _Level, lambda each: each.id) for path in (reference, predicted))
    demand_same(known, told, reference, predicted)
    labels = {key: each.label for key, each in known.items()}
    figures = level_figures(labels, {key: each.label for key, each in told.items()})
    groups = [each.group for each in known.values()]
    if not all(groups):
        return figures
    scores = [float(each.label == told[key].label) for key, each in known.items()]
    found = clustered_mean(scores, groups)
    interval = {"low": found.low, "high": found.high, "standard_error": found.standard_error}
    return {"clusters": len(set(groups)), **interval, **figures}


def level_figures(known: Mapping[str, str], told: Mapping[str, str]) -> Facts:
    """Of levels by id, the same ids on both sides."""
    sizes = Counter(known.values())
    hits = Counter(label for key, label in known.items() if told[key] == label)
    recalls = {label: hits[label] / count for label, count in sorted(sizes.items())}
    strange = sorted(set(told.values()) - sizes.keys())
    return {
        "items": len(known),
        "accuracy": hits.total() / len(known),
        "macro": fmean(recalls.values()),
        "recall": recalls,
        "most_common": max(sizes.values()) / len(known),
        "warnings": [f"The reference has nothing named {strange[0]}, which is predicted."] if strange else [],
    }


def score_understanding(reference: Path, predicted: Path) -> Facts:
    """Calibrated AP by task (previous, optional, mistake, missing, next, say), of JSON Lines with id, task and
    label (true or false), and id, task and score.
    """
    known, told = lines_by(reference, _Truth, _of_task), lines_by(predicted, _Guess, _of_task)
    demand_same(known, told, reference, predicted)
    by_task = dict[str, list[tuple[float, bool]]]()
    for key, each in known.items():
        by_task.setdefault(each.task, []).append((told[key].score, each.label))
    found = {task: calibrated_ap(scored) for task, scored in sorted(by_task.items())}
    defined = [each for each in found.values() if each is not None]
    warnings = [f"{task or 'The labels'} are all alike: no figure." for task, each in found.items() if each is None]
    return {
        "items": len(known),
        "calibrated_ap": found,
        "mean": fmean(defined) if defined else None,
        "warnings": warnings,
    }


def _of_task(line: _Truth | _Guess) -> str:
    return f"{line.task} {line.id}".strip()


def _videos(found: _ActivityNet) -> _Videos:
    return {
        name: ([Known(*each.segment, each.label) for each in video.annotations], video.duration)
        for name, video in found.database.items()
    }


def _points(take: _Take) -> list[Known]:
    named = (("good", take.good_executions), ("tip", take.tips_for_improvement))
    return [Known(p.video_time, p.video_time, label) for label, points in named for p in points]


def _scored(
    videos: _Videos,
    reference: Path,
    predicted: Path,
    measure: Callable[[Mapping[str, list[Known]], Mapping[str, list[Detected]]], Precision],
) -> Facts:
    """Raises WozError for videos that lack on either side, and times outside the video; a reference's own may go
    beyond its end, as published ones do.
    """
    for name, (segments, _) in videos.items():
        for known in segments:
            _demand_within(known, name, None, reference)
    results = value_of(predicted, _Results).results
    demand_same(videos, results, reference, predicted, "videos")
    told = {name: [Detected(*each.segment, each.label, each.score) for each in of] for name, of in results.items()}
    for name, found in told.items():
        for each in found:
            _demand_within(each, name, videos[name][1], predicted)
    known_by = {name: segments for name, (segments, _) in videos.items()}
    return {
        "videos": len(videos),
        "segments": sum(map(len, known_by.values())),
        **asdict(measure(known_by, told)),
        "warnings": [*_warnings(known_by, told)],
    }


def _demand_within(each: Known | Detected, name: str, duration: float | None, path: Path) -> None:
    if not 0 <= each.start <= each.end or (duration is not None and each.end > duration + ROUNDING_S):
        long = "" if duration is None else f", which is {duration:g} s long"
        raise WozError(
            f"{path} has a segment from {each.start:g} to {each.end:g} s in {name}{long}; mend its times."
        )


def _warnings(known: Mapping[str, list[Known]], told: Mapping[str, list[Detected]]) -> Iterator[str]:
    empty = [name for name, segments in known.items() if not segments]
    if len(empty) == len(known):
        yield "The reference holds no segment: no figure."
    elif empty:
        yield f"The reference of {', '.join(empty[:5])} holds no segment: all found there is wrong."
    labels = {each.label for segments in known.values() for each in segments}
    strange = [each.label for found in told.values() for each in found if each.label not in labels]
    if strange:
        counts = counted(len(strange), "detection counts", "detections count")
        yield f"{counts} nowhere: the reference has no segment named {strange[0]}, for one."
