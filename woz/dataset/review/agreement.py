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
    tally,
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


def agreement(decisions: Iterable[Decision], task: ReviewTask) -> Agreement:
    """On the verdicts of a task, curators' left out; the last one of each person and question set counts.

    Sets that one person judged are left out of the measures, also of their chance: Fleiss' (1971) is of items that
    two or more judged, and no less than -1 there.
    """
    last = {(d.question_id, d.by): d.verdict for d in decisions if d.task == task and not d.curated}
    by_item: dict[QuestionId, dict[AnnotatorId, Verdict]] = {}
    for (question_id, by), verdict in last.items():
        by_item.setdefault(question_id, {})[by] = verdict
    judged = {item: said for item, said in by_item.items() if len(said) > 1}
    table = tally([list(said.values()).count(each) for each in VERDICTS[task]] for said in judged.values())
    by_fleiss, by_gwet = fleiss_disagreement(table), gwet_disagreement(table)
    return Agreement(
        len(judged),
        sum(map(len, judged.values())),
        observed_agreement(table),
        beyond_chance(by_fleiss),
        beyond_chance(by_gwet),
        tuple(
            Apart(item, tuple(said.items()), share, _over(share, by_fleiss), _over(share, by_gwet))
            for item, said in judged.items()
            if (share := apart(list(Counter(said.values()).values())) / len(judged))
        ),
    )


def _over(share: float, found: Disagreement | None) -> float | None:
    return None if found is None or beyond_chance(found) is None else share / found.by_chance
