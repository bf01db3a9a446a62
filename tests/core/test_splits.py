"""Splits: groups stay whole, each split gets its share of each kind, the same for any order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.errors import WozError
from woz.dataset.splits.assigning import SHARES, Member, assign
from woz.dataset.splits.groups import GroupBy, groups, members_of
from woz.dataset.splits.settled import Settled, split_words
from woz.model.ids import ParticipantId, ProcedureId, SessionId
from woz.model.people import Attendance, Participant, Role
from woz.model.session import Session, SessionState

members = st.lists(st.builds(Member, st.sampled_from("abcdefghijkl"), st.sampled_from("xy")), min_size=1)


@given(members, st.integers(0, 9), st.randoms())
def test_groups_are_split_alike_in_any_order(found: list[Member], seed: int, chance: st.DataObject) -> None:
    splits = assign(found, SHARES, seed)
    assert splits.keys() == {each.group for each in found}
    chance.shuffle(found)  # type: ignore[attr-defined]
    assert assign(found, SHARES, seed) == splits


def test_each_split_gets_its_share_of_each_kind() -> None:
    found = [Member(f"g{n}", "cake" if n < 50 else "lamp") for n in range(100) for _ in range(1 + n % 3)]
    splits = assign(found, SHARES, 3)
    counts = Counter((splits[each.group], each.stratum) for each in found)
    for kind in ("cake", "lamp"):
        total = sum(each.stratum == kind for each in found)
        for split, share in SHARES.items():
            assert counts[split, kind] == pytest.approx(share * total, abs=4)
    assert assign(found, SHARES, 4) != splits


def test_a_few_groups_reach_every_split() -> None:
    assert set(assign([Member(g, "x") for g in "abc"], SHARES, 0).values()) == set(SHARES)


def test_shares_that_can_t_be_had_are_refused() -> None:
    for shares in ({}, {"train": 0.5}, {"train": 1.2, "test": -0.2}):
        with pytest.raises(WozError, match="make 1 together"):
            assign([Member("a", "x")], shares, 0)


EXPERT, ANNA, BEN, CARLA = (
    Participant(ParticipantId(name), name.upper(), role)
    for name, role in (("e", Role.EXPERT), ("a", Role.TRAINEE), ("b", Role.TRAINEE), ("c", Role.OTHER))
)


def session(name: str, *people: Participant, attendance: tuple[Attendance, ...] = (), of: str = "") -> Session:
    ids = tuple(each.id for each in people)
    procedure = ProcedureId(of) if of else None
    return Session(SessionId(name), "", SessionState.CLOSED, 0, 1, procedure, ids, of, None, attendance)


def test_sessions_of_one_trainee_are_together_and_the_expert_is_in_all() -> None:
    swapped = (Attendance(EXPERT.id, Role.TRAINEE),)
    found = groups(
        [
            session("1", EXPERT, ANNA), session("2", EXPERT, BEN), session("3", BEN), session("4", ANNA, BEN),
            session("5", EXPERT, CARLA, attendance=swapped), session("6"), session("7", CARLA),
        ],
        [EXPERT, ANNA, BEN, CARLA],
        GroupBy.PARTICIPANT,
    )  # fmt: skip
    assert found == {"1": "A", "2": "A", "3": "A", "4": "A", "5": "E", "6": "6", "7": "C"}


def test_sessions_are_grouped_by_what_they_are_of() -> None:
    sessions = [session("1", of="cake"), session("2", of="cake"), session("3")]
    for by in (GroupBy.PROCEDURE, GroupBy.SCENARIO):
        assert groups(sessions, [], by) == {"1": "cake", "2": "cake", "3": "3"}
    assert groups(sessions, [], GroupBy.SESSION) == {"1": "1", "2": "2", "3": "3"}


def test_who_is_joined_with_others_keeps_the_split_or_is_told() -> None:
    sessions = [session("1", ANNA), session("2", BEN), session("3", ANNA, BEN)]
    grouped = groups(sessions, [ANNA, BEN], GroupBy.PARTICIPANT)
    members = members_of(sessions, [ANNA, BEN], GroupBy.PARTICIPANT, grouped)
    assert members == {"A": "A", "B": "A"}
    one = Settled().then("lamps 1", {"B": "test"})
    assert one.of(members).splits == {"A": "test"}
    both = one.then("lamps 2", {"A": "train"})
    assert both.of(members) == Settled({"A": "train"}, {"A": "lamps 2"})
    assert split_words(both, members, {"A": "train"}, new=False) == (
        "1 group keeps its split of lamps 2. B stood in another split: sessions join them with others now."
    )
    assert members_of(sessions, [ANNA, BEN], GroupBy.SESSION, {"1": "1"}) == {"1": "1"}
