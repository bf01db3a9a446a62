"""How sure a mean is whose items come in clusters: the questions of one trainee are alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 10_000
BLOCK = 500
"""So many draws are held at once."""
Figures = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; the interval is None where one cluster tells nothing of others."""

    value: float | None
    low: float | None = None
    high: float | None = None
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two models on the same items: the first less the second; `p` is two-sided, of the bootstrap."""

    value: float
    low: float | None
    high: float | None
    p: float | None
    wins: int
    losses: int
    ties: int


def clustered_mean(scores: Sequence[float], clusters: Sequence[str]) -> Figure:
    """The mean with a t interval of C - 1 degrees of freedom, C the number of clusters.

    The standard error is sqrt(C / (C - 1) * sum over clusters of (sum of deviations)^2) / n, as Inspect takes it
    (Miller, arXiv 2411.00640, with the correction for few clusters). An interval stays within 0 and 1 where all
    scores do.
    """
    if not scores:
        return Figure(None)
    mean = sum(scores) / len(scores)
    sums = dict[str, float]()
    for score, cluster in zip(scores, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + score - mean
    count = len(sums)
    if count < 2:
        return Figure(mean)
    error = math.sqrt(count / (count - 1) * math.fsum(each * each for each in sums.values())) / len(scores)
    reach = t_quantile(0.975, count - 1) * error
    low, high = mean - reach, mean + reach
    if all(0 <= score <= 1 for score in scores):
        low, high = max(0.0, low), min(1.0, high)
    return Figure(mean, low, high, error)


def bootstrapped(
    scores: Sequence[float], clusters: Sequence[str], classes: Sequence[str], seed: int = 0, draws: int = DRAWS
) -> Figure:
    """The mean over classes of each one's mean, with the percentile interval of a bootstrap by cluster.

    A class that isn't drawn is left out of that draw's mean.
    """
    if not scores:
        return Figure(None)
    sums, counts = _tables(scores, clusters, classes)
    value = float(_macro(sums.sum(0)[None], counts.sum(0)[None])[0])
    if len(sums) < 2:
        return Figure(value)
    drawn = _draw(len(sums), seed, draws, lambda weights: _macro(weights @ sums, weights @ counts))
    low, high = (float(each) for each in np.quantile(drawn, (0.025, 0.975)))
    return Figure(value, low, high, float(drawn.std(ddof=1)))


def paired_difference(
    one: Sequence[float], other: Sequence[float], clusters: Sequence[str], seed: int = 0, draws: int = DRAWS
) -> Difference:
    """Two models' scores of the same items, compared by a bootstrap that draws whole clusters of pairs.

    Raises ValueError without items or for lists of other lengths.
    """
    apart = [a - b for a, b in zip(one, other, strict=True)]
    if not apart:
        raise ValueError("nothing to compare")
    wins, losses = sum(each > 0 for each in apart), sum(each < 0 for each in apart)
    value = sum(apart) / len(apart)
    sums, counts = _tables(apart, clusters, [""] * len(apart))
    if len(sums) < 2:
        return Difference(value, None, None, None, wins, losses, len(apart) - wins - losses)
    drawn = _draw(len(sums), seed, draws, lambda weights: _macro(weights @ sums, weights @ counts))
    low, high = (float(each) for each in np.quantile(drawn, (0.025, 0.975)))
    tail = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    p = min(1.0, 2 * (tail + 1) / (draws + 1))
    return Difference(value, low, high, p, wins, losses, len(apart) - wins - losses)


def t_quantile(chance: float, freedom: int) -> float:
    """Student's t, for a chance of more than a half, by bisection of its integral. `freedom` is 1 at least."""
    low, high = 0.0, 2.0
    while _t_below(high, freedom) < chance:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_below(middle, freedom) < chance else (low, middle)
    return (low + high) / 2


def _t_below(t: float, freedom: int) -> float:
    """The finite sums of Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term, total = (cosine if odd else 1.0), 0.0
    for k in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine * cosine * (k - 1) / k
    return 0.5 + (angle + sine * total) / math.pi if odd else 0.5 + sine * total / 2


def _tables(scores: Sequence[float], clusters: Sequence[str], classes: Sequence[str]) -> tuple[Figures, Figures]:
    """Sums and counts, clusters by classes."""
    rows, columns = _places(clusters), _places(classes)
    sums = np.zeros((len(rows), len(columns)))
    counts = np.zeros_like(sums)
    for score, cluster, kind in zip(scores, clusters, classes, strict=True):
        sums[rows[cluster], columns[kind]] += score
        counts[rows[cluster], columns[kind]] += 1
    return sums, counts


def _places(names: Sequence[str]) -> Mapping[str, int]:
    return {name: i for i, name in enumerate(sorted(set(names)))}


def _macro(sums: Figures, counts: Figures) -> Figures:
    there = counts > 0
    means = np.divide(sums, counts, out=np.zeros_like(sums), where=there)
    result: Figures = means.sum(1) / there.sum(1)
    return result


def _draw(clusters: int, seed: int, draws: int, figure: Callable[[Figures], Figures]) -> Figures:
    """A figure of each of so many draws of clusters, told by how often each one was drawn."""
    random = np.random.default_rng(seed)
    even = np.full(clusters, 1 / clusters)
    found = []
    for first in range(0, draws, BLOCK):
        weights = random.multinomial(clusters, even, min(BLOCK, draws - first)).astype(np.float64)
        found.append(figure(weights))
    return np.concatenate(found)
