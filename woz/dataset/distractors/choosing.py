"""Wrong answers for a question, from wells without a language model; what rules speak against is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from woz.dataset.distractors import wells
from woz.dataset.distractors.like_answers import Akin, Known, like_answers
from woz.dataset.distractors.minimal_edits import minimal_edits
from woz.dataset.distractors.nearest import Pool
from woz.dataset.distractors.option_checks import clashes, option_problems
from woz.model.made import PROGRAM
from woz.model.question import Distractor, Question, Wording
from woz.model.review import WRONG_ANSWERS

NEAREST = 10
"""So many are tried, or twice as many as are wanted: rules leave some out."""
MOST_EDITS = 2
"""With more of them, the right answer is the one that all others resemble."""


def wrong_answers(
    of: Known,
    others: Akin,
    tools: Sequence[str],
    utc_ns: int,
    wanted: int = WRONG_ANSWERS,
    pool: Pool | None = None,
) -> tuple[Distractor, ...]:
    """So many at most, those that stand already first. Fewer where nothing fits. `pool` fills what the wells that
    need no vectors leave open.
    """
    taken = list(of.question.distractors)
    for each in _candidates(of, others, tools, utc_ns, pool, wanted):
        if len(taken) >= wanted:
            break
        options = [of.question.answer, *(wrong.text for wrong in taken)]
        if not clashes(each.text, options) and not _tells(of.question, taken, each, wanted):
            taken.append(each)
    return tuple(taken)


def _candidates(
    of: Known, others: Akin, tools: Sequence[str], utc_ns: int, pool: Pool | None, wanted: int
) -> Iterator[Distractor]:
    edits = [
        Distractor(each.text, Wording(PROGRAM, f"minimal edit: {each.what}", utc_ns))
        for each in minimal_edits(of.question.answer, tools)
    ]
    yield from edits[:MOST_EDITS]
    for other in like_answers(of, others):
        yield Distractor(other.answer, Wording(PROGRAM, wells.LIKE, utc_ns), other.id)
    yield from edits[MOST_EDITS:]
    for near in pool.nearest(of.question, max(NEAREST, 2 * wanted)) if pool else ():
        source = near.candidate.question.id if near.candidate.question else ""
        how = f"{wells.NEAREST} ({near.cosine:.2f})"
        yield Distractor(near.candidate.text, Wording(PROGRAM, how, utc_ns), source)


def _tells(question: Question, taken: Sequence[Distractor], new: Distractor, wanted: int) -> bool:
    """Whether the last one to be taken leaves the right answer given away."""
    if len(taken) + 1 < wanted:
        return False
    return bool(option_problems(question.answer, [*(each.text for each in taken), new.text]))
