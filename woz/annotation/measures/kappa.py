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


def observed_agreement(ratings: Sequence[Sequence[int]]) -> float | None:
    """The mean, over the items that two or more raters judged, of the share of pairs of raters that agree. Rows are
    items, columns how many raters chose each category. None where nobody judged the same item.
    """
    pairs = [(sum(n * n for n in row) - sum(row), sum(row) * (sum(row) - 1)) for row in ratings if sum(row) > 1]
    return sum(agreeing / all_ for agreeing, all_ in pairs) / len(pairs) if pairs else None


def fleiss_kappa(ratings: Sequence[Sequence[int]]) -> float | None:
    """Fleiss, "Measuring nominal scale agreement among many raters", 1971; where items have different numbers of
    raters, as in Gwet, "Handbook of Inter-Rater Reliability", 4th ed. 2014: an item's share of a category is that
    among its own raters, and one rater alone counts for the shares only. None where it isn't defined.
    """
    observed, shares = observed_agreement(ratings), _shares(ratings)
    chance = sum(share**2 for share in shares)
    return None if observed is None or chance >= 1 else (observed - chance) / (1 - chance)


def gwet_ac1(ratings: Sequence[Sequence[int]]) -> float | None:
    """Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", 2008: as
    `fleiss_kappa`, but with a chance that stays small where one category prevails.
    """
    observed, shares = observed_agreement(ratings), _shares(ratings)
    if observed is None or len(shares) < 2:
        return None
    chance = sum(share * (1 - share) for share in shares) / (len(shares) - 1)
    return (observed - chance) / (1 - chance)


def _shares(ratings: Sequence[Sequence[int]]) -> list[float]:
    """The mean share of each category over the items."""
    judged = [row for row in ratings if sum(row)]
    return [sum(row[i] / sum(row) for row in judged) / len(judged) for i in range(len(judged[0]))] if judged else []
