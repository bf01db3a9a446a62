"""Predictions for every task that a few words tell: the truth itself, or how it was changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

LATE_S, POINT_LATE_S = 1.0, 0.3
WINDOW = "holoassist"
Command = list[str]
"""What follows `woz evaluate`."""
Predict = Callable[[Path, Path, bool], Command]
"""Of a task's folder, a folder to write into, and whether the truth itself is told."""


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _lines(path: Path, found: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in found), encoding="utf-8")
    return path


def _value(path: Path, value: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def frames(task: Path, out: Path, perfect: bool) -> Command:
    """Every label a second late."""
    count = 0 if perfect else round(json.loads((task / "frames.json").read_text(encoding="utf-8"))["rate"] * LATE_S)
    (out / "frames").mkdir(parents=True)
    for path in (task / "groundTruth").iterdir():
        labels = path.read_text(encoding="utf-8").splitlines()
        late = [*["background"] * count, *labels][: len(labels)]
        (out / "frames" / path.name).write_text("".join(f"{label}\n" for label in late), encoding="utf-8")
    return ["segments", str(task / "groundTruth"), str(out / "frames")]


def detections(task: Path, out: Path, perfect: bool) -> Command:
    """Every segment a second late; the first of a video is the surest."""
    reference = task / "test.activitynet.json"
    results = {}
    for name, video in json.loads(reference.read_text(encoding="utf-8"))["database"].items():
        ends = [
            [min(t + (0 if perfect else LATE_S), video["duration"]) for t in s["segment"]]
            for s in video["annotations"]
        ]
        results[name] = [
            {"segment": span, "label": each["label"], "score": 1 - n / 1000}
            for n, (span, each) in enumerate(zip(ends, video["annotations"], strict=True))
            if span[0] < span[1]
        ]
    return ["segments", str(reference), str(_value(out / "detections.json", {"results": results}))]


def labels(task: Path, out: Path, perfect: bool) -> Command:
    """The most common label for all."""
    known = rows(task / "test.jsonl")
    (common, _), *_ = Counter(row["label"] for row in known).most_common(1)
    told = [{"id": row["id"], "label": row["label"] if perfect else common} for row in known]
    return ["segments", str(task / "test.jsonl"), str(_lines(out / "labels.jsonl", told)), "--measure", "level"]


def scores(task: Path, out: Path, perfect: bool) -> Command:
    """By chance: a number that follows from the id."""
    told = [
        {"id": row["id"], "task": row["task"], "score": float(row["label"]) if perfect else chance(row)}
        for row in rows(task / "test.jsonl")
    ]
    return [
        "segments",
        str(task / "test.jsonl"),
        str(_lines(out / "scores.jsonl", told)),
        "--measure",
        "calibrated",
    ]


def chance(row: Mapping[str, Any]) -> float:
    return int.from_bytes(sha256(f"{row['task']} {row['id']}".encode()).digest()[:4]) / 2**32


def utterances(task: Path, out: Path, perfect: bool) -> Command:
    """Every utterance a second late, and each third one not said."""
    told = []
    for row in rows(task / "test.jsonl"):
        late = [
            {"time": each["time"] + LATE_S, "text": each["text"]}
            for n, each in enumerate(row["utterances"])
            if n % 3 < 2 and each["time"] + LATE_S <= row["duration"]
        ]
        told.append({"video": row["video"], "utterances": row["utterances"] if perfect else late})
    reference = str(task / "test.jsonl")
    return ["dialogue", reference, str(_lines(out / "utterances.jsonl", told)), "--window", WINDOW]


def points(task: Path, out: Path, perfect: bool) -> Command:
    """Every point 0.3 s late."""
    late = 0 if perfect else POINT_LATE_S
    results = {
        take["take_uid"]: [
            {"segment": [each["video_time"] + late] * 2, "label": label, "score": 1 - n / 1000}
            for label, name in (("good", "good_executions"), ("tip", "tips_for_improvement"))
            for n, each in enumerate(take[name])
        ]
        for take in json.loads((task / "test.json").read_text(encoding="utf-8"))
    }
    told = str(_value(out / "points.json", {"results": results}))
    return ["segments", str(task / "test.json"), told, "--measure", "distance"]
