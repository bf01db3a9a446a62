"""What the expert did, and took back: the journal keeps both, readers count what stands."""

from __future__ import annotations

from woz.annotation.steps import steps_from_marks
from woz.link.messages.expert_events import event_message, expert_event
from woz.link.messages.messages import Message
from woz.live.seats.expert_log import MOST, ExpertLog, counts
from woz.model import own_schemes
from woz.model.events import Event, EventKind, standing
from woz.model.ids import TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role


def did(t_ns: int, kind: EventKind, **data: str) -> Event:
    return Event(t_ns, kind, Role.EXPERT, data)


STEP_1 = did(1, EventKind.STEP, id="s1", step_id="a", name="Base")
STEP_2 = did(5, EventKind.STEP, id="s2", step_id="b", name="Gear")
MARK = did(2, EventKind.MARK, id="m1", name="Question")
AGAIN = did(3, EventKind.MARK, id="m2", name="Question")
MISTAKE = did(4, EventKind.MISTAKE, id="x1", text="")
CORRECTION = did(6, EventKind.CORRECTION, id="c1", of="x1", text="")


def undo(t_ns: int, of: str) -> Event:
    return did(t_ns, EventKind.UNDO, of=of)


def test_what_was_taken_back_and_the_taking_back_don_t_stand() -> None:
    assert standing([MARK, AGAIN, undo(9, "m1")]) == [AGAIN]
    assert standing([MISTAKE, CORRECTION, undo(9, "c1")]) == [MISTAKE]
    assert standing([MISTAKE, CORRECTION, undo(9, "x1")]) == []


def test_nobody_takes_back_what_another_did_nor_what_has_no_name() -> None:
    nameless = did(1, EventKind.MARK, name="Old")
    other = Event(9, EventKind.UNDO, "station", {"of": "m1"})
    damaged = Event(9, EventKind.UNDO, Role.EXPERT, {"of": ["m1"]})
    assert standing([nameless, MARK, other, damaged, did(9, EventKind.UNDO)]) == [nameless, MARK]


def test_a_log_is_in_order_and_says_what_was_taken_back() -> None:
    log = ExpertLog([STEP_2, MARK, Event(0, EventKind.MARK, "station", {"name": "Theirs"})])
    for event in (STEP_1, AGAIN, MISTAKE, undo(9, "m2")):
        log.add(event)
    assert [(d.t_ns, d.text, d.undone) for d in log.deeds] == [
        (1, "Base", False),
        (2, "Question", False),
        (3, "Question", True),
        (4, "", False),
        (5, "Gear", False),
    ]
    assert counts(log.deeds) == {"Question": 1, "Mistake": 1}


def test_the_step_that_runs_is_the_latest_that_stands() -> None:
    def step(*events: Event) -> object:
        return ExpertLog(events).step

    assert step(MARK) is None
    assert step(STEP_2, STEP_1) == (5, "b")
    assert step(STEP_2, STEP_1, undo(9, "s2")) == (1, "a")


def test_a_mistake_is_open_until_it_is_corrected_and_again_where_that_is_taken_back() -> None:
    log = ExpertLog([MISTAKE])
    assert log.open_mistakes == ["x1"]
    log.add(CORRECTION)
    assert log.open_mistakes == []
    log.add(undo(9, "c1"))
    assert log.open_mistakes == ["x1"]


def test_the_last_one_that_stands_is_taken_back_next() -> None:
    log = ExpertLog([MARK, AGAIN])
    for name in ("m2", "m1"):
        last = log.last()
        assert last is not None
        assert last.id == name
        log.add(undo(9, name))
    assert log.last() is None


def test_a_log_has_an_end() -> None:
    log = ExpertLog(did(n, EventKind.NOTE, text=str(n)) for n in range(MOST + 10))
    assert len(log.deeds) == MOST
    assert log.deeds[-1].text == str(MOST + 9)


def test_steps_and_mistakes_that_were_taken_back_are_none_in_the_annotation() -> None:
    events = [STEP_1, STEP_2, MISTAKE, undo(9, "s2"), undo(9, "x1")]
    (segment,) = steps_from_marks(events, 100, TierId("tier"), Made(Origin.LIVE))
    assert (segment.label, segment.interval.end_ns, segment.value(own_schemes.MISTAKE)) == ("a", 100, None)


def test_a_taking_back_travels() -> None:
    event = undo(7, "m1")
    assert expert_event(Message.decode(event_message("box", 1, event).encode())) == event
