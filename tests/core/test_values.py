"""Intervals, clock maps, events, documents: what everything else stands on."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.memory_history import MemoryHistory
from woz.annotation import commands
from woz.annotation.boundaries import move_edge
from woz.annotation.document import Change, Document
from woz.annotation.edits import Edit
from woz.annotation.states import conversation_states
from woz.annotation.steps import steps_from_marks
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.events import Event, EventKind
from woz.model.ids import AnnotationId, SessionId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import MISTAKE
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.timing.clock_map import ClockMap

times = st.integers(0, 10**12)
intervals = st.builds(lambda a, b: Interval(min(a, b), max(a, b)), times, times)
SID, TIER, MADE = SessionId("s"), TierId("t"), Made(Origin.MANUAL, "ada")


@given(intervals, intervals, times)
def test_intersection_holds_what_both_hold(a: Interval, b: Interval, t: int) -> None:
    assert (t in (a & b)) == (t in a and t in b)
    assert bool(a & b) == a.intersects(b)
    assert (a | b) == (b | a)


@given(intervals, times)
def test_split_parts_make_the_whole(a: Interval, t: int) -> None:
    if a.start_ns < t < a.end_ns:
        first, second = a.split(t)
        assert (first | second) == a
        assert not first.intersects(second)
    else:
        with pytest.raises(ValueError, match="not lie inside"):
            a.split(t)


@st.composite
def maps(draw: st.DrawFn) -> ClockMap:
    steps = st.lists(st.tuples(st.integers(10**6, 10**10), st.integers(10**6, 10**10)), min_size=1, max_size=5)
    a, b = draw(st.integers(-(10**12), 10**12)), draw(st.integers(-(10**12), 10**12))
    knots = [(a, b)]
    for da, db in draw(steps):
        a, b = a + da, b + max(da // 2, min(db, da * 2))
        knots.append((a, b))
    return ClockMap(tuple(knots))


@given(maps(), st.integers(-(10**13), 10**13))
def test_a_clock_map_can_be_turned_round(m: ClockMap, t: int) -> None:
    assert abs(m.from_session(m.to_session(t)) - t) <= 2
    assert m.to_session(t) < m.to_session(t + 10)
    assert ClockMap.from_json(m.to_json()) == m
    assert m.shifted(5).to_session(t) == m.to_session(t) + 5
    assert m.from_origin(7).to_session(t - 7) == m.to_session(t)


@pytest.mark.parametrize("text", ["", "{}", '{"knots": [[0, 0]]}', '{"knots": [[0,0],[1,"x"]], "quality": {}}'])
def test_a_damaged_clock_map_is_told(text: str) -> None:
    with pytest.raises(WozError, match="clock map"):
        ClockMap.from_json(text)


@given(st.sampled_from(list(EventKind)), times, st.text(max_size=20), st.dictionaries(st.text(max_size=5), times))
def test_an_event_survives_its_line(kind: EventKind, t: int, by: str, data: dict[str, int]) -> None:
    event = Event(t, kind, by, data)
    line = event.to_json()
    assert "\n" not in line
    assert Event.from_json(line) == event


def test_a_line_that_is_no_event_is_refused() -> None:
    for line in ("{}", "[]", '{"t_ns": 1, "kind": "nonsense", "by": "x", "data": {}}', '{"t_ns": 1'):
        with pytest.raises(ValueError):  # noqa: PT011
            Event.from_json(line)


def _segment(number: int, start: int, end: int, label: str = "a") -> Annotation:
    return Annotation(AnnotationId(str(number)), TIER, start, end, label, MADE)


def test_a_document_tells_each_change_once_and_stores_it_first() -> None:
    log = MemoryHistory()
    document = Document(SID, log.opened(), log, "ada")
    seen: list[Change] = []
    unsubscribe = document.subscribe(seen.append)
    document.apply(Edit("new", (), (_segment(1, 0, 5),)), "me")
    assert [change.initiator for change in seen] == ["me"]
    assert seen[0].kinds == {Annotation}
    log.full = True
    with pytest.raises(WozError):
        document.undo()
    assert document.annotations(TIER) == (_segment(1, 0, 5),)
    assert document.undo_name == "new"
    unsubscribe()
    log.full = False
    document.undo()
    assert len(seen) == 1
    assert document.redo_name == "new"


actions = st.lists(
    st.tuples(st.sampled_from(["new", "move", "split", "merge", "label", "cut"]), times, times), max_size=25
)


@given(actions)
def test_segments_never_overlap_and_undo_restores(moves: list[tuple[str, int, int]]) -> None:
    log = MemoryHistory()
    document = Document(SID, log.opened(), log, "ada")
    states = [document.annotations(TIER)]
    for number, (verb, a, b) in enumerate(moves):
        try:
            edit = _edit(document.annotations(TIER), verb, a, b, number)
        except WozError:
            continue
        if edit:
            document.apply(edit)
            states.append(document.annotations(TIER))
        spans = [s.interval for s in document.annotations(TIER)]
        assert all(x.end_ns <= y.start_ns for x, y in pairwise(spans))
    for state in reversed(states[:-1]):
        document.undo()
        assert document.annotations(TIER) == state
    for state in states[1:]:
        document.redo()
        assert document.annotations(TIER) == state


def _edit(existing: tuple[Annotation, ...], verb: str, a: int, b: int, number: int) -> Edit | None:
    if verb == "new":
        return commands.create(existing, AnnotationId(str(number)), TIER, Interval(min(a, b), max(a, b)), "x", MADE)
    if not existing:
        return None
    segment = existing[a % len(existing)]
    return {
        "move": lambda: move_edge(existing, segment, a < b, b),
        "split": lambda: commands.split(segment, b, AnnotationId(str(number))),
        "merge": lambda: commands.merge(existing, segment),
        "label": lambda: commands.relabel(segment, f"l{b}"),
        "cut": lambda: commands.delete(segment),
    }[verb]()


def test_snapping_goes_to_the_nearest_frame() -> None:
    grid = [0, 50, 100]
    assert [commands.snapped(t, grid) for t in (-5, 20, 30, 99, 1000)] == [0, 0, 50, 100, 100]
    assert commands.snapped(7, []) == 7


turn_lists = st.lists(st.tuples(st.sampled_from([Role.TRAINEE, Role.EXPERT, Role.OTHER]), intervals), max_size=8)


@given(turn_lists, st.integers(1, 10**12), st.lists(times, max_size=20))
def test_states_cover_the_session_and_say_who_speaks(
    spoken: list[tuple[Role, Interval]], duration: int, probes: list[int]
) -> None:
    turns = [Turn(TurnId(str(i)), TranscriptId("x"), who, span, "…") for i, (who, span) in enumerate(spoken)]
    states = conversation_states(turns, duration, TIER, MADE)
    assert states[0].interval.start_ns == 0
    assert states[-1].interval.end_ns == duration
    for a, b in pairwise(states):
        assert a.interval.end_ns == b.interval.start_ns
        assert a.label != b.label
    for t in (p for p in probes if p < duration):
        speaking = {turn.speaker for turn in turns if t in turn.interval} - {Role.OTHER}
        expected = "both" if len(speaking) == 2 else next(iter(speaking), "none")
        assert next(s.label for s in states if t in s.interval) == expected


def test_steps_follow_the_marks() -> None:
    events = [
        Event(10, EventKind.STEP, "expert", {"step_id": "a"}),
        Event(30, EventKind.STEP, "expert", {"step_id": "b"}),
        Event(35, EventKind.MISTAKE, "expert", {"text": "upside down"}),
        Event(5, EventKind.NOTE, "expert", {"text": "hello"}),
    ]
    first, second = steps_from_marks(events, 100, TIER, MADE)
    assert (first.label, first.interval, first.value(MISTAKE)) == ("a", Interval(10, 30), None)
    assert (second.label, second.interval, second.value(MISTAKE), second.note) == (
        "b",
        Interval(30, 100),
        True,
        "upside down",
    )
    assert steps_from_marks([], 100, TIER, MADE) == ()
    assert replace(first) in steps_from_marks(events, 100, TIER, MADE)
