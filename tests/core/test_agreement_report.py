"""Agreement in words and figures, each with the list that it opens, which adds up to it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_agreement import BOTH, ONE, OTHER, S, _tier
from tests.rig.hypothesis_profile import scaled
from woz.annotation.adjudication.clusters import sides_of
from woz.annotation.adjudication.link_agreement import link_agreement
from woz.annotation.measures.agreement import Doubled, measures, offsets
from woz.annotation.measures.alpha import alpha_of_time, krippendorff_alpha
from woz.annotation.measures.attributes import attribute_agreement
from woz.annotation.measures.cards import CardKind, boundary_cards, edit_cards, time_cards, unhit_cards
from woz.annotation.measures.drift import drift
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.several import Shared, several_agree, several_cards
from woz.base.interval import Interval
from woz.lab.agreeing import Agreement, Pair
from woz.lab.agreement_report import Report, confusion_cards, report
from woz.lab.sentences import sentence_text
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LinkId, SchemeId, SessionId, TierId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import AttributeType, Choice, ValueKind
from woz.model.tier import Tier

PAIR = Pair("Ada", "Ben", (BOTH,))


def _report(*sessions: Doubled, label: str = "") -> Report:
    pair = Pair("Ada", "Ben", sessions)
    return report(Agreement("steps", (pair,), {"fit": "Fit", "turn": "Turn"}), pair, S // 2, label)


def test_agreement_is_told_in_words() -> None:
    assert [sentence_text(each) for each in _report(BOTH).sentences] == [
        "Of Ada's 3 Fit, Ben has 1; 1 Ben calls insert; 1 Ben has not.",
        "Of Ada's 1 Turn, Ben has 1.",
        "Ben has 1 wait that Ada has not.",
        "Starts of 3 pairs differ by 0.20 s (median), 1.00 s (worst tenth); Ada begins earlier;"
        " 1 differ by more than 0.5 s.",
        "Ends of 3 pairs are the same in the median, and differ by 0.20 s (worst tenth);"
        " 0 differ by more than 0.5 s.",
    ]
    assert len(_report(BOTH, label="turn").sentences) == 3


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ((0.0, 0.004, 0.004), "are the same to a hundredth of a second; 0 differ by more than 0.5 s."),
        ((0.004, 0.004, 0.3), "are the same in the median, and differ by 0.30 s (worst tenth); 0 differ by"),
        ((0.006, 0.006, 0.006), "differ by 0.01 s (median), 0.01 s (worst tenth); Ada begins earlier; 0 differ by"),
    ],
)
def test_a_difference_that_rounds_to_nothing_is_not_told(late: tuple[float, ...], said: str) -> None:
    one = _tier("a", *((i * 10, i * 10 + 8, "fit") for i in range(3)))
    other = _tier("b", *((i * 10 + by, i * 10 + 8, "fit") for i, by in enumerate(late)))
    starts = sentence_text(_report(Doubled("s", 80 * S, (one, other))).sentences[1])
    assert starts.startswith(f"Starts of 3 pairs {said}")


def test_every_number_in_the_words_opens_as_many_places() -> None:
    told = [said for sentence in _report(BOTH).sentences for said in sentence if said.cards]
    assert len(told) == 11
    for said in told:
        count = re.match(r"\d+", said.text)
        assert said.cards
        assert count
        assert len(said.cards()) == int(count.group())


SPANS = st.lists(
    st.tuples(st.integers(0, 70), st.integers(1, 20), st.sampled_from(["fit", "turn", "wait"])), max_size=8
)


def _apart(side: str, spans: list[tuple[int, int, str]]) -> tuple[Annotation, ...]:
    """Without overlaps: each begins where the one before ends, or later."""
    at, found = 0, []
    for start, length, label in sorted(spans):
        begin = max(at, start)
        found.append((begin, begin + length, label))
        at = begin + length
    return _tier(side, *found)


@given(SPANS, SPANS, st.booleans())
def test_lists_add_up_to_their_figures(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]], cut: bool
) -> None:
    windows = (Interval(5 * S, 30 * S), Interval(40 * S, 90 * S)) if cut else ()
    session = Doubled("s", 300 * S, (_apart("a", one), _apart("b", other)), windows)
    for iou, hits in session.hits.items():
        assert len(unhit_cards([session], iou)) == hits.false + hits.missed
    other_ns = sum(n for (a, b), n in session.confusion.items() if a != b)
    assert sum(card.span.duration_ns for card in time_cards([session])) == other_ns
    longer = max(map(len, session.segments))
    if longer:
        assert session.edit == pytest.approx(1 - len(edit_cards([session])) / longer)
    pair = Pair("Ada", "Ben", (session,))
    cells = _report(session).confusion
    assert all(len(confusion_cards(pair, a, b)) == count for (a, b), count in cells.items())
    assert sum(cells.values()) == len(session.paired.pairs) + len(session.paired.only_one) + len(
        session.paired.only_other
    )


def test_only_windows_that_both_annotated_count() -> None:
    inside = Doubled("s", 80 * S, (ONE, OTHER), (Interval(0, 10 * S), Interval(40 * S, 50 * S)))
    assert inside.compared_ns == 20 * S
    assert sum(inside.confusion.values()) == 20 * S
    assert not inside.paired.only_one
    alone = Doubled(
        "s", 20 * S, (_tier("a", (0, 10, "fit")), _tier("b", (0, 10, "fit"))), (Interval(2 * S, 8 * S),)
    )
    found = measures([alone])
    assert (found["time agreement"].value, found["boundary similarity"].value) == (1, None)


def test_boundaries_of_windows_are_nobodys_in_offsets_lists_and_drift() -> None:
    """One begins before the window, one with it, one after; the last ends beyond it for one alone."""
    one = _tier("a", (0, 12, "fit"), (20, 28, "fit"), (30, 38, "fit"), (40, 55, "fit"))
    other = _tier("b", (0, 12.4, "fit"), (20.6, 28, "fit"), (30.4, 38, "fit"), (40.4, 49.8, "fit"))
    session = Doubled("s", 80 * S, (one, other), (Interval(5 * S, 15 * S), Interval(20 * S, 50 * S)))
    assert len(session.paired.pairs) == 4
    starts, ends = (offsets([session], name) for name in ("start_ns", "end_ns"))
    assert (starts.pairs, starts.median_ns) == (2, -0.4 * S)
    assert (ends.pairs, ends.median_ns) == (3, 0)
    assert [len(boundary_cards([session], name)) for name in ("start", "end")] == [2, 3]
    assert [each.what for each in session.differences(S // 2)] == []
    (week,) = drift([session], DriftLimits(pairs=4))
    assert (week.pairs, week.start_ns, week.told, week.beyond) == (4, 0.4 * S, "", ()), "starts are of two alone"
    (week,) = drift([session], DriftLimits(pairs=2))
    assert (week.told, week.beyond) == ("starts are 0.40 s late", ("start",))


def test_marks_for_the_whole_session_are_left_out_of_windows_with_a_word() -> None:
    whole = replace(ONE[0], id=AnnotationId("w"), start_ns=None, end_ns=None)
    session = Doubled("s", 80 * S, ((*ONE, whole), OTHER))
    assert session.left_out == (0, 0)
    assert any(each.id == "w" for each in session.paired.only_one)
    in_windows = replace(session, windows=(Interval(0, 10 * S), Interval(40 * S, 50 * S)))
    assert in_windows.left_out == (1, 0)
    assert not in_windows.paired.only_one
    said = [sentence_text(each) for each in _report(in_windows).sentences]
    assert said[-1] == (
        "Marks for a whole session aren't compared where windows of it were shared (Ada has 1, Ben 0)."
    )
    assert not any("whole session" in sentence_text(each) for each in _report(session).sentences)


def test_alpha_of_time_is_krippendorffs_of_so_many_units() -> None:
    confusion = {("a", "a"): 3.0, ("a", "b"): 1.0, ("b", "b"): 4.0, ("b", "c"): 2.0}
    ratings = [[a for (a, _), n in confusion.items() for _ in range(int(n))]]
    ratings.append([b for (_, b), n in confusion.items() for _ in range(int(n))])
    assert alpha_of_time(confusion, 1) == pytest.approx(krippendorff_alpha(ratings), abs=1e-12)
    assert alpha_of_time({("a", "a"): 5.0}, 1) is None


def _with(marked: tuple[Annotation, ...], *values: object) -> tuple[Annotation, ...]:
    return tuple(
        each if value is None else replace(each, attributes=(Attribute("hand", value),))  # type: ignore[arg-type]
        for each, value in zip(marked, values, strict=True)
    )


def test_attributes_are_compared_apart_at_their_own_level() -> None:
    one, other = (
        _with(ONE[:3], 1.0, 2.0, 3.0),
        _with(_tier("b", *((i * 10, i * 10 + 10, "fit") for i in range(3))), 1.0, 2.0, 4.0),
    )
    session = Doubled("s", 80 * S, (one, other))
    number = AttributeType("hand", ValueKind.NUMBER, low=0.0)
    (found,) = attribute_agreement([session], {"hand": number})
    assert (found.pairs, found.same, found.level, len(found.cards)) == (3, 2, "ratio", 1)
    expected = krippendorff_alpha([[1, 2, 3], [1, 2, 4]], found.level)  # type: ignore[arg-type]
    assert found.alpha == pytest.approx(expected)
    ordered = AttributeType("hand", ValueKind.ORDERED, values=tuple(Choice(key) for key in "abc"))
    session = Doubled("s", 80 * S, (_with(one, "a", "b", "c"), _with(other, "a", "c", "c")))
    (found,) = attribute_agreement([session], {"hand": ordered})
    expected = krippendorff_alpha([[0, 1, 2], [0, 2, 2]], found.level)  # type: ignore[arg-type]
    assert found.level == "ordinal"
    assert found.alpha == pytest.approx(expected)
    session = Doubled("s", 80 * S, (_with(one, "left", "right", None), _with(other, "left", None, "right")))
    (found,) = attribute_agreement([session], {})
    assert (found.level, found.pairs, found.same) == ("nominal", 3, 1)


def test_links_are_the_same_where_they_lead_to_the_same() -> None:
    session = Doubled("s", 80 * S, (ONE, OTHER))

    def link(source: str, target: str) -> Link:
        ends = ItemRef("annotation", source), ItemRef("turn", target)
        return Link(LinkId(source), SessionId("s"), "asked by", *ends, Made(Origin.MANUAL, "x"))

    links = {"s": [link("a0", "turn 1"), link("b0", "turn 1"), link("a1", "turn 2"), link("b1", "turn 3")]}
    (found,) = link_agreement([session], links, {})
    assert (found.type, found.pairs, found.same) == ("asked by", 2, 1)
    assert [(card.kind, card.one.id if card.one else "") for card in found.cards] == [(CardKind.LINK, "a1")]


@pytest.mark.parametrize(("second_ends", "same"), [(("d0", "d1"), 2), (("d1", "d0"), 0)])
def test_links_lead_to_the_same_where_their_ends_are_at_the_same_time(
    second_ends: tuple[str, str], same: int
) -> None:
    """Two mistakes of one label: who links a step to the one isn't of one mind with who links it to the other."""
    session = Doubled("s", 80 * S, (ONE[:1] + ONE[3:], OTHER[:1] + OTHER[2:3]))
    mistakes = [_tier("c", (2, 4, "slip"), (42, 44, "slip")), _tier("d", (2.1, 4, "slip"), (42, 44.2, "slip"))]
    tiers = [
        Tier(TierId(side), SessionId("s"), SchemeId("x"), 1, "mistakes", side, Made(Origin.MANUAL, side))
        for side in "cd"
    ]
    beside = {"s": sides_of(tiers, [mark for side in mistakes for mark in side])}

    def link(source: str, target: str) -> Link:
        ends = ItemRef("annotation", source), ItemRef("annotation", target)
        return Link(LinkId(source), SessionId("s"), "shows", *ends, Made(Origin.MANUAL, "x"))

    links = {"s": [link("a0", "c0"), link("a3", "c1"), link("b0", second_ends[0]), link("b2", second_ends[1])]}
    (found,) = link_agreement([session], links, beside)
    assert (found.pairs, found.same, len(found.cards)) == (2, same, 2 - same)


def test_drift_is_told_by_week_where_it_exceeds_what_was_agreed() -> None:
    monday = 1_767_571_200 * S
    reference = _tier("a", *((i * 10, i * 10 + 8, "fit") for i in range(12)))
    later = [0.0] * 6 + [1.0] * 6
    marked = _tier("b", *((i * 10 + late, i * 10 + 8, "fit") for i, late in enumerate(later)))
    dated = tuple(
        replace(each, made=Made(Origin.MANUAL, "b", monday + (i >= 6) * 7 * 86400 * S))
        for i, each in enumerate(marked)
    )
    first, second = drift([Doubled("s", 200 * S, (reference, dated))], DriftLimits(S // 2, pairs=6))
    assert (first.week, first.told, first.pairs) == ("2026-W02", "", 6)
    assert (second.week, second.told, second.start_ns) == ("2026-W03", "starts are 1.00 s late", S)
    assert [len(each.cards) for each in (first, second)] == [first.pairs, second.pairs]
    assert first.others == second.others == ()
    few = drift([Doubled("s", 200 * S, (reference, dated))], DriftLimits(S // 2, pairs=7))
    assert [each.told for each in few] == ["", ""]


@pytest.mark.parametrize(
    ("apart_ns", "agreed_ns", "told"),
    [
        (254_000_000, 250_000_000, False),
        (-256_000_000, 250_000_000, True),
        (4_000_000, 0, False),
        (6_000_000, 0, True),
        (260_000_000, 255_000_000, True),
    ],
)
def test_what_would_be_told_as_agreed_exceeds_nothing(apart_ns: int, agreed_ns: int, told: bool) -> None:
    """0.254 s are told as 0.25 s."""
    assert DriftLimits(agreed_ns).offset_exceeded(apart_ns) == told


@pytest.mark.parametrize(("share", "told"), [(0.29, False), (0.294, False), (0.296, True)])
def test_a_share_that_would_be_told_as_agreed_exceeds_nothing(share: float, told: bool) -> None:
    assert DriftLimits(other_label=0.29).other_label_exceeded(share) == told


def test_each_figure_has_its_interval_by_session() -> None:
    hands = [("left", "left"), ("left", "right"), ("right", "right")]
    sessions = []
    for at, (a, b) in enumerate(hands):
        late = _tier("b", *((i * 10 + at, i * 10 + 8, "fit") for i in range(3)))
        one = _with(_tier("a", *((i * 10, i * 10 + 8, "fit") for i in range(3))), a, a, "right")
        sessions.append(Doubled(f"s{at}", 80 * S, (one, _with(late, b, b, "right"))))
    found = measures(sessions)
    for name, expected in (("start offset", -1.0), ("start distance", 1.0), ("end offset", 0.0)):
        assert found[name].value == pytest.approx(expected)
    distance = found["start distance"]
    assert distance.low is not None
    assert distance.high is not None
    assert 0 <= distance.low < 1 < distance.high <= 2
    (attribute,) = attribute_agreement(sessions, {})
    assert attribute.share.value == pytest.approx(7 / 9)
    assert attribute.low is not None
    assert attribute.high is not None
    assert attribute.alpha is not None
    assert attribute.low < attribute.alpha <= attribute.high
    for names, figure in (
        (range(1), measures(sessions[:1])["start offset"]),
        (range(0), measures([])["end offset"]),
    ):
        assert (figure.low, figure.value is None) == (None, not names)


NAMES = ("Ada", "Ben", "Cleo")
SIDES = tuple(_tier(side, (0, 10, "fit")) for side in "abc")


def test_three_agree_on_each_moment() -> None:
    assert several_agree([Shared("s", NAMES, SIDES, (Interval(0, 20 * S),))])[
        "fleiss kappa"
    ].value == pytest.approx(1)
    third = _tier("c", (0, 10, "turn"))
    apart = several_agree([Shared("s", NAMES, (*SIDES[:2], third), (Interval(0, 10 * S),))])
    assert apart["fleiss kappa"].value == pytest.approx(-0.5)


def test_no_time_no_agreement_of_three() -> None:
    found = several_agree([Shared("s", NAMES, SIDES, (Interval(0, 10 * S),))])
    assert (found["fleiss kappa"].value, found["ac1"].value) == (None, 1)
    assert several_cards([Shared("s", NAMES, SIDES, (Interval(0, 10 * S),))], "fleiss kappa") == []


@settings(max_examples=scaled(20))
@given(SPANS, SPANS, SPANS, st.booleans())
def test_what_three_disagree_on_adds_up(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]], third: list[tuple[int, int, str]], cut: bool
) -> None:
    windows = (Interval(5 * S, 30 * S), Interval(40 * S, 90 * S)) if cut else (Interval(0, 300 * S),)
    sides = _apart("a", one), _apart("b", other), _apart("c", third)
    sessions = [Shared("s", NAMES, sides, windows), Shared("t", NAMES, SIDES, (Interval(0, 20 * S),))]
    for name, found in several_agree(sessions).items():
        cards = several_cards(sessions, name)
        assert all(len({each.label for each in card.sides if each}) > 1 for card in cards)
        if found.value is not None:
            assert found.value == pytest.approx(1 - sum(card.share or 0 for card in cards), abs=1e-9)


@settings(max_examples=scaled(20))
@given(SPANS, SPANS, st.booleans())
def test_the_shares_of_a_list_add_up_to_the_measure(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]], cut: bool
) -> None:
    windows = (Interval(5 * S, 30 * S), Interval(40 * S, 90 * S)) if cut else ()
    first = Doubled("s", 300 * S, (_apart("a", one), _apart("b", other)), windows)
    for sessions in ([first], [first, BOTH]):
        for figure in _report(*sessions).figures:
            if figure.name.split()[-1] in ("offset", "distance"):
                assert all(card.share is None for card in figure.cards())
            elif figure.estimate.value is not None:
                shares = [card.share for card in figure.cards()]
                assert None not in shares
                assert figure.estimate.value == pytest.approx(1 - sum(map(float, shares)), abs=1e-9)  # type: ignore[arg-type]
                assert figure.sum.startswith("1 less the shares")


def test_a_list_says_what_chance_would_make() -> None:
    sums = {each.name: each.sum for each in _report(BOTH).figures}
    assert sums["f1@50"] == "1 less the shares, 0.500"
    assert sums["kappa"] == "1 less the shares, 0.575: disagreement observed, 0.393, over that by chance, 0.682"
    assert sums["start offset"] == "the median of all pairs"
    two = {each.name: each.sum for each in _report(BOTH, BOTH).figures}
    assert two["edit"].endswith("each session's by its length")


def test_attributes_alpha_opens_the_pairs_that_it_is_made_of() -> None:
    one, other = _with(ONE[:3], 1.0, 2.0, 3.0), _with(OTHER[:2], 1.0, 5.0)
    session = Doubled("s", 80 * S, (one, other))
    for types in ({}, {"hand": AttributeType("hand", ValueKind.NUMBER, low=0.0)}):
        (found,) = attribute_agreement([session], types)
        assert found.alpha is not None
        assert found.alpha == pytest.approx(1 - sum(card.share or 0 for card in found.apart))
        assert {card.one for card in found.apart} <= {card.one for card in found.cards}
