"""Models' replies read strictly: each of these once gave some reader an option that nobody named."""

from __future__ import annotations

import re
import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from woz.dataset.models.replies import THOUGHT_TAG, How, after_thoughts, read_choice

OPTIONS = ("The red screw", "A hammer", "On the left", "Turn it clockwise", "Five minutes")


NAMED = (
    ("C", "C"), ("c", "C"), (" C.\n", "C"), ("(b)", "B"), ("[D]", "D"), ("E)", "E"), ("**D**", "D"),
    ("`A`", "A"),
    ("Answer: C", "C"), ("ANSWER: C", "C"), ("**Answer:** C", "C"), ("answer = C", "C"), ("Option C", "C"),
    ("The answer is B", "B"), ("The best option is E", "E"), ("The correct answer is (D).", "D"),
    ("The correct answer is: **D**", "D"), ("I would choose C because it is nearer.", "C"),
    ("I think it's B.", "B"),
    ("The answer is A.", "A"), ("The answer is A because of the screw.", "A"), ("B is correct.", "B"),
    ("B. A hammer", "B"), ("B) A hammer", "B"), ("(B) A hammer", "B"), ("B A hammer", "B"),
    ("B - a hammer", "B"),
    ("B. a mallet, or so", "B"), ("C, since it is nearer", "C"), ("a) The red screw", "A"),
    ("A hammer", "B"), ("a hammer.", "B"), ("“On the left”", "C"), ("The answer is five minutes.", "E"),
    ("The answer is B. A hammer", "B"), ("The answer is A hammer", "B"), ("It is a hammer.", "B"),
    ("<think>A? No, B, or D.</think>C", "C"), ("A? Surely B.</think>\n\nAnswer: D", "D"),
    ("<answer>D</answer>", "D"), (r"So it is \boxed{C}.", "C"), (r"\boxed{\text{C}}", "C"),
    ('{"answer": "C"}', "C"), ('```json\n{"answer": "B"}\n```', "B"),
    ("答案：C", "C"), ("答案是B。", "B"), ("答えはDです。", "D"), ("正解は（Ｃ）です", "C"), ("Ｂ", "B"),
    ("选C", "C"),
    ("La risposta è B.", "B"), ("Die Antwort ist C.", "C"), ("Respuesta: D", "D"), ("Réponse : E", "E"),
    ("A. The red screw\nB. A hammer\nC. On the left\nAnswer: C", "C"),
    ("The trainee looks up.\n\nD. Turn it clockwise", "D"),
    ("At first the answer is A. No: final answer: C", "C"), ("No, the answer is B.", "B"),
    ("B\n\nIt is near.", "B"),
)  # fmt: skip
NAMES_NONE = (
    "Because", "Because of the screw.", "A mallet", "A screw is missing", "I can't tell.",
    "[LMMS_EVAL_REQUEST_FAILED after 5 retries] timeout", "Failed to obtain answer via API.", "None of these",
    "The answer is not B.", "I don't think that the answer is B.", "Is the answer B?", "The answer is A mallet",
    "Every option could be it", "E.g. a screw", "It is C-shaped", "Option 2", "2", "B2", "the hammer", "abc",
    "Answer with the letter of the right option alone.", "Vitamin C helps", "Error code: E401", "{",
    "Which one is it?\nA. The red", "What fits?\nA. The red screw",
    '{"answer": ', "Do it on the left side", "the answer is a mallet",
)  # fmt: skip
NAMES_SEVERAL = (
    "B or C? The answer is B or C.", "A, B", "B. C.", "(A) or (B)", "B. No, wait: C.", "B, and C",
    "A. On the left",
    "The answer is B. Or rather: the answer is D.", "A. The red screw\nB. A hammer", "B. Then C is next",
    "The answer is B and C.", "B and C", r"\boxed{A} or \boxed{B}", "B\n\nC. On the left",
)  # fmt: skip


PIECES = (
    *NAMES_NONE,
    *NAMES_SEVERAL,
    *(reply for reply, _ in NAMED),
    "<think>",
    "</think>",
    "<answer>",
    "not ",
    "\n",
    "A",
)


NAMES = ("think", "thinking", "reasoning", "Think")
TAGS = tuple(f"<{slash}{name}>" for name in NAMES for slash in ("", "/"))


@pytest.mark.parametrize(("reply", "letter"), NAMED)
def test_an_option_that_is_named_is_read(reply: str, letter: str) -> None:
    choice = read_choice(reply, OPTIONS)
    assert choice.how == How.NAMED
    assert choice.option is not None
    assert "ABCDE"[choice.option] == letter


@pytest.mark.parametrize("reply", NAMES_NONE)
def test_what_names_none_is_no_answer(reply: str) -> None:
    assert read_choice(reply, OPTIONS).how == How.NONE


@pytest.mark.parametrize("reply", NAMES_SEVERAL)
def test_several_are_none(reply: str) -> None:
    choice = read_choice(reply, OPTIONS)
    assert choice.option is None
    assert choice.how in (How.SEVERAL, How.NONE)


def test_what_is_no_option_silent_or_cut_off_is_told_apart() -> None:
    assert read_choice("F", OPTIONS).how == How.OUTSIDE
    assert read_choice("I. don't know", OPTIONS).how == How.OUTSIDE
    assert read_choice("The answer is Z", OPTIONS).how == How.OUTSIDE
    assert [read_choice(reply, OPTIONS).how for reply in (None, "", "\n", "```")] == [How.SILENT] * 4
    assert read_choice("<think>The answer is B", OPTIONS).how == How.UNFINISHED


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | st.text(max_size=80))
def test_whatever_a_model_says_is_read_as_an_option_or_as_none(reply: str) -> None:
    choice = read_choice(reply, OPTIONS)
    assert (choice.option in range(5)) == (choice.how == How.NAMED)
    assert read_choice(f"<think>{reply}", OPTIONS).option is None or "</" in reply


@settings(deadline=None)
@given(st.lists(st.sampled_from((*TAGS, "a", "B", "<", "</think")), max_size=12).map("".join))
def test_thoughts_are_taken_out_as_pairs_then_what_a_lone_end_closes(reply: str) -> None:
    """Beside what two searches over the whole text say, which take the square of its length."""
    paired = re.sub(r"<(think|thinking|reasoning)>.*?</\1>", "", reply, flags=re.DOTALL | re.IGNORECASE)
    *_, last = re.split(r"</(?:think|thinking|reasoning)>", paired, flags=re.IGNORECASE)
    cut_off = re.search(r"<(?:think|thinking|reasoning)>", last, re.IGNORECASE)
    assert after_thoughts(reply) == (None if cut_off else last)


@pytest.mark.parametrize("end", ["", "</think>", "</reasoning>", "</think>" * 1000])
def test_thoughts_without_an_end_are_read_once_however_many_there_are(end: str) -> None:
    few, many = (_steps("<think>so <reasoning>" * count + end + "B") for count in (1000, 2000))
    assert many < 2.1 * few
    assert {len(tag[0]) for tag in THOUGHT_TAG.finditer("<think>" * 1000 + "</reasoning>")} == {7, 12}


def _steps(reply: str) -> int:
    """Lines of Python that are gone through to read it."""
    steps = 0

    def count(frame: FrameType, event: str, _: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        after_thoughts(reply)
    finally:
        sys.settrace(before)
    return steps


def test_options_that_are_letters_or_one_text_are_not_mistaken() -> None:
    assert read_choice("A", ("C", "B", "A")).how == How.SEVERAL
    assert read_choice("B", ("C", "B", "A")).option == 1
    assert read_choice("the lid", ("The lid.", "the lid", "a post")).how == How.SEVERAL
    assert read_choice("5", ("-5", "5")).option == 1


def test_where_options_outnumber_the_letters_they_have_none_and_a_text_alone_counts() -> None:
    many = [f"step {n}" for n in range(30)]
    assert read_choice("B", many).how == How.NONE
    assert read_choice("Step 7.", many).option == 7
    assert read_choice("The answer is step 29.", many).option == 29
    assert read_choice("The answer is step 1.\nThe answer is step 2.", many).how == How.SEVERAL
