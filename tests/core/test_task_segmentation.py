"""Step segmentation from published annotations: files of the field, folds, a perfect and a known prediction."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.format_room import bundles_of, parts_of
from tests.core.release_room import S, amiss, bundle
from tests.core.task_room import published, release
from tests.core.test_windows_asked import with_states
from woz.annotation.measures.frame_files import paired_folders
from woz.annotation.measures.segmentation_scores import segmentation_scores
from woz.base.errors import WozError
from woz.dataset.evaluation.detections import score_overlaps
from woz.dataset.release.checking import frozen
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle


@pytest.fixture(scope="module")
def cooking(shared_data: Path) -> list[SessionBundle]:
    path = shared_data / "annotations" / "captaincook4d" / "step_annotations_recipes_1-6.json"
    return published("captaincook4d", [path])[:24]


@pytest.fixture(scope="module")
def steps(cooking: list[SessionBundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("out") / "r", cooking, "steps", settings={"rate": 2.0})


def test_a_release_of_steps_is_read_back_as_frame_labels(steps: Path, cooking: list[SessionBundle]) -> None:
    folder = steps / "tasks" / "steps"
    assert amiss(steps) == []
    back = bundles_of(parts_of("ms-tcn", folder, frame_rate=2.0))
    assert len(back) == len(cooking)
    for one, other in zip(cooking, back, strict=True):
        known = [each for each in one.annotations if each.end_ns and each.label != "file"]
        assert max(each.end_ns or 0 for each in other.annotations) == pytest.approx(
            max(each.end_ns or 0 for each in known), abs=5e8
        )


def test_every_session_is_in_one_split_and_one_fold(steps: Path, cooking: list[SessionBundle]) -> None:
    splits = steps / "tasks" / "steps" / "splits"
    groups = frozen(steps).groups
    named = [
        (split, Path(line).stem)
        for split in ("train", "validation", "test")
        for line in (splits / f"{split}.bundle").read_text().split()
    ]
    assert sorted(key for _, key in named) == [each.session.id for each in cooking]
    assert all(groups[key] == split for split, key in named)
    tests = [line for n in range(1, 6) for line in (splits / f"test.split{n}.bundle").read_text().split()]
    assert sorted(tests) == [f"{each.session.id}.txt" for each in cooking]
    train = (splits / "train.split1.bundle").read_text().split()
    assert len(train) + len((splits / "test.split1.bundle").read_text().split()) == len(cooking)


def test_a_perfect_prediction_is_perfect_and_a_wrong_frame_counts(steps: Path, tmp_path: Path) -> None:
    truth = steps / "tasks" / "steps" / "groundTruth"
    found = segmentation_scores(paired_folders(truth, truth), ["background"])
    assert (found.accuracy, found.edit, found.f1[50]) == (1, 1, 1)
    for path in truth.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = tmp_path / "s000.txt"
    lines = first.read_text(encoding="utf-8").splitlines()
    first.write_text("\n".join(["elsewhere", *lines[1:]]) + "\n", encoding="utf-8")
    found = segmentation_scores(paired_folders(truth, tmp_path), ["background"])
    assert found.accuracy == pytest.approx(1 - 1 / found.frames)


def test_a_splits_list_takes_its_videos_alone(steps: Path, tmp_path: Path) -> None:
    folder = steps / "tasks" / "steps"
    names = (folder / "splits" / "test.bundle").read_text().split()
    for name in names:
        (tmp_path / name).write_bytes((folder / "groundTruth" / name).read_bytes())
    pairs = paired_folders(folder / "groundTruth", tmp_path, folder / "splits" / "test.bundle")
    assert sorted(pairs) == sorted(Path(name).stem for name in names)
    (tmp_path / "list").write_text("other.txt\n")
    with pytest.raises(WozError, match=r"names other, which .* doesn't hold"):
        paired_folders(folder / "groundTruth", tmp_path, tmp_path / "list")


def test_the_segments_are_found_by_a_perfect_detector(steps: Path, tmp_path: Path) -> None:
    reference = steps / "tasks" / "steps" / "test.activitynet.json"
    facts = json.loads(reference.read_text(encoding="utf-8"))["database"]
    assert {each["subset"] for each in facts.values()} == {"testing"}
    results = {key: [{**s, "score": 1.0} for s in each["annotations"]] for key, each in facts.items()}
    (tmp_path / "p.json").write_text(json.dumps({"results": results}), encoding="utf-8")
    assert score_overlaps(reference, tmp_path / "p.json")["mean"] == 1


def test_the_same_sessions_make_the_same_bytes(steps: Path, cooking: list[SessionBundle], tmp_path: Path) -> None:
    again = release(tmp_path / "r", cooking[::-1], "steps", settings={"rate": 2.0})
    assert (again / "manifest.json").read_bytes() == (steps / "manifest.json").read_bytes()


def test_states_go_with_question_sets(tmp_path: Path) -> None:
    sessions = [with_states(bundle(f"s{n}", f"P{n}")) for n in range(3)]
    out = release(tmp_path / "r", sessions, "states", settings={"rate": 1.0})
    lines = (out / "tasks" / "states" / "groundTruth" / "s0.txt").read_text().split("\n")
    assert lines == ["Trainee_speaks"] * 6 + ["Expert_speaks"] * 6 + [""]
    told = json.loads((out / "manifest.json").read_text())["tasks"]["states"]
    assert sum(told["items"].values()) == 6
    assert told["notes"] == ["Groups are fewer than 5 folds: there are 3."]
    assert (out / "data" / "train.jsonl").read_text()


def test_a_segment_beyond_the_end_is_cut_and_counted(tmp_path: Path) -> None:
    made = with_states(bundle("s0", "P0", questions=()))
    short = replace(made, session=replace(made.session, duration_ns=8 * S))
    out = release(tmp_path / "r", [short], "states", settings={"rate": 1.0})
    facts = json.loads((out / "tasks" / "states" / "train.activitynet.json").read_text())["database"]["s0"]
    assert [each["segment"] for each in facts["annotations"]] == [[0, 6], [6, 8]]
    assert len((out / "tasks" / "states" / "groundTruth" / "s0.txt").read_text().split()) == 8
    told = json.loads((out / "manifest.json").read_text())["tasks"]["states"]["notes"]
    assert "Segments that end after their session, cut at its end: 1." in told


def test_segments_that_frames_dont_show_are_counted(tmp_path: Path) -> None:
    """Of ten seconds a frame the first has its middle at 5 s, and the second segment begins at 6 s."""
    made = with_states(bundle("s0", "P0", questions=()))
    out = release(tmp_path / "r", [made], "states", settings={"rate": 0.1})
    assert (out / "tasks" / "states" / "groundTruth" / "s0.txt").read_text().split() == ["Trainee_speaks"]
    told = json.loads((out / "manifest.json").read_text())["tasks"]["states"]["notes"]
    assert "Segments without a frame (too short, under others, after the end): 1." in told
    (tier,) = (each for each in made.tiers if made.in_tier(each))
    whole, other = made.in_tier(tier)
    over = [replace(whole, start_ns=0, end_ns=12 * S), replace(other, start_ns=4 * S, end_ns=6 * S)]
    out = release(tmp_path / "over", [replace(made, annotations=tuple(over))], "states", settings={"rate": 1.0})
    told = json.loads((out / "manifest.json").read_text())["tasks"]["states"]["notes"]
    assert "Segments of which others that began later have frames: 1." in told


def test_a_participant_is_in_one_fold(tmp_path: Path) -> None:
    sessions = [with_states(bundle(f"s{n}", f"P{n % 5}", questions=())) for n in range(10)]
    splits = release(tmp_path / "r", sessions, "states") / "tasks" / "states" / "splits"
    for n in range(1, 6):
        test, train = ((splits / f"{name}.split{n}.bundle").read_text().split() for name in ("test", "train"))
        assert len({int(name[1]) % 5 for name in test}) == 1
        assert (len(test), len(train)) == (2, 8)


def test_what_a_task_lacks_is_said(tmp_path: Path) -> None:
    with pytest.raises(WozError, match=r"task steps needs, a tier of steps .*; annotate some"):
        release(tmp_path / "r", [bundle("s0", "P0")], "steps")
    assert not (tmp_path / "r").exists()
    with pytest.raises(WozError, match="There is no task “stops”; there are steps"):
        release(tmp_path / "r", [bundle("s0", "P0")], "stops")
    shut = replace(bundle("s0", "P0", agreed=False))
    with pytest.raises(WozError, match="No session may be released"):
        release(tmp_path / "r", [with_states(shut)], "states")
    assert Recipe("x").tasks == ()
