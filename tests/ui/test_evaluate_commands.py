"""`woz evaluate` by command: every input that doesn't fit is refused in a sentence, or told with the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.release_room import build, bundle
from tests.ui.answers import answer_of, refusal_of
from woz.dataset.evaluation.items import items_of
from woz.dataset.release.recipe import Recipe

Lines = list[Any]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "out"
    sessions = [bundle(f"s{n}", f"P{n}") for n in range(4)]
    build(folder, Recipe("lamps", clips=False, shares={"test": 1.0}), sessions)
    return folder


@pytest.fixture(scope="module")
def right(release: Path) -> Lines:
    return [{"id": key, "answer": line.letter} for key, line in items_of(release).lines.items()]


def lines(path: Path, *found: Any) -> Path:
    path.write_text("".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in found))
    return path


def test_answers_as_json(release: Path, right: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predictions = lines(tmp_path / "p.jsonl", *right)
    found = answer_of(capsys, "evaluate", "answers", release, predictions)
    assert found["answers"]["micro"]["value"] == 1
    assert found["answers"]["chance"] == 0.25
    assert (found["answers"]["items"], found["answers"]["clusters"], found["warnings"]) == (8, 4, [])
    marked = tmp_path / "marked.jsonl"
    marked.write_bytes(b"\xef\xbb\xbf" + predictions.read_bytes())
    assert answer_of(capsys, "evaluate", "answers", release, marked)["answers"] == found["answers"]


BAD_ANSWERS: list[tuple[Any, str]] = [
    (lambda known: [*known, {"id": "nobody", "answer": "A"}], "answers nobody in line 9, which is no question"),
    (lambda known: [*known, known[0]], "twice, again in line 9; keep one answer"),
    (lambda known: known[1:], "lacks 1 of 8 questions"),
    (lambda known: [], "holds no predictions"),
    (lambda known: ["{"], "in line 1"),
    (lambda known: [{"id": each["id"], "prediction": "A"} for each in known], "an answer in none of its lines"),
]


@pytest.mark.parametrize(("change", "says"), BAD_ANSWERS)
def test_answers_that_do_not_fit(
    release: Path, right: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any, says: str
) -> None:
    said = refusal_of(capsys, "evaluate", "answers", release, lines(tmp_path / "p.jsonl", *change(right)))
    assert says in said


def test_a_part_of_the_answers_says_that_it_is_one(
    release: Path, right: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = lines(tmp_path / "p.jsonl", *right[:4])
    found = answer_of(capsys, "evaluate", "answers", release, half, "--partial")
    assert found["warnings"] == ["Figures of p.jsonl rest on 4 of 8 questions (4 missing)."]
    assert "manifest" in refusal_of(capsys, "evaluate", "answers", tmp_path, half)


def frames(folder: Path, **texts: str) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text("".join(f"{label}\n" for label in text))
    return folder


def test_frames_have_ms_tcns_background(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As its evaluation does, segments are without `background` unless other labels are named."""
    reference, predicted = tmp_path / "r", tmp_path / "p"
    for folder, labels in ((reference, "background a background b"), (predicted, "background a a b")):
        folder.mkdir()
        (folder / "v.txt").write_text(labels.replace(" ", "\n") + "\n")
    assert answer_of(capsys, "evaluate", "segments", reference, predicted)["edit"] == 1
    found = answer_of(capsys, "evaluate", "segments", reference, predicted, "--background", "none")
    assert (found["edit"], found["accuracy"]) == (0.75, 0.75)


BAD_FRAMES: list[tuple[dict[str, str], str]] = [
    ({"v": "aab"}, "v has 4 frames in the reference and 3 in the prediction"),
    ({"v": "aabb", "x": "a"}, "lacks 1 of the videos, x among them"),
    ({"x": "aabb"}, "lacks 1 of the videos, v among them"),
    ({}, "lacks 1 of the videos, v among them"),
]


@pytest.mark.parametrize(("texts", "says"), BAD_FRAMES)
def test_frames_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], texts: dict[str, str], says: str
) -> None:
    reference, predicted = frames(tmp_path / "r", v="aabb"), frames(tmp_path / "p", **texts)
    assert says in refusal_of(capsys, "evaluate", "segments", reference, predicted)


def test_a_video_twice_and_a_reference_of_background_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference, predicted = frames(tmp_path / "r", v="aabb", w=".."), frames(tmp_path / "p", v="aabb", w=".a")
    (predicted / ".DS_Store").write_text("x")
    found = answer_of(capsys, "evaluate", "segments", reference, predicted, "--background", ".")
    assert (found["without_segments"], found["edit"]) == (["w"], 1)
    (predicted / "v").write_text("a\na\nb\nb\n")
    said = refusal_of(capsys, "evaluate", "segments", reference, predicted)
    assert "holds v twice, as v and v.txt; keep one" in said


def segment(start: float, end: float, label: str = "a", **more: float) -> dict[str, object]:
    return {"segment": [start, end], "label": label, **more}


KNOWN = {
    "database": {"v": {"duration": 30, "annotations": [segment(0, 10)]}, "w": {"duration": 9, "annotations": []}}
}
FOUND = [segment(0, 10, score=0.5)]
BAD_DETECTIONS: list[tuple[str, str]] = [
    (json.dumps({"results": {"v": [segment(25, 31, score=1)], "w": []}}), "25 to 31 s in v, which is 30 s long"),
    (json.dumps({"results": {"v": [segment(9, 5, score=1)], "w": []}}), "from 9 to 5 s in v"),
    (json.dumps({"results": {"v": FOUND}}), "lacks 1 of the videos, w among them"),
    (json.dumps({"results": {"v": FOUND, "w": [], "x": []}}), "lacks 1 of the videos, x among them"),
    (json.dumps({"results": {"v": [segment(0, 10)], "w": []}}), "score"),
    ('{"results": {"v": [], "w": [], "v": []}}', "holds v twice; keep one"),
    ('{"results": {"v": [{"segment": [0, 1], "label": "a", "score": NaN}], "w": []}}', "not as it should be"),
    ("", "not as it should be"),
    ('{"results": {"v": [], "w": []}, "by": "\udcff"}', "not written in UTF-8"),
    ('{"results": {"v": [], "w": []}, "seed": ' + "1" * 5000 + "}", "no JSON that could be read whole"),
]


@pytest.mark.parametrize("measure", ["tiou", "distance"])
@pytest.mark.parametrize(("text", "says"), BAD_DETECTIONS)
def test_detections_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], measure: str, text: str, says: str
) -> None:
    reference, predicted = lines(tmp_path / "r.json", KNOWN), tmp_path / "p.json"
    predicted.write_text(text, encoding="utf-8", errors="surrogateescape")
    assert says in refusal_of(capsys, "evaluate", "segments", reference, predicted, "--measure", measure)


def test_what_the_reference_lacks_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = {"v": [*FOUND, segment(1, 2, "other", score=1)], "w": []}
    reference, predicted = lines(tmp_path / "r.json", KNOWN), lines(tmp_path / "p.json", {"results": results})
    found = answer_of(capsys, "evaluate", "segments", reference, predicted)
    assert found["mean"] == 1
    assert found["warnings"] == [
        "The reference of w holds no segment: all found there is wrong.",
        "1 detection counts nowhere: the reference has no segment named other, for one.",
    ]
    empty = lines(tmp_path / "e.json", {"database": {"v": {"duration": 3}}})
    nothing = lines(tmp_path / "n.json", {"results": {"v": []}})
    found = answer_of(capsys, "evaluate", "segments", empty, nothing)
    assert (found["mean"], found["warnings"]) == (None, ["The reference holds no segment: no figure."])
    assert "nothing to score" in refusal_of(
        capsys, "evaluate", "segments", lines(tmp_path / "x.json", {"database": {}}), nothing
    )


def test_takes_twice_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    takes = lines(tmp_path / "r.json", [{"take_uid": "t"}, {"take_uid": "t"}])
    results = lines(tmp_path / "p.json", {"results": {"t": []}})
    said = refusal_of(capsys, "evaluate", "segments", takes, results, "--measure", "distance")
    assert "holds t twice" in said


LEVELS = [{"id": "1", "label": "Novice"}, {"id": "2", "label": "Late Expert"}]
TRUTHS = [{"id": "1", "task": "next", "label": True}, {"id": "2", "task": "next", "label": False}]
GUESSES = [{"id": "1", "task": "next", "score": 0.5}, {"id": "2", "task": "next", "score": 0.1}]
BAD_ROWS: list[tuple[str, Lines, Lines, str]] = [
    ("level", LEVELS, [*LEVELS, LEVELS[0]], "holds 1 twice, again in line 3"),
    ("level", LEVELS, LEVELS[:1], "lacks 1 of the items, 2 among them"),
    ("level", LEVELS, [*LEVELS, {"id": "3", "label": "Novice"}], "lacks 1 of the items, 3 among them"),
    ("level", LEVELS, [{"id": "1", "level": "Novice"}], "in line 1"),
    ("level", [], [], "nothing to score"),
    ("calibrated", TRUTHS, [*GUESSES, GUESSES[0]], "holds next 1 twice, again in line 3"),
    ("calibrated", TRUTHS, GUESSES[1:], "lacks 1 of the items, next 1 among them"),
    ("calibrated", TRUTHS, [{"id": "1", "task": "next", "score": "high"}], "in line 1"),
]


@pytest.mark.parametrize(("measure", "known", "told", "says"), BAD_ROWS)
def test_rows_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], measure: str, known: Lines, told: Lines, says: str
) -> None:
    paths = lines(tmp_path / "r.jsonl", *known), lines(tmp_path / "p.jsonl", *told)
    assert says in refusal_of(capsys, "evaluate", "segments", *paths, "--measure", measure)


def test_a_level_that_nobody_has_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = [LEVELS[0], {"id": "2", "label": "Novise"}]
    paths = lines(tmp_path / "r.jsonl", *LEVELS), lines(tmp_path / "p.jsonl", *told)
    found = answer_of(capsys, "evaluate", "segments", *paths, "--measure", "level")
    assert found["accuracy"] == 0.5
    assert found["warnings"] == ["The reference has nothing named Novise, which is predicted."]


def said(*times: float, **more: object) -> dict[str, object]:
    return {"video": "v", "utterances": [{"time": t, "text": "Good."} for t in times], **more}


SPOKEN = said(2, 8, duration=20)
BAD_DIALOGUES: list[tuple[Lines, str]] = [
    ([said(2, 25)], "says something at 25 s in v, which ends at 20 s"),
    ([said(-1)], "a time before 0"),
    ([said(), said()], "holds v twice"),
    ([{"video": "w", "utterances": []}], "lacks 1 of the videos, v among them"),
    ([said(), {"video": "w"}], "lacks 1 of the videos, w among them"),
    ([said(silence=[[9, 5]])], "the silence from 9 to 5 s"),
    ([{"video": "v", "utterances": [{"time": 1, "text": "x", "grade": 5}]}], "a grade beyond 0 to 2"),
    ([{"video": "v", "utterances": [{"time": 3, "text": "x", "earliest": 4}]}], "outside its own window"),
    ([{"video": "v", "utterances": [{"text": "x"}]}], "line 1"),
    ([], "holds no dialogues"),
]


@pytest.mark.parametrize(("predicted", "says"), BAD_DIALOGUES)
def test_dialogues_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], predicted: Lines, says: str
) -> None:
    paths = lines(tmp_path / "r.jsonl", SPOKEN), lines(tmp_path / "p.jsonl", *predicted)
    assert says in refusal_of(capsys, "evaluate", "dialogue", *paths)


def test_dialogues_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(tmp_path / "r.jsonl", SPOKEN)
    found = answer_of(capsys, "evaluate", "dialogue", path, path, "--window", "holoassist")
    assert (found["mended"]["f1"], found["published"]["f1"], found["window_s"]) == (1, 0, [-1.5, 2.5])
    assert "no window" in refusal_of(capsys, "evaluate", "dialogue", path, path, "--window", "soon")
    assert "frame rate" in refusal_of(capsys, "evaluate", "dialogue", path, path, "--frame-rate", "0")


def test_a_long_line_is_scored_and_never_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Embeddings make lines of megabytes."""
    vectors = [[1.0, *([0.123456789012345] * 40_000)], [0.5, *([-0.123456789012345] * 40_000)]]
    spoken = [{"time": t, "text": f"{t}", "embedding": v} for t, v in zip((2, 8), vectors, strict=True)]
    long = lines(tmp_path / "r.jsonl", {"video": "v", "utterances": spoken}, {"video": "w"})
    assert long.stat().st_size > 2**20
    found = answer_of(capsys, "evaluate", "dialogue", long, long)
    assert (found["videos"], found["mended"]["matched"]) == (2, 2)


WANTED = [{"id": "1", "time": 3, "output": "done"}]
STRANGE = {"forward": [{"id": 1, "task": "XYZ"}]}
BAD_STREAMS: list[tuple[str, Any, Any, str]] = [
    ("streamingbench", WANTED, [], "lacks 1 of the items, 1 among them"),
    ("streamingbench", WANTED, [{"id": "1", "time": 3, "reply": "x"}] * 2, "holds 1 twice"),
    ("streamingbench", WANTED, [{"id": "1", "reply": "x"}], "in line 1"),
    ("ovobench", [STRANGE], [STRANGE], "XYZ is no task"),
    ("ovobench", [{"backward": []}], [{"backward": []}], "nothing to score"),
    (
        "ovobench",
        [{"forward": [{"id": 1, "task": "REC", "test_info": [{"count": 2}]}]}],
        [{"forward": [{"id": 1, "task": "REC", "test_info": []}]}],
        "answers REC 1 0 times, not 1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "known", "told", "says"), BAD_STREAMS)
def test_streams_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rule: str, known: Lines, told: Lines, says: str
) -> None:
    paths = lines(tmp_path / "r.jsonl", *known), lines(tmp_path / "p.jsonl", *told)
    assert says in refusal_of(capsys, "evaluate", "dialogue", *paths, "--rule", rule)


def test_files_that_are_not_there(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "nowhere"
    assert "can't be read" in refusal_of(capsys, "evaluate", "answers", release, nowhere)
    assert "no folder" in refusal_of(capsys, "evaluate", "segments", nowhere, nowhere)
    assert "can't be read" in refusal_of(capsys, "evaluate", "dialogue", nowhere, nowhere)
    for measure in ("tiou", "distance", "calibrated", "level"):
        said = refusal_of(capsys, "evaluate", "segments", nowhere, nowhere, "--measure", measure)
        assert "can't be read" in said
