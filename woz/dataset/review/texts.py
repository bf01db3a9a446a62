"""The texts of a question set that people judge and write anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace

from woz.base.errors import WozError
from woz.dataset.texts import normalised
from woz.model.question import Distractor, English, Question, Wording
from woz.model.review import VERDICTS, Decision, ReviewTask, Texts, Verdict

REVISED = "revised"
"""How a text came to be that a person wrote in the place of another."""
TAKEN = "taken: "
"""How a wrong answer came to be that a person took from a suggestion; where that is from follows."""


def texts_of(question: Question) -> Texts:
    english = question.english or English("", "")
    wrong = tuple(each.text for each in question.distractors)
    wrong_english = tuple(each.english for each in question.distractors)
    return Texts(question.text, question.answer, wrong, english.text, english.answer, wrong_english)


def judged(question: Question, task: ReviewTask) -> str:
    """Names what a decision is about: once that changes, the decision is about something else."""
    return _named(texts_of(question), question.at_ns, task)


def concerns(decision: Decision, question: Question) -> bool:
    """Whether a decision is about a question set as it is now, or about what became it by this decision."""
    now = judged(question, decision.task)
    revised = decision.revised and _named(decision.revised, question.at_ns, decision.task)
    return now in (decision.judged, revised)


def revised(question: Question, texts: Texts, by: str, utc_ns: int) -> Question:
    """The question set with these texts; each that differs names who wrote it, and when."""
    texts, own = trimmed(texts), Wording(by, REVISED, utc_ns)
    return replace(
        question,
        text=texts.question,
        answer=texts.answer,
        wording=question.wording if texts.question == question.text else own,
        answer_wording=question.answer_wording if texts.answer == question.answer else own,
        distractors=tuple(_wrong(question, texts, own)),
        english=_english(question, texts, own),
    )


def in_english(question: Question, texts: Texts, by: str, utc_ns: int) -> Question:
    """The question set with the English of these texts alone, which a person wrote. Raises WozError where a part of
    it is missing.
    """
    texts = trimmed(texts)
    own = replace(
        texts_of(question),
        english_question=texts.english_question,
        english_answer=texts.english_answer,
        english_distractors=texts.english_distractors,
    )
    new = revised(question, own, by, utc_ns)
    demand_english(new)
    assert new.english
    return replace(new, english=replace(new.english, checked=True))


def demand_english(question: Question) -> None:
    """Raises WozError where question, answer, or a wrong answer is not there in English."""
    if not question.english_options:
        raise WozError("Question, answer and each wrong answer need a text in English; Shift+E writes them.")


def trimmed(texts: Texts) -> Texts:
    """Without spaces around, and without empty wrong answers; as many English ones as there are others."""
    english = (*texts.english_distractors, *[""] * len(texts.distractors))
    pairs = [(a.strip(), b.strip()) for a, b in zip(texts.distractors, english, strict=False) if a.strip()]
    return Texts(
        texts.question.strip(),
        texts.answer.strip(),
        tuple(text for text, _ in pairs),
        texts.english_question.strip(),
        texts.english_answer.strip(),
        tuple(text for _, text in pairs),
        tuple((text.strip(), well) for text, well in texts.taken),
    )


def demand_sound(decision: Decision, question: Question) -> Decision:
    """The decision with its texts trimmed. Raises WozError for one that can't be kept."""
    if decision.verdict not in VERDICTS[decision.task]:
        raise WozError(f"“{decision.verdict}” is no verdict on the {decision.task}.")
    if decision.curated and not decision.comment.strip():
        raise WozError("Say why: whoever disagreed will want to know.")
    if decision.verdict != Verdict.REVISE:
        return replace(decision, revised=None)
    new = trimmed(decision.revised or texts_of(question))
    if new == texts_of(question):
        raise WozError("Nothing was changed yet; change a text, or say that all is acceptable.")
    if why := why_not(new):
        raise WozError(why)
    return replace(decision, revised=new)


def typed_in(decision: Decision) -> tuple[str, ...]:
    """All that whoever decided typed; what they left alone of texts that they wrote anew is among it."""
    new = decision.revised
    if new is None:
        return (decision.comment,)
    english = (new.english_question, new.english_answer, *new.english_distractors)
    return (decision.comment, new.question, new.answer, *new.distractors, *english)


def why_not(texts: Texts) -> str:
    """What is wrong with texts that somebody wrote, in a sentence; empty where nothing is."""
    options = [text for text in (texts.answer, *texts.distractors) if text.strip()]
    if not texts.question.strip() or not texts.answer.strip():
        return "A question set needs a question and an answer."
    if len({normalised(text) for text in options}) < len(options):
        return "Two of the answers are the same; change one, or empty a wrong one."
    return ""


def _wrong(question: Question, texts: Texts, own: Wording) -> Iterator[Distractor]:
    """What stands already keeps its origin; one that was taken from a suggestion names that, and who took it."""
    kept, wells = {each.text: each for each in question.distractors}, dict(texts.taken)
    for text, english in zip(texts.distractors, texts.english_distractors, strict=True):
        if text in kept:
            yield replace(kept[text], english=english)
        else:
            how = f"{TAKEN}{wells[text]}" if text in wells else REVISED
            yield Distractor(text, replace(own, how=how), english=english)


def _english(question: Question, texts: Texts, own: Wording) -> English | None:
    """What a person wrote in English, they have compared with the original; of a changed original nobody has."""
    text, answer = texts.english_question, texts.english_answer
    if not (text or answer):
        return None
    before = texts_of(question)
    if question.english is None or _new_in_english(texts, before):
        return English(text, answer, True, own)
    same = (texts.question, texts.answer, texts.distractors) == (before.question, before.answer, before.distractors)
    return question.english if same else replace(question.english, checked=False)


def _new_in_english(texts: Texts, before: Texts) -> bool:
    """Whether something of the English was written; a wrong answer that goes takes its own along."""
    one, other = ((each.english_question, each.english_answer) for each in (texts, before))
    return one != other or bool(set(texts.english_distractors) - {*before.english_distractors, ""})


def _named(texts: Texts, at_ns: int, task: ReviewTask) -> str:
    words: list[object] = [texts.question, texts.answer]
    words += list(texts.distractors) if task == ReviewTask.TEXT else [at_ns]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:32]
