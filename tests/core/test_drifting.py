"""What of somebody's coding is told as drift: since when, how far, and not by chance."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest

from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.drift import UNDATED
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.drifting import Drift, DriftKind, Weeks, drifting
from woz.annotation.measures.segment import Segment
from woz.base.interval import NS_PER_S as S
from woz.lab.drift_words import drift_sentence, drift_told
from woz.lab.sentences import sentence_text

LIMITS = DriftLimits()
NUMBERS = count()
NAMES = {"fit": "Fit gear", "axle": "Insert axle"}
SINCE = "Since the week of 12 Oct 2026, Ben"


def _pairs(late: Sequence[float], label: str = "fit", called: str = "", length: float = 8.0) -> list[Card]:
    """So many pairs, the second's starts so much later (s); `called` so by the second."""
    kind = CardKind.LABEL if called else CardKind.SAME
    names = [str(next(NUMBERS)) for _ in late]
    return [
        Card(
            "s",
            kind,
            Segment(at * S, round((at + length) * S), label, f"a{name}"),
            Segment(round((at + by) * S), round((at + (length or by)) * S), called or label, f"b{name}"),
        )
        for at, by, name in zip(count(10, 10), late, names, strict=False)
    ]


def _words(weeks: Weeks, against: str = "") -> list[str]:
    return [
        sentence_text(drift_sentence(each, "Ben", against, lambda label: NAMES.get(label, label), LIMITS))
        for each in drifting(weeks, LIMITS)
    ]


def test_it_is_told_since_the_first_week_of_those_that_are_beyond_to_the_end() -> None:
    weeks = {
        "2026-W39": _pairs([0.5] * 20),
        "2026-W40": _pairs([0.1] * 20),
        "2026-W42": _pairs([0.4] * 20),
        "2026-W43": _pairs([0.42] * 20),
    }
    (found,) = drifting(weeks, LIMITS)
    assert (found.kind, found.label, found.since, found.until) == (DriftKind.START, "fit", "2026-W42", "2026-W43")
    assert found.cards == (*weeks["2026-W42"], *weeks["2026-W43"])
    assert found.value == pytest.approx(0.41 * S)
    assert _words(weeks) == [
        f"{SINCE} begins Fit gear 0.41 s later than the others in the median of 40 pairs; agreed is 0.25 s."
    ]
    assert drifting(weeks | {"2026-W44": _pairs([0.0] * 20)}, LIMITS) == []


def test_who_is_early_after_having_been_late_is_so_since_then() -> None:
    weeks = {"2026-W41": _pairs([0.4] * 20), "2026-W42": _pairs([-0.3] * 20)}
    assert _words(weeks, "Ada") == [
        f"{SINCE} begins Fit gear 0.30 s earlier than Ada in the median of 20 pairs; agreed is 0.25 s."
    ]


def test_weeks_with_few_pairs_count_together_and_what_is_left_waits() -> None:
    weeks = {week: _pairs([0.4] * 12) for week in ("2026-W42", "2026-W44", "2026-W45")}
    (found,) = drifting(weeks, LIMITS)
    assert (found.since, found.until, len(found.cards)) == ("2026-W42", "2026-W44", 24)
    assert drifting({"2026-W42": _pairs([0.4] * 19)}, LIMITS) == []


def test_a_mark_that_several_others_have_counts_once() -> None:
    one = _pairs([0.4] * 10)
    two = [replace(each, one=replace(each.one, id=f"c{each.one.id}")) for each in one if each.one]
    assert drifting({"2026-W42": [*one, *two]}, LIMITS) == []
    (found,) = drifting({"2026-W42": [*one, *two, *_pairs([0.4] * 10)]}, LIMITS)
    assert len(found.cards) == 30


def test_what_is_called_otherwise_is_told_by_the_others_label() -> None:
    weeks = {"2026-W42": [*_pairs([0.0] * 20), *_pairs([0.0] * 9, called="axle"), *_pairs([0.0], called="turn")]}
    (found,) = drifting(weeks, LIMITS)
    assert [len(found.others), len(found.cards)] == [10, 30]
    assert _words(weeks) == [
        f"{SINCE} calls 10 of the others' 30 Fit gear something else, 9 of them Insert axle (33 of 100); agreed are"
        " 10 of 100."
    ]
    assert _words(weeks, "gold")[0].startswith(f"{SINCE} calls 10 of the gold's 30 Fit gear")
    told = drift_told(found, "Ben", "", "steps", NAMES.__getitem__, LIMITS)
    assert (told.since, told.until, told.pairs, told.agreed) == ("2026-10-12", "2026-10-12", 30, 0.1)
    assert told.value == pytest.approx(1 / 3)


def test_of_labels_with_few_pairs_all_together_are_told() -> None:
    weeks = {"2026-W42": [*_pairs([0.4] * 12), *_pairs([0.4] * 12, "axle")]}
    assert _words(weeks) == [
        f"{SINCE} begins marks 0.40 s later than the others in the median of 24 pairs; agreed is 0.25 s."
    ]
    weeks["2026-W42"] += _pairs([0.4] * 8)
    assert [each.label for each in drifting(weeks, LIMITS)] == ["fit"]


def test_points_are_set() -> None:
    (words,) = _words({"2026-W42": _pairs([0.4] * 20, length=0.0)})
    assert words.startswith(f"{SINCE} sets Fit gear 0.40 s later")


def test_ends_are_told_apart() -> None:
    pairs = [
        Card("s", CardKind.SAME, each.one, Segment(each.one.start_ns, each.one.end_ns - S, "fit", each.one.id))
        for each in _pairs([0.0] * 20)
        if each.one
    ]
    assert _words({"2026-W42": pairs}) == [
        f"{SINCE} ends Fit gear 1.00 s earlier than the others in the median of 20 pairs; agreed is 0.25 s."
    ]


def test_what_has_no_date_is_of_no_week() -> None:
    assert drifting({UNDATED: _pairs([2.0] * 50)}, LIMITS) == []
    (found,) = drifting({UNDATED: _pairs([0.0] * 50), "2026-W42": _pairs([0.4] * 20)}, LIMITS)
    assert found.since == "2026-W42"


def test_what_is_told_as_agreed_is_not_told() -> None:
    assert drifting({"2026-W42": _pairs([0.254] * 20)}, LIMITS) == []
    assert drifting({"2026-W42": _pairs([0.004] * 20)}, DriftLimits(offset_ns=0)) == []


def _by_chance(pairs: int) -> int:
    """Of 400 people who set boundaries 0.3 s around the others', how many are told of."""
    chance = random.Random(pairs)
    found: list[Drift] = []
    for _ in range(400):
        late = [chance.gauss(0, 0.3) for _ in range(pairs)]
        found += drifting({"2026-W42": _pairs(late)}, DriftLimits(pairs=pairs))
    return len(found)


def test_so_many_pairs_are_wanted_that_chance_is_hardly_told() -> None:
    """Of the median of 20, its deviation is about 0.08 s; of five, twice as much."""
    assert _by_chance(LIMITS.pairs) <= 8
    assert _by_chance(5) >= 20
