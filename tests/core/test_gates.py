"""Gates without a model: what leaks from the future, from the options' words, and from one split into another."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tests.core.release_room import S, question, turns
from woz.base.interval import Interval
from woz.dataset.gates.balance import balance_gate, chance_of, chi2_above
from woz.dataset.gates.conditional_logit import Choices
from woz.dataset.gates.crossing import crossing_gate
from woz.dataset.gates.duplicates import duplicates_gate
from woz.dataset.gates.item import Item
from woz.dataset.gates.later import later_gate
from woz.dataset.gates.leak import leak_gate
from woz.dataset.gates.options import options_gate
from woz.dataset.gates.running import flags_of, run_gates
from woz.dataset.gates.text_classifier import _features, options_only_gate, question_gate
from woz.model.ids import AnnotationId, QuestionId, SessionId, TurnId
from woz.model.people import Role
from woz.model.question import Distractor, Evidence, Question, Wording

NOUNS = [
    f"{a}{b}" for a in ("bar", "cor", "dal", "fen", "gul", "hox") for b in ("da", "ne", "pi", "ro", "su", "ta")
]


def item(asked: Question, group: str = "g", split: str = "train", at: int = 0, place: str = "") -> Item:
    """The right option stands at `at`."""
    wrong = [each.text for each in asked.distractors]
    return Item(asked, group, split, place, (*wrong[:at], asked.answer, *wrong[at:]), turns("s"))


def reasons(asked: Question) -> list[str]:
    return [finding.reason for finding in leak_gate([item(asked)]).findings]


def clean(**changes: object) -> Question:
    later = {"answered": Interval(7 * S, 8 * S), "clip": Interval(S, 6 * S)}
    return question("s", "a", **{**later, **changes})


def test_what_is_later_than_the_question_is_a_leak() -> None:
    assert reasons(clean()) == []
    assert "goes on for 1.00 s" in reasons(clean(clip=Interval(S, 7 * S)))[0]
    assert "begins 0.50 s before" in reasons(clean(answered=Interval(11 * S // 2, 7 * S)))[0]
    evidence = Evidence(frames_ns=(5 * S, 7 * S))
    assert "frame" in reasons(clean(evidence=evidence))[0]
    assert "contains the answer" in reasons(clean(text="Is it the red one or not?"))[0]


def test_a_segment_that_begins_after_the_question_is_a_leak() -> None:
    rests = Evidence(annotations=(AnnotationId("a"), AnnotationId("gone")))
    asked = item(clean(evidence=rests))
    for start_ns, leaks in ((2 * S, 0), (6 * S, 0), (6 * S + 1, 1)):
        findings = leak_gate([replace(asked, starts={AnnotationId("a"): start_ns})]).findings
        assert ["segment" in each.reason for each in findings] == [True] * leaks


def test_wrong_answers_that_are_said_later_are_flagged_unless_most_are() -> None:
    """Not those from before, and not those of another session."""
    later, before = (
        clean(id=QuestionId(n), answered=Interval(t * S, (t + 1) * S)) for n, t in (("l", 9), ("b", 2))
    )
    elsewhere = replace(later, id=QuestionId("e"), session_id=SessionId("t"))
    wrong = tuple(Distractor(f"No. {name}", source=name) for name in ("l", "b", "e", "gone"))
    asked = clean(distractors=wrong)
    items = [item(each) for each in (asked, later, before, elsewhere)]
    gate, told = later_gate(items), "Wrong answers that are said later in the same session: 1, of 1 question set."
    (finding,) = gate.findings
    assert finding.question_id == asked.id
    assert finding.reason == "1 wrong answer is said later in the same session, at 9.0 s."
    assert (gate.judged, gate.whole) == (4, (told,))
    assert later_gate(items, 0.25).findings == gate.findings
    off = later_gate(items, 0.24)
    assert (off.findings, off.whole[0]) == ((), told)
    assert "more than 24 % of 4, so that none is flagged" in off.whole[1]
    assert later_gate([item(clean())]).whole == ()
    assert later_gate([], 0).whole == ()


def test_an_answer_that_was_said_before_is_a_leak() -> None:
    told = replace(turns("s")[0], text="Take the red one, I said.")
    asked = replace(item(clean()), turns=(told, *turns("s")[1:]))
    assert "said before, at 1.0 s" in leak_gate([asked]).findings[0].reason
    own = replace(asked, question=clean(evidence=Evidence((TurnId("s-0"),))))
    later = replace(asked, turns=(replace(told, interval=Interval(5 * S, 7 * S)),))
    short = replace(asked, question=clean(answer="red"))
    assert [leak_gate([each]).findings for each in (own, later, short)] == [(), (), ()]


def test_options_that_give_it_away_are_flagged_with_the_reason() -> None:
    asked = clean(distractors=(Distractor("the red one"), Distractor("Push it.")))
    (finding,) = options_gate([item(asked)]).findings
    assert "says the same" in finding.reason


def test_chi_square_is_as_in_tables() -> None:
    for x, df, p in ((3.841, 1, 0.05), (9.488, 4, 0.05), (13.277, 4, 0.01), (18.307, 10, 0.05)):
        assert chi2_above(x, df) == pytest.approx(p, abs=1e-4)
    assert chi2_above(0, 4) == 1
    assert chi2_above(900, 4) == pytest.approx(0, abs=1e-9)


def test_places_and_lengths_that_win_are_said() -> None:
    even = balance_gate([item(clean(), at=n % 4) for n in range(40)])
    assert "places are even (A 10, B 10, C 10, D 10" in even.whole[0]
    uneven = balance_gate([item(clean(), at=0) for _ in range(40)])
    assert "places are uneven" in uneven.whole[0]
    long = balance_gate([item(clean(answer="The red one over there on the left."), at=n % 4) for n in range(40)])
    assert "longest option is right in 100.0 % of 40; chance 25.0 %. That is more than chance" in long.whole[1]
    assert chance_of([item(clean()), item(clean(distractors=(Distractor("No."),)))])[0] == pytest.approx(0.375)


def test_near_duplicates_are_found_within_and_across_splits() -> None:
    def one(name: str, text: str, answer: str, split: str, **more: object) -> Item:
        return item(question(name, "a", text=text, answer=answer, **more), split=split)

    gate = duplicates_gate(
        [
            one(
                "s1", "Where does the long steel screw go in this lamp?", "Into the left hole of the base.", "train"
            ),
            one("s2", "Where does the long steel screw go in this lamp", "into the left hole of the base!", "test"),
            one(
                "s3", "Where does the long steel screw go in this lamp?", "Into the left hole of the base.", "train"
            ),
            one("s4", "Is it clockwise?", "No, counterclockwise.", "train"),
        ]
    )
    assert [finding.question_id for finding in gate.findings] == ["s2-a", "s3-a"]
    assert "one is in train, one in test" in gate.findings[0].reason
    assert gate.whole[0].startswith("3 pairs")
    put = Wording("woz", "unasked")
    unasked = [
        one(f"u{n}", "What now?", answer, "train", wording=put) for n, answer in enumerate(("Stop it.", "Go on."))
    ]
    assert duplicates_gate(unasked).findings == ()


def test_whatever_stands_in_two_splits_is_said() -> None:
    items = [item(question(f"s{n}", "a"), f"g{n}", ("train", "test")[n % 2], 0, "kitchen") for n in range(2)]
    told = crossing_gate(items).whole
    assert told[0] == "No group is in two splits (2 in all)."
    assert told[2] == "1 of 1 places are in several splits: kitchen."
    assert len(told) == 3, "nobody is on record"
    both = [replace(each, people=("E01", f"P{n:02}")) for n, each in enumerate(items)]
    assert crossing_gate(both).whole[3] == "1 of 3 persons are in several splits: E01."
    assert crossing_gate(both[:1]).whole[3] == "No person is in two splits (2 in all)."


def _made(n: int, rng: random.Random, tell: str) -> Item:
    """Options of nonsense nouns; `tell` stands in the right one alone."""
    words = rng.sample(NOUNS, 8)
    texts = [f"the {a} {b}" for a, b in zip(words[:4], words[4:], strict=True)]
    wrong = tuple(Distractor(text) for text in texts[1:])
    asked = question(f"s{n}", "a", text=f"Which {rng.choice(NOUNS)}?", answer=texts[0] + tell, distractors=wrong)
    return item(asked, f"g{n % 12}", at=rng.randrange(4))


def test_a_classifier_holds_four_bytes_of_each_feature_and_no_texts() -> None:
    """Of 45,000 question sets there are ten million and more."""
    made = _made(0, random.Random(5), "")
    options = _features(made, True)
    assert [each.nbytes for each in options] == [4 * len(each) for each in options]
    again = Choices.of([(options, made.right), (options[:2], 0)])
    assert again.starts.tolist() == [0, 4]
    assert again.right.tolist() == [made.right, 4]
    assert again.options == 6
    assert np.bincount(again.rows).tolist() == [len(each) for each in (*options, *options[:2])]
    assert again.features.tolist() == np.concatenate([*options, *options[:2]]).tolist()


def test_a_classifier_finds_what_only_right_options_say() -> None:
    rng = random.Random(5)
    leaking, sound = ([_made(n, rng, tell) for n in range(160)] for tell in (" carefully", ""))
    gate = options_only_gate(leaking)
    assert len(gate.findings) > 120
    assert "Found without the video" in gate.findings[0].reason
    assert options_only_gate(sound).findings == ()
    assert "not more than chance" in options_only_gate(sound).whole[0]
    assert options_only_gate(leaking) == gate
    assert "Too few" in options_only_gate(leaking[:10]).whole[0]


def test_with_the_question_what_fits_it_is_found() -> None:
    rng = random.Random(6)
    items = []
    for n in range(200):
        kind = rng.choice(["colour", "number"])
        words = {"colour": rng.choice(["red", "blue"]), "number": rng.choice(["two", "nine"])}
        right = words.pop(kind)
        wrong = tuple(Distractor(word) for word in words.values())
        asked = question(f"s{n}", "a", text=f"Which {kind}?", answer=right, distractors=wrong)
        items.append(item(asked, f"g{n % 12}", at=rng.randrange(2)))
    assert len(question_gate(items, 0.6).findings) > 150
    assert options_only_gate(items, 0.6).findings == ()


def test_flags_are_one_a_gate_whatever_the_order() -> None:
    asked = [
        item(clean(clip=Interval(S, 7 * S), text="Is it the red one or not?", asked_by=Role.TRAINEE)),
        item(clean()),
    ]
    flags = flags_of(run_gates(asked))
    assert flags == flags_of(run_gates(asked[::-1]))
    (leak,) = [flag for flag in flags["s-a"] if flag.gate == "future leak"]
    assert "goes on" in leak.reason
    assert "contains the answer" in leak.reason
