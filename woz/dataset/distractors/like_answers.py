"""Wrong answers that are right ones of other questions of the same procedure, those of like questions first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import chain, groupby, islice
from operator import itemgetter

from woz.base.interval import NS_PER_S
from woz.dataset.distractors.languages import fits_language
from woz.dataset.distractors.minimal_edits import affirms, bare_answer
from woz.dataset.texts import cut_off, jaccard, ngrams, words_of
from woz.model.question import Question, QuestionKind

LOOKED_AT = 200
"""So many of the same type and like length are compared by what they say."""
TOO_ALIKE = 0.6
"""Of what both answers say together; such an answer may be right as well."""

SOON_NS = 30 * NS_PER_S
"""What is said of the same session so near to the question may be right as well."""


@dataclass(frozen=True, slots=True)
class Known:
    """A question of a procedure, read once."""

    question: Question
    asked: frozenset[str]
    answered: frozenset[str]


def known(questions: Iterable[Question]) -> list[Known]:
    return [Known(each, _grams(each.text), _grams(each.answer)) for each in questions]


class Akin:
    """Questions of a procedure by their kind, type and how long their answers are, so that those near to one are
    found without a look at all.
    """

    def __init__(self, others: Iterable[Known]) -> None:
        self._alike: dict[tuple[QuestionKind, str | None], _ByLength] = {}
        self._all: dict[QuestionKind, _ByLength] = {}
        for place, each in enumerate(others):
            of, placed = each.question, (place, each)
            self._alike.setdefault((of.kind, of.type), _ByLength()).add(placed)
            self._all.setdefault(of.kind, _ByLength()).add(placed)

    def nearest(self, of: Question) -> list[Known]:
        """At most `LOOKED_AT` of its kind: of its type first, then by how near their answers' lengths are, then in
        their order.
        """
        length, empty = len(of.answer), _ByLength()
        alike = self._alike.get((of.kind, of.type), empty).nearest(length)
        others = (each for each in self._all.get(of.kind, empty).nearest(length) if each.question.type != of.type)
        return list(islice(chain(alike, others), LOOKED_AT))


class _ByLength:
    """Questions by how long their answers are, each with its place among all."""

    def __init__(self) -> None:
        self._found: dict[int, list[tuple[int, Known]]] = {}

    def add(self, placed: tuple[int, Known]) -> None:
        self._found.setdefault(len(placed[1].question.answer), []).append(placed)

    def nearest(self, length: int) -> Iterator[Known]:
        by_distance = sorted(self._found, key=lambda each: abs(each - length))
        for _, lengths in groupby(by_distance, key=lambda each: abs(each - length)):
            same = (self._found[each] for each in lengths)
            yield from (each for _, each in merge(*same, key=itemgetter(0)))


def like_answers(of: Known, others: Akin) -> list[Question]:
    """Questions of the same kind whose answers may stand beside this one's: those of the same type first, then by
    what the questions share and how near the answers' lengths are.

    Left out is what is in another language, and what may be right: answers to a question that is nearly the same,
    near copies, what was said within half a minute, and a yes where one asks whether. So is what says nothing by
    itself: a bare yes or no, what is cut off.
    """
    fitting = [each for each in others.nearest(of.question) if _fits(of, each)]
    return [each.question for each in sorted(fitting, key=lambda each: _rank(of, each))]


def _fits(of: Known, other: Known) -> bool:
    mine, its = of.question, other.question
    if not fits_language(its.answer, its.language, mine):
        return False
    if mine.session_id == its.session_id and abs(mine.at_ns - its.at_ns) < SOON_NS:
        return False
    if bare_answer(its.answer) or cut_off(its.answer) or (affirms(its.answer) and _asks_whether(mine)):
        return False
    if its.id == mine.id or jaccard(of.answered, other.answered) >= TOO_ALIKE:
        return False
    put_by_rule = of.question.wording.how and of.question.text == other.question.text
    return bool(put_by_rule) or jaccard(of.asked, other.asked) < TOO_ALIKE


def _asks_whether(question: Question) -> bool:
    return question.type == "confirmation" or affirms(question.answer) or bare_answer(question.answer)


def _rank(of: Known, other: Known) -> tuple[bool, float, int, str]:
    mine, its = of.question, other.question
    longer = abs(len(mine.answer) - len(its.answer))
    return mine.type != its.type, -jaccard(of.asked, other.asked), longer, its.id


def _grams(text: str) -> frozenset[str]:
    return frozenset(ngrams(words_of(text), 2))
