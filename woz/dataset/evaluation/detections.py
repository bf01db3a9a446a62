"""Detections in time, levels and yes-or-no labels as files, scored; what doesn't fit is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from woz.base.errors import WozError
from woz.base.outside import Unsound, lines_of, read, read_file
from woz.dataset.measures.average_precision import (
    Detected,
    Known,
    calibrated_ap,
    map_at_distance,
    map_at_overlap,
)

T = TypeVar("T")
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Segment:
    segment: tuple[float, float]
    label: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class _Video:
    duration: float | None = None
    annotations: list[_Segment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ActivityNet:
    database: dict[str, _Video]


@dataclass(frozen=True, slots=True)
class _Results:
    results: dict[str, list[_Segment]]


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
    id: str
    label: str


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


def score_overlaps(reference: Path, predicted: Path) -> Facts:
    """mAP at temporal IoU of ActivityNet's JSON (`database`) and predictions (`results`)."""
    database = _file(reference, _ActivityNet).database
    known = {name: _known(video.annotations) for name, video in database.items()}
    durations = {name: video.duration for name, video in database.items()}
    return _facts(known, asdict(map_at_overlap(known, _detected(predicted, known, durations, reference))))


def score_points(reference: Path, predicted: Path) -> Facts:
    """mAP at L1 distance; the reference is Ego-Exo4D's list of takes, or ActivityNet's JSON, whose segments' starts
    count.
    """
    try:
        takes = _file(reference, list[_Take])
        known, durations = {each.take_uid: _points(each) for each in takes}, dict[str, float | None]()
    except WozError:
        database = _file(reference, _ActivityNet).database
        known = {name: _known(video.annotations) for name, video in database.items()}
        durations = {name: video.duration for name, video in database.items()}
    return _facts(known, asdict(map_at_distance(known, _detected(predicted, known, durations, reference))))


def score_levels(reference: Path, predicted: Path) -> Facts:
    """Accuracy of the demonstrator's level: JSON Lines of id and label, both sides; each level's own recall too."""
    known = {each.id: each.label for each in _unique(reference, _Level)}
    told = {each.id: each.label for each in _unique(predicted, _Level)}
    _demand_same(known, told, reference, predicted)
    sizes = Counter(known.values())
    hits = Counter(label for key, label in known.items() if told[key] == label)
    recalls = {label: hits[label] / count for label, count in sorted(sizes.items())}
    return {
        "items": len(known),
        "accuracy": hits.total() / len(known),
        "macro": fmean(recalls.values()),
        "recall": recalls,
        "most_common": max(sizes.values()) / len(known),
    }


def score_understanding(reference: Path, predicted: Path) -> Facts:
    """Calibrated AP by task (previous, optional, mistake, missing, next, say), of JSON Lines with id, task and
    label (true or false), and id, task and score.
    """
    known = {(each.task, each.id): each.label for each in _unique(reference, _Truth)}
    told = {(each.task, each.id): each.score for each in _unique(predicted, _Guess)}
    _demand_same(known, told, reference, predicted)
    by_task = dict[str, list[tuple[float, bool]]]()
    for key, label in known.items():
        by_task.setdefault(key[0], []).append((told[key], label))
    found = {task: calibrated_ap(scored) for task, scored in sorted(by_task.items())}
    defined = [each for each in found.values() if each is not None]
    warnings = [f"{task or 'The labels'} are all alike: no figure." for task, each in found.items() if each is None]
    return {
        "items": len(known),
        "calibrated_ap": found,
        "mean": fmean(defined) if defined else None,
        "warnings": warnings,
    }


def _known(segments: Iterable[_Segment]) -> list[Known]:
    return [Known(*each.segment, each.label) for each in segments]


def _points(take: _Take) -> list[Known]:
    named = (("good", take.good_executions), ("tip", take.tips_for_improvement))
    return [Known(p.video_time, p.video_time, label) for label, points in named for p in points]


def _detected(
    path: Path, known: Mapping[str, object], durations: Mapping[str, float | None], reference: Path
) -> dict[str, list[Detected]]:
    """Raises WozError for videos that lack on either side, and times outside the video."""
    results = _file(path, _Results).results
    _demand_same(known, results, reference, path)
    for name, segments in results.items():
        last = durations.get(name)
        for each in segments:
            start, end = each.segment
            if not 0 <= start <= end or (last is not None and end > last):
                long = "" if last is None else f", which is {last:g} s long"
                raise WozError(f"{path} has a segment from {start:g} to {end:g} s in {name}{long}; mend its times.")
    return {
        name: [Detected(*each.segment, each.label, each.score) for each in segments]
        for name, segments in results.items()
    }


def _facts(known: Mapping[str, list[Known]], figures: Facts) -> Facts:
    empty = [name for name, segments in known.items() if not segments]
    warnings = (
        [f"The reference of {', '.join(empty[:5])} holds no segment: all found there is wrong."] if empty else []
    )
    return {"videos": len(known), "segments": sum(map(len, known.values())), **figures, "warnings": warnings}


def _file(path: Path, kind: type[T]) -> T:
    try:
        return read_file(path, kind)
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{path} is not as it should be: {error}.") from error


Line = TypeVar("Line", _Level, _Truth, _Guess)


def _unique(path: Path, kind: type[Line]) -> list[Line]:
    found = dict[tuple[str, str], Line]()
    try:
        for nr, raw in enumerate(lines_of(path), 1):
            if raw.strip():
                each = read(raw, kind)
                key = (getattr(each, "task", ""), each.id)
                if key in found:
                    raise WozError(f"{path} holds {each.id} twice, again in line {nr}; keep one.")
                found[key] = each
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{path} is not as it should be: {error}.") from error
    return list(found.values())


def _demand_same(known: Mapping[Any, object], told: Mapping[Any, object], reference: Path, predicted: Path) -> None:
    if not known:
        raise WozError(f"{reference} holds nothing to score.")
    for missing, path in ((known.keys() - told.keys(), predicted), (told.keys() - known.keys(), reference)):
        if missing:
            first = min(missing)
            name = first if isinstance(first, str) else " ".join(first).strip()
            raise WozError(
                f"{path} lacks {len(missing)} of the items, {name} among them; add them, or take them out."
            )
