"""Who is given windows of a session whose gold is submitted: measured by it, unknowing, and no side of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from storage import Project
from storage.repositories.annotations import Annotations
from storage.repositories.assignments import Assignments
from tests.storage.examples import CLOCK, SESSION, SID, segment
from tests.storage.meeting import met
from woz.annotation.adjudication.rulings import agreed_edit
from woz.annotation.adjudication.state import DROPPED
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.adjudicated import changes_of
from woz.lab.adjudicating import looked_at, table
from woz.lab.annotators import ALL_ROLES, add_annotator, give_roles
from woz.lab.assigning import Order, assign, assign_all, take_back
from woz.lab.calibrating import calibrate, honeypot
from woz.lab.comparable import comparable
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, BlindTo
from woz.model.assignment import Part
from woz.model.ids import LinkId, SchemeId, TierId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier, TierState

WINDOW = Interval(0, 60 * NS_PER_S)


class Room:
    """A02 and A03 have coded alike, within the first minute and after it; A01 may all, A04 is new."""

    def __init__(self, project: Project) -> None:
        project.sessions.save(replace(SESSION, duration_ns=600 * NS_PER_S))
        self.project = project
        self.boss, self.ada, self.ben, self.new = (add_annotator(project, f"A0{n}") for n in range(1, 5))
        for who, part in ((self.ada, Part.FIRST), (self.ben, Part.SECOND)):
            tier = self.give(who, part)
            for at_s in (10, 300):
                self.mark(who, tier, at_s)
            self.move(tier, TierState.SUBMITTED, who)

    def give(self, who: Annotator, part: Part = Part.SECOND, windows: tuple[Interval, ...] = ()) -> TierId:
        return assign(self.project, SID, Order(STATES, who, self.boss, part, windows), CLOCK).tier_id

    def mark(self, who: Annotator, tier: TierId, at_s: int) -> None:
        made = segment(f"{who.pseudonym}-{at_s}", at_s * NS_PER_S, (at_s + 10) * NS_PER_S)
        self.project.annotations.record(SID, Edit("Mark", (), (replace(made, tier_id=tier),)), who.id)

    def move(self, tier: TierId, to: TierState, who: Annotator) -> None:
        items = self.project.annotations.load(SID)
        there = next(each for each in items if isinstance(each, Tier) and each.id == tier)
        self.project.annotations.record(SID, moved(there, to, who), who.id)

    def adjudicate(self) -> TierId:
        """All of it; the gold is submitted."""
        found = table(self.project, SID, STATES, self.boss, CLOCK)
        state = found.state(self.project.annotations.load(SID))
        self.project.annotations.record(SID, agreed_edit(state, self.boss.id, CLOCK.utc_ns()), self.boss.id)
        self.move(found.gold, TierState.SUBMITTED, self.boss)
        return found.gold

    def keep_out(self, mark: str, gold: TierId) -> None:
        made, ends = Made(Origin.MANUAL, self.boss.id), (ItemRef("annotation", mark), ItemRef("tier", gold))
        out = Link(LinkId(f"{mark} out"), SID, DROPPED, *ends, made)
        self.project.annotations.record(SID, Edit("Keep it out of the gold", (), (out,)), self.boss.id)

    def sides(self) -> list[str]:
        return [each.name for each in table(self.project, SID, STATES, self.boss, CLOCK).sources]


@pytest.fixture
def room(project: Project) -> Room:
    return Room(project)


def test_nothing_tells_of_a_gold_by_which_somebody_is_measured(room: Room) -> None:
    """Nor of anybody else's work of the type, in the whole session; those who did it don't see what comes."""
    gold = room.adjudicate()
    own = room.give(room.new, windows=(WINDOW,))
    room.mark(room.new, own, 10)
    view = room.project.seen_by(room.new.id)
    items = view.annotations.load(SID)
    assert {each.id for each in items if isinstance(each, Tier)} == {own}
    assert [each.id for each in items if isinstance(each, Annotation)] == ["A04-10"]
    assert gold not in repr((view.annotations.history(SID), view.assignments.all(), view.library.sessions()))
    scopes = {(each.annotator_id, each.interval, each.to) for each in room.project.annotators.scopes(SID)}
    assert {each for each in scopes if each[1] is None and each[0] == room.new.id} == {
        (room.new.id, None, BlindTo.PEOPLE),
        (room.new.id, None, BlindTo.MACHINES),
    }
    assert {each[0] for each in scopes if each[1] == WINDOW} == {room.ada.id, room.ben.id}


@pytest.mark.parametrize("blind", [None, *BlindTo])
def test_a_first_coder_is_not_told_of_a_gold_either_though_nobody_else_coded(
    project: Project, blind: BlindTo | None
) -> None:
    """Whatever else is to be hidden from them, as machines' drafts alone."""
    project.sessions.save(SESSION)
    boss, new = add_annotator(project, "A01"), add_annotator(project, "A02")
    gold = assign(project, SID, Order(STATES, boss, boss, Part.ADJUDICATOR), CLOCK).tier_id
    move_tier(project, SID, gold, TierState.SUBMITTED, boss, "")
    own = assign(project, SID, Order(STATES, new, boss, blind=blind), CLOCK).tier_id
    seen = project.seen_by(new.id).annotations.load(SID)
    assert [each.id for each in seen if isinstance(each, Tier)] == [own]
    hidden = {each.to for each in project.annotators.scopes(SID)}
    assert (BlindTo.MACHINES in hidden) == (blind in (BlindTo.MACHINES, BlindTo.BOTH))


def test_the_gold_waits_for_nobody_who_is_measured_by_it_and_is_not_made_of_theirs(room: Room) -> None:
    gold = room.adjudicate()
    own = room.give(room.new, windows=(WINDOW,))
    for state in (TierState.ASSIGNED, TierState.SUBMITTED):
        if state == TierState.SUBMITTED:
            room.move(own, state, room.new)
        assert room.sides() == ["A02", "A03"]
        (what,) = comparable(room.project.library.sessions())
        assert (len(what.coders), what.measured, what.sides) == (3, (room.new.id,), 2)
        assert (what.decidable, what.unready) == (True, ())
    now = table(room.project, SID, STATES, room.boss, CLOCK).state(room.project.annotations.load(SID))
    assert (now.open, now.to_take) == ([], 0)
    room.move(gold, TierState.IN_WORK, room.boss)
    assert room.sides() == ["A02", "A03"], "also where the gold is taken up again"


def test_who_marked_nothing_is_measured_and_not_told_what_the_gold_has(room: Room) -> None:
    room.adjudicate()
    own = room.give(room.new, windows=(WINDOW,))
    room.move(own, TierState.SUBMITTED, room.new)
    (judged,) = calibrate(room.project, "A04", STATES).labels
    assert (judged.marks, judged.missed) == (1, 1)
    assert changes_of(room.project, room.new) == []


def test_a_gold_that_holds_something_stays_one(room: Room) -> None:
    """Taken back, it would count as a coding of its adjudicator's; an empty one goes."""
    found = table(room.project, SID, STATES, room.boss, CLOCK)
    (work,) = (each for each in room.project.assignments.all(SID) if each.tier_id == found.gold)
    take_back(room.project, work.id, room.boss)
    assert found.gold not in {each.id for each in room.project.annotations.load(SID)}
    gold = room.adjudicate()
    (work,) = (each for each in room.project.assignments.all(SID) if each.tier_id == gold)
    with pytest.raises(WozError, match="it stays the gold"):
        take_back(room.project, work.id, room.boss)
    assert work in room.project.assignments.all(SID)
    assert room.sides() == ["A02", "A03"]


@pytest.mark.parametrize("submitted", [False, True])
def test_a_gold_of_which_all_was_kept_out_or_that_is_submitted_stays_one(room: Room, submitted: bool) -> None:
    """It holds no mark: what was decided are links, or that there is nothing."""
    found = table(room.project, SID, STATES, room.boss, CLOCK)
    if submitted:
        room.move(found.gold, TierState.SUBMITTED, room.boss)
    else:
        room.keep_out("A02-10", found.gold)
    (work,) = (each for each in room.project.assignments.all(SID) if each.tier_id == found.gold)
    with pytest.raises(WozError, match="holds what was decided or is submitted"):
        take_back(room.project, work.id, room.boss)
    assert work in room.project.assignments.all(SID)
    assert room.sides() == ["A02", "A03"]


def test_of_two_who_begin_to_adjudicate_at_once_one_has_the_gold(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = give_roles(room.project, "A04", ALL_ROLES)
    begun = (partial(table, room.project, SID, STATES, who, CLOCK) for who in (room.boss, other))
    (told,) = met(room.project, monkeypatch, (Assignments, "all"), *begun)
    assert told.startswith("A01 has the gold of")
    golds = [each for each in room.project.assignments.all(SID) if each.part == Part.ADJUDICATOR]
    assert [each.annotator_id for each in golds] == [room.boss.id]


@pytest.mark.parametrize("of_many", [False, True])
def test_of_two_who_give_somebody_the_same_at_once_one_does(
    room: Room, monkeypatch: pytest.MonkeyPatch, of_many: bool
) -> None:
    order = Order(STATES, room.new, room.boss, Part.SECOND)
    one = partial(assign, room.project, SID, order, CLOCK)
    many = partial(assign_all, room.project, [SID], order, CLOCK)
    given = many if of_many else one
    refused = met(room.project, monkeypatch, (Annotations, "load"), given, given)
    assert len(room.project.assignments.all(SID, room.new.id)) == 1
    assert len(refused) == (0 if of_many else 1), "of many sessions each has an answer"


def test_who_adjudicates_codes_nothing_of_it_any_more(room: Room) -> None:
    """They see what others did, and what they'd be given would hide from them what they decide on."""
    table(room.project, SID, STATES, room.boss, CLOCK)
    before = room.project.annotators.scopes(SID)
    with pytest.raises(WozError, match=r"A01 adjudicates .*, and sees what others did there"):
        room.give(room.boss, windows=(WINDOW,))
    assert room.project.annotators.scopes(SID) == before


def test_who_adjudicated_codes_nothing_of_it_either_once_the_gold_is_gone(room: Room) -> None:
    """The history tells of which scheme it was; a type of the same key in another one is another type."""
    gold = table(room.project, SID, STATES, room.boss, CLOCK).gold
    items = room.project.annotations.load(SID)
    tier = next(each for each in items if isinstance(each, Tier) and each.id == gold)
    room.project.annotations.record(SID, Edit("Tidy up", (tier,)), room.boss.id)
    with pytest.raises(WozError, match=r"A01 adjudicates .*, and sees what others did there"):
        room.give(room.boss, windows=(WINDOW,))
    room.project.schemes.add(replace(CONVERSATION, id=SchemeId("other"), name="Other states"))
    assign(room.project, SID, Order(f"other/{STATES}", room.boss, room.boss), CLOCK)
    assert len(room.project.assignments.all(SID, room.boss.id)) == 2


@pytest.mark.parametrize("gone", [False, True])
def test_who_was_to_adjudicate_codes_nothing_of_it_once_that_was_taken_back(room: Room, gone: bool) -> None:
    """They saw what others did, also where nothing was decided yet; and may be asked to adjudicate again."""
    other = give_roles(room.project, "A04", ALL_ROLES)
    work = assign(room.project, SID, Order(STATES, other, room.boss, Part.ADJUDICATOR), CLOCK)
    if gone:
        items = room.project.annotations.load(SID)
        gold = next(each for each in items if isinstance(each, Tier) and each.id == work.tier_id)
        room.project.annotations.record(SID, Edit("Tidy up", (gold,)), room.boss.id)
    take_back(room.project, work.id, room.boss)
    assert work.id not in {each.id for each in room.project.assignments.all(SID)}
    with pytest.raises(WozError, match=r"A04 adjudicates .*, or was to, and sees what others did there"):
        room.give(other, windows=(WINDOW,))
    with pytest.raises(WozError, match="has worked or was given work here"):
        room.project.annotators.remove(other)
    room.project.schemes.add(replace(CONVERSATION, id=SchemeId("other"), name="Other states"))
    assign(room.project, SID, Order(f"other/{STATES}", other, room.boss), CLOCK)
    order = Order(f"{CONVERSATION.id}/{STATES}", other, room.boss, Part.ADJUDICATOR)
    again = assign(room.project, SID, order, CLOCK)
    assert again.tier_id in {each.id for each in room.project.annotations.load(SID)}


def test_who_began_before_the_gold_was_submitted_is_a_side_of_it(room: Room) -> None:
    found = table(room.project, SID, STATES, room.boss, CLOCK)
    own = room.give(room.new, windows=(WINDOW,))
    room.mark(room.new, own, 10)
    room.move(own, TierState.SUBMITTED, room.new)
    assert room.sides() == ["A02", "A03", "A04"]
    room.move(found.gold, TierState.SUBMITTED, room.boss)
    assert room.sides() == ["A02", "A03", "A04"]
    (what,) = comparable(room.project.library.sessions())
    assert (what.sides, what.measured) == (3, ())


def test_who_may_neither_adjudicate_nor_assign_is_told_nothing_of_what_there_is(room: Room) -> None:
    """Nor whether others have submitted theirs, or a gold is there."""
    for tier_type in (STATES, "loose/any"):
        for ask in (looked_at, table):
            with pytest.raises(WozError, match="A04 is not the adjudicator of"):
                ask(room.project, SID, tier_type, room.new, CLOCK)
    with pytest.raises(WozError, match=r"Only .* may assign a tier, and A02 is not"):
        honeypot(room.project, SID, STATES, (room.new, room.ada), (0.5, 1), CLOCK)
