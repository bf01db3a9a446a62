"""When to speak: the matching that ProAssist publishes and its mended form, PAUC, and other benchmarks' rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from woz.dataset.measures.assignment import assigned
from woz.dataset.measures.proactive import (
    ovo_choice,
    ovo_count,
    ovo_scores,
    ovo_yes_no,
    pauc,
    streaming_bench,
    window_scores,
)
from woz.dataset.measures.talk_matching import Said, match, on_frames, talk_scores


def alike(one: str, other: str) -> float:
    return float(one == other)


def test_a_perfect_answer_is_counted_wrong_by_the_published_code_and_right_by_the_mended_one() -> None:
    """Cost 0 on the same frame is no edge of a sparse matrix (scipy's csr_matrix drops it)."""
    said = [Said(10, "Turn it.")]
    mended, published = (match(said, said, (-2, 2), alike, published=each) for each in (False, True))
    assert mended
    assert published
    assert (len(mended.pairs), mended.missed, mended.redundant) == (1, (), ())
    assert (published.pairs, len(published.missed), len(published.redundant)) == ((), 1, 1)
    assert talk_scores([mended], 2).f1 == 1
    assert talk_scores([published], 2).f1 == 0


def test_the_published_matching_is_scipy_s() -> None:
    sparse = pytest.importorskip("scipy.sparse")
    graph = pytest.importorskip("scipy.sparse.csgraph")
    costs = np.array([[1.1, 0.0, 1.1]])
    _, columns = graph.min_weight_full_bipartite_matching(sparse.csr_matrix(costs))
    assert list(columns) == [0]
    assert assigned(np.where(costs == 0, np.inf, costs)) == [0]
    assert assigned(costs) == [1]
    _, columns = graph.min_weight_full_bipartite_matching(sparse.csr_matrix(costs + 1e-9))
    assert list(columns) == [1]


@given(st.integers(1, 6), st.integers(0, 4), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_no_assignment_is_cheaper(rows: int, more: int, seed: int) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    random = np.random.default_rng(seed)
    costs = random.integers(0, 6, (rows, rows + more)).astype(float)
    found = assigned(costs)
    assert found is not None
    assert len(set(found)) == rows
    best = costs[optimize.linear_sum_assignment(costs)].sum()
    assert sum(costs[row, column] for row, column in enumerate(found)) == best


def test_an_assignment_that_is_not_there() -> None:
    assert assigned(np.array([[np.inf, 1], [np.inf, 2]])) is None
    assert assigned(np.array([[1, np.inf], [1, 5.0]])) == [0, 1]


def test_late_and_wrong_and_redundant_and_missed() -> None:
    reference = [Said(10, "a"), Said(20, "b"), Said(40, "c")]
    predicted = [Said(11, "a"), Said(21, "x"), Said(30, "b")]
    found = match(predicted, reference, (-4, 4), alike)
    assert found
    scores = talk_scores([found], 2)
    assert (scores.matched, scores.correct, scores.missed, scores.redundant) == (1, 1, 2, 2)
    assert (scores.precision, scores.recall, scores.f1) == (1 / 3, 1 / 3, 1 / 3)
    assert (scores.time_diff_s, scores.bias_s) == (0.5, 0.5)
    assert (scores.missing_rate, scores.redundant_rate) == (2 / 3, 2 / 3)


def test_nothing_said_divides_by_nothing() -> None:
    """The published code ends with a division by zero here."""
    empty = match([], [], (-4, 4), alike)
    assert empty
    assert talk_scores([empty], 2).f1 is None
    silent = match([], [Said(3, "a")], (-4, 4), alike)
    assert silent
    assert (talk_scores([silent], 2).precision, talk_scores([silent], 2).recall) == (None, 0)


def test_utterances_of_one_frame_go_one_after_the_other() -> None:
    assert on_frames([(1.6, "b"), (1.5, "a"), (1.9, "c")], 2) == [(3, "a"), (4, "b"), (5, "c")]


@pytest.mark.parametrize(("omega", "expected"), [(0, 0.49490), (0.5, 0.74745), (1, 1.0)])
def test_pauc_as_its_paper_works_it_out(omega: float, expected: float) -> None:
    replies = [(312, 0), (328, 1), (344, 2), (352, 2)]
    assert pauc(311, 360, replies, omega) == pytest.approx(expected, abs=5e-6)
    assert pauc(311, 360, [], omega) == 0.25
    with pytest.raises(ValueError, match="outside"):
        pauc(311, 360, [(400, 1)], omega)


def test_streaming_bench_s_rule() -> None:
    assert streaming_bench(30, "done", 32, "It is done.") == (True, True)
    assert streaming_bench(30, "done", 32, "no") == (True, False)
    assert streaming_bench(30, "done", 27, "done") == (False, False)


def test_ovo_bench_s_rules() -> None:
    assert [ovo_count(each, 12) for each in ("12", "1 and 2", "about 12 times", "twelve", None)] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert [ovo_yes_no(each, True) for each in ("Yes.", "Y", "yes", "No", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert ovo_yes_no("N", False)
    assert ovo_choice("Because", "B")
    found = ovo_scores({"EPM": [True, False], "OCR": [True], "REC": [True, True], "SSR": [False]})
    assert found.groups == {"backward": 0.5, "realtime": 1, "forward": 0.5}
    assert found.total == pytest.approx(2 / 3)
    assert ovo_scores({"EPM": [True]}).total is None
    with pytest.raises(ValueError, match="XYZ"):
        ovo_scores({"XYZ": [True]})


def test_windows_are_hit_once_and_silence_is_kept() -> None:
    found = window_scores([(10, 11, 14), (12, 13, 20)], [12, 13, 18, 30], [(25, 40)])
    assert (found.hit, found.duplicates, found.outside, found.in_silence) == (2, 1, 1, 1)
    assert (found.recall, found.precision, found.error_s) == (1, 0.5, 0.5)
    assert (found.f1, found.early, found.duplicate_share) == (2 / 3, 0, 0.25)
    early = window_scores([(10, 12, 14)], [11])
    assert (early.error_s, early.early, early.f1) == (-1, 1, 1)
    assert window_scores([], []).recall is None
