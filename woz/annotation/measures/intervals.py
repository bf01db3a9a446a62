"""How sure a figure is: confidence intervals by drawing sessions anew."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; both ends None where one session tells nothing of others."""

    value: float | None
    low: float | None = None
    high: float | None = None


def estimate(
    sessions: Sequence[T], figure: Callable[[Sequence[T]], float | None], seed: int = 0, draws: int = DRAWS
) -> Estimate:
    """A figure of all sessions, with the percentile interval of the bootstrap by session (Efron 1979)."""
    value = figure(sessions)
    if value is None or len(sessions) < 2:
        return Estimate(value)
    draw = random.Random(seed)
    drawn = (figure(draw.choices(sessions, k=len(sessions))) for _ in range(draws))
    known = sorted(each for each in drawn if each is not None)
    if not known:
        return Estimate(value)
    return Estimate(value, known[round(0.025 * (len(known) - 1))], known[round(0.975 * (len(known) - 1))])


def figure_text(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.3f}"


def estimate_text(each: Estimate) -> str:
    """With its interval, where there is one."""
    bounds = "" if each.low is None else f" ({each.low:.3f} to {each.high:.3f})"
    return f"{figure_text(each.value)}{bounds}"
