"""How well a dialogue's times fit what is done: ProAssist's automatic score, and what it lets through.

Sources: arXiv 2506.05904; auto_eval.py and filter_and_split.py in mmassist/datasets/generate of
pro-assist/ProAssist (9d0b2b2). score = 10 - (p + r + 0.1 q), p the mean distance (s) of a turn to the nearest time
of the outline, r that of a beginning to the nearest turn, q the number of the user's turns that end in a question
mark and that the assistant does not answer next, within 2 s (the last turn is not counted).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean

from woz.dataset.synthesis.dialogue import Dialogue, Quality, Turn, UserType
from woz.dataset.synthesis.outline import Outline

BEST, UNANSWERED, ANSWER_WITHIN_S = 10.0, 0.1, 2.0
LEAST_TRAIN, LEAST_EVALUATED = 3.0, 5.0
TRAIN = "train"


def quality(turns: Sequence[Turn], outline: Outline) -> Quality | None:
    """None where there is nothing to compare."""
    times, starts, said = outline.times_s, outline.starts_s, [each.time for each in turns]
    if not said or not starts:
        return None
    to_steps = fmean(_nearest(t, times) for t in said)
    to_turns = fmean(_nearest(t, said) for t in starts)
    open_ones = sum(_unanswered(*pair) for pair in pairwise(turns))
    return Quality(to_steps, to_turns, open_ones, BEST - (to_steps + to_turns + UNANSWERED * open_ones))


def good_enough(dialogues: Iterable[Dialogue], split: str) -> list[Dialogue]:
    """For training all of `LEAST_TRAIN` or more; for evaluation the best of each kind of user, of `LEAST_EVALUATED`
    or more, and none where a kind has none.
    """
    if split == TRAIN:
        return [each for each in dialogues if each.quality.score >= LEAST_TRAIN]
    best = dict[UserType, Dialogue]()
    for each in dialogues:
        known = best.get(each.user_type)
        if each.quality.score >= LEAST_EVALUATED and (known is None or each.quality.score > known.quality.score):
            best[each.user_type] = each
    return [best[kind] for kind in UserType] if len(best) == len(UserType) else []


def _nearest(time_s: float, among: Sequence[float]) -> float:
    return min(abs(each - time_s) for each in among)


def _unanswered(turn: Turn, following: Turn) -> bool:
    asks = not turn.by_assistant and turn.text.endswith("?")
    return asks and not (following.by_assistant and following.time - turn.time <= ANSWER_WITHIN_S)
