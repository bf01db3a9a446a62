"""Measures of segments beside MS-TCN's, ActivityNet's, Ego-Exo4D's and LSTR's programs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from tests.rig.reference_code import loaded
from woz.annotation.measures.segmentation_scores import IOUS as FRAME_IOUS
from woz.annotation.measures.segmentation_scores import segmentation_scores
from woz.dataset.evaluation.detections import level_figures
from woz.dataset.measures.average_precision import (
    DISTANCES,
    IOUS,
    Detected,
    Known,
    Precision,
    calibrated_ap,
    map_at_distance,
    map_at_overlap,
)

Random = np.random.Generator
Compared = Iterator[tuple[dict[str, float | None], dict[str, float | None] | None]]
LABELS = ("background", "a", "b", "c")
VIDEOS = ("v", "w", "x")
LEVELS = ("Novice", "Early Expert", "Intermediate Expert", "Late Expert")


def of_frames(folder: Path, random: Random, cases: int) -> Compared:
    theirs = loaded(folder / "eval.py", "get_labels_start_end_time", "levenstein", "edit_score", "f_score")
    for _ in range(cases):
        pairs = {}
        for video in VIDEOS[: random.integers(1, 4)]:
            count = int(random.integers(1, 40))
            pairs[video] = (_frames(random, count), _frames(random, count))
        found = segmentation_scores(pairs, ["background"])
        ours = {"accuracy": found.accuracy, "edit": found.edit}
        ours |= {f"F1@{iou}": value for iou, value in found.f1.items()}
        known = all(set(reference) != {"background"} for reference, _ in pairs.values())
        yield ours, ms_tcn(theirs, pairs) if known else None


def _frames(random: Random, count: int) -> list[str]:
    runs = [str(random.choice(LABELS)) for _ in range(count)]
    return [runs[int(n // random.choice([1, 4, 8]))] for n in range(count)] if random.random() < 0.5 else runs


def ms_tcn(theirs: Any, pairs: dict[str, tuple[list[str], list[str]]]) -> dict[str, float | None]:
    """As its main does: counts of all videos together, the edit score a mean of videos."""
    same = [a == b for reference, predicted in pairs.values() for a, b in zip(reference, predicted, strict=True)]
    found: dict[str, float | None] = {
        "accuracy": fmean(same),
        "edit": fmean(theirs.edit_score(predicted, reference) for reference, predicted in pairs.values()) / 100,
    }
    for iou in FRAME_IOUS:
        counts = [theirs.f_score(predicted, reference, iou) for reference, predicted in pairs.values()]
        hits, false, missed = (sum(each) for each in zip(*counts, strict=True))
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            precision, recall = np.float64(hits) / (hits + false), np.float64(hits) / (hits + missed)
            f1 = np.nan_to_num(2 * precision * recall / (precision + recall))
        found[f"F1@{round(100 * iou)}"] = float(f1)
    return found


def of_overlaps(folder: Path, random: Random, cases: int) -> Compared:
    import pandas

    evaluation = folder / "Evaluation"
    given = vars(loaded(evaluation / "utils.py", "interpolated_prec_rec", "segment_iou"))
    theirs = loaded(
        evaluation / "eval_detection.py", "compute_average_precision_detection", given=given
    ).compute_average_precision_detection
    for _ in range(cases):
        known, told = _segments(random)
        yield (
            _ours(map_at_overlap(known, told)),
            _theirs(
                known,
                lambda label: theirs(
                    pandas.DataFrame(_table(known, label, ("t-start", "t-end"))),  # noqa: B023
                    pandas.DataFrame(_table(told, label, ("t-start", "t-end"))),  # noqa: B023
                    np.linspace(0.5, 0.95, 10),
                ),
                [f"{iou:g}" for iou in IOUS],
            ),
        )


def of_points(folder: Path, random: Random, cases: int) -> Compared:
    import pandas

    path = folder / "demonstration_proficiency" / "libs" / "utils" / "metrics.py"
    names = ("interpolated_prec_rec", "distance_to_gt", "compute_average_precision_distance")
    theirs = loaded(path, *names).compute_average_precision_distance
    for _ in range(cases):
        known, told = _segments(random, points=True)
        yield (
            _ours(map_at_distance(known, told)),
            _theirs(
                known,
                lambda label: theirs(
                    pandas.DataFrame(_table(known, label, ("times",))),  # noqa: B023
                    pandas.DataFrame(_table(told, label, ("times",))),  # noqa: B023
                    np.array(DISTANCES),
                ),
                [f"{most:g}" for most in DISTANCES],
            ),
        )


def _segments(random: Random, points: bool = False) -> tuple[dict[str, list[Known]], dict[str, list[Detected]]]:
    """Times on a grid, so that many overlap by as much as others; scores of which some are equal."""
    grid = 0.25 if points else 0.5

    def times() -> tuple[float, float]:
        start = grid * int(random.integers(0, 20))
        return (start, start if points else start + grid * int(random.integers(1, 12)))

    known = {
        video: [Known(*times(), str(random.choice(LABELS[1:3]))) for _ in range(random.integers(0, 6))]
        for video in VIDEOS
    }
    told = {
        video: [
            Detected(*times(), str(random.choice(LABELS[1:])), float(random.choice([0.2, 0.5, random.random()])))
            for _ in range(random.integers(0, 8))
        ]
        for video in VIDEOS
    }
    for video, all_of in known.items():
        told[video] += [
            Detected(each.start, each.end, each.label, random.random()) for each in all_of if random.random() < 0.5
        ]
    return known, told


def _table(segments: Any, label: str, columns: tuple[str, ...]) -> dict[str, list[Any]]:
    """Of one label, as their tables have it. Equal scores are told apart by their order, which their sort, by its
    kind and the machine, leaves open.
    """
    rows = [(video, each) for video, all_of in segments.items() for each in all_of if each.label == label]
    table: dict[str, list[Any]] = {"video-id": [video for video, _ in rows]}
    for column, field in zip(columns, ("start", "end"), strict=False):
        table[column] = [getattr(each, field) for _, each in rows]
    if rows and isinstance(rows[0][1], Detected):
        table["score"] = [each.score - 1e-9 * n for n, (_, each) in enumerate(rows)]
    return table if rows else {}


def _ours(found: Precision) -> dict[str, float | None]:
    return {**found.at, "mean": found.mean}


def _theirs(known: Any, of_label: Any, names: list[str]) -> dict[str, float | None] | None:
    """The mean over the reference's labels; None without any."""
    labels = sorted({each.label for all_of in known.values() for each in all_of})
    if not labels:
        return None
    table = np.stack([of_label(label) for label in labels])
    return {**dict(zip(names, map(float, table.mean(0)), strict=True)), "mean": float(table.mean())}


def of_levels(folder: Path, random: Random, cases: int) -> Compared:
    """One view; a level as its only score."""
    path = folder / "demonstrator_proficiency" / "eval_script.py"
    theirs = loaded(path, "softmax", "evaluate_performance").evaluate_performance
    for _ in range(cases):
        count = int(random.integers(1, 30))
        known, told = random.integers(0, 4, count), random.integers(0, 4, count)
        ours = level_figures(
            {str(n): LEVELS[level] for n, level in enumerate(known)},
            {str(n): LEVELS[level] for n, level in enumerate(told)},
        )
        scores = {"ego_model_predictions": np.eye(4)[told], "exo_model_predictions": [None] * count}
        yield {"accuracy": ours["accuracy"]}, {"accuracy": theirs(list(known), scores, "ego")}


def calibrated(folder: Path, random: Random, cases: int) -> Compared:
    """Scores that differ: of equal ones their figure follows from how the machine sorts."""
    path = folder / "src" / "rekognition_online_action_detection" / "evaluation" / "metrics.py"
    theirs = loaded(path, "calibrated_average_precision_score").calibrated_average_precision_score
    for _ in range(cases):
        count = int(random.integers(0, 40))
        labels = random.random(count) < random.choice([0.05, 0.3, 0.9])
        scores = random.permutation(count) / 64
        ours = calibrated_ap(list(zip(scores.tolist(), labels.tolist(), strict=True)))
        both = 0 < labels.sum() < count
        yield {"cAP": ours}, {"cAP": float(theirs(labels.astype(int), scores))} if both else None
