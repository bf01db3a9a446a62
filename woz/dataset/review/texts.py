"""The texts of a question set that people judge and write anew."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from woz.base.errors import WozError
from woz.dataset.texts import normalised
from woz.model.question import Distractor, English, Question, Wording
from woz.model.review import VERDICTS, Decision, ReviewTask, Texts, Verdict

REVISED = "revised"
"""How a text came to be that a person wrote in the place of another."""


def texts_of(question: Question) -> Texts:
    english = question.english or English("", "")
    wrong = tuple(each.text for each in question.distractors)
    return Texts(question.text, question.answer, wrong, english.text, english.answer)


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
    kept = {each.text: each for each in question.distractors}
    return replace(
        question,
        text=texts.question,
        answer=texts.answer,
        wording=question.wording if texts.question == question.text else own,
        answer_wording=question.answer_wording if texts.answer == question.answer else own,
        distractors=tuple(kept.get(text) or Distractor(text, own) for text in texts.distractors),
        english=_english(question, texts),
    )


def trimmed(texts: Texts) -> Texts:
    """Without spaces around, and without empty wrong answers."""
    wrong = tuple(text for text in map(str.strip, texts.distractors) if text)
    english = texts.english_question.strip(), texts.english_answer.strip()
    return Texts(texts.question.strip(), texts.answer.strip(), wrong, *english)


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


def why_not(texts: Texts) -> str:
    """What is wrong with texts that somebody wrote, in a sentence; empty where nothing is."""
    options = [text for text in (texts.answer, *texts.distractors) if text.strip()]
    if not texts.question.strip() or not texts.answer.strip():
        return "A question set needs a question and an answer."
    if len({normalised(text) for text in options}) < len(options):
        return "Two of the answers are the same; change one, or empty a wrong one."
    return ""


def _english(question: Question, texts: Texts) -> English | None:
    """What a person wrote in English, they have compared with the original."""
    text, answer = texts.english_question, texts.english_answer
    if not (text or answer):
        return None
    same = question.english is not None and (text, answer) == (question.english.text, question.english.answer)
    return question.english if same else English(text, answer, checked=True)


def _named(texts: Texts, at_ns: int, task: ReviewTask) -> str:
    words: list[object] = [texts.question, texts.answer]
    words += list(texts.distractors) if task == ReviewTask.TEXT else [at_ns]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:32]
