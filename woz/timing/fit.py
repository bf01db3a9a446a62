"""A smooth, robust, piecewise linear curve through clock readings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNKNOWN_DRIFT = 2e-4
"""How far the rates of two clocks are apart, as a standard deviation, before anything is known of them."""
WANDER = 2e-7
"""How much the drift of a crystal changes in a second, as a part of its rate (random walk)."""
ROUNDS = 8
HEAVY_TAIL = 3.0
FIRM_FLOOR = 10.0


def fit_knots(
    t: Floats, offset: Floats, noise: Floats, spacing: float, count: int, floor: bool = False
) -> tuple[Floats, Floats]:
    """Offsets at `count` knots, the first at t = 0, and how far each reading lies above the curve.

    All in seconds; readings have the shape (..., n), the answers (..., count) and (..., n). `noise` is each
    reading's standard deviation, infinite for one that is missing. The curve minimises the sum of squares of the
    readings' errors and of the changes of drift from knot to knot, each by its likely size (a smoothing spline of
    first degree, the maximum of the posterior of a clock whose drift walks at random); outliers are given the
    weights of Student's t-distribution in each round (iteratively reweighted least squares, Holland, P. W. and
    Welsch, R. E., 1977). With `floor` readings may be late but not early, and the curve is their lower envelope.
    """
    basis = _basis(t, spacing, count)
    prior = _prior(spacing, count)
    weight = 1 / np.square(noise)
    values: Floats
    for _ in range(ROUNDS):
        weighted = np.swapaxes(basis * weight[..., None], -1, -2)
        values = np.asarray(np.linalg.solve(weighted @ basis + prior, weighted @ offset[..., None]), np.float64)
        wrong = offset - (basis @ values)[..., 0]
        weight = _weight(wrong / noise, floor) / np.square(noise)
    return values[..., 0], wrong


def _basis(t: Floats, spacing: float, count: int) -> Floats:
    """How much each knot counts at each time; beyond the ends the curve goes on straight."""
    left = np.clip(np.floor(t / spacing).astype(np.int64), 0, count - 2)
    part = t / spacing - left
    basis = np.zeros((*t.shape, count))
    np.put_along_axis(basis, left[..., None], (1 - part)[..., None], -1)
    np.put_along_axis(basis, left[..., None] + 1, part[..., None], -1)
    return basis


def _prior(spacing: float, count: int) -> Floats:
    slopes = np.diff(np.eye(count), axis=0) / spacing
    changes = np.diff(slopes, axis=0) / (WANDER * spacing**0.5)
    first = slopes[:1] / UNKNOWN_DRIFT
    prior: Floats = changes.T @ changes + first.T @ first
    return prior


def _weight(wrong: Floats, floor: bool) -> Floats:
    if floor:
        return np.where(wrong > 0, 1 / (1 + np.square(wrong)), FIRM_FLOOR)
    return 1 / (1 + np.square(wrong / HEAVY_TAIL))
