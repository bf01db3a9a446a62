"""Krippendorff's alpha: of values given to the same units, and of units that annotators cut out themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise, permutations

from woz.annotation.measures.disagreement import Disagreement, beyond_chance
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
    return beyond_chance(_disagreement(_coincidences(ratings, measurement), measurement))


def alpha_shares(
    ratings: Sequence[Sequence[Value | None]], measurement: Measurement = Measurement.NOMINAL
) -> list[float | None]:
    """Of each unit: what it takes from `krippendorff_alpha`, which is 1 less the sum of them. None for one whose
    values can't be paired, and where alpha isn't defined.
    """
    pairs = _coincidences(ratings, measurement)
    found = _disagreement(pairs, measurement)
    if found is None or beyond_chance(found) is None:
        return [None for _ in zip(*ratings, strict=True)]
    distance = _distance(measurement, _totals(pairs))
    whole = sum(pairs.values()) * found.by_chance
    return [_of_unit(values, distance, whole) for values in _units(ratings)]


def _of_unit(values: Sequence[Value], distance: Callable[[Value, Value], float], whole: float) -> float | None:
    if len(values) < 2:
        return None
    return sum(distance(a, b) for a, b in permutations(values, 2)) / (len(values) - 1) / whole


def alpha_of_time(confusion: Mapping[tuple[str, str], float], unit: float) -> float | None:
    """The nominal alpha of two coders over time: `confusion` is how much of it has which pair of labels, and each
    `unit` of it (in the same measure) is one that both coded. None as `krippendorff_alpha`.
    """
    return beyond_chance(disagreement_of_time(confusion, unit))


def disagreement_of_time(confusion: Mapping[tuple[str, str], float], unit: float) -> Disagreement | None:
    """What `alpha_of_time` is made of. None where there is less than a unit."""
    pairs: dict[tuple[Value, Value], float] = {}
    for (a, b), n in confusion.items():
        for pair in ((a, b), (b, a)):
            pairs[pair] = pairs.get(pair, 0.0) + n / unit
    return _disagreement(pairs, Measurement.NOMINAL)


def _disagreement(pairs: Mapping[tuple[Value, Value], float], measurement: Measurement) -> Disagreement | None:
    totals = _totals(pairs)
    count = sum(totals.values())
    if count <= 1:
        return None
    distance = _distance(measurement, totals)
    observed = sum(n * distance(a, b) for (a, b), n in pairs.items())
    expected = sum(totals[a] * totals[b] * distance(a, b) for a in totals for b in totals)
    return Disagreement(observed / count, expected / (count * (count - 1)))


def _totals(pairs: Mapping[tuple[Value, Value], float]) -> Mapping[Value, float]:
    totals: dict[Value, float] = {}
    for (a, _), n in pairs.items():
        totals[a] = totals.get(a, 0.0) + n
    return totals


def _coincidences(
    ratings: Sequence[Sequence[Value | None]], measurement: Measurement
) -> dict[tuple[Value, Value], float]:
    if measurement != Measurement.NOMINAL and any(isinstance(v, str) for row in ratings for v in row):
        raise ValueError("only nominal values may be texts")
    found: dict[tuple[Value, Value], float] = {}
    for values in _units(ratings):
        for a, b in permutations(values, 2):
            found[a, b] = found.get((a, b), 0.0) + 1 / (len(values) - 1)
    return found


def _units(ratings: Sequence[Sequence[Value | None]]) -> list[list[Value]]:
    return [[value for value in unit if value is not None] for unit in zip(*ratings, strict=True)]


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
    return beyond_chance(unitizing_disagreement(coders, length, unit))


def unitizing_disagreement(coders: Sequence[Sequence[Segment]], length: int, unit: int = 1) -> Disagreement | None:
    """What `unitizing_alpha` is made of. None with fewer than two coders, or nothing to code."""
    labels = sorted({each.label for segments in coders for each in segments})
    whole = length // unit
    if len(coders) < 2 or whole < 1:
        return None
    found = [_one_label([_sections(c, label, whole, unit) for c in coders], whole) for label in labels]
    return Disagreement(sum(each[0] for each in found), sum(each[1] for each in found))


def units_apart(
    one: Sequence[Segment], other: Sequence[Segment], length: int, unit: int = 1
) -> list[tuple[Segment | None, Segment | None, float]]:
    """Units of one label that differ, and such as lie in a gap of the other (None), each with its part of the
    observed disagreement that `unitizing_disagreement` has of these two.
    """
    whole = length // unit
    found: list[tuple[Segment | None, Segment | None, float]] = []
    for label in sorted({each.label for each in (*one, *other)}):
        first, second = (_sections(side, label, whole, unit) for side in (one, other))
        found += [(a.unit, b.unit, apart / whole**2) for a, b, apart in _touching(first, second) if apart]
    return found


@dataclass(frozen=True, slots=True)
class Section:
    """A unit, or a gap between units (`unit` is None), in rounded times."""

    start: int
    end: int
    unit: Segment | None = None

    @property
    def length(self) -> int:
        return self.end - self.start


def _sections(segments: Sequence[Segment], label: str, whole: int, unit: int) -> list[Section]:
    """The units of a label and the gaps between them, by time; what is empty after rounding is left out."""
    units = [
        Section(min(round(each.start_ns / unit), whole), min(round(each.end_ns / unit), whole), each)
        for each in sorted(segments)
        if each.label == label
    ]
    units = [each for each in units if each.length > 0]
    if any(later.start < earlier.end for earlier, later in pairwise(units)):
        raise ValueError(f"segments labelled {label} overlap")
    sections: list[Section] = []
    at = 0
    for each in units:
        if each.start > at:
            sections.append(Section(at, each.start))
        sections.append(each)
        at = each.end
    return [*sections, Section(at, whole)] if at < whole else sections


def _one_label(coders: Sequence[Sequence[Section]], whole: int) -> tuple[float, float]:
    """Observed and expected disagreement."""
    count = len(coders)
    apart = 2 * sum(apart for a, b in combinations(coders, 2) for *_, apart in _touching(a, b))
    lengths = [each.length for sections in coders for each in sections if each.unit]
    gaps = [each.length for sections in coders for each in sections if not each.unit]
    total = sum(
        (len(lengths) - 1) / 3 * (2 * n**3 - 3 * n**2 + n) + n**2 * sum(gap - n + 1 for gap in gaps if gap >= n)
        for n in lengths
    )
    pairs = count * whole * (count * whole - 1) - sum(n * (n - 1) for n in lengths)
    return apart / (count * (count - 1) * whole**2), 2 / whole * total / pairs if pairs else 0.0


def _touching(one: Sequence[Section], other: Sequence[Section]) -> Iterator[tuple[Section, Section, int]]:
    """Sections of the one with those of the other that touch them, and how far they differ."""
    first = 0
    for each in one:
        while first < len(other) and other[first].end <= each.start:
            first += 1
        i = first
        while i < len(other) and other[i].start < each.end:
            yield each, other[i], _difference(each, other[i])
            i += 1


def _difference(one: Section, other: Section) -> int:
    """Whichever of the two it is that lies in a gap of the other."""
    if one.unit and other.unit:
        return (one.start - other.start) ** 2 + (one.end - other.end) ** 2
    unit, gap = (one, other) if one.unit else (other, one)
    return unit.length**2 if unit.unit and gap.start <= unit.start and unit.end <= gap.end else 0
