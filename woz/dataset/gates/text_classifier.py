"""Whether a classifier of words finds the right option without the video, tried on groups it didn't learn from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from woz.base.counts import counted
from woz.dataset.gates.balance import chance_of
from woz.dataset.gates.conditional_logit import Choices, Hashed, fitted, hashed
from woz.dataset.gates.item import Finding, Gate, Item
from woz.dataset.texts import jaccard, ngrams, words_of

OPTIONS_ONLY, WITH_QUESTION = "options only", "question and options"
FOLDS = 5
FEWEST = 20
"""With fewer items nothing is learnt that could be believed."""
SURE = 0.8
"""An item is flagged that is found with such a probability."""
SIGNIFICANT = 1.645
"""Standard deviations above chance at which the set is said to leak (one-sided 5 %); nothing is flagged below."""


def options_only_gate(items: Sequence[Item], sure: float = SURE) -> Gate:
    return _gate(OPTIONS_ONLY, items, False, sure)


def question_gate(items: Sequence[Item], sure: float = SURE) -> Gate:
    return _gate(WITH_QUESTION, items, True, sure)


def _gate(name: str, items: Sequence[Item], with_question: bool, sure: float) -> Gate:
    several = [item for item in items if len(item.options) > 1]
    folds = [_fold(item.group) for item in several]
    if len(several) < FEWEST or len(set(folds)) < 2:
        return Gate(
            name,
            len(several),
            whole=(f"Too few questions or groups to learn from: {counted(len(several), 'question')}.",),
        )
    chances = held_out([_features(item, with_question) for item in several], [i.right for i in several], folds)
    hits = sum(int(np.argmax(p)) == item.right for p, item in zip(chances, several, strict=True))
    chance, spread = chance_of(several)
    above = (hits - chance * len(several)) / spread
    told = (
        f"Found {100 * hits / len(several):.1f} % of {len(several)} without the video; chance {100 * chance:.1f} %."
    )
    if above < SIGNIFICANT:
        return Gate(name, len(several), whole=(f"{told} That is not more than chance.",))
    findings = [
        Finding(
            item.question.id, f"Found without the video, with {p[item.right]:.0%}, from words that others share."
        )
        for p, item in zip(chances, several, strict=True)
        if p[item.right] >= sure
    ]
    return Gate(name, len(several), tuple(findings), (f"{told} That is {above:.1f} standard deviations above.",))


def held_out(features: Sequence[Sequence[Hashed]], right: Sequence[int], folds: Sequence[int]) -> list[list[float]]:
    """The probability of each option of each item, by weights that were learnt on the other folds."""
    found: list[list[float]] = [[] for _ in features]
    for fold in sorted(set(folds)):
        learnt = [(features[i], right[i]) for i in range(len(features)) if folds[i] != fold]
        tried = [i for i in range(len(features)) if folds[i] == fold]
        choices = Choices.of([(features[i], right[i]) for i in tried])
        chances = choices.probabilities(fitted(Choices.of(learnt)))
        for i, start in zip(tried, choices.starts, strict=True):
            found[i] = chances[start : start + len(features[i])].tolist()
    return found


def _fold(group: str) -> int:
    return hashlib.sha256(group.encode()).digest()[0] % FOLDS


def _features(item: Item, with_question: bool) -> list[Hashed]:
    asked = frozenset(words_of(item.question.text))
    order = sorted(range(len(item.options)), key=lambda i: (len(item.options[i]), i))
    found = []
    for i, text in enumerate(item.options):
        words = words_of(text)
        own = [f"w {gram}" for gram in ngrams(words, 2)]
        own += [f"rank {order.index(i)}/{len(order)}", f"words {min(len(words), 12)}", f"end {text.strip()[-1:]}"]
        own += [f"begins {words[0]}"] if words else []
        if with_question:
            own.append(f"like {round(4 * jaccard(asked, frozenset(words)))}")
            own += [f"x {word} {other}" for word in sorted(asked) for other in words]
        found.append(hashed(own))
    return found
