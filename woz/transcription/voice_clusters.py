"""Which vectors are one person's: agglomerative clustering, by a threshold or to a known number of people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist, squareform

Vectors = NDArray[np.float32]
Seconds = NDArray[np.float64]
Labels = NDArray[np.int64]

FAR = 10.0
"""The cosine distance that stands for “two people's”; true ones are at most 2."""


def clustered(
    vectors: Vectors,
    seconds: Seconds,
    apart: list[tuple[int, int]],
    threshold: float,
    voices: int | None,
    least_s: float,
) -> Labels:
    """A number from 0 for each vector (of length one), which stands for so many seconds of speech.

    Average linkage of cosine distances up to `threshold`, or to as many people as there are `voices`; pairs that
    are `apart` are two people's. A cluster of less than `least_s` is nobody of its own: each of its vectors goes to
    whom it is nearest.
    """
    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    far = squareform(pdist(vectors, "cosine"))
    for i, j in apart:
        far[i, j] = far[j, i] = FAR
    tree = linkage(squareform(far, checks=False), "average")
    levels = [threshold] if voices is None else [*np.unique(tree[:, 2])[::-1], -1.0]
    cuts = [fcluster(tree, level, "distance") for level in levels]
    cut = min(cuts, key=lambda c: abs(len(_people(c, seconds, least_s)) - (voices or 1)))
    return _absorbed(vectors, seconds, cut, _people(cut, seconds, least_s))


def _people(cut: NDArray[np.int32], seconds: Seconds, least_s: float) -> NDArray[np.int64]:
    """The clusters that speak enough, or else the one that speaks most."""
    totals = np.bincount(cut, weights=seconds)
    found = np.flatnonzero(totals >= least_s)
    return found if len(found) else np.array([np.argmax(totals)])


def _absorbed(vectors: Vectors, seconds: Seconds, cut: NDArray[np.int32], people: NDArray[np.int64]) -> Labels:
    means = np.stack([seconds[cut == one] @ vectors[cut == one] for one in people])
    labels = np.argmax(vectors @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T, axis=1)
    for number, one in enumerate(people):
        labels[cut == one] = number
    return np.asarray(labels, np.int64)
