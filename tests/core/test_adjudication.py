"""What is agreed, what is to be decided, and decisions as edits of the gold that leave the originals alone."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from woz.annotation.adjudication.attribute_words import attribute_words
from woz.annotation.adjudication.clusters import Matter, MatterKind, Side
from woz.annotation.adjudication.ends import linked_by
from woz.annotation.adjudication.origins import changed, origins
from woz.annotation.adjudication.rulings import MIDDLE, Choice, agreed_edit, edited, labelled, ruling, taken, valued
from woz.annotation.adjudication.state import RUN, Adjudication
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import (
    AnnotationId,
    AnnotatorId,
    LinkId,
    SchemeId,
    SessionId,
    TierId,
    TranscriptId,
    TurnId,
)
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.scheme import AttributeType, Overlap, ValueKind
from woz.model.scheme import Choice as Offered
from woz.model.tier import Tier
from woz.model.transcript import Turn

S = NS_PER_S
MADE = Made(Origin.MANUAL, "x")


def _tier(name: str) -> Tier:
    return Tier(TierId(name), SessionId("s"), SchemeId("x"), 1, "steps", name, MADE, AnnotatorId(name))


def _mark(name: str, side: str, start: float, end: float, label: str = "fit", **hand: str) -> Annotation:
    attributes = tuple(Attribute(key, value) for key, value in hand.items())
    return Annotation(
        AnnotationId(side + name), TierId(side), round(start * S), round(end * S), label, MADE, attributes
    )


class Room:
    """Two annotators' tiers and the gold as edits make it."""

    def __init__(
        self,
        one: list[Annotation],
        other: list[Annotation],
        windows: tuple[Interval, ...] = (),
        overlap: Overlap = Overlap.NONE,
    ) -> None:
        self.overlap = overlap
        self.sides: tuple[Side, ...] = (
            Side("Ada", _tier("a"), tuple(one)),
            Side("Ben", _tier("b"), tuple(other), windows),
        )
        self.items: dict[str, Item] = {}

    @property
    def state(self) -> Adjudication:
        marks = [each for each in self.items.values() if isinstance(each, Annotation)]
        links = [each for each in self.items.values() if isinstance(each, Link)]
        return Adjudication.of(self.sides, _tier("gold"), marks, links, S // 2, overlap=self.overlap)

    @property
    def gold(self) -> list[tuple[float, float, str]]:
        marks = sorted(self.state.marks, key=lambda each: each.start_ns or 0)
        return [((m.start_ns or 0) / S, (m.end_ns or 0) / S, m.label) for m in marks]

    def do(self, edit: Edit) -> None:
        for item in edit.before:
            del self.items[str(item.id)]
        self.items |= {str(item.id): item for item in edit.after}

    def decide(self, choice: Choice) -> None:
        state = self.state
        self.do(ruling(state, state.open[0], choice, "cleo", 1))


def test_what_is_agreed_is_taken_at_once_and_the_rest_is_told_apart() -> None:
    room = Room(
        [
            _mark("1", "a", 0, 10),
            _mark("2", "a", 10, 20),
            _mark("3", "a", 30, 40),
            _mark("4", "a", 50, 60, hand="l"),
        ],
        [_mark("1", "b", 0.2, 10), _mark("2", "b", 10, 22, "turn"), _mark("4", "b", 50, 60, hand="r")],
    )
    kinds = [(matter.kind, matter.key) for matter in room.state.matters]
    assert kinds == [
        (MatterKind.LABEL, ""),
        (MatterKind.BOUNDARY, ""),
        (MatterKind.PRESENCE, ""),
        (MatterKind.ATTRIBUTE, "hand"),
    ]
    room.do(agreed_edit(room.state, "cleo", 1))
    assert room.gold == [(0.1, 10, "fit")]
    assert room.state.agreed == []
    assert len(room.state.open) == 4


def test_each_key_decides_one_matter() -> None:
    one, other = [_mark("1", "a", 0, 10)], [_mark("1", "b", 2, 14, "turn")]
    for choice, gold in (
        (taken(0), (0, 10, "turn")),
        (taken(1), (2, 14, "turn")),
        (Choice(0, 1), (0, 14, "turn")),
        (Choice(1, 0), (2, 10, "turn")),
        (Choice(MIDDLE, MIDDLE), (1, 12, "turn")),
    ):
        room = Room(one, other)
        room.decide(taken(1))
        assert [matter.kind for matter in room.state.open] == [MatterKind.BOUNDARY]
        room.decide(choice)
        assert (room.gold, room.state.open) == ([gold], [])
    with pytest.raises(WozError, match="Only boundaries can be mixed"):
        Room(one, other).decide(Choice(0, 1))


def test_to_take_nothing_keeps_it_out() -> None:
    room = Room([_mark("1", "a", 0, 10)], [])
    room.decide(taken(1))
    assert (room.gold, room.state.open) == ([], [])
    assert changed(room.sides[0].marks, (), [each for each in room.items.values() if isinstance(each, Link)], 0)[
        0
    ].what == ("it was kept out",)
    room = Room([_mark("1", "a", 0, 10)], [])
    room.decide(taken(0))
    assert room.gold == [(0, 10, "fit")]
    with pytest.raises(WozError, match="no annotator 3"):
        Room([_mark("1", "a", 0, 10)], []).decide(taken(2))


def test_attributes_are_decided_one_by_one() -> None:
    room = Room([_mark("1", "a", 0, 9, hand="l", tool="x")], [_mark("1", "b", 0, 9, hand="r", tool="y")])
    room.decide(taken(0))
    room.decide(taken(1))
    (gold,) = room.state.marks
    assert (gold.value("hand"), gold.value("tool"), room.state.open) == ("l", "y", [])


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (ValueKind.BOOL, (Attribute("k", True),), "yes"),
        (ValueKind.BOOL, (Attribute("k", False),), "no"),
        (ValueKind.CHOICE, (Attribute("k", "l"),), "Left hand"),
        (ValueKind.SEVERAL_WITH_TEXT, (Attribute("k", "l", "late"), Attribute("k", "x")), "Left hand (late), x"),
        (ValueKind.NUMBER, (Attribute("k", 4.0),), "4"),
        (ValueKind.NUMBER, (Attribute("k", 1234567.1),), "1234567.1"),
        (ValueKind.LABEL, (Attribute("k", "5f3a"),), "Fit gear"),
        (ValueKind.DRAWING, (Attribute("k", None, place="[[[0.1, 0.2]]]"),), "drawn"),
        (ValueKind.SOUND, (Attribute("k", "notes/a.flac", place="sha256:5f3a"),), "spoken"),
        (None, (Attribute("k", ItemRef("turn", "5f3a")),), "turn"),
        (ValueKind.TEXT, (), "none"),
    ],
)
def test_an_attribute_is_told_as_people_call_it(
    kind: ValueKind | None, given: tuple[Attribute, ...], words: str
) -> None:
    known = AttributeType("k", kind, values=(Offered("l", {"en": "Left hand"}),)) if kind else None
    assert attribute_words(given, known, lambda label: {"5f3a": "Fit gear"}[label]) == words


def test_boundaries_may_be_set_by_hand() -> None:
    room = Room([_mark("1", "a", 0, 10)], [_mark("1", "b", 3, 14)])
    state = room.state
    with pytest.raises(WozError, match="ends after it starts"):
        edited(state, state.open[0], 5 * S, 5 * S, "cleo", 1)
    room.do(edited(state, state.open[0], S, 13 * S, "cleo", 1))
    assert (room.gold, room.state.open) == ([(1, 13, "fit")], [])
    assert origins(room.state.marks[0], room.sides).start == "adjudicator"


def test_boundaries_that_are_set_by_hand_decide_nothing_else() -> None:
    """Whatever of it was asked: what it is called, and its attributes, go on to be decided."""
    one, other = [_mark("1", "a", 0, 10, hand="l")], [_mark("1", "b", 3, 14, "turn", hand="r")]
    for at, kind in enumerate((MatterKind.LABEL, MatterKind.BOUNDARY, MatterKind.ATTRIBUTE)):
        room = Room(one, other)
        state = room.state
        assert state.open[at].kind == kind
        room.do(edited(state, state.open[at], S, 13 * S, "cleo", 1))
        assert [each.kind for each in room.state.open] == [MatterKind.LABEL, MatterKind.ATTRIBUTE]
        for _ in range(2):
            room.decide(taken(1))
        (gold,) = room.state.marks
        assert (room.gold, gold.value("hand"), room.state.open) == ([(1, 13, "turn")], "r", [])


def test_a_label_and_a_value_may_be_nobodys() -> None:
    room = Room([_mark("1", "a", 0, 10, hand="l")], [_mark("1", "b", 3, 14, "turn", hand="r")])
    state = room.state
    label, _, hand = state.open
    assert (label.kind, hand.kind) == (MatterKind.LABEL, MatterKind.ATTRIBUTE)
    room.do(labelled(state, label, "wait", "cleo", 1))
    assert [each.kind for each in room.state.open] == [MatterKind.BOUNDARY, MatterKind.ATTRIBUTE]
    room.do(valued(room.state, hand, "both", "cleo", 1))
    assert [each.kind for each in room.state.open] == [MatterKind.BOUNDARY]
    (gold,) = room.state.marks
    assert (gold.label, gold.value("hand")) == ("wait", "both")
    assert origins(gold, room.sides).label == "adjudicator"


def test_gold_knows_from_whom_each_boundary_came() -> None:
    room = Room([_mark("1", "a", 0, 10)], [_mark("1", "b", 3, 14)])
    room.decide(Choice(0, 1))
    told = origins(room.state.marks[0], room.sides)
    assert (told.label, told.start, told.end) == ("Ada and Ben", "Ada", "Ben")
    room = Room([_mark("1", "a", 0, 10)], [_mark("1", "b", 0, 14)])
    room.decide(Choice(MIDDLE, MIDDLE))
    told = origins(room.state.marks[0], room.sides)
    assert (told.start, told.end) == ("Ada and Ben", "middle")


@pytest.mark.parametrize(("by_ms", "told"), [(4, []), (6, [("end later by 0.01 s",)])])
def test_a_decided_boundary_counts_as_changed_once_it_is_seen(by_ms: int, told: list[tuple[str, ...]]) -> None:
    room = Room([_mark("1", "a", 0, 10)], [_mark("1", "b", 0, 14)])
    room.do(edited(room.state, room.state.open[0], 0, 10 * S + by_ms * S // 1000, "cleo", 1))
    assert [each.what for each in changed(room.sides[0].marks, room.state.marks, (), S // 4)] == told


def test_a_gold_item_is_cut_a_little_and_never_covers_another() -> None:
    room = Room(
        [_mark("1", "a", 0, 10), _mark("2", "a", 10, 20)], [_mark("1", "b", 0, 13), _mark("2", "b", 10.3, 20)]
    )
    room.do(agreed_edit(room.state, "cleo", 1))
    with pytest.raises(WozError, match="would cover the gold"):
        room.decide(taken(1))
    room.sides = (room.sides[0], Side("Ben", _tier("b"), (_mark("1", "b", 0, 10.9), _mark("2", "b", 10.3, 20))))
    room.decide(taken(1))
    assert room.gold == [(0, 10.15, "fit"), (10.15, 20, "fit")]


@pytest.mark.parametrize(
    ("overlap", "labels", "taken_both"),
    [
        (Overlap.NONE, ("left", "right"), False),
        (Overlap.OTHER_LABEL, ("left", "right"), True),
        (Overlap.OTHER_LABEL, ("left", "left"), False),
        (Overlap.ANY, ("left", "left"), True),
    ],
)
def test_gold_items_lie_over_each_other_where_the_scheme_allows_it(
    overlap: Overlap, labels: tuple[str, str], taken_both: bool
) -> None:
    one, other = ([_mark("1", side, 0, 10, labels[0]), _mark("2", side, 4, 14, labels[1])] for side in "ab")
    room = Room(one, other, overlap=overlap)
    room.do(agreed_edit(room.state, "cleo", 1))
    first, second = (0, 10, labels[0]), (4, 14, labels[1])
    assert room.gold == ([first, second] if taken_both else [first])
    if not taken_both:
        with pytest.raises(WozError, match=r"cover the gold from 0.0 to 10.0 s; undo what was decided there"):
            agreed_edit(room.state, "cleo", 1)


def test_what_agrees_is_taken_but_for_what_would_cover_the_gold() -> None:
    """What was decided there reaches over it."""
    ones = [_mark("1", "a", 0, 10), _mark("2", "a", 10, 20), _mark("3", "a", 30, 40)]
    others = [_mark("1", "b", 0, 13), _mark("2", "b", 10, 20), _mark("3", "b", 30, 40)]
    room = Room(ones, others)
    room.decide(taken(1))
    room.do(agreed_edit(room.state, "cleo", 1))
    assert room.gold == [(0, 13, "fit"), (30, 40, "fit")]
    assert len(room.state.agreed) == 1


def test_where_somebody_was_not_asked_nothing_is_missing() -> None:
    room = Room(
        [_mark("1", "a", 0, 10), _mark("2", "a", 40, 50)], [_mark("2", "b", 40, 50)], (Interval(30 * S, 60 * S),)
    )
    assert (room.state.matters, len(room.state.agreed)) == ([], 2)


def test_three_annotators_lie_side_by_side() -> None:
    room = Room([_mark("1", "a", 0, 10)], [_mark("1", "b", 0, 10)])
    room.sides = (*room.sides, Side("Cleo", _tier("c"), (_mark("1", "c", 0, 10, "turn"), _mark("2", "c", 20, 30))))
    assert [matter.kind for matter in room.state.matters] == [MatterKind.LABEL, MatterKind.PRESENCE]
    room.decide(taken(2))
    room.decide(taken(0))
    assert room.gold == [(0, 10, "turn")]


def _link(name: str, source: Item, target: Item, kind: str = "corrects") -> Link:
    return Link(LinkId(name), SessionId("s"), kind, ref_to(source), ref_to(target), MADE)


class LinkedRoom(Room):
    """Four things that both have; what they link is given by place, and a turn stands for all that nobody codes."""

    TURN = Turn(TurnId("t"), TranscriptId("t"), Role.TRAINEE, Interval(0, S), "Is it this one?")

    def __init__(self, one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
        marks = [[_mark(str(i), side, 20 * i, 20 * i + 10) for i in range(4)] for side in "ab"]
        super().__init__(marks[0], marks[1])
        for side, found, pairs in (("a", marks[0], one), ("b", marks[1], other)):
            ends: list[Item] = [*found, self.TURN]
            links = [_link(f"{side}{i}", ends[at], ends[to]) for i, (at, to) in enumerate(pairs)]
            self.items |= {str(link.id): link for link in links}

    @property
    def joined(self) -> list[tuple[str, str]]:
        """Links of the gold, by the starts of what they join."""
        known = {ref_to(m): f"{(m.start_ns or 0) / S:g}" for m in self.state.marks} | {ref_to(self.TURN): "turn"}
        links = [each for each in self.items.values() if isinstance(each, Link)]
        return sorted((known[e.source], known[e.target]) for e in links if {e.source, e.target} & self._golds)

    @property
    def _golds(self) -> set[ItemRef]:
        return {ref_to(each) for each in self.state.marks}


def test_links_that_agree_are_taken_with_what_they_join() -> None:
    room = LinkedRoom([(0, 1), (4, 2)], [(0, 1), (4, 2)])
    assert room.state.matters == []
    room.do(agreed_edit(room.state, "cleo", 1))
    assert (room.joined, room.state.to_take) == ([("0", "20"), ("turn", "40")], 0)
    link = next(each for each in room.items.values() if isinstance(each, Link) and len(each.made.sources) == 2)
    assert {source.item.id for source in link.made.sources} <= {"a0", "b0", "a1", "b1"}


def test_a_link_is_there_or_not_or_leads_elsewhere() -> None:
    for choice, joined in (
        (taken(0), [("0", "20"), ("40", "60")]),
        (taken(1), [("0", "40"), ("turn", "20")]),
        (Choice(MIDDLE, MIDDLE), [("0", "20"), ("0", "40"), ("40", "60"), ("turn", "20")]),
    ):
        room = LinkedRoom([(0, 1), (2, 3)], [(0, 2), (4, 1)])
        assert [(m.kind, m.key, m.cluster.span.start_ns // S) for m in room.state.matters] == [
            (MatterKind.LINK, "corrects", at) for at in (0, 20, 40)
        ]
        with pytest.raises(WozError, match=r"take what agrees \(A\)"):
            room.decide(taken(0))
        room.do(agreed_edit(room.state, "cleo", 1))
        while room.state.open:
            room.decide(choice)
        assert room.joined == joined
    room = LinkedRoom([(0, 1)], [])
    with pytest.raises(WozError, match="take the links of one of them"):
        room.decide(Choice(0, 1))


def test_links_of_the_gold_stay_with_what_is_decided_anew_and_go_with_what_is_kept_out() -> None:
    room = LinkedRoom([(0, 1)], [(0, 1)])
    room.do(agreed_edit(room.state, "cleo", 1))
    for at in (0, 1):
        state = room.state
        room.do(
            edited(
                state,
                Matter(state.clusters[at], MatterKind.BOUNDARY),
                (20 * at + 2) * S,
                20 * at * S + 9 * S,
                "c",
                1,
            )
        )
    assert room.joined == [("2", "22")]
    state = room.state
    ghost = replace(state.clusters[1], members=(state.clusters[1].members[0], None))
    room.do(ruling(state, Matter(ghost, MatterKind.PRESENCE), taken(1), "c", 1))
    assert (room.joined, room.state.open, room.state.to_take) == ([], [], 0)


def test_links_lead_to_the_same_where_both_coded_it_in_a_tier_of_another_type() -> None:
    far = [
        Side(name, replace(_tier(name), tier_type="mistakes"), (_mark("m", name, start, start + 10, "slip"),))
        for name, start in (("x", 100), ("y", 101))
    ]
    room = Room([_mark("1", "a", 0, 10)], [_mark("1", "b", 0, 10)])
    for side, mistake in zip(room.sides, far, strict=True):
        room.items |= {side.name: _link(side.name, side.marks[0], mistake.marks[0])}
    state = replace(room.state, beside=tuple(far))
    assert (state.matters, room.state.matters[0].kind) == ([], MatterKind.LINK)
    room.do(agreed_edit(state, "cleo", 1))
    (link,) = (each for each in room.items.values() if isinstance(each, Link) and each.made.sources)
    assert link.target == ref_to(far[0].marks[0])
    gold = replace(
        far[0].marks[0],
        id=AnnotationId("gold"),
        made=Made(Origin.MANUAL, "c", 1, RUN, (Source(ref_to(far[1].marks[0])),)),
    )
    later = replace(room.state, beside=(*far, Side("gold", replace(_tier("g"), tier_type="mistakes"), (gold,))))
    (end,) = later.ends.of(later.marks[0])
    assert later.ends.gold(end) == ref_to(gold)


def test_marks_of_two_schemes_are_not_one_thing_where_links_lead_though_their_types_have_one_key() -> None:
    slips = {name: replace(_tier(name), tier_type="mistakes") for name in "xy"}
    far = [Side(name, tier, (_mark("m", name, 100, 110, "slip"),)) for name, tier in slips.items()]
    room = Room([_mark("1", "a", 0, 10)], [_mark("1", "b", 0, 10)])
    for side, mistake in zip(room.sides, far, strict=True):
        room.items |= {side.name: _link(side.name, side.marks[0], mistake.marks[0])}
    assert replace(room.state, beside=tuple(far)).matters == []
    elsewhere = replace(far[1], tier=replace(far[1].tier, scheme_id=SchemeId("other")))
    (matter,) = replace(room.state, beside=(far[0], elsewhere)).matters
    assert matter.kind == MatterKind.LINK


def test_an_annotator_is_told_of_links() -> None:
    room = LinkedRoom([(0, 1)], [(0, 2)])
    room.do(agreed_edit(room.state, "cleo", 1))
    room.decide(taken(0))
    links = [each for each in room.items.values() if isinstance(each, Link)]
    assert changed(room.sides[0].marks, room.state.marks, links, 0) == []
    assert [each.what for each in changed(room.sides[1].marks, room.state.marks, links, 0)] == [("link corrects",)]
    (gold,) = (each for each in links if each.made.sources)
    cluster = room.state.clusters[0]
    assert linked_by(gold, cluster, room.sides, room.state.ends) == "Ada"


def test_an_annotator_is_told_what_was_changed() -> None:
    one = [_mark("1", "a", 0, 10), _mark("2", "a", 20, 30), _mark("3", "a", 40, 50)]
    other = [
        _mark("1", "b", 2, 10),
        _mark("2", "b", 20, 30, "turn"),
        _mark("3", "b", 40, 50),
        _mark("4", "b", 60, 70),
    ]
    room = Room(one, other)
    room.do(agreed_edit(room.state, "cleo", 1))
    for side in (1, 1, 1):
        room.decide(taken(side))
    told = changed(one, room.state.marks, (), S // 10)
    assert [each.what for each in told] == [("start later by 2.00 s",), ("label",), ("it was missed",)]
    assert changed(other, room.state.marks, (), S // 10) == []


def test_of_what_agreed_only_what_was_decided_is_told() -> None:
    """The gold lies in the middle of both; of one a label is disputed, of the other where it begins."""
    one = [_mark("1", "a", 0, 10), _mark("2", "a", 20, 30), _mark("3", "a", 40, 50)]
    other = [_mark("1", "b", 0.2, 10), _mark("2", "b", 20.2, 30, "turn"), _mark("3", "b", 42, 50)]
    room = Room(one, other)
    room.do(agreed_edit(room.state, "cleo", 1))
    for side in (0, 0):
        room.decide(taken(side))
    assert changed(one, room.state.marks, (), S // 2) == []
    told = changed(other, room.state.marks, (), S // 2)
    assert [each.what for each in told] == [("label",), ("start earlier by 2.00 s",)]


def test_whatever_is_decided_all_is_decided_in_the_end_and_the_originals_stay() -> None:
    chance = random.Random(3)
    for _ in range(40):
        spans = [[_random(chance, i, side) for i in range(12) if chance.random() < 0.9] for side in "ab"]
        room = Room(spans[0], spans[1])
        before = room.sides
        room.do(agreed_edit(room.state, "cleo", 1))
        decided = 0
        while room.state.open:
            try:
                room.decide(taken(chance.randrange(2)))
            except WozError:
                state = room.state
                room.do(
                    ruling(state, replace(state.open[0], kind=MatterKind.PRESENCE), taken(_empty(state)), "c", 1)
                )
            decided += 1
            assert decided < 100
        assert room.sides == before
        ordered = room.gold
        assert all(a[1] <= b[0] for a, b in pairwise(ordered))


def _empty(state: Adjudication) -> int:
    members = state.open[0].cluster.members
    return members.index(None) if None in members else 0


def _random(chance: random.Random, place: int, side: str) -> Annotation:
    start = place * 20 + chance.choice([0, 0, 0.3, 2])
    return _mark(
        str(place), side, start, start + chance.choice([10, 10.2, 14]), chance.choice(["fit", "fit", "turn"])
    )
