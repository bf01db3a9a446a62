"""Average precision worked out by hand, and files that don't fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from woz.base.errors import WozError
from woz.dataset.evaluation.detections import score_levels, score_overlaps, score_points, score_understanding
from woz.dataset.measures.average_precision import (
    IOUS,
    Detected,
    Known,
    calibrated_ap,
    interpolated_ap,
    map_at_distance,
    map_at_overlap,
)


def test_the_envelope_of_precision() -> None:
    """Hits at ranks 1, 3 and 5 of three: precisions 1, 2/3, 3/5."""
    assert interpolated_ap([True, False, True, False, True], 3) == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)
    assert interpolated_ap([False, True, True], 4) == pytest.approx((2 / 3 + 2 / 3) / 4)
    assert interpolated_ap([], 2) == 0


def test_overlaps_by_falling_score_each_segment_once() -> None:
    reference = {"v": [Known(0, 10, "a"), Known(20, 30, "a")], "w": [Known(0, 10, "b")]}
    predicted = {
        "v": [
            Detected(0, 10, "a", 0.5),
            Detected(0, 9, "a", 0.9),
            Detected(22, 30, "a", 0.3),
            Detected(0, 1, "c", 1),
        ],
        "w": [Detected(0, 6, "b", 0.5)],
    }
    found = map_at_overlap(reference, predicted, (0.5, 0.7, 0.85))
    assert found.at["0.5"] == pytest.approx(((1 + 2 / 3) / 2 + 1) / 2)
    assert found.at["0.7"] == pytest.approx((1 + 2 / 3) / 2 / 2)
    assert found.at["0.85"] == pytest.approx(0.25)
    assert found.by_label.keys() == {"a", "b"}
    assert pytest.approx((0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95), abs=1e-15) == IOUS
    perfect = {name: [Detected(k.start, k.end, k.label, 1) for k in all_of] for name, all_of in reference.items()}
    assert map_at_overlap(reference, perfect).mean == 1
    assert map_at_overlap({"v": []}, predicted).mean is None


def test_points_by_distance() -> None:
    reference = {"v": [Known(10, 10, "good"), Known(11, 11, "good")]}
    predicted = {"v": [Detected(10.4, 10.4, "good", 0.9), Detected(10.9, 10.9, "good", 0.8)]}
    found = map_at_distance(reference, predicted)
    assert found.at == {"0.25": pytest.approx(0.25), "0.5": 1, "1": 1}
    assert found.mean == pytest.approx(0.75)


def test_calibrated_ap_weighs_rare_labels() -> None:
    """One right of five: w = 4; at the second rank 4 / (4 + 1)."""
    scored = [(0.9, False), (0.8, True), (0.3, False), (0.2, False), (0.1, False)]
    assert calibrated_ap(scored) == pytest.approx(4 / 5)
    assert calibrated_ap([(0.5, True), (0.5, False)]) == calibrated_ap([(0.5, False), (0.5, True)]) == 0.5
    assert calibrated_ap([(1, True)]) is calibrated_ap([]) is None
    many = [(0.9, False), (0.8, True), *[(0.1, False)] * 98]
    assert calibrated_ap(many) == pytest.approx(99 / 100)


def test_equal_overlaps_take_the_last_segment_and_equal_distances_the_first() -> None:
    """As the published programs' sorts leave them: it decides what a later detection can take."""
    halves = {"v": [Known(0, 5, "a"), Known(5, 10, "a")]}
    both = [Detected(0, 10, "a", 0.9), Detected(0, 5, "a", 0.8)]
    assert map_at_overlap(halves, {"v": both}, (0.5,)).mean == 1
    assert map_at_overlap(halves, {"v": [both[0], Detected(5, 10, "a", 0.8)]}, (0.5,)).mean == 0.5
    points = {"v": [Known(1, 1, "a"), Known(2, 2, "a")]}
    near = [Detected(1.5, 1.5, "a", 0.9), Detected(2.2, 2.2, "a", 0.8)]
    assert map_at_distance(points, {"v": near}, (0.5,)).mean == 1
    assert map_at_distance(points, {"v": [near[0], Detected(0.8, 0.8, "a", 0.8)]}, (0.5,)).mean == 0.5


def test_what_lasts_no_time_overlaps_nothing() -> None:
    """The published program divides 0 by 0 here, and counts it right wherever it is."""
    assert map_at_overlap({"v": [Known(3, 3, "a")]}, {"v": [Detected(8, 8, "a", 1)]}).mean == 0


def write(path: Path, value: object) -> Path:
    lines = "\n".join(map(json.dumps, value)) if path.suffix == ".jsonl" and isinstance(value, list) else ""
    path.write_text(lines or json.dumps(value))
    return path


def segment(start: float, end: float, label: str = "a", **more: float) -> dict[str, object]:
    return {"segment": [start, end], "label": label, **more}


REFERENCE = {"database": {"v": {"duration": 30, "annotations": [segment(0, 10)]}, "w": {"duration": 9}}}


@pytest.mark.parametrize(
    ("results", "why"),
    [
        ({"v": [segment(25, 31, score=1)], "w": []}, "25 to 31 s in v, which is 30 s long"),
        ({"v": [segment(9, 5, score=1)], "w": []}, "mend its times"),
        ({"v": []}, "lacks 1 of the videos, w"),
        ({"v": [], "w": [], "x": []}, "lacks 1 of the videos, x"),
        ({"v": [{"label": "a"}], "w": []}, "not as it should be"),
    ],
)
def test_detections_that_do_not_fit(tmp_path: Path, results: object, why: str) -> None:
    reference = write(tmp_path / "r.json", REFERENCE)
    with pytest.raises(WozError, match=why):
        score_overlaps(reference, write(tmp_path / "p.json", {"results": results}))


def test_a_video_without_segments_is_told(tmp_path: Path) -> None:
    reference = write(tmp_path / "r.json", REFERENCE)
    found = score_overlaps(
        reference, write(tmp_path / "p.json", {"results": {"v": [segment(0, 10, score=0.5)], "w": []}})
    )
    assert (found["mean"], found["videos"], found["segments"]) == (1, 2, 1)
    assert found["warnings"] == ["The reference of w holds no segment: all found there is wrong."]


def test_proficiency_s_points_and_levels(tmp_path: Path) -> None:
    takes = [{"take_uid": "t", "good_executions": [{"video_time": 5}], "tips_for_improvement": [{"video_time": 9}]}]
    results = {"results": {"t": [segment(5.4, 5.4, "good", score=1), segment(9, 9, "tip", score=1)]}}
    found = score_points(write(tmp_path / "r.json", takes), write(tmp_path / "p.json", results))
    assert found["at"] == {"0.25": 0.5, "0.5": 1, "1": 1}
    known = [{"id": str(i), "label": label} for i, label in enumerate(("Novice", "Novice", "Late Expert"))]
    told = [{**each, "label": "Novice"} for each in known]
    levels = score_levels(write(tmp_path / "a.jsonl", known), write(tmp_path / "b.jsonl", told))
    assert levels["accuracy"] == levels["most_common"] == pytest.approx(2 / 3)
    assert levels["macro"] == 0.5
    grouped = [{**each, "group": f"P{n // 2}"} for n, each in enumerate(known)]
    clustered = score_levels(write(tmp_path / "g.jsonl", grouped), tmp_path / "b.jsonl")
    assert (clustered["clusters"], clustered["accuracy"], clustered["low"]) == (2, levels["accuracy"], 0)
    assert clustered["standard_error"] == pytest.approx(2**0.5 * (2 * (2 / 3) ** 2) ** 0.5 / 3)
    with pytest.raises(WozError, match="lacks 1 of the items, 2"):
        score_levels(tmp_path / "a.jsonl", write(tmp_path / "c.jsonl", told[:2]))


def test_procedure_understanding_by_task(tmp_path: Path) -> None:
    known = [{"id": str(i), "task": task, "label": i == 1} for task in ("mistake", "next") for i in range(5)]
    known += [{"id": "0", "task": "optional", "label": True}]
    told = [{"id": e["id"], "task": e["task"], "score": {"0": 0.9, "1": 0.8}.get(str(e["id"]), 0.1)} for e in known]
    found = score_understanding(write(tmp_path / "a.jsonl", known), write(tmp_path / "b.jsonl", told))
    assert found["calibrated_ap"] == {"mistake": pytest.approx(0.8), "next": pytest.approx(0.8), "optional": None}
    assert found["mean"] == pytest.approx(0.8)
    assert found["warnings"] == ["optional are all alike: no figure."]
