"""The measures of agreement beside others' code, to the last digit that doubles leave: scikit-learn, NLTK,
pyannote.metrics; and beside figures that statsmodels, irrcac and krippendorff gave of the same data, which are not
installed here."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import edit_distance, interval_distance
from pyannote.core import Annotation, Timeline
from pyannote.core import Segment as Span
from pyannote.metrics.detection import DetectionAccuracy
from pyannote.metrics.identification import IdentificationErrorRate
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score  # type: ignore[import-untyped]

from woz.annotation.measures.alpha import Measurement, alpha_of_time, krippendorff_alpha
from woz.annotation.measures.kappa import cohen_kappa, fleiss_kappa, gwet_ac1, raw_agreement, tally
from woz.annotation.measures.segment import GAP, Confusion, Segment, confusion
from woz.annotation.measures.segmentation import edit_score, hits_at

S = 1_000_000_000
LENGTH = 300 * S
EXACT = 1e-12
SEEDS = range(20)


def _tier(draw: random.Random, near: list[Segment] | None = None) -> list[Segment]:
    """Without overlaps; `near` another one's, as a second annotator marks the same."""
    if near is not None:
        moved = ((s.start_ns + draw.randint(-S, S), s.end_ns + draw.randint(-S, S), s.label) for s in near)
        kept = [
            (max(0, a), b, draw.choice("abc") if draw.random() < 0.2 else c)
            for a, b, c in moved
            if draw.random() < 0.9
        ]
    else:
        cuts = sorted(draw.sample(range(0, LENGTH, S // 50), 30))
        kept = [(a, b, draw.choice("abc")) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    found, at = [], 0
    for start, end, label in sorted(kept):
        begin = max(at, start)
        if end > begin:
            found.append(Segment(begin, min(end, LENGTH), label))
            at = end
    return found


def _two(seed: int) -> tuple[list[Segment], list[Segment], Confusion]:
    draw = random.Random(seed)
    one = _tier(draw)
    other = _tier(draw, one)
    return one, other, confusion(one, other, LENGTH)


@pytest.mark.parametrize("seed", SEEDS)
def test_kappa_and_time_agreement_are_those_of_scikit_learn(seed: int) -> None:
    *_, found = _two(seed)
    pairs, times = zip(*found.items(), strict=True)
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    kappa, time = cohen_kappa(found), raw_agreement(found)
    assert kappa == pytest.approx(cohen_kappa_score(first, second, sample_weight=times), abs=EXACT)
    assert time == pytest.approx(accuracy_score(first, second, sample_weight=times), abs=EXACT)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_and_kappas_are_those_of_nltk(seed: int) -> None:
    draw = random.Random(seed)
    ratings = [
        [draw.choice("aab") if draw.random() < 0.6 else draw.choice("abc") for _ in range(40)] for _ in range(3)
    ]
    task = AnnotationTask([(str(c), str(u), v) for c, row in enumerate(ratings) for u, v in enumerate(row)])
    assert krippendorff_alpha(ratings) == pytest.approx(task.alpha(), abs=EXACT)
    pair = Counter(zip(ratings[0], ratings[1], strict=True))
    assert cohen_kappa(pair) == pytest.approx(task.kappa_pairwise("0", "1"), abs=EXACT)
    ratings_two = ratings[:2]
    two = AnnotationTask([(str(c), str(u), v) for c, row in enumerate(ratings_two) for u, v in enumerate(row)])
    table = [[column.count(label) for label in "abc"] for column in zip(*ratings_two, strict=True)]
    assert fleiss_kappa(tally(table)) == pytest.approx(two.pi(), abs=EXACT)
    assert alpha_of_time(dict(pair), 1) == pytest.approx(two.alpha(), abs=EXACT)
    numbers = [[float(ord(value)) for value in row] for row in ratings]
    task = AnnotationTask(
        [(str(c), str(u), v) for c, row in enumerate(numbers) for u, v in enumerate(row)],
        distance=interval_distance,
    )
    assert krippendorff_alpha(numbers, Measurement.INTERVAL) == pytest.approx(task.alpha(), abs=EXACT)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_time_in_each_pair_of_labels_is_that_of_pyannote(seed: int) -> None:
    """Its error rate is confusion, missed time and false alarms over the reference's time; its accuracy is of
    speech or not."""
    one, other, found = _two(seed)
    sides = []
    for side in (one, other):
        annotation = Annotation()
        for i, each in enumerate(side):
            annotation[Span(each.start_ns / S, each.end_ns / S), i] = each.label
        sides.append(annotation)
    whole = Timeline([Span(0, LENGTH / S)])
    wrong = sum(n for (a, b), n in found.items() if a != b)
    marked = sum(n for (a, _), n in found.items() if a != GAP)
    rate = IdentificationErrorRate()(*sides, uem=whole)
    assert wrong / marked == pytest.approx(rate, abs=1e-9)
    same = sum(n for (a, b), n in found.items() if (a == GAP) == (b == GAP))
    assert same / LENGTH == pytest.approx(DetectionAccuracy()(*sides, uem=whole), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_edit_scores_are_those_of_nltk_s_distance_and_f1_of_scikit_learn_s(seed: int) -> None:
    one, other, _ = _two(seed)
    labels = [[each.label for each in side] for side in (one, other)]
    distance = edit_distance(*labels) / max(map(len, labels))
    assert edit_score(*labels) == pytest.approx(1 - distance, abs=EXACT)
    found = hits_at(one, other, 0.5)
    truth = [1] * (found.hits + found.missed) + [0] * found.false
    told = [1] * found.hits + [0] * found.missed + [1] * found.false
    assert found.f1 == pytest.approx(f1_score(truth, told), abs=EXACT)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("iou", [0.1, 0.25, 0.5])
def test_hits_are_as_many_as_a_plain_reading_of_the_definition_finds(seed: int, iou: float) -> None:
    """By arrays over all pairs: each predicted one looks at its best of its label; the first to come has it."""
    one, other, _ = _two(seed)
    table = np.zeros((len(other), len(one)))
    for (j, b), (i, a) in product(enumerate(other), enumerate(one)):
        shared = max(0, min(a.end_ns, b.end_ns) - max(a.start_ns, b.start_ns))
        union = max(a.end_ns, b.end_ns) - min(a.start_ns, b.start_ns)
        table[j, i] = shared / union * (a.label == b.label)
    free, hits = np.ones(len(one)), 0
    for row in table:
        best = int(row.argmax())
        if row[best] >= iou and free[best]:
            free[best], hits = 0, hits + 1
    assert hits_at(one, other, iou).hits == hits


def _ratings() -> list[list[int | None]]:
    """Four raters and thirty items of five ordered values; some left out."""
    draw = random.Random(2026)
    truth = [draw.randint(1, 5) for _ in range(30)]

    def given(value: int) -> int | None:
        if draw.random() < 0.1:
            return None
        return min(5, max(1, value + draw.choice((0, 0, 0, 0, -1, 1, 2))))

    return [[given(value) for value in truth] for _ in range(4)]


def test_figures_of_other_code_on_four_raters_of_five_values() -> None:
    """statsmodels 0.15.0 (where a missing value counts as 3), krippendorff 0.9.0, irrCAC 0.4.4."""
    ratings = _ratings()
    whole = [[3 if value is None else value for value in row] for row in ratings]
    table = [[column.count(value) for value in range(1, 6)] for column in zip(*whole, strict=True)]
    assert fleiss_kappa(tally(table)) == pytest.approx(0.33523945675482475, abs=EXACT)
    pair = Counter((str(a), str(b)) for a, b in zip(whole[0], whole[1], strict=True))
    assert cohen_kappa(pair) == pytest.approx(0.4460227272727273, abs=EXACT)
    for level, value in (
        (Measurement.NOMINAL, 0.39136273678258393),
        (Measurement.ORDINAL, 0.7638139879820491),
        (Measurement.INTERVAL, 0.801396902520498),
        (Measurement.RATIO, 0.7900501222422303),
    ):
        assert krippendorff_alpha(ratings, level) == pytest.approx(value, abs=EXACT)
    some = [[column.count(value) for value in range(1, 6)] for column in zip(*ratings, strict=True)]
    assert gwet_ac1(tally(some)) == pytest.approx(0.392603102172288, abs=EXACT)
    assert fleiss_kappa(tally(some)) == pytest.approx(0.373566400379657, abs=EXACT)
