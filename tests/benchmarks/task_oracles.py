"""What other people's programs say of the same files, which are read here without woz (`reference_code`)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.benchmarks.task_predictions import chance, rows
from tests.rig.check_measures_of_segments import ms_tcn
from tests.rig.reference_code import loaded
from woz.dataset.evaluation.dialogue_scores import by_words
from woz.dataset.measures.talk_matching import WINDOWS

Figures = Mapping[str, float | None]
Oracle = Callable[[Path, Path, Path], Figures]
"""Of the folder of references, the file or folder of the truth, and that of the predictions."""


def frames(references: Path, known: Path, told: Path) -> Figures:
    names = ("get_labels_start_end_time", "levenstein", "edit_score", "f_score")
    theirs = loaded(references / "ms-tcn" / "eval.py", *names)
    pairs = {
        path.name: (path.read_text().split("\n")[:-1], (told / path.name).read_text().split("\n")[:-1])
        for path in known.iterdir()
    }
    found = ms_tcn(theirs, pairs)
    return {"accuracy": found["accuracy"], "edit": found["edit"], "f1 50": found["F1@50"]}


def detections(references: Path, known: Path, told: Path) -> Figures:
    evaluation = references / "ActivityNet" / "Evaluation"
    given = vars(loaded(evaluation / "utils.py", "interpolated_prec_rec", "segment_iou"))
    theirs = loaded(evaluation / "eval_detection.py", "compute_average_precision_detection", given=given)
    database = json.loads(known.read_text())["database"]
    results = json.loads(told.read_text())["results"]
    truth = [(name, *s["segment"], s["label"]) for name, video in database.items() for s in video["annotations"]]
    found = [(name, *s["segment"], s["label"], s["score"]) for name, of in results.items() for s in of]
    table = _by_label(
        truth, found, ("t-start", "t-end"), theirs.compute_average_precision_detection, np.linspace(0.5, 0.95, 10)
    )
    return {"mean": float(table.mean()), "at 0.5": float(table.mean(0)[0])}


def points(references: Path, known: Path, told: Path) -> Figures:
    path = references / "ego-exo4d-proficiency" / "demonstration_proficiency" / "libs" / "utils" / "metrics.py"
    names = ("interpolated_prec_rec", "distance_to_gt", "compute_average_precision_distance")
    theirs = loaded(path, *names).compute_average_precision_distance
    lists = (("good", "good_executions"), ("tip", "tips_for_improvement"))
    truth = [
        (take["take_uid"], each["video_time"], label)
        for take in json.loads(known.read_text())
        for label, name in lists
        for each in take[name]
    ]
    results = json.loads(told.read_text())["results"]
    found = [(name, s["segment"][0], s["label"], s["score"]) for name, of in results.items() for s in of]
    at = _by_label(truth, found, ("times",), theirs, np.array([0.25, 0.5, 1])).mean(0)
    return {"at 0.25": float(at[0]), "at 0.5": float(at[1]), "at 1": float(at[2])}


def _by_label(truth: Any, found: Any, columns: tuple[str, ...], compute: Any, thresholds: Any) -> Any:
    """Labels by thresholds; equal scores are told apart by their order."""
    import pandas

    place = 1 + len(columns)
    tables = []
    for label in sorted({row[place] for row in truth}):
        mine, theirs = [row for row in truth if row[place] == label], [row for row in found if row[place] == label]
        known = pandas.DataFrame([row[:place] for row in mine], columns=["video-id", *columns])
        told = pandas.DataFrame([row[:place] for row in theirs], columns=["video-id", *columns])
        told["score"] = [row[place + 1] - 1e-9 * n for n, row in enumerate(theirs)]
        tables.append(compute(known, told, thresholds))
    return np.stack(tables)


def labels(references: Path, known: Path, told: Path) -> Figures:
    path = references / "ego-exo4d-proficiency" / "demonstrator_proficiency" / "eval_script.py"
    theirs = loaded(path, "softmax", "evaluate_performance").evaluate_performance
    truth, found = ({row["id"]: row["label"] for row in rows(path)} for path in (known, told))
    place = {label: n for n, label in enumerate(sorted({*truth.values(), *found.values()}))}
    scores = {
        "ego_model_predictions": [np.eye(len(place))[place[found[key]]] for key in truth],
        "exo_model_predictions": [None] * len(truth),
    }
    return {"accuracy": theirs([place[label] for label in truth.values()], scores, "ego")}


def scores(references: Path, known: Path, told: Path) -> Figures:
    folder = references / "long-short-term-transformer" / "src" / "rekognition_online_action_detection"
    theirs = loaded(folder / "evaluation" / "metrics.py", "calibrated_average_precision_score")
    truth = rows(known)
    found = []
    for task in sorted({row["task"] for row in truth}):
        mine = [row for row in truth if row["task"] == task]
        right = np.array([row["label"] for row in mine])
        if right.any() and not right.all():
            guesses = np.array([chance(row) for row in mine])
            found.append(float(theirs.calibrated_average_precision_score(right.astype(int), guesses)))
    return {"mean": fmean(found)}


@dataclass
class _Frame:
    gen: str = ""
    ref: str = ""
    frame_idx_in_stream: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {"gen": self.gen, "ref": self.ref, "frame_idx_in_stream": self.frame_idx_in_stream}


def utterances(references: Path, known: Path, told: Path) -> Figures:
    """ProAssist's matching and F1, with the cosine of words in its model's stead."""
    from tests.rig.check_measures_of_talk import matcher

    find_match, compute = matcher(references / "ProAssist", _like)
    window = tuple(int(each * 2) for each in WINDOWS["holoassist"])
    said = {row["video"]: row for row in rows(told)}
    predictions = {}
    for n, row in enumerate(rows(known)):
        frames = _frames(row, said[row["video"]])
        result = find_match(frames, object(), window, dist_func_factor=0.3, dist_func_power=1.5)
        predictions[n] = {"match_result": result.to_json()}
    evaluator = SimpleNamespace(
        load_all_predictions=lambda number_check: predictions, match_semantic_score_threshold=0.5, fps=2,
        nlg_metrics=[], nlg_scorer=SimpleNamespace(compute_metrics=lambda *_: {}), eval_dir=os.devnull,
    )  # fmt: skip
    return {"published f1": float(compute(evaluator)["F1"])}


def _like(pairs: list[tuple[str, str]], model: object, **more: object) -> Any:
    import torch

    return torch.tensor([1 - abs(by_words(one, other)) for one, other in pairs], dtype=torch.float32)


def _frames(known: Mapping[str, Any], told: Mapping[str, Any]) -> list[_Frame]:
    """Two a second; of two on one frame the later goes to the next."""
    places: dict[str, dict[int, str]] = {"ref": {}, "gen": {}}
    for name, row in (("ref", known), ("gen", told)):
        last = -1
        for each in sorted(row["utterances"], key=lambda each: float(each["time"])):
            last = max(int(each["time"] * 2), last + 1)
            places[name][last] = each["text"]
    count = max(-int(-known["duration"] * 2 // 1), *(max(of, default=0) + 1 for of in places.values()))
    return [_Frame(places["gen"].get(n, ""), places["ref"].get(n, ""), n) for n in range(count)]
