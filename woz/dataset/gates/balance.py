"""What guessing wins without looking: by place, by length, by likeness to the question."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from woz.dataset.gates.item import Gate, Item
from woz.dataset.texts import jaccard, words_of

NAME = "balance"
DOUBTFUL_P = 0.01
_CHOICES: tuple[tuple[str, Callable[[Item], int]], ...] = (
    ("the longest option", lambda item: _first(item, lambda text: len(text))),
    ("the shortest option", lambda item: _first(item, lambda text: -len(text))),
    ("the option most like the question", lambda item: _first(item, lambda text: _likeness(item, text))),
)


def balance_gate(items: Sequence[Item]) -> Gate:
    """It judges the set, no item: nothing is flagged."""
    several = [item for item in items if len(item.options) > 1]
    if not several:
        return Gate(NAME, 0)
    chance, spread = chance_of(several)
    told = [_places(several)]
    for name, choose in _CHOICES:
        hits = sum(choose(item) == item.right for item in several)
        told.append(f"Taking {name} is right in {_share(hits, several)}; chance {100 * chance:.1f} %.")
        if hits > len(several) * chance + 2.58 * spread:
            told[-1] += " That is more than chance: change wrong answers."
    return Gate(NAME, len(several), whole=tuple(told))


def chance_of(items: Sequence[Item]) -> tuple[float, float]:
    """What a guess wins on average, and the standard deviation of the number of hits."""
    parts = [1 / len(item.options) for item in items]
    return sum(parts) / len(parts), math.sqrt(sum(p * (1 - p) for p in parts))


def _places(items: Sequence[Item]) -> str:
    """Pearson's chi-square of the right answer's place, against what each item's number of options expects."""
    seen, expected = Counter(item.right for item in items), dict[int, float]()
    for item in items:
        for place in range(len(item.options)):
            expected[place] = expected.get(place, 0.0) + 1 / len(item.options)
    chi2 = sum((seen[place] - wanted) ** 2 / wanted for place, wanted in expected.items())
    p = chi2_above(chi2, len(expected) - 1)
    places = ", ".join(f"{chr(65 + place)} {seen[place]}" for place in sorted(expected))
    verdict = "uneven" if p < DOUBTFUL_P else "even"
    return f"The right answer's places are {verdict} ({places}; chi-square {chi2:.2f}, p {p:.3f})."


def chi2_above(x: float, df: int) -> float:
    """The chance of a chi-square value of x or more, by the series of the incomplete gamma function."""
    if x <= 0 or df < 1:
        return 1.0
    a, half = df / 2, x / 2
    term = total = 1 / a
    for n in range(1, 10_000):
        term *= half / (a + n)
        total += term
        if term < total * 1e-12:
            break
    return max(0.0, 1 - total * math.exp(a * math.log(half) - half - math.lgamma(a)))


def _first(item: Item, measure: Callable[[str], float]) -> int:
    return max(range(len(item.options)), key=lambda i: (measure(item.options[i]), -i))


def _likeness(item: Item, text: str) -> float:
    return jaccard(frozenset(words_of(item.question.text)), frozenset(words_of(text)))


def _share(hits: int, items: Sequence[Item]) -> str:
    return f"{100 * hits / len(items):.1f} % of {len(items)}"
