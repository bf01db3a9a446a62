"""When an assistant speaks, and whether what it says is right: ProAssist's matching of utterances.

Source of the formulas: 2506.05904; pred_match.py and stream_evaluator.py in mmassist/eval/evaluators of
pro-assist/ProAssist (9d0b2b2). The published code gives the costs to a sparse matrix, where a cost of exactly 0 is
no edge: an utterance that says the same at the same frame is matched elsewhere, and counts as redundant, its
reference as missed. Here both can be had: a dense assignment, which mends that, and the published one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from woz.dataset.measures.assignment import assigned

DISTANCE, POWER = 0.3, 1.5
CORRECT = 0.5
WINDOWS = {
    "ego4d": (-4.0, 8.5),
    "epickitchens": (-1.5, 3.0),
    "holoassist": (-1.5, 2.5),
    "egoexolearn": (-2.0, 3.5),
    "assembly101": (-2.0, 4.0),
    "wtag": (-3.0, 6.0),
}
"""How many seconds before and after a prediction its reference may be, by data set (eval_utils.py)."""
Likeness = Callable[[str, str], float]
"""The cosine of two texts' meanings, -1 to 1."""


class Said(NamedTuple):
    """An utterance at a frame."""

    frame: int
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    predicted: Said
    reference: Said
    likeness: float


@dataclass(frozen=True, slots=True)
class Matching:
    pairs: tuple[Pair, ...]
    missed: tuple[Said, ...]
    redundant: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class TalkScores:
    """`matched` pairs, of which `correct` are alike enough; None where a denominator is empty. `time_diff_s` is the
    mean distance of correct pairs, `bias_s` the mean with its sign: positive where the prediction is late.
    """

    matched: int
    correct: int
    missed: int
    redundant: int
    precision: float | None
    recall: float | None
    f1: float | None
    jaccard: float | None
    missing_rate: float | None
    redundant_rate: float | None
    semantic_score: float | None
    time_diff_s: float | None
    bias_s: float | None


def on_frames(utterances: Sequence[tuple[float, str]], frame_rate: float) -> list[Said]:
    """Times (s) as frames, rounded down; one that falls on an earlier one's frame goes to the next, as ProAssist
    prepares its data (prepare_dialogs.py).
    """
    found = list[Said]()
    for time_s, text in sorted(utterances, key=lambda each: each[0]):
        frame = int(time_s * frame_rate)
        found.append(Said(max(frame, found[-1].frame + 1) if found else frame, text))
    return found


def match(
    predicted: Sequence[Said],
    reference: Sequence[Said],
    window: tuple[int, int],
    likeness: Likeness,
    frames: int | None = None,
    published: bool = False,
) -> Matching | None:
    """Each prediction goes to a frame of its window (in frames), at the cost of unlikeness and distance, 1 for
    silence. None where the published flaw leaves a prediction without any frame: that code ends with an error.
    """
    if not predicted:
        return Matching((), tuple(reference), ())
    spoken = {each.frame: each for each in reference}
    most = frames if frames is not None else max([*spoken, *(each.frame for each in predicted)]) + window[1] + 1
    known = dict[tuple[int, int], float]()
    costs, first = _costs(predicted, spoken, window, most, likeness, known)
    if published:
        costs[costs == 0] = np.inf
    columns = assigned(costs)
    if columns is None:
        return None
    taken = {column + first: row for row, column in enumerate(columns)}
    pairs = tuple(
        Pair(predicted[row], spoken[at], known[row, at]) for at, row in sorted(taken.items()) if at in spoken
    )
    redundant = tuple(predicted[row] for at, row in sorted(taken.items()) if at not in spoken)
    return Matching(pairs, tuple(each for each in reference if each.frame not in taken), redundant)


def _costs(
    predicted: Sequence[Said],
    spoken: dict[int, Said],
    window: tuple[int, int],
    most: int,
    likeness: Likeness,
    known: dict[tuple[int, int], float],
) -> tuple[np.ndarray, int]:
    """Predictions by frames from the second value on; what pairs are like is put into `known`."""
    left, right = window
    first = max(0, min(each.frame for each in predicted) + left)
    last = min(most - 1, max(each.frame for each in predicted) + right)
    costs = np.full((len(predicted), last - first + 1), np.inf)
    scale = DISTANCE / max(abs(left), right, 1) ** POWER
    for row, each in enumerate(predicted):
        for at in range(max(first, each.frame + left), min(last, each.frame + right) + 1):
            cost = 1.0
            if at in spoken:
                known[row, at] = abs(likeness(each.text, spoken[at].text))
                cost = 1 - known[row, at]
            costs[row, at - first] = max(0.0, cost) + scale * abs(at - each.frame) ** POWER
    return costs, first


def talk_scores(matchings: Sequence[Matching], frame_rate: float) -> TalkScores:
    """Counts pooled over dialogues, as stream_evaluator.py pools them."""
    pairs = [pair for each in matchings for pair in each.pairs]
    right = [pair for pair in pairs if pair.likeness > CORRECT]
    missed, redundant = (sum(len(getattr(each, name)) for each in matchings) for name in ("missed", "redundant"))
    apart = [(pair.predicted.frame - pair.reference.frame) / frame_rate for pair in right]
    precision = _share(len(right), len(pairs) + redundant)
    recall = _share(len(right), len(pairs) + missed)
    return TalkScores(
        len(pairs),
        len(right),
        missed,
        redundant,
        precision,
        recall,
        _share(2 * len(right), 2 * len(pairs) + missed + redundant),
        _share(len(right), len(pairs) + missed + redundant),
        _share(missed, len(pairs) + missed),
        _share(redundant, len(pairs) + redundant),
        _mean([pair.likeness for pair in right]),
        _mean([abs(each) for each in apart]),
        _mean(apart),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
