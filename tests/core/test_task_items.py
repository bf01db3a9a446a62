"""Key steps, procedure understanding, mistakes, instructions and skill: rows, and their measures."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.core.release_room import S, bundle
from tests.core.task_room import all_rows, published, release, rows
from tests.core.test_procedure_labels import CAKE, segment
from tests.core.test_windows_asked import MADE
from woz.dataset.evaluation.detections import score_levels, score_points, score_understanding
from woz.dataset.tasks.instructions import INSTRUCTIONS
from woz.dataset.tasks.registry import tasks
from woz.formats.bundle import SessionBundle
from woz.model.ids import TierId
from woz.model.own_schemes import STEPS, steps_scheme
from woz.model.tier import Tier, TierState

COOKED = ("keysteps", "keysteps-online", "understanding", "mistakes", "instructions")


@pytest.fixture(scope="module")
def cooking(shared_data: Path) -> list[SessionBundle]:
    path = shared_data / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    return published("captaincook4d", [path])[:10]


@pytest.fixture(scope="module")
def cooked(cooking: list[SessionBundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("out") / "r", cooking, *COOKED) / "tasks"


def lines(path: Path, found: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
    return path


def test_key_steps_have_names_and_a_wrong_one_costs_its_share(cooked: Path, tmp_path: Path) -> None:
    truth = cooked / "keysteps" / "train.jsonl"
    known = rows(truth)
    assert not any(row["label"].startswith("step-") for row in known)
    assert score_levels(truth, truth)["accuracy"] == 1
    told = lines(tmp_path / "p.jsonl", [{**known[0], "label": "nothing"}, *known[1:]])
    assert score_levels(truth, told)["accuracy"] == pytest.approx(1 - 1 / len(known))
    counts = Counter(row["label"] for row in all_rows(cooked / "keysteps"))
    assert all(row["instances"] == counts[row["label"]] for row in known)


def test_the_online_task_has_five_labels_a_second(cooked: Path, cooking: list[SessionBundle]) -> None:
    facts = json.loads((cooked / "keysteps-online" / "frames.json").read_text())
    assert facts["rate"] == 5
    for key, count in facts["frames"].items():
        text = (cooked / "keysteps-online" / "groundTruth" / f"{key}.txt").read_text(encoding="utf-8")
        assert text.count("\n") == count


def test_what_the_task_graph_says_is_scored(cooked: Path, tmp_path: Path) -> None:
    truth = cooked / "understanding" / "train.jsonl"
    known = rows(truth)
    told = lines(
        tmp_path / "p.jsonl", [{"id": r["id"], "task": r["task"], "score": float(r["label"])} for r in known]
    )
    found = score_understanding(truth, told)["calibrated_ap"]
    assert set(found) == {"previous", "optional", "mistake", "missing", "next"}
    assert {value for value in found.values() if value is not None} == {1}
    assert (found["previous"], found["next"]) == (None, 1), "the recipes of these annotations require nothing"
    wrong = lines(
        tmp_path / "w.jsonl", [{"id": r["id"], "task": r["task"], "score": float(not r["label"])} for r in known]
    )
    assert score_understanding(truth, wrong)["calibrated_ap"]["next"] < 0.6


def test_the_level_of_the_procedure_names_no_segment(cooked: Path) -> None:
    instance = json.loads((cooked / "understanding" / "instance" / "test.json").read_text(encoding="utf-8"))
    procedure = json.loads((cooked / "understanding" / "procedure" / "test.json").read_text(encoding="utf-8"))
    assert instance.keys() == procedure.keys()
    for key, take in procedure.items():
        assert take["steps"] == instance[key]["steps"]
        assert all(set(each) == {"segment", "start_time", "end_time"} for each in take["segments"])
        assert all(each["step_id"] in take["steps"] for each in instance[key]["segments"])


def test_mistakes_are_those_of_the_file(cooked: Path, cooking: list[SessionBundle], shared_data: Path) -> None:
    path = shared_data / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    recordings = json.loads(path.read_text(encoding="utf-8"))[:10]
    steps = [s for each in recordings for s in each["step_annotations"] if s["start_time"] >= 0]
    found = all_rows(cooked / "mistakes")
    assert len(found) == len(steps)
    assert sum(row["label"] for row in found) == sum(bool(s.get("errors")) for s in steps)


def test_wrong_actions_are_those_of_the_file(shared_data: Path, tmp_path: Path) -> None:
    paths = sorted((shared_data / "annotations" / "holoassist").glob("*.json"))[:5]
    events = [e for path in paths for e in json.loads(path.read_text(encoding="utf-8"))["events"]]
    wrong = [
        e for e in events
        if e["label"] == "Fine grained action" and e["attributes"]["Action Correctness"].startswith("Wrong")
    ]  # fmt: skip
    out = release(tmp_path / "r", published("holoassist", paths), "mistakes", "keysteps", "instructions") / "tasks"
    assert sum(row["label"] for row in all_rows(out / "mistakes")) == len(wrong) > 0
    assert all(" " in row["label"] for row in all_rows(out / "keysteps"))
    captions = [row for row in all_rows(out / "instructions") if row["task"] == "captioning"]
    assert len(captions) == len(paths)
    assert all(row["answer"] for row in captions)


def test_instructions_have_four_parts(tmp_path: Path, cooked: Path) -> None:
    assert all(len(set(ten)) == 10 for ten in INSTRUCTIONS.values())
    for row in all_rows(cooked / "instructions"):
        assert row["instruction"] in INSTRUCTIONS[row["task"]]
        assert all((row["video"], row["question"], row["answer"]))
    out = release(tmp_path / "r", [bundle("s0", "P0"), bundle("s1", "P1")], "instructions")
    asked = all_rows(out / "tasks" / "instructions")
    assert [(row["task"], row["question"]) for row in asked][:1] == [("answering", "Which one?")]
    assert {row["answer"] for row in asked} == {"The red one."}
    assert {row["end_s"] for row in asked} == {6}


def test_proficiency_is_scored_as_published(tmp_path: Path) -> None:
    take = {
        "take_uid": "t", "task_name": "bike",
        "good_executions": [{"video_time": 3.0, "list": ["Steady."], "expert_uid": "e"}],
        "tips_for_improvement": [{"video_time": 7.5, "list": ["Lower.", "Slower."], "expert_uid": "e"}],
    }  # fmt: skip
    good = tmp_path / "proficiency_demonstration_train.json"
    good.write_text(json.dumps([take]))
    out = release(tmp_path / "r", published("egoexo4d-proficiency", [good]), "proficiency") / "tasks"
    truth = out / "proficiency" / "train.json"
    points = [
        {"segment": [3.3, 3.3], "label": "good", "score": 1},
        {"segment": [7.5, 7.5], "label": "tip", "score": 1},
    ]
    told = tmp_path / "p.json"
    told.write_text(json.dumps({"results": {"s000": points}}))
    assert score_points(truth, told)["at"] == {"0.25": 0.5, "0.5": 1.0, "1": 1.0}


def test_the_level_of_who_demonstrates_is_scored(tmp_path: Path) -> None:
    takes = [{"take_uid": f"t{n}", "proficiency_score": level} for n, level in enumerate(("Novice", "Late Expert"))]
    file = tmp_path / "proficiency_demonstrator_train.json"
    file.write_text(json.dumps(takes))
    out = release(tmp_path / "r", published("egoexo4d-proficiency", [file]), "demonstrator", shares={"train": 1.0})
    truth = out / "tasks" / "demonstrator" / "train.jsonl"
    assert [row["label"] for row in rows(truth)] == ["Novice", "Late Expert"]
    told = lines(tmp_path / "p.jsonl", [{**row, "label": "Novice"} for row in rows(truth)])
    assert score_levels(truth, told)["accuracy"] == 0.5


def test_a_task_graph_by_hand_is_scored(tmp_path: Path) -> None:
    """Pour before whisk: a mistake that lacks shop and whisk; what is optional is never missing."""
    made, steps = bundle("s0", "P0"), steps_scheme(CAKE)
    tier = Tier(TierId("t"), made.session.id, steps.id, 1, STEPS, "steps", MADE, state=TierState.ACCEPTED)
    marks = tuple(segment(name, n * S, (n + 1) * S) for n, name in enumerate(("pour", "shop", "bake")))
    made = replace(made, tiers=(tier,), annotations=marks, schemes={(steps.id, 1): steps}, procedure=CAKE)
    out = release(tmp_path / "r", [made], "understanding")
    known = {(r["task"], r["id"]): r["label"] for r in all_rows(out / "tasks" / "understanding")}
    pour, bake = segment("pour", 0).id, segment("bake", 2 * S).id
    assert known["mistake", pour]
    assert [known["missing", f"{pour}/{step}"] for step in ("shop", "whisk", "heat")] == [True, True, False]
    assert [known["missing", f"{bake}/{step}"] for step in ("shop", "whisk", "pour")] == [False, True, False]
    assert known["previous", f"{bake}/heat"]


def test_comments_are_rows_and_silent_ones_are_said(tmp_path: Path) -> None:
    comments = [
        {"recording": "1.webm", "video_time": 4.5, "text": "Hands too far apart.", "error": False},
        {"recording": "2.webm", "video_time": 9.0, "text": "", "error": True},
    ]
    told = [{"take_uid": "t", "take_name": "bike", "commentary": "bike/e1", "commentary_data": comments}]
    file = tmp_path / "expert_commentary_train.json"
    file.write_text(json.dumps({"annotations": {"t": told}}))
    out = release(tmp_path / "r", published("egoexo4d-commentary", [file]), "commentary")
    assert [(row["at_s"], row["text"]) for row in all_rows(out / "tasks" / "commentary")] == [
        (4.5, "Hands too far apart.")
    ]
    facts = json.loads((out / "manifest.json").read_text())["tasks"]["commentary"]
    assert facts["notes"] == ["Comments without words, left out: 1."]


def test_the_card_of_tasks_alone_loads_each_by_its_name(cooked: Path) -> None:
    head = yaml.safe_load((cooked.parent / "README.md").read_text(encoding="utf-8").split("---")[1])
    assert "dataset_info" not in head
    by_name = {each["config_name"]: each["data_files"] for each in head["configs"]}
    assert set(by_name) == {"keysteps", "understanding", "mistakes", "instructions"}
    assert all((cooked.parent / file["path"]).is_file() for files in by_name.values() for file in files)
    assert {file["split"] for file in by_name["keysteps"]} == {"train", "validation", "test"}


def test_every_task_says_what_it_needs() -> None:
    for name, each in tasks().items():
        assert name == each.name
        assert all((each.title, each.needs, each.makes, each.source, each.scored))
