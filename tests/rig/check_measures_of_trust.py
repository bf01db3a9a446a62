"""Intervals of clustered items beside statsmodels' and arch's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from woz.dataset.measures.clustered import clustered_mean, paired_difference

Random = np.random.Generator
Compared = Iterator[tuple[dict[str, float | None], dict[str, float | None] | None]]
DRAWS = 4000


def of_clusters(folder: Path, random: Random, cases: int) -> Compared:
    """A regression on nothing but a constant, its error clustered, with the correction for few clusters."""
    import statsmodels.api as models

    for _ in range(cases):
        scores, clusters = _items(random)
        wide = [10 * each - 3 for each in scores]
        found = clustered_mean(wide, [f"c{each}" for each in clusters])
        ours = {"mean": found.value, "error": found.standard_error, "low": found.low, "high": found.high}
        if len(set(clusters)) < 2:
            yield ours, None
            continue
        fit = models.OLS(wide, np.ones(len(wide))).fit(
            cov_type="cluster", cov_kwds={"groups": np.array(clusters)}, use_t=True
        )
        low, high = fit.conf_int()[0]
        yield (
            ours,
            {"mean": float(fit.params[0]), "error": float(fit.bse[0]), "low": float(low), "high": float(high)},
        )


def _items(random: Random) -> tuple[list[float], list[int]]:
    count = int(random.integers(2, 60))
    clusters = random.integers(0, random.integers(1, 20), count)
    easy = random.random(20)
    return [float(random.random() < easy[each]) for each in clusters], clusters.tolist()


def of_pairs(folder: Path, random: Random, cases: int) -> Compared:
    """A bootstrap over independent clusters, percentile interval; a hundredth as many inputs."""
    from arch.bootstrap import IIDBootstrap

    for _ in range(max(1, cases // 100)):
        clusters = [n for n in range(random.integers(8, 20)) for _ in range(random.integers(1, 9))]
        one, other = (random.integers(0, 2, len(clusters)).astype(float) for _ in range(2))
        found = paired_difference(one.tolist(), other.tolist(), [f"{each:03}" for each in clusters], draws=20_000)
        names = sorted(set(clusters))
        members = np.array(clusters)
        sums = np.array([(one - other)[members == each].sum() for each in names])
        counts = np.array([(members == each).sum() for each in names])
        bootstrap = IIDBootstrap(sums, counts, seed=int(random.integers(0, 2**31)))
        low, high = bootstrap.conf_int(lambda s, n: np.array([s.sum() / n.sum()]), DRAWS, method="percentile")
        yield (
            {"value": found.value, "low": found.low, "high": found.high},
            {"value": float(np.mean(one - other)), "low": float(low[0]), "high": float(high[0])},
        )
