"""What a model is asked about a question set: grammar mended, wrong answers, a type."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from msgspec import Meta

from woz.dataset.distractors.option_checks import clashes
from woz.dataset.models.endpoint import Endpoint, Message, Wanted
from woz.dataset.questions.types import question_types
from woz.dataset.texts import words_of
from woz.model.question import Distractor, Question, QuestionKind, Wording
from woz.model.review import MOST_WRONG_ANSWERS

PROMPT = """\
You prepare multiple-choice questions about hands-on tasks. A trainee does a task and an expert helps by speech.
You get a question and its answer as they were transcribed. Write in the language of the question.
1. "question" and "answer": the same, with grammar and obvious mistakes of transcription mended.
Change no fact, number, side or name. Where nothing is wrong, repeat them.
2. "distractors": {count} wrong answers. Each must be plausible to somebody who has not seen the video,
of the same length, style and grammatical person as the answer, and clearly wrong beside it.
3. "type": the one of these that fits best: {types}.
Answer in JSON alone."""
MOST_CHANGED = 0.5
"""A mended text that shares less of its words with the original is not taken."""
Text = Annotated[str, Meta(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class Rewritten:
    question: Text
    answer: Text
    distractors: Annotated[list[Text], Meta(min_length=1, max_length=2 * MOST_WRONG_ANSWERS)]
    type: str


def _wanted() -> Wanted[Rewritten]:
    text = {"type": "string"}
    fields = {
        "question": text,
        "answer": text,
        "distractors": {"type": "array", "items": text},
        "type": {"type": "string", "enum": list(question_types())},
    }
    schema = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return Wanted("question_set", Rewritten, schema)


def prompt(count: int) -> str:
    """With so many wrong answers asked for."""
    return PROMPT.format(count=count, types=", ".join(question_types()))


def prompt_name(count: int) -> str:
    """How a wording names it: its text by hash, so that another text is told from it."""
    return f"prompt {hashlib.sha256(prompt(count).encode()).hexdigest()[:8]}"


def rewritten(
    count: int, endpoint: Endpoint, question: Question, before: Sequence[str], utc_ns: int
) -> Question | None:
    """The question set as the model would have it, its words named as its own; None where it gives no answer.

    It is to have `count` wrong answers; `before` is what was said before. Wrong answers that stand already stay;
    those that rules refuse are not taken.
    """
    answer = endpoint.ask_for(_messages(count, question, before), _wanted())
    if answer is None:
        return None
    wording = Wording(endpoint.model, prompt_name(count), utc_ns)
    new = _mended(question, answer, wording)
    new = replace(new, type=answer.type if answer.type in question_types() else new.type)
    taken = list(new.distractors)
    for text in answer.distractors:
        if len(taken) < count and not clashes(text, [new.answer, *(each.text for each in taken)]):
            taken.append(Distractor(text.strip(), wording))
    return replace(new, distractors=tuple(taken))


def suggested(count: int, endpoint: Endpoint, question: Question, before: Sequence[str]) -> list[str]:
    """Wrong answers as the model writes them, `count` asked for, for a person to choose among; none where it gives
    no answer.
    """
    answer = endpoint.ask_for(_messages(count, question, before), _wanted())
    return [] if answer is None else [text.strip() for text in answer.distractors]


def _messages(count: int, question: Question, before: Sequence[str]) -> list[Message]:
    told = "\n".join((*(f"Said before: {line}" for line in before), f"Question: {question.text}"))
    return [
        {"role": "system", "content": prompt(count)},
        {"role": "user", "content": f"{told}\nAnswer: {question.answer}"},
    ]


def _mended(question: Question, answer: Rewritten, wording: Wording) -> Question:
    """A question that a rule put stays as it is; so does a text that would say something else."""
    text, said = answer.question.strip(), answer.answer.strip()
    if question.kind == QuestionKind.ASKED and text != question.text and _near(text, question.text):
        question = replace(question, text=text, wording=wording)
    if said != question.answer and _near(said, question.answer):
        question = replace(question, answer=said, answer_wording=wording)
    return question


def _near(new: str, old: str) -> bool:
    """Most of the words stay, and all numbers."""
    one, other = words_of(new), words_of(old)
    numbers = [sorted(word for word in words if any(c.isdigit() for c in word)) for words in (one, other)]
    shared = len(set(one) & set(other)) / max(1, len(set(one) | set(other)))
    return shared >= MOST_CHANGED and numbers[0] == numbers[1]
