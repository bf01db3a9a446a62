"""What concerns somebody of all that is said in a project, over both databases: as the command lists it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import event

from storage import Project
from storage.repositories import comments as repository
from tests.storage.examples import CLOCK, SESSION, SID, segment
from ui.cli import main
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S, Interval
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.commenting import Place, answer, comment, talk_facts, talks
from woz.lab.own_talks import OwnTalks, TalkLine
from woz.model.assignment import Part
from woz.model.ids import SessionId, TierId
from woz.model.item import ref_to
from woz.model.own_schemes import STATES
from woz.model.tier import Tier

LONG_NS = 600 * NS_PER_S


class Room:
    """A02 has work in two sessions; A01 may all, A03 and A04 look on."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.boss, self.ada, self.ben, self.cem = (
            add_annotator(project, name) for name in ("A01", "A02", "A03", "A04")
        )
        self.sessions = (SID, SessionId("20260102-000000-0000"))
        self.tiers: list[TierId] = [self.work(each, title) for each, title in zip(self.sessions, "LC", strict=True)]

    def work(self, session_id: SessionId, title: str) -> TierId:
        self.project.sessions.save(replace(SESSION, id=session_id, title=title, duration_ns=LONG_NS))
        return assign(self.project, session_id, Order(STATES, self.ada, self.boss), CLOCK).tier_id

    def read(self) -> tuple[TalkLine, ...]:
        return OwnTalks(self.project, self.ada).read()


@pytest.fixture
def room(project: Project) -> Room:
    return Room(project)


def _texts(lines: tuple[TalkLine, ...]) -> list[str]:
    return [line.talk.first.text for line in lines]


def test_remarks_of_one_moment_stand_by_their_places(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store's clock counts in thousandths of a second; a return's remarks are quicker."""
    monkeypatch.setattr(repository, "own_time_ns", lambda rows: CLOCK.utc_ns())
    for at in (90, 5, 61, 130, 20, 7):
        comment(room.project, Place(SID, at * NS_PER_S), room.boss, f"At {at}", room.ada)
    told = [each.first.text for each in talks(room.project, room.ada, SID, mine=True)]
    assert told == ["At 5", "At 7", "At 20", "At 61", "At 90", "At 130"]


def test_mine_is_what_i_said_what_i_am_asked_and_what_is_on_my_work(room: Room) -> None:
    project, (first, second) = room.project, room.sessions
    comment(project, Place(first, 5 * NS_PER_S), room.ada, "I said")
    comment(project, Place(second, 7 * NS_PER_S), room.boss, "I am asked", room.ada)
    theirs = comment(project, Place(second, tier=room.tiers[1]), room.boss, "On my work, to A03", room.ben)
    asked = comment(project, Place(first), room.boss, "I answered", room.ben)
    answer(project, asked.id, room.ada, "So I think")
    comment(project, Place(first), room.boss, "To A03", room.ben)
    comment(project, Place(first), room.boss, "To all")
    lines = room.read()
    assert _texts(lines) == ["I said", "I am asked", "On my work, to A03", "I answered"]
    assert [(line.session, line.by, line.to) for line in lines] == [
        ("L", "A02", ""),
        ("C", "A01", "A02"),
        ("C", "A01", "A03"),
        ("L", "A01", "A03"),
    ]
    assert [line.waits for line in lines] == [False, True, True, False]
    assert lines[3].said == ("A01: I answered", "A02: So I think")
    OwnTalks(project, room.ada).answer(lines[2].talk, "As I see it")
    assert [line.said for line in room.read()][2] == ("A01: On my work, to A03", "A02: As I see it")
    OwnTalks(project, room.ada).settle(lines[0].talk)
    again = room.read()
    assert _texts(again) == ["I am asked", "On my work, to A03", "I answered", "I said"]
    assert [line.waits for line in again] == [True, False, False, False]
    assert theirs.id in {line.talk.first.id for line in OwnTalks(project, room.ben).read()}


def test_who_is_blind_is_told_nothing_of_it_even_on_their_own_work(room: Room) -> None:
    """But where it is said to them."""
    project, (first, _) = room.project, room.sessions
    comment(project, Place(first, tier=room.tiers[0]), room.boss, "To A04 of hers", room.cem)
    comment(project, Place(first, tier=room.tiers[0]), room.boss, "To her")
    assert _texts(room.read()) == ["To A04 of hers", "To her"]
    assign(project, first, Order(STATES, room.ben, room.boss, Part.SECOND), CLOCK)
    assert _texts(room.read()) == ["To her"]
    assert _texts(OwnTalks(project, room.boss).read()) == ["To A04 of hers", "To her"]
    view = project.seen_by(room.ben.id)
    assert [each.text for each in project.comments.concerning(room.ada.id)] == ["To her"]
    assert view.comments.concerning(room.ada.id) == []


def test_what_is_said_to_who_is_blind_names_the_session_alone(room: Room) -> None:
    """Where it is on what they don't see; their own tier is named, and whoever sees all is told where it is."""
    project, (first, second) = room.project, room.sessions
    own = assign(project, first, Order(STATES, room.ben, room.boss, Part.SECOND), CLOCK).tier_id
    mark = replace(segment("m", 9 * NS_PER_S, 12 * NS_PER_S), tier_id=room.tiers[0])
    project.annotations.record(first, Edit("Mark", (), (mark,)), room.ada.id)
    said = (
        ("On hers", Place(first, 5 * NS_PER_S, tier=room.tiers[0])),
        ("On her mark", Place(first, item_id="m")),
        ("On his", Place(first, tier=own)),
        ("Elsewhere", Place(second, 7 * NS_PER_S, tier=room.tiers[1])),
    )
    for text, place in said:
        comment(project, place, room.boss, text, room.ben)
    names = {each.id: each.name for each in project.annotations.load(first) if isinstance(each, Tier)}
    hers, his = names[room.tiers[0]], names[own]
    for view in (project, project.seen_by(room.ben.id)):
        seen = [line.talk for line in OwnTalks(view, room.ben).read()]
        assert [(each.first.text, each.place) for each in seen] == [
            ("On hers", "the session at 5.0 s"),
            ("On her mark", "the session"),
            ("On his", his),
            ("Elsewhere", f"{hers} at 7.0 s"),
        ]
        facts = [talk_facts(each, {}) for each in seen]
        tiers = [None, None, own, room.tiers[1]]
        assert [(each["tier"], each["item"]) for each in facts] == [(tier, None) for tier in tiers]
    places = [(each.place, each.first.item) for each in talks(project, room.boss)]
    assert places == [
        (f"{hers} at 5.0 s", None),
        (f"{hers} at 9.0 s", ref_to(mark)),
        (his, None),
        (f"{hers} at 7.0 s", None),
    ]


def test_where_a_mark_was_is_not_told_to_who_is_blind_once_it_is_gone(room: Room) -> None:
    """In windows: they see the tier, and what is outside of these."""
    project, (first, _) = room.project, room.sessions
    windows = (Interval(0, 60 * NS_PER_S),)
    assign(project, first, Order(STATES, room.ben, room.boss, Part.SECOND, windows), CLOCK)
    mark = replace(segment("m", 9 * NS_PER_S, 12 * NS_PER_S), tier_id=room.tiers[0])
    project.annotations.record(first, Edit("Mark", (), (mark,)), room.ada.id)
    comment(project, Place(first, item_id="m"), room.boss, "On her mark", room.ben)
    project.annotations.record(first, Edit("Delete", (mark,), ()), room.ada.id)
    for view in (project, project.seen_by(room.ben.id)):
        (line,) = OwnTalks(view, room.ben).read()
        assert (line.talk.place, line.talk.first.item, line.talk.first.at_ns) == ("the session", None, None)
    (told,) = project.comments.all(first, room.boss.id)
    assert (told.item, told.at_ns) == (ref_to(mark), 9 * NS_PER_S)


def test_the_command_lists_the_same(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    room = Room(sqlite_project)
    for at, session in enumerate(room.sessions):
        comment(sqlite_project, Place(session, at * NS_PER_S), room.boss, f"Asked {at}", room.ada)
        comment(sqlite_project, Place(session, tier=room.tiers[at]), room.boss, f"On hers {at}", room.ben)
    OwnTalks(sqlite_project, room.ada).settle(room.read()[0].talk)
    lines = room.read()
    assert main(["comments", str(sqlite_project.path), "--annotator", "A02", "--mine", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["comments"]
    assert [each["id"] for each in told] == [line.talk.first.id for line in lines]
    assert [each["text"] for each in told] == ["On hers 0", "Asked 1", "On hers 1", "Asked 0"]
    one = ["comments", str(sqlite_project.path), "--annotator", "A02", "--mine", "--session", room.sessions[1]]
    assert main([*one, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["comments"]
    assert [each["text"] for each in told] == ["Asked 1", "On hers 1"]


def test_however_many_sessions_there_are_it_takes_no_more_statements(room: Room) -> None:
    comment(room.project, Place(SID, tier=room.tiers[0]), room.boss, "One")
    few = _statements(room)
    for at in range(3, 9):
        session = SessionId(f"2026010{at}-000000-0000")
        tier = room.work(session, str(at))
        comment(room.project, Place(session, tier=tier), room.boss, "More")
    assert len(room.read()) == 7
    assert len(_statements(room)) == len(few)
    assert sum("FROM comment" in each for each in few) == 1


def _statements(room: Room) -> list[str]:
    """Of one reading."""
    found: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    engine = room.project.database.backend.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        room.read()
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    return found
