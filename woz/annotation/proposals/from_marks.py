"""Proposes steps from what was marked live: a step lasts from its mark to the next one, less the marking's lag."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from woz.annotation.proposals.asking import Ask, Mark, Progress, Proposal
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.ids import LabelId

LAG = "lag_s"
"""The option that says how late marks are (s)."""
START_SPREAD_NS = NS_PER_S
SCORE = 0.7


def propose(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    """The last step lasts until the session's end."""
    known = {label.id for label in ask.tier_type.offered}
    marks = sorted((mark for mark in ask.marks if mark.label in known), key=lambda mark: mark.t_ns)
    if not marks:
        raise WozError("No step of this tier type was marked live; there is nothing to propose from.")
    lag_ns = _lag_ns(ask.options.get(LAG, "0"))
    starts = [min(max(0, mark.t_ns - lag_ns), ask.duration_ns) for mark in marks]
    for number, ((start, end), mark) in enumerate(zip(pairwise([*starts, ask.duration_ns]), marks, strict=True)):
        if end > start:
            yield _step(mark, start, end)
        progress((number + 1) / len(marks))


def _step(mark: Mark, start_ns: int, end_ns: int) -> Proposal:
    return Proposal(start_ns, end_ns, LabelId(mark.label), SCORE, START_SPREAD_NS, START_SPREAD_NS)


def _lag_ns(text: str) -> int:
    try:
        lag_s = float(text)
    except ValueError:
        lag_s = -1.0
    if not 0 <= lag_s <= 10:
        raise WozError(f"{LAG} is a time from 0 to 10 seconds, not {text!r}.")
    return round(lag_s * NS_PER_S)
