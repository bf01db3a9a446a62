"""How far those who judged the same question sets agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from woz.annotation.measures.kappa import fleiss_kappa, gwet_ac1, observed_agreement, tally
from woz.model.review import VERDICTS, Decision, ReviewTask


@dataclass(frozen=True, slots=True)
class Agreement:
    """`items` are those that two or more judged, with so many decisions; what isn't defined is None, never 1."""

    items: int
    decisions: int
    raw: float | None
    kappa: float | None
    ac1: float | None


@dataclass(frozen=True, slots=True)
class Judging:
    """How far those who judge agree, by task, and how many people judged the words of each question set."""

    agreement: Mapping[ReviewTask, Agreement] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)


def agreement(decisions: Iterable[Decision], task: ReviewTask) -> Agreement:
    """On the verdicts of a task, curators' left out; the last one of each person and question set counts.

    Sets that one person judged are left out of the measures, also of their chance: Fleiss' (1971) is of items that
    two or more judged, and no less than -1 there.
    """
    last = {(d.question_id, d.by): d.verdict for d in decisions if d.task == task and not d.curated}
    by_item: dict[str, Counter[str]] = {}
    for (question_id, _), verdict in last.items():
        by_item.setdefault(question_id, Counter())[verdict] += 1
    rows = [[found[each] for each in VERDICTS[task]] for found in by_item.values() if found.total() > 1]
    table = tally(rows)
    return Agreement(
        len(rows), sum(map(sum, rows)), observed_agreement(table), fleiss_kappa(table), gwet_ac1(table)
    )
