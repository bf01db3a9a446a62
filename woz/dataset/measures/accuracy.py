"""Accuracy of answers to multiple-choice questions, in all and by kind; what was not answered is counted apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from woz.dataset.measures.clustered import Difference, Figure, bootstrapped, clustered_mean, paired_difference

BY = ("type", "scenario", "procedure")


class Outcome(StrEnum):
    """`UNPARSED`: something was said that names no option; `FAILED`: the request failed, which is no answer."""

    RIGHT = "right"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    UNPARSED = "unparsed"
    FAILED = "failed"
    MISSING = "missing"


NOT_SCORED = (Outcome.FAILED, Outcome.MISSING)
"""What tells nothing of the model; it is left out of every figure, and told."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An item's outcome. `cluster` is what is drawn together, `options` how many there were, `kinds` its values of
    `BY`.
    """

    id: str
    cluster: str
    outcome: Outcome
    options: int
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def scored(self) -> bool:
        return self.outcome not in NOT_SCORED

    @property
    def score(self) -> float:
        return float(self.outcome == Outcome.RIGHT)


@dataclass(frozen=True, slots=True)
class Part:
    """A figure with how many items and clusters it rests on."""

    items: int
    clusters: int
    accuracy: Figure


@dataclass(frozen=True, slots=True)
class Accuracy:
    """`scored` of `items` count; `macro` is the mean over the values of each of `BY`; `chance` is that of one who
    guesses, on what is scored.
    """

    items: int
    scored: int
    clusters: int
    outcomes: dict[str, int]
    micro: Figure
    macro: dict[str, Figure]
    by: dict[str, dict[str, Part]]
    chance: float | None

    @property
    def whole(self) -> bool:
        """Whether every item counts."""
        return self.scored == self.items


@dataclass(frozen=True, slots=True)
class Line:
    """What a figure is held against: how people did, or a model that sees nothing, each on its own items."""

    items: int
    of: int
    clusters: int
    accuracy: Figure


def accuracy(judged: Sequence[Judged], seed: int = 0) -> Accuracy:
    """Of all items; what is unanswered or unparsed is not right, what failed or is missing isn't scored."""
    scored = [each for each in judged if each.scored]
    counts = Counter(each.outcome for each in judged)
    keys = [key for key in BY if any(each.kinds.get(key) for each in scored)]
    return Accuracy(
        len(judged),
        len(scored),
        len({each.cluster for each in scored}),
        {str(outcome): counts[outcome] for outcome in Outcome},
        _micro(scored),
        {key: _macro(scored, _of_kind(key), seed) for key in keys},
        {key: _by(scored, _of_kind(key)) for key in keys},
        sum(1 / each.options for each in scored) / len(scored) if scored else None,
    )


def line_of(judged: Sequence[Judged]) -> Line:
    scored = [each for each in judged if each.scored]
    return Line(len(scored), len(judged), len({each.cluster for each in scored}), _micro(scored))


def compared(one: Sequence[Judged], other: Sequence[Judged], seed: int = 0) -> tuple[Difference | None, int]:
    """The paired difference on what both have scored, and how many items that is. None with none in common."""
    known = {each.id: each for each in other if each.scored}
    pairs = [(each, known[each.id]) for each in one if each.scored and each.id in known]
    if not pairs:
        return None, 0
    first, second = ([each.score for each in side] for side in zip(*pairs, strict=True))
    return paired_difference(first, second, [a.cluster for a, _ in pairs], seed), len(pairs)


def _micro(scored: Sequence[Judged]) -> Figure:
    return clustered_mean([each.score for each in scored], [each.cluster for each in scored])


def _macro(scored: Sequence[Judged], kind: Callable[[Judged], str], seed: int) -> Figure:
    return bootstrapped(
        [each.score for each in scored], [each.cluster for each in scored], [kind(each) for each in scored], seed
    )


def _by(scored: Sequence[Judged], kind: Callable[[Judged], str]) -> dict[str, Part]:
    parts = dict[str, list[Judged]]()
    for each in scored:
        parts.setdefault(kind(each), []).append(each)
    return {
        name: Part(len(part), len({each.cluster for each in part}), _micro(part))
        for name, part in sorted(parts.items())
    }


def _of_kind(key: str) -> Callable[[Judged], str]:
    return lambda each: each.kinds.get(key, "")
