"""Sentence vectors suggest and flag, and never decide that two texts are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.core.release_room import S, question, turns
from woz.base.interval import Interval
from woz.dataset.distractors.choosing import wrong_answers
from woz.dataset.distractors.like_answers import Akin, known
from woz.dataset.distractors.nearest import Candidate, Pool, candidate_answers
from woz.dataset.distractors.option_checks import clashes, option_problems
from woz.dataset.distractors.sentence_vectors import SentenceVectors, Vectors, sentence_vectors
from woz.dataset.gates.item import Item
from woz.dataset.gates.meaning import NEAR, meaning_gate
from woz.model.question import Distractor, Question
from woz.model.review import WRONG_ANSWERS


class Angles:
    """In the encoder's place: a text that begins with a number lies at that many degrees."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        at = np.radians([float(text.split()[0]) for text in texts])
        return np.stack([np.cos(at), np.sin(at)], axis=1).astype(np.float32)


def asked(answer: str, name: str = "a", session: str = "s", at_s: int = 6, **changes: object) -> Question:
    made = question(session, name, answer=answer, distractors=(), asked_ns=at_s * S, **changes)
    return replace(made, asked=Interval(at_s * S, at_s * S))


OF = asked("0 right")
FAR = [
    asked(f"{n} {word}", word, "other") for n, word in ((5, "near"), (80, "far"), (40, "middle"), (20, "nearer"))
]


def test_the_nearest_come_first_each_text_once() -> None:
    vectors = SentenceVectors(Angles())
    pool = Pool([*candidate_answers([OF, *FAR, FAR[0]]), Candidate("10 label")], vectors)
    found = pool.nearest(OF, 4)
    assert [each.candidate.text for each in found] == ["5 near", "10 label", "20 nearer", "40 middle"]
    assert found[0].cosine == pytest.approx(np.cos(np.radians(5)), abs=1e-5)
    assert len(pool.nearest(OF, 10)) == 5
    assert isinstance(vectors.encoder, Angles)
    assert len(vectors.encoder.asked) == len(set(vectors.encoder.asked)), "each text is encoded once"


def test_what_may_be_right_as_well_is_not_suggested() -> None:
    soon = asked("1 soon", "soon", at_s=20)
    late = asked("2 late", "late", at_s=60)
    foreign = asked("3 straniero", "it", "other", language="it")
    pool = Pool(candidate_answers([soon, late, foreign]), SentenceVectors(Angles()))
    assert [each.candidate.text for each in pool.nearest(OF, 10)] == ["2 late"]


def test_vectors_fill_what_rules_leave_open_and_say_so() -> None:
    (of,) = known([OF])
    few = wrong_answers(of, Akin(()), (), 0)
    assert len(few) < WRONG_ANSWERS
    pool = Pool(candidate_answers([OF, *FAR]), SentenceVectors(Angles()))
    more = wrong_answers(of, Akin(()), (), 0, pool=pool)
    assert len(more) == WRONG_ANSWERS
    assert more[: len(few)] == few
    assert more[-1].wording.how.startswith("nearest by sentence vectors (")
    assert more[-1].source in {each.id for each in FAR}


def test_opposites_are_near_and_flagged_and_both_stay() -> None:
    """The case for which vectors decide nothing: clockwise and counterclockwise."""
    right, wrong = "Turn the screw clockwise.", "Turn the screw counterclockwise."
    assert clashes(wrong, [right]) == ""
    assert option_problems(right, [wrong]) == []
    item = Item(
        replace(OF, answer=right, distractors=(Distractor(wrong), Distractor("A spoon of salt."))),
        "g", "test", "", (right, wrong, "A spoon of salt."), turns("s"),
    )  # fmt: skip
    gate = meaning_gate([item], sentence_vectors())
    (finding,) = gate.findings
    assert finding.reason.startswith(f"“{right}” and “{wrong}” are near in meaning (0.9")
    pool = Pool([Candidate(wrong), Candidate("A spoon of salt.")], sentence_vectors())
    first = pool.nearest(asked(right), 1)[0]
    assert first.candidate.text == wrong, "it is suggested as a wrong answer all the same"
    assert first.cosine >= NEAR
