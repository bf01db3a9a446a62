"""A choice among options by hashed words: logistic regression over each item's options, in numpy."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 1 << 16
ROUNDS = 60
RATE = 0.3
DECAY = 1e-4
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Hashed = NDArray[np.int32]
"""An option's features."""


def hashed(features: Iterable[str]) -> Hashed:
    """A number below `WIDTH` for each, so that no texts are held."""
    return np.array([zlib.crc32(each.encode()) % WIDTH for each in features], np.int32)


@dataclass(frozen=True, slots=True)
class Choices:
    """Options one after the other: `starts` is each item's first, `right` its right one, numbered among all.

    `features` are the hashed features of all options, `rows` the option of each.
    """

    starts: Ints
    right: Ints
    features: Ints
    rows: Ints
    options: int

    @classmethod
    def of(cls, items: Sequence[tuple[Sequence[Hashed], int]]) -> Choices:
        """Of items, of which there is one at least, as each option's features, and which one is right."""
        sizes = np.array([len(options) for options, _ in items], np.int64)
        starts = np.cumsum(sizes) - sizes
        right = starts + np.array([answer for _, answer in items], np.int64)
        features = [each for options, _ in items for each in options]
        rows = np.repeat(np.arange(len(features)), [len(each) for each in features])
        return cls(starts, right, np.concatenate(features).astype(np.int64), rows, len(features))

    def probabilities(self, weights: Floats) -> Floats:
        """Of each option, among those of its item."""
        scores = np.bincount(self.rows, weights[self.features], self.options)
        sizes = np.diff(np.append(self.starts, self.options))
        scores = np.exp(scores - np.repeat(np.maximum.reduceat(scores, self.starts), sizes))
        chances: Floats = scores / np.repeat(np.add.reduceat(scores, self.starts), sizes)
        return chances


def fitted(choices: Choices) -> Floats:
    """Weights that make the right options likely: a fixed number of steps of AdaGrad, the same every time."""
    weights, squares = np.zeros(WIDTH), np.full(WIDTH, 1e-8)
    wanted = np.zeros(choices.options)
    wanted[choices.right] = 1
    for _ in range(ROUNDS):
        wrong_by = wanted - choices.probabilities(weights)
        slope = np.bincount(choices.features, wrong_by[choices.rows], WIDTH) / len(choices.starts)
        slope -= DECAY * weights
        squares += slope**2
        weights += RATE * slope / np.sqrt(squares)
    return weights
