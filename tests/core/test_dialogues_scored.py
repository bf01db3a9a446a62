"""Files of dialogues scored, and what is wrong with them told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from woz.base.errors import WozError
from woz.dataset.evaluation.dialogue_scores import DialogueScores, score_dialogues
from woz.dataset.evaluation.dialogues import paired_dialogues
from woz.dataset.evaluation.streaming import score_ovo, score_streaming


def write(folder: Path, name: str, *lines: object) -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def said(*utterances: tuple[float, str], **more: object) -> dict[str, object]:
    return {"video": "v", "utterances": [{"time": t, "text": text} for t, text in utterances], **more}


def scored(folder: Path, reference: object, predicted: object) -> DialogueScores:
    pairs = paired_dialogues(write(folder, "a.jsonl", reference), write(folder, "b.jsonl", predicted))
    return score_dialogues(pairs)


def test_both_numbers_are_given_and_what_texts_are_compared_by(tmp_path: Path) -> None:
    reference = said((2, "Take the red screw."), (8, "Turn it."), (14, "Good."), duration=20)
    found = scored(tmp_path, reference, reference)
    assert found.published
    assert (found.mended.f1, found.published.f1) == (1, 0)
    assert (found.window_s, found.talk_per_minute) == ((-1.5, 3.0), 9)
    assert "by their words" in found.warnings[0]


def test_embeddings_are_used_where_all_have_one(tmp_path: Path) -> None:
    def line(text: str) -> dict[str, object]:
        spoken = [{"time": t, "text": text + str(t), "embedding": [1.0, t / 100]} for t in (2, 8)]
        return {"video": "v", "utterances": spoken}

    found = scored(tmp_path, line("one"), line("other"))
    assert found.likeness == "cosine of the embeddings given"
    assert found.mended.f1 == 1


def test_windows_and_grades_make_their_own_figures(tmp_path: Path) -> None:
    reference = {
        "video": "v", "duration": 400, "silence": [[0, 100]],
        "utterances": [
            {"time": 311, "text": "Now.", "earliest": 311, "latest": 360},
            {"time": 380, "text": "Go.", "earliest": 370, "latest": 390},
        ],
    }  # fmt: skip
    graded = [(312, 0), (328, 1), (344, 2), (352, 2)]
    predicted = [{"time": t, "text": "x", "grade": grade} for t, grade in graded] + [{"time": 50, "text": "x"}]
    found = scored(tmp_path, reference, {"video": "v", "utterances": predicted})
    assert found.windows
    assert (found.windows.hit, found.windows.duplicates, found.windows.in_silence) == (1, 3, 1)
    assert found.pauc
    assert found.pauc["0.5"] == pytest.approx((0.74745 + 0.25) / 2, abs=5e-6)
    assert "PAUC rests on 4 of 5" in found.warnings[-1]


def test_proassist_s_own_file_is_read(tmp_path: Path) -> None:
    turns = [{"role": "user", "time": 1, "content": "?"}, {"role": "assistant", "time": 2, "content": "Yes."}]
    turns.append({"role": "assistant", "time": 9, "content": "Now turn."})
    path = tmp_path / "val_filtered.json"
    path.write_text(json.dumps([{"video_uid": "u", "conversations": [{"conversation": turns}]}]))
    assert score_dialogues(paired_dialogues(path, path)).mended.correct == 2


@pytest.mark.parametrize(
    ("predicted", "why"),
    [
        ({"video": "w", "utterances": []}, "lacks 1 of the videos, v"),
        (said((25, "late")), "at 25 s in v, which ends at 20 s"),
        (said((-1, "early")), "before 0"),
        ({"video": "v", "utterances": [{"text": "x"}]}, "line 1"),
        ([], "line 1"),
    ],
)
def test_dialogues_that_do_not_fit(tmp_path: Path, predicted: object, why: str) -> None:
    with pytest.raises(WozError, match=why):
        scored(tmp_path, said((1, "a"), (4, "b"), duration=20), predicted)


def test_a_reference_that_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="give --window"):
        scored(tmp_path, said(), said((1, "a")))
    pairs = paired_dialogues(write(tmp_path, "a.jsonl", said()), write(tmp_path, "b.jsonl", said((1, "a"))))
    found = score_dialogues(pairs, (-2, 4))
    assert (found.mended.precision, found.mended.recall) == (0, None)
    assert any("holds no utterance" in each for each in found.warnings)
    twice = write(tmp_path, "c.jsonl", said(), said())
    with pytest.raises(WozError, match="twice"):
        paired_dialogues(twice, twice)


def test_streaming_bench_s_files(tmp_path: Path) -> None:
    wanted = [{"id": str(i), "time": 30, "output": "done"} for i in range(4)]
    told = [
        {"id": str(i), "time": t, "reply": r}
        for i, (t, r) in enumerate([(31, "done"), (28, "no"), (40, "done"), (30, "done!")])
    ]
    reference, predicted = write(tmp_path, "a.jsonl", *wanted), write(tmp_path, "b.jsonl", *told)
    assert score_streaming(reference, predicted) == {"items": 4, "time_accuracy": 0.75, "answer_accuracy": 0.5}
    with pytest.raises(WozError, match="lacks 1 of the items, 3"):
        score_streaming(reference, write(tmp_path, "c.jsonl", *told[:3]))


def test_ovo_bench_s_files(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results = {
        "backward": [{"id": 1, "task": "EPM", "ground_truth": "B", "response": "B. x"}],
        "realtime": [{"id": 2, "task": "OCR", "ground_truth": "A", "response": None}],
        "forward": [
            {"id": 3, "task": "REC", "test_info": [{"count": 3, "response": "3."}, {"count": 4, "response": "3"}]},
            {"id": 4, "task": "SSR", "test_info": [{"type": 1, "response": "Yes"}, {"type": 0, "response": "N"}]},
        ],
    }  # fmt: skip
    path.write_text(json.dumps(results))
    found = score_ovo(path, path)
    assert (found["REC"], found["forward"]) == (0.5, 0.75)
    assert found["total"] == pytest.approx((1 + 0 + 0.75) / 3)
    assert found["tasks_without_items"] == 8
