"""Agreement beyond chance: Cohen's and Fleiss' kappa, and Gwet's AC1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence


def raw_agreement(confusion: Mapping[tuple[str, str], float]) -> float | None:
    """The share of equal pairs. None where there are no pairs."""
    total = sum(confusion.values())
    return sum(n for (a, b), n in confusion.items() if a == b) / total if total else None


def cohen_kappa(confusion: Mapping[tuple[str, str], float]) -> float | None:
    """Cohen, "A coefficient of agreement for nominal scales", 1960, of counts (or of time) by pair of labels.

    None where chance alone would agree always: where both gave one and the same label throughout.
    """
    total = sum(confusion.values())
    if not total:
        return None
    rows, columns = Counter[str](), Counter[str]()
    for (a, b), n in confusion.items():
        rows[a] += n  # type: ignore[assignment]
        columns[b] += n  # type: ignore[assignment]
    observed = sum(n for (a, b), n in confusion.items() if a == b) / total
    chance = sum(rows[label] * columns[label] for label in rows) / total**2
    return None if chance >= 1 else (observed - chance) / (1 - chance)


def fleiss_kappa(ratings: Sequence[Sequence[int]]) -> float | None:
    """Fleiss, "Measuring nominal scale agreement among many raters", 1971: rows are items, columns how many raters
    chose each category; each row has the same sum, of two at least. None where it isn't defined.

    Raises ValueError for rows of different sums.
    """
    shares = _shares(ratings)
    if shares is None:
        return None
    observed, by_category = shares
    chance = sum(share**2 for share in by_category)
    return None if chance >= 1 else (observed - chance) / (1 - chance)


def gwet_ac1(ratings: Sequence[Sequence[int]]) -> float | None:
    """Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", 2008: as
    `fleiss_kappa`, but with a chance that stays small where one category prevails.
    """
    shares = _shares(ratings)
    if shares is None or len(shares[1]) < 2:
        return None
    observed, by_category = shares
    chance = sum(share * (1 - share) for share in by_category) / (len(by_category) - 1)
    return (observed - chance) / (1 - chance)


def _shares(ratings: Sequence[Sequence[int]]) -> tuple[float, list[float]] | None:
    """The observed agreement, and the share of each category."""
    if not ratings:
        return None
    raters = sum(ratings[0])
    if any(sum(row) != raters for row in ratings):
        raise ValueError("every item needs the same number of ratings")
    if raters < 2:
        return None
    pairs = raters * (raters - 1)
    observed = sum((sum(n * n for n in row) - raters) / pairs for row in ratings) / len(ratings)
    total = raters * len(ratings)
    return observed, [sum(row[i] for row in ratings) / total for i in range(len(ratings[0]))]
