"""Where words were found, held against where they were said: only words near each other in time are one.

A time-constrained edit distance (as tcpWER has it; von Neumann et al., "MeetEval", 2023): a word counts as found
only within COLLAR_S of where it was said, so that a sentence that comes twice is never taken for its other self.
What has no partner is counted by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.transcription.dialogues import SpokenWord
from woz.transcription.scoring import normalised

COLLAR_S = 5.0
FAR = 1e-3
"""A second of distance costs so much, of an error: of equal ways, the one nearer in time."""


def placed_pairs(said: Sequence[SpokenWord], found: Sequence[SpokenWord]) -> list[tuple[int, int]]:
    """Numbers of a word said and of the same word found, in order, by the fewest errors."""
    costs = _costs(said, found)
    keys = [normalised(word.text) for word in said], [normalised(word.text) for word in found]
    pairs: list[tuple[int, int]] = []
    i, j = len(said), len(found)
    while i and j:
        step = _step(said[i - 1], found[j - 1], keys[0][i - 1] == keys[1][j - 1])
        if costs[i, j] == costs[i - 1, j - 1] + step:
            i, j = i - 1, j - 1
            if keys[0][i] == keys[1][j]:
                pairs.append((i, j))
        elif costs[i, j] == costs[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _costs(said: Sequence[SpokenWord], found: Sequence[SpokenWord]) -> NDArray[np.float64]:
    ours, theirs = [normalised(word.text) for word in said], [normalised(word.text) for word in found]
    costs = np.zeros((len(said) + 1, len(found) + 1))
    costs[:, 0], costs[0] = np.arange(len(said) + 1), np.arange(len(found) + 1)
    for i, word in enumerate(said, start=1):
        for j, other in enumerate(found, start=1):
            step = _step(word, other, ours[i - 1] == theirs[j - 1])
            costs[i, j] = min(costs[i - 1, j - 1] + step, costs[i - 1, j] + 1, costs[i, j - 1] + 1)
    return costs


def _step(word: SpokenWord, other: SpokenWord, same: bool) -> float:
    apart = abs(word.start_s - other.start_s)
    return FAR * apart + (not same) if apart <= COLLAR_S else float("inf")
