"""When to speak beside ProAssist's, StreamingBench's, OVO-Bench's and ProactiveVideoQA's programs."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.rig.reference_code import loaded, method
from woz.base.errors import WozError
from woz.dataset.evaluation.streaming import score_ovo
from woz.dataset.measures.proactive import OVO_GROUPS, ovo_choice, ovo_count, ovo_scores, ovo_yes_no, pauc
from woz.dataset.measures.proactive import streaming_bench as our_streaming_bench
from woz.dataset.measures.talk_matching import WINDOWS, Said, match, talk_scores

Random = np.random.Generator
Compared = Iterator[tuple[dict[str, float | None], dict[str, float | None] | None]]
REPLIES = ("Yes", "yes.", "No", "Y", "N", "No, 3", "A", "B. 12", "1 and 2", "12", "", "Because", None)
TEXTS = ("Turn it.", "Now turn it.", "Good.", "Take the red screw.")
LIKE = np.array([[1, 0.75, 0, 0.625], [0.75, 1, 0.25, 0.4375], [0, 0.25, 1, -0.75], [0.625, 0.4375, -0.75, 1]])
"""Likeness of texts, in numbers that single precision holds."""
RATE = 2


def of_streaming_bench(folder: Path, random: Random, cases: int) -> Compared:
    given = {"json": json, "csv": __import__("csv"), "defaultdict": defaultdict}
    theirs = loaded(folder / "src" / "data" / "count.py", "count", given=given).count
    for _ in range(cases // 10):
        items = [
            (int(random.integers(0, 9)), "done", int(random.integers(0, 12)), str(random.choice(["done.", "no"])))
            for _ in range(random.integers(1, 20))
        ]
        judged = [our_streaming_bench(*item) for item in items]
        shares = [sum(each[n] for each in judged) / len(items) for n in (0, 1)]
        yield dict(zip(("time_accuracy", "answer_accuracy"), shares, strict=True)), _counted(theirs, items)


def _counted(count: Any, items: list[tuple[int, str, int, str]]) -> dict[str, float | None]:
    """What its program writes into the folder that it is run in."""
    questions = [
        {
            "ground_truth_time_stamp": f"00:00:{wanted_s:02}", "task_type": "t", "ground_truth_output": wanted,
            "m": {"dialog_history": [{"time": last_s, "content": reply}]},
        }
        for wanted_s, wanted, last_s, reply in items
    ]  # fmt: skip
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.json"
        path.write_text(json.dumps([{"questions": questions}]), encoding="utf-8")
        try:
            os.chdir(folder)
            with redirect_stdout(StringIO()):
                count(argparse.Namespace(task="proactive", src=str(path), model="m"))
        finally:
            os.chdir(before)
        found = json.loads((Path(folder) / "m_stats.json").read_text(encoding="utf-8"))["t"]
    return {name: found[name] for name in ("time_accuracy", "answer_accuracy")}


def of_ovo_bench(folder: Path, random: Random, cases: int) -> Compared:
    score = loaded(folder / "utils" / "OVOBenchScore.py", "OVOBenchOfflineScore").OVOBenchOfflineScore(None, None)
    for _ in range(cases):
        chosen: list[dict[str, Any]] = [
            {"task": str(random.choice(OVO_GROUPS["backward"])), "response": _one(random), "ground_truth": "B"}
            for _ in range(8)
        ]
        asked: list[dict[str, Any]] = [
            {
                "task": str(random.choice(OVO_GROUPS["forward"])),
                "test_info": [
                    {"response": _one(random), "count": 12, "type": int(random.integers(0, 2))} for _ in range(3)
                ],
            }
            for _ in range(6)
        ]
        hits = defaultdict[str, list[bool]](list)
        for item in chosen:
            hits[item["task"]].append(ovo_choice(item["response"], "B"))
        for item in asked:
            hits[item["task"]] += [_ovo(item["task"], each) for each in item["test_info"]]
        theirs = score.calculate_score_backward_realtime(chosen)[1] | score.calculate_score_forward(asked)[1]
        yield dict(ovo_scores(hits).tasks), {task: sum(found) / len(found) for task, found in theirs.items()}


def _one(random: Random) -> str | None:
    return REPLIES[random.integers(0, len(REPLIES))]


def _ovo(task: str, each: dict[str, Any]) -> bool:
    if task == "REC":
        return ovo_count(each["response"], each["count"])
    return ovo_yes_no(each["response"], each["type"] == 1)


def of_stored_results(folder: Path, random: Random, cases: int) -> Compared:
    """A model's a case: what their program says of the replies that their repository holds. Where these are lists
    it ends with an error, and ours refuses them.
    """
    score = loaded(folder / "utils" / "OVOBenchScore.py", "OVOBenchOfflineScore").OVOBenchOfflineScore
    for model in sorted((folder / "results").iterdir()):
        parts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(model.glob("*.json"))]
        results = {key: [each for part in parts for each in part[key]] for key in OVO_GROUPS}
        with tempfile.TemporaryDirectory() as temporary:
            path = Path(temporary) / "all.json"
            path.write_text(json.dumps(results), encoding="utf-8")
            try:
                ours = dict(score_ovo(path, path))
            except WozError:
                ours = {}
        try:
            yield ours, _means(score(SimpleNamespace(model=model.name), results))
        except TypeError:
            yield ours, None


def _means(score: Any) -> dict[str, float | None]:
    """Of tasks, and of the three groups, which their program prints."""
    found: dict[str, float | None] = {}
    groups = []
    for part in OVO_GROUPS:
        of = score.calculate_score_forward if part == "forward" else score.calculate_score_backward_realtime
        tasks = {task: sum(each) / len(each) for task, each in of(score.results[part])[1].items()}
        found |= tasks
        groups.append(sum(tasks.values()) / len(tasks))
    return found | {"total": sum(groups) / len(groups)}


@dataclass
class _Frame:
    gen: str
    ref: str
    frame_idx_in_stream: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def matcher(folder: Path, likeness: Any) -> tuple[Any, Any]:
    """ProAssist's matching, and what it computes of matchings, with another likeness than its model's."""
    import torch
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    evaluators = folder / "mmassist" / "eval" / "evaluators"
    given = {
        "torch": torch, "sbert": SimpleNamespace(SentenceTransformer=object), "dataclass": dataclass,
        "csr_matrix": csr_matrix, "min_weight_full_bipartite_matching": min_weight_full_bipartite_matching,
        "FrameOutput": _Frame, "get_semantic_match_cost": likeness,
    }  # fmt: skip
    names = ("mask_local_cost", "get_text_match_cost", "get_distance_cost", "MatchResult", "find_match")
    find_match = loaded(evaluators / "pred_match.py", *names, given=given).find_match
    compute = method(evaluators / "stream_evaluator.py", "compute_metrics", {"os": os, "save_json": _nothing})
    return find_match, compute


def of_proassist(folder: Path, random: Random, cases: int) -> Compared:
    find_match, compute = matcher(folder, _likeness)
    for _ in range(cases):
        window = (*(int(each * RATE) for each in list(WINDOWS.values())[random.integers(0, 6)]),)
        dialogues = [_dialogue(random) for _ in range(random.integers(1, 3))]
        ours = _our_matching(dialogues, (window[0], window[1]))
        yield ours, _proassist(find_match, compute, dialogues, (window[0], window[1]))


def _likeness(pairs: list[tuple[str, str]], model: object, **more: object) -> Any:
    import torch

    return torch.tensor([1 - abs(LIKE[TEXTS.index(a), TEXTS.index(b)]) for a, b in pairs], dtype=torch.float32)


def _nothing(*what: object) -> None:
    """Their metrics are not to be written."""


def _dialogue(random: Random) -> list[_Frame]:
    often = random.choice([0.05, 0.2, 0.5])

    def said() -> str:
        return str(random.choice(TEXTS)) if random.random() < often else ""

    return [_Frame(said(), said(), n) for n in range(random.integers(2, 40))]


def _our_matching(dialogues: list[list[_Frame]], window: tuple[int, int]) -> dict[str, float | None]:
    def like(one: str, other: str) -> float:
        return float(LIKE[TEXTS.index(one), TEXTS.index(other)])

    found = []
    for frames in dialogues:
        predicted, reference = (
            [Said(each.frame_idx_in_stream, getattr(each, name)) for each in frames if getattr(each, name)]
            for name in ("gen", "ref")
        )
        found.append(match(predicted, reference, window, like, len(frames), published=True))
    whole = [each for each in found if each is not None]
    if len(whole) < len(found):
        return {"fails": 1.0}
    scores = asdict(talk_scores(whole, RATE))
    zero = ("semantic_score", "time_diff_s", "f1")
    return {name: value if value is not None or name not in zero else 0.0 for name, value in scores.items()}


NAMES = {
    "precision": "precision", "recall": "recall", "F1": "f1", "jaccard_index": "jaccard",
    "missing_rate": "missing_rate", "redundant_rate": "redundant_rate", "semantic_score": "semantic_score",
    "time_diff": "time_diff_s", "num_matched": "correct", "num_missed": "missed", "num_redundant": "redundant",
}  # fmt: skip


def _proassist(
    find_match: Any, compute: Any, dialogues: list[list[_Frame]], window: tuple[int, int]
) -> dict[str, float | None] | None:
    """None where a denominator is empty; `fails` where a prediction has no edge left."""
    predictions = {}
    for n, frames in enumerate(dialogues):
        if not any(each.gen for each in frames):
            missed = [each.to_dict() for each in frames if each.ref]
            result = {"matched": [], "missed": missed, "redundant": [], "match_costs": [], "semantic_scores": []}
        else:
            try:
                matched = find_match(frames, object(), window, dist_func_factor=0.3, dist_func_power=1.5)
            except ValueError:
                return {"fails": 1.0}
            result = matched.to_json()
        predictions[n] = {"match_result": result}
    evaluator = SimpleNamespace(
        load_all_predictions=lambda number_check: predictions, match_semantic_score_threshold=0.5, fps=RATE,
        nlg_metrics=[], nlg_scorer=SimpleNamespace(compute_metrics=lambda *_: {}), eval_dir=".",
    )  # fmt: skip
    try:
        found = compute(evaluator)
    except ZeroDivisionError:
        return None
    return {ours: float(found[name]) for name, ours in NAMES.items()}


def of_pauc(folder: Path, random: Random, cases: int) -> Compared:
    path = folder / "vlmevalkit-videochat3" / "vlmeval" / "dataset" / "proactive_videoqa.py"
    theirs = loaded(path, "_area_under_line_ratio", "_stat_metric")
    for _ in range(cases):
        start = float(random.integers(0, 50))
        end = start + float(random.integers(1, 60))
        times = sorted({round(float(t), 2) for t in random.uniform(start, end, random.integers(0, 6))})
        grades = {t: int(random.integers(0, 3)) for t in times}
        turn = {"judge_scores": grades, "reply_timespan": [start, end]}
        example = [{"answer": [turn]}]
        yield (
            {f"{omega:g}": pauc(start, end, list(grades.items()), omega) for omega in (0, 0.5, 1)},
            {f"{omega:g}": theirs._stat_metric(example, omega)["mean_auc"] for omega in (0, 0.5, 1)},
        )
