"""How well somebody who compares voices still tells them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def equal_error_rate(same: Sequence[float], other: Sequence[float]) -> float | None:
    """Where as many pairs of one voice are taken for two as pairs of two are taken for one: 0.5 is mere guessing.

    `same` and `other` are the likenesses of such pairs. Between two thresholds the straight way counts. None where
    either is empty.
    """
    if not len(same) or not len(other):
        return None
    ours, others = np.sort(np.asarray(same)), np.sort(np.asarray(other))
    thresholds = np.concatenate([[-np.inf], np.unique(np.concatenate([ours, others])), [np.inf]])
    missed = np.searchsorted(ours, thresholds, "left") / len(ours)
    taken = 1 - np.searchsorted(others, thresholds, "left") / len(others)
    after = int(np.argmax(missed >= taken))
    before = max(0, after - 1)
    gap = (missed - taken)[[before, after]]
    part = 0.0 if gap[1] == gap[0] else float(-gap[0] / (gap[1] - gap[0]))
    return float(missed[before] + part * (missed[after] - missed[before]))


def likenesses(
    enrolled: Sequence[NDArray[np.float32]], tried: Sequence[NDArray[np.float32]], people: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Of all pairs of utterances: those of one person, and those of two; `people` has whose each utterance is.

    `enrolled` is the voice of each that an attacker has, `tried` that which was released; both of length one.
    """
    same, other = list[float](), list[float]()
    for i, one in enumerate(enrolled):
        for j, two in enumerate(tried):
            if i != j:
                (same if people[i] == people[j] else other).append(float(one @ two))
    return same, other
