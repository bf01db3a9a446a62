"""Krippendorff's alpha: of values given to the same units, and of units that annotators cut out themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise, permutations

from woz.annotation.measures.segment import Segment

Value = float | str


class Measurement(StrEnum):
    """What a difference between two values means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def krippendorff_alpha(
    ratings: Sequence[Sequence[Value | None]], measurement: Measurement = Measurement.NOMINAL
) -> float | None:
    """Krippendorff, "Computing Krippendorff's alpha-reliability", 2011: a row a coder, a column a unit, None where
    the coder gave no value. None where fewer than two values can be paired, or all are the same.

    Raises ValueError for texts on another than the nominal level.
    """
    if measurement != Measurement.NOMINAL and any(isinstance(v, str) for row in ratings for v in row):
        raise ValueError("only nominal values may be texts")
    return _alpha(_coincidences(ratings), measurement)


def alpha_of_time(confusion: Mapping[tuple[str, str], float], unit: float) -> float | None:
    """The nominal alpha of two coders over time: `confusion` is how much of it has which pair of labels, and each
    `unit` of it (in the same measure) is one that both coded. None as `krippendorff_alpha`.
    """
    pairs: dict[tuple[Value, Value], float] = {}
    for (a, b), n in confusion.items():
        for pair in ((a, b), (b, a)):
            pairs[pair] = pairs.get(pair, 0.0) + n / unit
    return _alpha(pairs, Measurement.NOMINAL)


def _alpha(pairs: Mapping[tuple[Value, Value], float], measurement: Measurement) -> float | None:
    totals = Counter[Value]()
    for (a, _), n in pairs.items():
        totals[a] += n  # type: ignore[assignment]
    count = sum(totals.values())
    distance = _distance(measurement, totals)
    observed = sum(n * distance(a, b) for (a, b), n in pairs.items())
    expected = sum(totals[a] * totals[b] * distance(a, b) for a in totals for b in totals)
    return None if expected == 0 else 1 - (count - 1) * observed / expected


def _coincidences(ratings: Sequence[Sequence[Value | None]]) -> dict[tuple[Value, Value], float]:
    found: dict[tuple[Value, Value], float] = {}
    for unit in zip(*ratings, strict=True):
        values = [value for value in unit if value is not None]
        if len(values) > 1:
            for a, b in permutations(values, 2):
                found[a, b] = found.get((a, b), 0.0) + 1 / (len(values) - 1)
    return found


def _distance(measurement: Measurement, totals: Mapping[Value, float]) -> Callable[[Value, Value], float]:
    if measurement == Measurement.NOMINAL:
        return lambda a, b: float(a != b)
    if measurement == Measurement.ORDINAL:
        return _ranks_apart(totals)
    if measurement == Measurement.INTERVAL:
        return lambda a, b: (float(a) - float(b)) ** 2
    return lambda a, b: 0.0 if a == b else ((float(a) - float(b)) / (float(a) + float(b))) ** 2


def _ranks_apart(totals: Mapping[Value, float]) -> Callable[[Value, Value], float]:
    ordered = sorted(totals, key=float)
    middle: dict[Value, float] = {}
    below = 0.0
    for value in ordered:
        middle[value] = below + totals[value] / 2
        below += totals[value]
    return lambda a, b: (middle[a] - middle[b]) ** 2


def unitizing_alpha(coders: Sequence[Sequence[Segment]], length: int, unit: int = 1) -> float | None:
    """Krippendorff, "On the reliability of unitizing continuous data", 1995, over the continuum [0, length), with
    differences and expectations summed over the labels.

    Times are rounded to multiples of `unit` (both in ns). None with fewer than two coders, and where nobody marked
    anything. Raises ValueError where segments of one coder and label overlap.
    """
    labels = sorted({each.label for segments in coders for each in segments})
    whole = length // unit
    if len(coders) < 2 or whole < 1:
        return None
    found = [_one_label([_sections(c, label, whole, unit) for c in coders], whole) for label in labels]
    observed, expected = sum(each[0] for each in found), sum(each[1] for each in found)
    return None if expected == 0 else 1 - observed / expected


Section = tuple[int, int, bool]
"""Start, end, and whether it is a unit (else a gap)."""


def _sections(segments: Sequence[Segment], label: str, whole: int, unit: int) -> list[Section]:
    """The units of a label and the gaps between them, by time; what is empty after rounding is left out."""
    units = sorted(
        (min(round(each.start_ns / unit), whole), min(round(each.end_ns / unit), whole))
        for each in segments
        if each.label == label
    )
    units = [(start, end) for start, end in units if end > start]
    if any(later[0] < earlier[1] for earlier, later in pairwise(units)):
        raise ValueError(f"segments labelled {label} overlap")
    sections: list[Section] = []
    at = 0
    for start, end in units:
        if start > at:
            sections.append((at, start, False))
        sections.append((start, end, True))
        at = end
    return [*sections, (at, whole, False)] if at < whole else sections


def _one_label(coders: Sequence[Sequence[Section]], whole: int) -> tuple[float, float]:
    """Observed and expected disagreement."""
    count = len(coders)
    apart = sum(_apart(a, b) for a, b in permutations(coders, 2))
    lengths = [end - start for sections in coders for start, end, is_unit in sections if is_unit]
    gaps = [end - start for sections in coders for start, end, is_unit in sections if not is_unit]
    total = sum(
        (len(lengths) - 1) / 3 * (2 * n**3 - 3 * n**2 + n) + n**2 * sum(gap - n + 1 for gap in gaps if gap >= n)
        for n in lengths
    )
    pairs = count * whole * (count * whole - 1) - sum(n * (n - 1) for n in lengths)
    return apart / (count * (count - 1) * whole**2), 2 / whole * total / pairs if pairs else 0.0


def _apart(one: Sequence[Section], other: Sequence[Section]) -> int:
    """The sum of the differences of all sections of the one with those of the other that touch them."""
    total = first = 0
    for start, end, is_unit in one:
        while first < len(other) and other[first][1] <= start:
            first += 1
        i = first
        while i < len(other) and other[i][0] < end:
            total += _difference((start, end, is_unit), other[i])
            i += 1
    return total


def _difference(one: Section, other: Section) -> int:
    if one[2] and other[2]:
        return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
    if one[2] and not other[2] and other[0] <= one[0] and one[1] <= other[1]:
        return (one[1] - one[0]) ** 2
    return 0
