"""What a model is asked to put a question set in English; a person checks it before it counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from msgspec import Meta

from woz.dataset.distractors.option_checks import same
from woz.dataset.models.endpoint import Endpoint, Message, Wanted
from woz.dataset.models.rewriting import Text
from woz.dataset.texts import words_of
from woz.model.question import English, Question, Wording

PROMPT = """\
You translate multiple-choice questions about hands-on tasks into English, text by text, in the same order.
Keep facts, numbers, sides, names, the grammatical person and how certain it is said. Add and explain nothing.
Answer in JSON alone."""
MOST_WRONG = 25


@dataclass(frozen=True, slots=True)
class Translated:
    question: Text
    answer: Text
    distractors: Annotated[list[Text], Meta(max_length=MOST_WRONG)]


def prompt_name() -> str:
    """How a wording names it: its text by hash, so that another text is told from it."""
    return f"prompt {hashlib.sha256(PROMPT.encode()).hexdigest()[:8]}"


def translated(endpoint: Endpoint, question: Question, before: Sequence[str], utc_ns: int) -> Question | None:
    """The question set with a model's English, which nobody has checked; None where it gives none that can be used:
    other numbers, two options that became one, or as many wrong answers as there aren't.
    """
    answer = endpoint.ask_for(_messages(question, before), _wanted(len(question.distractors)))
    if answer is None or len(answer.distractors) != len(question.distractors) or not _faithful(question, answer):
        return None
    wording = Wording(endpoint.model, prompt_name(), utc_ns)
    pairs = zip(question.distractors, answer.distractors, strict=True)
    return replace(
        question,
        english=English(answer.question.strip(), answer.answer.strip(), wording=wording),
        distractors=tuple(replace(each, english=text.strip()) for each, text in pairs),
    )


def _wanted(count: int) -> Wanted[Translated]:
    text = {"type": "string"}
    wrong = {"type": "array", "items": text, "minItems": count, "maxItems": count}
    fields = {"question": text, "answer": text, "distractors": wrong}
    schema = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return Wanted("translation", Translated, schema)


def _messages(question: Question, before: Sequence[str]) -> list[Message]:
    wrong = [f"Wrong answer {n}: {each.text}" for n, each in enumerate(question.distractors, 1)]
    said = [f"Said before: {line}" for line in before]
    told = "\n".join((*said, f"Question: {question.text}", f"Answer: {question.answer}", *wrong))
    return [
        {"role": "system", "content": PROMPT},
        {"role": "user", "content": f"{_from(question)}\n{told}"},
    ]


def _from(question: Question) -> str:
    if not question.language:
        return "Translate; nobody said from which language."
    return f"Translate from the language {question.language}."


def _faithful(question: Question, answer: Translated) -> bool:
    """All figures stay, and no two options become one that were two."""
    own = (question.text, question.answer, *(each.text for each in question.distractors))
    new = (answer.question, answer.answer, *answer.distractors)
    if any(_figures(a) != _figures(b) for a, b in zip(own, new, strict=True)):
        return False
    options = new[1:]
    return not any(same(a, b) for i, a in enumerate(options) for b in options[:i])


def _figures(text: str) -> list[str]:
    return sorted(word for word in words_of(text) if word.isdigit())
