"""Agreement beyond chance: Cohen's and Fleiss' kappa, and Gwet's AC1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from woz.annotation.measures.disagreement import Disagreement, beyond_chance

Tally = Mapping[tuple[int, ...], float]
"""How many items (or how much time) have how many raters in each category."""


def raw_agreement(confusion: Mapping[tuple[str, str], float]) -> float | None:
    """The share of equal pairs. None where there are no pairs."""
    total = sum(confusion.values())
    return sum(n for (a, b), n in confusion.items() if a == b) / total if total else None


def cohen_kappa(confusion: Mapping[tuple[str, str], float]) -> float | None:
    """Cohen, "A coefficient of agreement for nominal scales", 1960, of counts (or of time) by pair of labels.

    None where chance alone would agree always: where both gave one and the same label throughout.
    """
    return beyond_chance(cohen_disagreement(confusion))


def cohen_disagreement(confusion: Mapping[tuple[str, str], float]) -> Disagreement | None:
    """What `cohen_kappa` is made of. None where there are no pairs."""
    total = sum(confusion.values())
    if not total:
        return None
    rows, columns = Counter[str](), Counter[str]()
    for (a, b), n in confusion.items():
        rows[a] += n  # type: ignore[assignment]
        columns[b] += n  # type: ignore[assignment]
    apart = sum(n for (a, b), n in confusion.items() if a != b)
    chance = sum(rows[label] * columns[label] for label in rows) / total**2
    return Disagreement(apart / total, 1 - chance)


def tally(ratings: Iterable[Sequence[int]]) -> Tally:
    """Of rows, each an item, with how many raters chose each category."""
    return Counter(tuple(row) for row in ratings)


def observed_agreement(ratings: Tally) -> float | None:
    """The mean, over the items that two or more raters judged, of the share of pairs of raters that agree. None
    where nobody judged the same item.
    """
    judged = [(row, weight) for row, weight in ratings.items() if sum(row) > 1]
    total = sum(weight for _, weight in judged)
    return 1 - sum(apart(row) * weight for row, weight in judged) / total if total else None


def apart(row: Sequence[int]) -> float:
    """Of an item that two or more raters judged: the share of pairs of them that don't agree."""
    count = sum(row)
    return 1 - (sum(n * n for n in row) - count) / (count * (count - 1))


def fleiss_kappa(ratings: Tally) -> float | None:
    """Fleiss, "Measuring nominal scale agreement among many raters", 1971; where items have different numbers of
    raters, as in Gwet, "Handbook of Inter-Rater Reliability", 4th ed. 2014: an item's share of a category is that
    among its own raters, and one rater alone counts for the shares only. None where it isn't defined.
    """
    return beyond_chance(fleiss_disagreement(ratings))


def fleiss_disagreement(ratings: Tally) -> Disagreement | None:
    """What `fleiss_kappa` is made of. None where nobody judged the same item."""
    observed = observed_agreement(ratings)
    return None if observed is None else Disagreement(1 - observed, 1 - sum(share**2 for share in _shares(ratings)))


def gwet_ac1(ratings: Tally) -> float | None:
    """Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", 2008: as
    `fleiss_kappa`, but with a chance that stays small where one category prevails.
    """
    return beyond_chance(gwet_disagreement(ratings))


def gwet_disagreement(ratings: Tally) -> Disagreement | None:
    """What `gwet_ac1` is made of. None where nobody judged the same item, and of fewer than two categories."""
    observed, shares = observed_agreement(ratings), _shares(ratings)
    if observed is None or len(shares) < 2:
        return None
    chance = sum(share * (1 - share) for share in shares) / (len(shares) - 1)
    return Disagreement(1 - observed, 1 - chance)


def _shares(ratings: Tally) -> list[float]:
    """The mean share of each category over the items."""
    judged = [(row, sum(row), weight) for row, weight in ratings.items() if sum(row)]
    total = sum(weight for *_, weight in judged)
    if not total:
        return []
    return [sum(row[i] / count * weight for row, count, weight in judged) / total for i in range(len(judged[0][0]))]
