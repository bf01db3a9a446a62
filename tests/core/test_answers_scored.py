"""Predictions for a release's questions: what counts, what is counted apart, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.release_room import build, bundle
from woz.base.errors import WozError
from woz.dataset.evaluation.answers import AnswersScore, Beside, score_answers
from woz.dataset.evaluation.items import Items, items_of
from woz.dataset.release.recipe import Recipe

Lines = list[dict[str, object]]


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Items:
    folder = tmp_path_factory.mktemp("release") / "out"
    sessions = [bundle(f"s{n}", f"P{n}") for n in range(4)]
    build(folder, Recipe("lamps", clips=False, shares={"test": 1.0}), sessions)
    return items_of(folder)


def right(items: Items) -> Lines:
    return [{"id": key, "answer": line.letter} for key, line in items.lines.items()]


def wrong_letter(items: Items, key: object) -> str:
    line = items.lines[str(key)]
    return "ABCD"[(line.answer_index + 1) % len(line.options)]


def write(folder: Path, lines: Lines, name: str = "predictions.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def scored(
    items: Items, folder: Path, lines: Lines, beside: Beside | None = None, partial: bool = False
) -> AnswersScore:
    return score_answers(items, write(folder, lines), beside or Beside(), partial=partial)


def test_letters_and_replies_and_texts_are_answers(items: Items, tmp_path: Path) -> None:
    lines = right(items)
    lines[1] = {"id": lines[1]["id"], "reply": f"<think>A or B?</think>The answer is {lines[1]['answer']}."}
    lines[2] = {"id": lines[2]["id"], "answer": "the red one"}
    found = scored(items, tmp_path, lines)
    assert (found.answers.micro.value, found.answers.items, found.answers.clusters) == (1, 8, 4)
    assert (found.answers.chance, found.warnings) == (0.25, [])


def test_what_is_no_answer_is_counted_apart_and_a_failure_is_no_wrong_answer(items: Items, tmp_path: Path) -> None:
    lines = right(items)
    ids = [line["id"] for line in lines]
    lines[0] = {"id": ids[0], "answer": wrong_letter(items, ids[0])}
    lines[1] = {"id": ids[1], "reply": ""}
    lines[2] = {"id": ids[2], "reply": "B or C"}
    lines[3] = {"id": ids[3], "error": "timeout"}
    lines[4] = {"id": ids[4], "reply": "[LMMS_EVAL_REQUEST_FAILED after 5 retries] B"}
    found = scored(items, tmp_path, lines)
    assert found.answers.outcomes == {
        "right": 3, "wrong": 1, "unanswered": 1, "unparsed": 1, "failed": 2, "missing": 0,
    }  # fmt: skip
    assert found.answers.micro.value == 0.5
    assert found.warnings == ["Figures of predictions.jsonl rest on 6 of 8 questions (2 failed)."]


def test_no_figure_from_a_part_of_the_questions_unasked(items: Items, tmp_path: Path) -> None:
    half = right(items)[:4]
    with pytest.raises(WozError, match="lacks 4 of 8 questions"):
        scored(items, tmp_path, half)
    found = scored(items, tmp_path, half, partial=True)
    assert found.answers.scored == 4
    assert "4 of 8 questions (4 missing)" in found.warnings[0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: [*lines, {"id": "nobody", "answer": "A"}], "answers nobody in line 9"),
        (lambda lines: [*lines, lines[0]], "twice, again in line 9"),
        (lambda lines: [{"id": 3}, *lines], "line 1: id is not"),
        (lambda lines: [{"answer": "A"}, *lines], "line 1"),
        (lambda lines: [], "holds no predictions"),
    ],
)
def test_predictions_that_do_not_fit(items: Items, tmp_path: Path, change: object, why: str) -> None:
    with pytest.raises(WozError, match=why):
        scored(items, tmp_path, change(right(items)))  # type: ignore[operator]
    with pytest.raises(WozError, match="can't be read"):
        score_answers(items, tmp_path / "nowhere", Beside())


def test_lines_beside_tell_on_what_they_rest(items: Items, tmp_path: Path) -> None:
    lines = right(items)
    human = write(tmp_path, lines[:2], "human.jsonl")
    bad = [{"id": line["id"], "answer": wrong_letter(items, line["id"])} for line in lines]
    blind = write(tmp_path, bad, "blind.jsonl")
    found = scored(items, tmp_path, lines, Beside({"blind": blind, "human": human}, blind))
    assert (found.lines["blind"].accuracy.value, found.lines["human"].accuracy.value) == (0, 1)
    assert (found.lines["human"].items, found.lines["human"].of) == (2, 8)
    assert "The human line rests on 2 of 8 questions." in found.warnings
    assert found.against
    assert (found.against.value, found.against.wins, found.compared) == (1, 8, 8)


def test_a_release_that_changed_is_refused(tmp_path: Path) -> None:
    build(tmp_path / "out", Recipe("x", clips=False, shares={"test": 1.0}), [bundle("s", "P")])
    path = tmp_path / "out" / "data" / "test.jsonl"
    path.write_text(path.read_text().replace("red", "wet"))
    with pytest.raises(WozError, match="has changed since it was frozen"):
        items_of(tmp_path / "out")
    with pytest.raises(WozError, match="nothing in the split train; it has test"):
        items_of(tmp_path / "out", "train")
