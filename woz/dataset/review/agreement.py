"""How far those who judged the same question sets agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from woz.annotation.measures.disagreement import Disagreement, beyond_chance
from woz.annotation.measures.kappa import (
    apart,
    fleiss_disagreement,
    gwet_disagreement,
    observed_agreement,
)
from woz.model.ids import AnnotatorId, QuestionId
from woz.model.review import VERDICTS, Decision, ReviewTask, Verdict


@dataclass(frozen=True, slots=True)
class Apart:
    """A question set that people judged otherwise, what each said, and what it takes from each measure: 1 less what
    all of them take is the measure. None where that isn't defined.
    """

    question_id: QuestionId
    verdicts: tuple[tuple[AnnotatorId, Verdict], ...]
    raw: float
    kappa: float | None
    ac1: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`items` are those that two or more judged, with so many decisions; `apart` those on which not all agree.
    What isn't defined is None, never 1.
    """

    items: int
    decisions: int
    raw: float | None
    kappa: float | None
    ac1: float | None
    apart: tuple[Apart, ...] = ()


@dataclass(frozen=True, slots=True)
class Judging:
    """How far those who judge agree, by task, and how many people judged the words of each question set."""

    agreement: Mapping[ReviewTask, Agreement] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)


class Agreeing:
    """Collects what was decided on a task, a question set at a time, and holds no more of it than its figures and
    what people judged otherwise.
    """

    def __init__(self, task: ReviewTask) -> None:
        self._task = task
        self._table = Counter[tuple[int, ...]]()
        self._apart: dict[QuestionId, dict[AnnotatorId, Verdict]] = {}

    def add(self, question_id: QuestionId, decisions: Iterable[Decision]) -> None:
        """All decisions on it, in any order; curators' are left out, and the last one that a person made counts."""
        in_time = sorted(decisions, key=lambda each: (each.utc_ns, each.id))
        said = {each.by: each.verdict for each in in_time if each.task == self._task and not each.curated}
        if len(said) > 1:
            counts = Counter(said.values())
            self._table[tuple(counts[each] for each in VERDICTS[self._task])] += 1
            if len(counts) > 1:
                self._apart[question_id] = said

    def agreement(self) -> Agreement:
        """Sets that one person judged are left out of the measures, also of their chance: Fleiss' (1971) is of
        items that two or more judged, and no less than -1 there.
        """
        table, count = self._table, self._table.total()
        by_fleiss, by_gwet = fleiss_disagreement(table), gwet_disagreement(table)
        return Agreement(
            count,
            sum(sum(row) * weight for row, weight in table.items()),
            observed_agreement(table),
            beyond_chance(by_fleiss),
            beyond_chance(by_gwet),
            tuple(_apart(item, said, count, by_fleiss, by_gwet) for item, said in self._apart.items()),
        )


def agreement(decisions: Iterable[Decision], task: ReviewTask) -> Agreement:
    """On the verdicts of a task, as `Agreeing` has it of all question sets."""
    by_item: dict[QuestionId, list[Decision]] = {}
    for each in decisions:
        by_item.setdefault(each.question_id, []).append(each)
    found = Agreeing(task)
    for question_id, those in by_item.items():
        found.add(question_id, those)
    return found.agreement()


def _apart(
    item: QuestionId,
    said: Mapping[AnnotatorId, Verdict],
    items: int,
    by_fleiss: Disagreement | None,
    by_gwet: Disagreement | None,
) -> Apart:
    share = apart(list(Counter(said.values()).values())) / items
    return Apart(item, tuple(said.items()), share, _over(share, by_fleiss), _over(share, by_gwet))


def _over(share: float, found: Disagreement | None) -> float | None:
    return None if found is None or beyond_chance(found) is None else share / found.by_chance
