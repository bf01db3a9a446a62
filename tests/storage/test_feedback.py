"""What somebody is to look at in a session: why it was returned, what is said of it, what others changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import event

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN, segment
from woz.annotation.edits import Edit
from woz.annotation.linking import with_links
from woz.annotation.tier_states import moved
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.commenting import Place, comment
from woz.lab.feedback import Feedback, FeedbackDesk, FeedbackKind
from woz.lab.returning import Remark, return_tier
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.assignment import Part
from woz.model.ids import LinkId, TierId, TurnId
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import STATES
from woz.model.tier import Tier, TierState
from woz.model.transcript import Turn


class Room:
    """A02 has made three segments of a tier; A01 may all, A03 looks on."""

    def __init__(self, project: Project) -> None:
        project.sessions.save(replace(SESSION, duration_ns=600 * NS_PER_S))
        self.project = project
        self.boss, self.ada, self.ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        self.tier_id = assign(project, SID, Order(STATES, self.ada, self.boss), CLOCK).tier_id
        self.marks = [self.mark(n) for n in range(3)]

    def mark(self, n: int) -> Annotation:
        made = Made(Origin.MANUAL, self.ada.id)
        new = replace(segment(f"s{n}", n * 10 * NS_PER_S, (n * 10 + 5) * NS_PER_S), tier_id=self.tier_id, made=made)
        return self.put(self.ada, new)

    def put(self, who: Annotator, new: Annotation, why: str = "") -> Annotation:
        old = self.project.annotations.stored([ref_to(new)]).get(ref_to(new))
        self.project.annotations.record(SID, Edit("Edit", (old[0],) if old else (), (new,), why), who.id)
        found = self.project.annotations.stored([ref_to(new)])[ref_to(new)][0]
        assert isinstance(found, Annotation)
        return found

    def record(self, who: Annotator, edit: Edit) -> None:
        self.project.annotations.record(SID, edit, who.id)

    def link(self, link: Link) -> Link:
        """As it is stored."""
        found = self.project.annotations.stored([ref_to(link)])[ref_to(link)][0]
        assert isinstance(found, Link)
        return found

    @property
    def tier(self) -> Tier:
        ref = ItemRef("tier", self.tier_id)
        found = self.project.annotations.stored([ref])[ref][0]
        assert isinstance(found, Tier)
        return found

    def move(self, to: TierState, who: Annotator, why: str = "") -> None:
        self.project.annotations.record(SID, moved(self.tier, to, who, why), who.id)

    def desk(self, who: Annotator) -> FeedbackDesk:
        return FeedbackDesk(self.project, SID, who)

    def read(self, who: Annotator) -> list[Feedback]:
        tiers = [each for each in self.project.annotations.open(SID, who.id).items if isinstance(each, Tier)]
        return self.desk(who).read(tiers)


@pytest.fixture
def room(project: Project) -> Room:
    return Room(project)


def _words(found: Sequence[Feedback]) -> list[str]:
    return [each.words for each in found]


def test_why_work_was_returned_is_told_until_it_is_submitted_again(room: Room) -> None:
    room.move(TierState.SUBMITTED, room.ada)
    assert room.read(room.ada) == []
    return_tier(room.project, SID, room.tier_id, room.boss, "Ends are late", [Remark(12 * NS_PER_S, "This one")])
    first, remark = room.read(room.ada)
    assert (first.kind, first.item) == (FeedbackKind.RETURNED, ItemRef("tier", room.tier_id))
    assert first.words == f"A01 returned {room.tier.name}: Ends are late"
    assert (remark.kind, remark.at_ns) == (FeedbackKind.COMMENT, 12 * NS_PER_S)
    assert "A01: This one" in remark.words
    room.move(TierState.IN_WORK, room.ada)
    assert room.read(room.ada)[0].kind == FeedbackKind.RETURNED
    room.move(TierState.SUBMITTED, room.ada)
    assert [each.kind for each in room.read(room.ada)] == [FeedbackKind.COMMENT]
    assert all(each.kind != FeedbackKind.RETURNED for each in room.read(room.ben))


def test_comments_wait_for_whom_they_concern_till_answered_or_settled(room: Room) -> None:
    comment(room.project, Place(SID, item_id=room.marks[1].id), room.boss, "Which state is this?")
    (asked,) = room.read(room.ada)
    assert (asked.item, asked.waits) == (ref_to(room.marks[1]), True)
    assert asked.talk
    assert not room.read(room.boss)[0].waits
    assert not room.read(room.ben)[0].waits
    room.desk(room.ada).answer(asked.talk, "Waiting")
    assert [each.waits for each in room.read(room.ada)] == [False]
    (answered,) = room.read(room.boss)
    assert answered.waits
    assert answered.words.endswith("A01: Which state is this?  –  A02: Waiting")
    assert answered.talk
    room.desk(room.boss).settle(answered.talk)
    assert room.read(room.boss) == room.read(room.ada) == []
    room.desk(room.ada).say(ref_to(room.marks[0]), "I doubt this one")
    (said,) = room.read(room.boss)
    assert (said.item, said.waits) == (ref_to(room.marks[0]), True)


def test_what_others_changed_of_ones_own_is_told_till_one_changes_it(room: Room) -> None:
    one, two, three = room.marks
    room.put(room.boss, replace(one, end_ns=one.end_ns and one.end_ns + NS_PER_S), "too short")
    later = room.put(room.boss, replace(two, note="unsure"))
    room.project.annotations.record(SID, Edit("Delete", (three,), ()), room.boss.id)
    room.put(room.ben, replace(segment("new", 40 * NS_PER_S, 45 * NS_PER_S), tier_id=room.tier_id))
    found = room.read(room.ada)
    assert [each.item for each in found] == [ref_to(each) for each in room.marks]
    assert [each.at_ns for each in found] == [each.start_ns for each in room.marks]
    assert found[0].words.startswith("A01 changed ")
    assert found[0].words.endswith("(too short)")
    assert "end: " in found[0].words
    assert "note: " in found[1].words
    assert found[2].words.startswith("A01 took away ")
    assert room.read(room.boss) == []
    room.put(room.ada, replace(later, note="sure"))
    assert [each.item for each in room.read(room.ada)] == [ref_to(one), ref_to(three)]


def test_what_others_changed_and_put_back_is_not_told(room: Room) -> None:
    one = room.marks[0]
    theirs = room.put(room.boss, replace(one, note="unsure"))
    (told,) = room.read(room.ada)
    room.put(room.boss, replace(theirs, note="very unsure"))
    (again,) = room.read(room.ada)
    assert again.key != told.key
    room.put(room.ben, replace(one, made=theirs.made))
    assert room.read(room.ada) == []


def test_what_others_changed_of_ones_links_is_told_on_what_they_lead_from(room: Room) -> None:
    one, two, three = room.marks
    joined = ((one, two), (two, three), (three, one))
    made = Made(Origin.MANUAL, room.ada.id)
    links = [
        Link(LinkId(f"l{n}"), SID, "corrects", ref_to(source), ref_to(target), made)
        for n, (source, target) in enumerate(joined)
    ]
    room.record(room.ada, Edit("Link", (), tuple(links)))
    doubted, removed, gone = map(room.link, links)
    room.record(room.boss, Edit("Doubt it", (doubted,), (replace(doubted, doubt="which?"),)))
    room.record(room.boss, Edit("Remove link", (removed,), (), "they are two"))
    room.record(room.boss, with_links(Edit("Delete", (three,)), [gone]))
    found = room.read(room.ada)
    assert [each.item for each in found] == [ref_to(one), ref_to(two), ref_to(three)]
    assert [each.at_ns for each in found] == [one.start_ns, two.start_ns, three.start_ns]
    first, second, third = _words(found)
    assert first.startswith("A01 changed the link “corrects” (")
    assert first.endswith("): doubt: nothing → which?")
    assert "0:00.000 to 0:05.000 → " in first
    assert "0:10.000 to 0:15.000)" in first
    assert second.startswith("A01 took away the link “corrects” (")
    assert second.endswith(" → annotation that is gone) (they are two)")
    assert third.startswith("A01 took away ")
    assert "link" not in third, "what went with the mark is told with it"
    assert room.read(room.boss) == room.read(room.ben) == []
    doubted = room.link(doubted)
    room.record(room.ada, Edit("No doubt", (doubted,), (replace(doubted, doubt=None),)))
    assert [each.item for each in room.read(room.ada)] == [ref_to(two), ref_to(three)]


def test_what_others_changed_of_turns_that_one_corrected_is_told(room: Room) -> None:
    """Not of those that one has only read; and that somebody checked one changes nothing of it."""
    read, corrected = replace(TURN, id=TurnId("read")), TURN
    room.project.transcripts.add(TRANSCRIPT, [corrected, read])

    def correct(who: Annotator, was: Turn, **fields: object) -> Turn:
        now = replace(was, **fields)  # type: ignore[arg-type]
        room.record(who, Edit("Correct", (was,), (now,)))
        return now

    mine = correct(room.ada, corrected, text="Mix it well.", words=())
    correct(room.boss, read, text="Mix.", words=())
    checked = correct(room.boss, mine, checked=True)
    assert room.read(room.ada) == []
    theirs = correct(room.boss, checked, text="Mix it.")
    (told,) = room.read(room.ada)
    assert (told.kind, told.item, told.at_ns) == (FeedbackKind.CHANGED, ref_to(TURN), TURN.interval.start_ns)
    assert told.words == "A01 changed the turn “expert 0:00.000 Mix it well.”: text: Mix it well. → Mix it."
    assert room.read(room.boss) == room.read(room.ben) == []
    back = correct(room.boss, theirs, text="Mix it well.")
    assert room.read(room.ada) == []
    room.record(room.boss, Edit("Take it out", (back,), ()))
    assert _words(room.read(room.ada)) == ["A01 took away the turn “expert 0:00.000 Mix it well.”"]


def test_however_many_were_changed_it_takes_no_more_statements(room: Room) -> None:
    room.put(room.boss, replace(room.marks[0], note="unsure"))
    few = _statements(room, room.ada)
    for each in room.marks[1:]:
        room.put(room.boss, replace(each, note="unsure"))
    assert [each.kind for each in room.read(room.ada)] == [FeedbackKind.CHANGED] * 3
    assert len(_statements(room, room.ada)) == len(few)


def _statements(room: Room, who: Annotator) -> list[str]:
    """Of one reading."""
    found: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    desk, tiers = room.desk(who), [room.tier]
    engine = room.project.database.backend.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        desk.read(tiers)
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    return found


def test_blind_people_are_told_what_was_done_to_theirs_alone(room: Room) -> None:
    second = Order(STATES, room.ben, room.boss, Part.SECOND)
    his = assign(room.project, SID, second, CLOCK).tier_id
    room.put(room.boss, replace(room.marks[0], note="unsure"))
    comment(room.project, Place(SID, item_id=room.marks[1].id), room.boss, "Which state is this?")
    assert room.read(room.ben) == []
    comment(room.project, Place(SID, tier=TierId(his)), room.boss, "Begin with the first minute")
    assert _words(room.read(room.ben)) == [f"On {_name(room, his)}. A01: Begin with the first minute"]


def _name(room: Room, tier_id: TierId) -> str:
    ref = ItemRef("tier", tier_id)
    tier = room.project.annotations.stored([ref])[ref][0]
    assert isinstance(tier, Tier)
    return tier.name
