"""Wrong answers suggested to a person who writes them: each with its well, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from woz.dataset.distractors import wells
from woz.dataset.distractors.languages import fits_language
from woz.dataset.distractors.like_answers import Akin, Known, like_answers
from woz.dataset.distractors.minimal_edits import minimal_edits
from woz.dataset.distractors.nearest import Pool
from woz.dataset.distractors.option_checks import clashes, option_problems, same
from woz.dataset.distractors.sentence_vectors import SentenceVectors
from woz.model.question import Question

EDITS, LIKE, NEAREST, BY_MODEL = 2, 3, 2, 3
"""At most so many of each well, so that each has a key."""
NEAR = 0.9
"""Above this cosine two texts may say the same, or the opposite."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`well` says where it is from, `flags` are sentences."""

    text: str
    well: str
    flags: tuple[str, ...] = ()


def by_rules(of: Known, others: Akin, tools: Sequence[str]) -> list[Suggestion]:
    """Minimal edits of the right answer, then answers to like questions of the same procedure."""
    question = of.question
    edits = [Suggestion(each.text, f"minimal edit: {each.what}") for each in minimal_edits(question.answer, tools)]
    like = [Suggestion(each.answer, wells.LIKE) for each in like_answers(of, others)]
    first = _fit(question, edits, (), EDITS)
    return first + _fit(question, like, first, LIKE)


def by_vectors(question: Question, pool: Pool, before: Sequence[Suggestion]) -> list[Suggestion]:
    """The nearest other answers and labels; of one that is very near a person has to say whether it is the same."""
    found = (
        Suggestion(each.candidate.text, f"{wells.NEAREST} ({each.cosine:.2f})")
        for each in pool.nearest(question, NEAREST + len(before))
    )
    return _fit(question, found, before, NEAREST, pool.vectors)


def by_model(question: Question, texts: Iterable[str], well: str, before: Sequence[Suggestion]) -> list[Suggestion]:
    """What a model wrote, but in another script."""
    own = (text.strip() for text in texts if fits_language(text, "", question))
    return _fit(question, (Suggestion(text, well) for text in own), before, BY_MODEL)


def _fit(
    question: Question,
    found: Iterable[Suggestion],
    before: Sequence[Suggestion],
    count: int,
    vectors: SentenceVectors | None = None,
) -> list[Suggestion]:
    """So many of them that are no option yet and weren't suggested before, each with its flags."""
    taken, made = [*question.options, *(each.text for each in before)], list[Suggestion]()
    for each in found:
        if len(made) == count:
            break
        if each.text and not any(same(each.text, other) for other in taken):
            made.append(Suggestion(each.text, each.well, tuple(_flags(question, each.text, vectors))))
            taken.append(each.text)
    return made


def _flags(question: Question, text: str, vectors: SentenceVectors | None) -> Iterator[str]:
    if why := clashes(text, question.options):
        yield f"{why[0].upper()}{why[1:]}."
    wrong = [each.text for each in question.distractors]
    old = option_problems(question.answer, wrong)
    yield from (each for each in option_problems(question.answer, [*wrong, text]) if each not in old and not why)
    if vectors is not None:
        one, other = vectors.of([text, question.answer])
        if (cosine := float(one @ other)) >= NEAR:
            yield f"Very near to the right answer ({cosine:.2f}): it may say the same, or the opposite."
