"""Means of items that come in clusters, against figures of other programs and what must hold of any."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.dataset.measures.clustered import (
    bootstrapped,
    clustered_mean,
    paired_difference,
    t_quantile,
)

SCORES = [float(c) for c in "1110001011"]
CLUSTERS = "0001112233"


def test_the_standard_error_is_inspect_s() -> None:
    found = clustered_mean(SCORES, CLUSTERS)
    assert found.value == 0.6
    assert found.standard_error == pytest.approx(0.26733, abs=5e-6)
    assert (found.low, found.high) == (0, 1)


def test_how_other_programs_errors_of_the_same_items_follow_from_ours() -> None:
    """Without clusters 0.16330; lmms-eval's, which has no correction for few clusters and adds the error without
    clusters to what items of a cluster share (Miller 2411.00640, equation 4), 0.23721.
    """
    found = clustered_mean(SCORES, CLUSTERS)
    assert found.value is not None
    assert found.standard_error is not None
    count, share = len(SCORES), found.value * (1 - found.value)
    alone = share / (count - 1)
    assert alone**0.5 == pytest.approx(0.16330, abs=5e-6)
    of_clusters = found.standard_error**2 * 3 / 4
    assert (alone + of_clusters - share / count) ** 0.5 == pytest.approx(0.23721, abs=5e-6)
    items = clustered_mean(SCORES, [str(n) for n in range(count)])
    assert items.standard_error == pytest.approx(alone**0.5)


def test_the_interval_is_statsmodels() -> None:
    """statsmodels 0.15.0: OLS on a constant, cov_type="cluster", use_t=True."""
    scores = [3.0, 1.5, 2.0, 7.25, 6.0, 5.5, 1.0, 0.5, 4.0, 4.5, 2.25]
    found = clustered_mean(scores, "aaabbbccdde")
    assert found.value == pytest.approx(3.4090909090909087, abs=1e-12)
    assert found.standard_error == pytest.approx(1.108683345999481, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((0.3308924598763383, 6.487289358305479), abs=1e-9)


def test_the_bootstrap_is_all_draws_of_clusters() -> None:
    """Of three clusters there are 27 draws, which can be told one by one."""
    one, other = [1.0, 1, 0, 1, 1], [0.0, 1, 0, 0, 1]
    sums, counts = (1, 1, 0), (2, 2, 1)
    values = sorted(
        sum(sums[i] for i in draw) / sum(counts[i] for i in draw) for draw in product(range(3), repeat=3)
    )
    found = paired_difference(one, other, "aabbc", draws=100_000)
    assert found.value == pytest.approx(0.4)
    below = sum(value <= 0 for value in values) / len(values)
    assert found.p == pytest.approx(2 * below, abs=0.01)
    assert found.low == values[0]
    assert found.high == pytest.approx(values[-1])


@pytest.mark.parametrize(
    ("freedom", "expected"), [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (9, 2.2622), (30, 2.0423)]
)
def test_student_s_t_as_tables_have_it(freedom: int, expected: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(expected, abs=5e-5)


def test_one_cluster_tells_nothing_of_others() -> None:
    assert clustered_mean([1, 0], "aa").low is None
    assert bootstrapped([1, 0], "aa", "xy").low is None
    assert paired_difference([1, 0], [0, 0], "aa").p is None
    assert clustered_mean([], "").value is bootstrapped([], "", "").value is None
    with pytest.raises(ValueError, match="nothing"):
        paired_difference([], [], "")


def test_the_bootstrap_draws_clusters_and_not_items() -> None:
    """Ten clusters of ten alike: as sure as ten items, not as a hundred."""
    scores = [float(i < 5) for i in range(10) for _ in range(10)]
    clusters = [str(i) for i in range(10) for _ in range(10)]
    alike = bootstrapped(scores, clusters, ["x"] * 100)
    ten = bootstrapped([float(i < 5) for i in range(10)], [str(i) for i in range(10)], ["x"] * 10)
    assert alike == ten
    assert alike.low is not None
    assert alike.low < 0.3


def test_a_macro_mean_counts_each_class_once() -> None:
    found = bootstrapped([1, 1, 1, 0], "abcd", ["easy", "easy", "easy", "hard"])
    assert found.value == 0.5


def test_pairs_are_compared_cluster_by_cluster() -> None:
    one, other = [1.0, 1, 1, 1, 0, 0, 1, 1], [1.0, 0, 0, 1, 0, 1, 0, 0]
    found = paired_difference(one, other, "aabbccdd")
    assert (found.value, found.wins, found.losses, found.ties) == (0.375, 4, 1, 3)
    assert paired_difference(one, other, "aabbccdd") == found
    same = paired_difference(one, one, "aabbccdd")
    assert (same.value, same.p, same.ties) == (0, 1, 8)


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from("abcd")), min_size=1, max_size=30))
def test_a_value_lies_within_its_interval(items: list[tuple[float, str]]) -> None:
    scores, clusters = [score for score, _ in items], [cluster for _, cluster in items]
    found = clustered_mean(scores, clusters)
    if found.low is not None and found.high is not None and found.value is not None:
        assert found.low - 1e-12 <= found.value <= found.high + 1e-12
