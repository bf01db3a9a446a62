"""Drift that is told by itself: to whom, how often it is counted, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from storage import Project
from tests.storage.drift_room import MARKS, SLOT_S, TOLD, DriftRoom
from tests.storage.examples import CLOCK
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.annotators import retire_annotator
from woz.lab.assigning import Order, assign, take_back
from woz.lab.drift_agreed import agree_on_drift
from woz.lab.drift_watch import DriftWatch, drift_notice, lasting, own_drift
from woz.lab.drift_words import DriftTold
from woz.lab.readers import progress_here, reader_here
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, BlindScope
from woz.model.assignment import Assignment
from woz.model.ids import BlindScopeId, SessionId
from woz.model.plan import utc_ns_of

SOON_NS = utc_ns_of("2026-11-02")


@pytest.fixture
def room(project: Project) -> DriftRoom:
    return DriftRoom(project)


def _look(
    room: DriftRoom, watch: DriftWatch, last: str, rest: Callable[[], None] = lambda: None
) -> list[DriftTold]:
    reader = reader_here(room.project, last)
    assert reader
    return watch.look(reader, rest)


def test_only_sessions_that_were_changed_are_read_again(room: DriftRoom) -> None:
    watch = DriftWatch()
    read: list[None] = []

    def look() -> tuple[list[DriftTold], int]:
        read.clear()
        return _look(room, watch, "C01", lambda: read.append(None)), len(read)

    (told,), count = look()
    assert (told.words, count) == (TOLD.format(80), 3)
    assert look() == ([told], 0)
    mark = next(each for each in room.project.annotations.load(room.sessions[2]) if isinstance(each, Annotation))
    after = replace(mark, note="looked at again")
    room.project.annotations.record(room.sessions[2], Edit("Note", (mark,), (after,)), room.boss.id)
    assert look() == ([told], 1)
    late = room.people[1]
    room.project.annotators.save(replace(late, pseudonym="A33"))
    (renamed,), count = look()
    assert (renamed.person, count) == ("A33", 3)


def test_windows_that_are_given_and_taken_back_count(room: DriftRoom) -> None:
    """Of what somebody has begun already, which is no edit. Half a session's marks are too few for a week. What
    was taken back counts as it was given, also where that came and went between two looks; the first mark begins
    with its window, which says nothing of anybody.
    """
    watch, late = DriftWatch(), room.people[1]
    agree_on_drift(room.project, pairs=MARKS - 1)
    half_ns = MARKS * SLOT_S * NS_PER_S // 2

    def give(*windows: Interval) -> Assignment:
        order = Order("other", late, room.boss, windows=windows, see_all=True)
        return assign(room.project, room.sessions[2], order, CLOCK)

    def pairs() -> list[int]:
        return [each.pairs for each in _look(room, watch, "C01")]

    assert pairs() == [80]
    work = give(Interval(0, half_ns))
    assert pairs() == [40]
    take_back(room.project, work.id, room.boss)
    assert pairs() == [40]
    assert [each.pairs for each in progress_here(room.project, "C01").drift] == [40]
    take_back(room.project, give(Interval(half_ns, 2 * half_ns)).id, room.boss)
    assert pairs() == [78]
    take_back(room.project, give().id, room.boss)
    assert pairs() == [80]
    give(Interval(0, half_ns))
    assert pairs() == [78]


def test_what_is_read_can_be_broken_off(room: DriftRoom) -> None:
    def over() -> None:
        raise WozError("The project was closed meanwhile.")

    watch = DriftWatch()
    with pytest.raises(WozError, match="was closed"):
        _look(room, watch, "C01", over)
    assert len(_look(room, watch, "C01")) == 1


def test_who_sits_here_is_told_what_they_may_know(room: DriftRoom) -> None:
    """Keepers everybody's, annotators their own, nobody else anything; another one's turn begins anew."""
    watch = DriftWatch()
    (everybodys,) = _look(room, watch, "C01")
    (own,) = _look(room, watch, "A03")
    assert everybodys.person == own.person == "A03"
    assert _look(room, watch, "A02") == []
    assert reader_here(room.project, "") is reader_here(room.project, "Z99") is None
    retire_annotator(room.project, "A03")
    assert reader_here(room.project, "A03") is None
    assert _look(room, watch, "C01") == []


def test_progress_in_the_window_tells_of_drift_what_who_sits_here_may_know(room: DriftRoom) -> None:
    """In a file, too, where all see the other figures of all."""

    def told(last: str) -> list[tuple[str, int]]:
        found = progress_here(room.project, last)
        assert [each.pseudonym for each in found.people] == ["A02", "A03", "A04", "C01"]
        return [(each.person, each.pairs) for each in found.drift]

    assert told("C01") == told("A03") == [("A03", 80)]
    assert told("A02") == told("") == []
    for name in ("A03", "C01"):
        _blind(room, name, room.sessions[1])
        assert told(name) == [("A03", 40)]


def test_who_becomes_blind_is_told_nothing_of_it_any_more(room: DriftRoom) -> None:
    watch = DriftWatch()
    for name in ("A03", "C01"):
        assert [each.pairs for each in _look(room, watch, name)] == [80]
        for session in room.sessions[1:]:
            _blind(room, name, session)
        assert _look(room, watch, name) == []


def test_a_notice_tells_the_newest_and_what_lasts_alone(room: DriftRoom) -> None:
    found = _look(room, DriftWatch(), "C01")
    assert drift_notice(lasting(found, SOON_NS), "Ctrl+G") == f"other: {TOLD.format(80)}"
    assert lasting(found, utc_ns_of("2027-03-01")) == []
    assert drift_notice([], "Ctrl+G") == ""
    newer = replace(found[0], person="A02", since="2026-10-19", words="A newer one.")
    assert drift_notice(lasting([*found, newer], SOON_NS), "Ctrl+G") == (
        "other: A newer one. 1 more is beyond what is agreed; Ctrl+G tells them."
    )


def test_somebodys_own_is_counted_of_what_they_coded_alone(room: DriftRoom) -> None:
    """Also of a curator, who elsewhere is told everybody's."""
    first, late, _ = room.people
    read: list[None] = []

    def own(person: Annotator) -> list[DriftTold]:
        read.clear()
        return own_drift(room.project, person, SOON_NS, lambda: read.append(None))

    (told,), watch = own(late), DriftWatch()
    for again in (3, 0):
        read.clear()
        assert own_drift(room.project, late, SOON_NS, lambda: read.append(None), watch) == [told]
        assert len(read) == again
    (told,) = own(late)
    assert (told.person, told.against, told.words, len(read)) == ("A03", "", TOLD.format(80), 3)
    assert own(first) == []
    assert (own(room.boss), read) == ([], [])
    whole = room.project.annotations.load(room.sessions[2])
    gone = tuple(each for each in reversed(whole) if str(each.id).startswith(f"{room.sessions[2]} A03"))
    room.project.annotations.record(room.sessions[2], Edit("Delete", gone, ()), room.boss.id)
    (told,) = own(late)
    assert (told.pairs, len(read)) == (40, 2)
    _blind(room, "A03", room.sessions[1])
    assert (own(late), len(read)) == ([], 1)


def test_nothing_is_counted_where_work_is_not_measured(room: DriftRoom) -> None:
    room.project.work.measure(False)
    read: list[None] = []
    assert _look(room, DriftWatch(), "C01", lambda: read.append(None)) == []
    assert read == []


def _blind(room: DriftRoom, whose: str, session: SessionId) -> None:
    person = room.project.annotators.named(whose)
    room.project.annotators.save_scope(BlindScope(BlindScopeId(f"{whose} {session}"), person.id, session, "other"))
