"""Windows decoded with one limit of a circle and another: whether decoding anew made them better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heard:
    """A window's text without a limit; `by_limit` has the errors of the text with each one that it exceeds."""

    model: str
    audio: str
    seconds: float
    reference_ratio: float
    ratio: float
    tokens: int
    logprob: float
    cut: bool
    words: int
    errors: int
    text: str
    by_limit: dict[float, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """`repeats` of the windows decoded anew are those whose reference shrinks as much, too."""

    model: str
    limit: float
    windows: int
    anew: int
    repeats: int
    better: int
    worse: int
    errors: int


def summaries(heard: Sequence[Heard], limits: Sequence[float]) -> list[Summary]:
    """By model and limit; errors are those of all windows."""
    found = []
    for model in dict.fromkeys(one.model for one in heard):
        own = [one for one in heard if one.model == model]
        for limit in limits:
            anew = [one for one in own if limit in one.by_limit]
            found.append(
                Summary(
                    model,
                    limit,
                    len(own),
                    len(anew),
                    sum(one.reference_ratio > limit for one in anew),
                    sum(one.by_limit[limit] < one.errors for one in anew),
                    sum(one.by_limit[limit] > one.errors for one in anew),
                    sum(one.by_limit.get(limit, one.errors) for one in own),
                )
            )
    return found
