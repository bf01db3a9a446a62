"""Events of the expert: kept before they are sent, checked, taken once and in order, over a link that drops."""

from __future__ import annotations

import json
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from tests.core.test_seats_together import Network, Pair, Watcher, live, until, until_sent
from woz.base.errors import WozError
from woz.link.ends.link_state import LinkState
from woz.link.messages.expert_events import MAX_POINTS, Intake, event_message, expert_event
from woz.link.messages.messages import Message, MessageKind
from woz.model.events import Event, EventKind
from woz.model.people import Role
from woz.recording.folder.journal import read_journal
from woz.recording.live.outbox import Outbox
from woz.recording.live.snapshot import write_png

CLOCK_MAP_NS = 50_000_000
"""So much a console's map to the station's clock may move from one moment to another."""
NOTE = Event(5, EventKind.NOTE, Role.EXPERT, {"text": "süß"})


def test_an_outbox_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "new" / "expert_events.jsonl"
    first = Outbox(path)
    assert [first.put(NOTE), first.put(NOTE), first.put(NOTE)] == [1, 2, 3]
    first.acknowledged(1)
    assert [n for n, _ in first.pending] == [2, 3]
    with path.open("a") as file:
        file.write('{"number": 4, "t_')
    again = Outbox(path)
    assert again.id == first.id
    assert again.pending == [(1, NOTE), (2, NOTE), (3, NOTE)]
    assert again.put(NOTE) == 4
    assert [n for n, _ in Outbox(path).pending] == [1, 2, 3, 4]


def test_a_line_that_a_full_disk_cut_takes_no_other_with_it(tmp_path: Path) -> None:
    """Nor does the first line, which says whose outbox it is: by that the station knows what it has already."""
    path = tmp_path / "expert_events.jsonl"
    for cut, numbers in (('{"outb', [1]), ('{"number": 2, "t_', [1, 2])):
        outbox = Outbox(path)
        with path.open("a") as file:
            file.write(cut)
        assert outbox.put(NOTE) == numbers[-1]
        again = Outbox(path)
        assert (again.id, again.pending) == (outbox.id, [(n, NOTE) for n in numbers])


def test_an_event_is_in_the_file_before_it_has_a_number(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Outbox(tmp_path / "file" / "events.jsonl").put(NOTE)


def test_the_station_takes_the_next_number_only() -> None:
    intake = Intake()
    taken = []
    for number in (2, 1, 1, 3, 2, 3):
        taken.append(intake.is_next("a", number))
        intake.took("a", number)
    assert taken == [False, True, False, False, True, True]
    assert (intake.last("a"), intake.last("b")) == (3, 0)
    assert intake.is_next("b", 1)


def test_an_event_travels_whole() -> None:
    stroke = Event(7, EventKind.STROKE, Role.EXPERT, {"end_ns": 9, "points": [[0.0, 1.0], [0.25, 0.5]]})
    for event in (NOTE, stroke):
        assert expert_event(Message.decode(event_message("box", 1, event).encode())) == event


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": "session_end"},
        {"t_ns": "soon"},
        {"event": "stroke"},
        {"event": "stroke", "points": [[0.5, 1.5]]},
        {"event": "stroke", "points": [[0.5]]},
        {"event": "stroke", "points": [[0.5, 0.5]] * (MAX_POINTS + 1)},
        {"text": 7},
    ],
)
def test_what_is_no_event_of_an_expert_is_refused(wrong: dict[str, object]) -> None:
    data: dict[str, object] = {"event": "note", "t_ns": 1, **wrong}
    with pytest.raises(ValueError, match=r"."):
        expert_event(Message(MessageKind.EVENT, data))


def test_a_snapshot_holds_every_pixel_and_replaces_nothing(tmp_path: Path) -> None:
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:24] = (10, 200, 30)
    path = tmp_path / "deep" / "shot.png"
    write_png(av.VideoFrame.from_ndarray(pixels, format="bgr24"), path)
    found = cv2.imread(str(path))
    assert found is not None
    assert np.array_equal(found, pixels)
    with pytest.raises(WozError, match=r"shot\.png"):
        write_png(av.VideoFrame.from_ndarray(pixels, format="bgr24"), path)


def test_marks_made_while_the_link_is_down_reach_the_journal_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, watcher, network = Pair(tmp_path), Watcher(), Network(monkeypatch)
    pair.station.open()
    console = pair.console(watcher)
    console.open()
    until(lambda: live(watcher) and bool(watcher.protocols))
    pair.station.record()
    until(lambda: watcher.last is not None and bool(getattr(watcher.last, "recording", False)))
    console.quick_mark("before")
    console.mistake("upside down")
    shot = console.snapshot()
    until_sent(watcher)
    until(lambda: (pair.station.session_ns or 0) > 300_000_000)
    network.cut(console)
    until(lambda: watcher.last is not None and watcher.last.link == LinkState.LOST)
    down_ns = console.now_ns()
    console.quick_mark("during")
    console.correct("turned round")
    console.note("typed early", down_ns)
    kept = (pair.folder / "console" / pair.station.session_id / "expert_events.jsonl").read_text()
    assert [json.loads(line).get("number") for line in kept.splitlines()] == [None, 1, 2, 3, 4, 5, 6]
    network.mend()
    until(lambda: live(watcher))
    until_sent(watcher)
    back_ns = console.now_ns()
    console.quick_mark("after")
    pair.station.stop()
    assert pair.ended.wait(120)
    console.close()
    pair.station.close()
    assert shot is not None
    assert shot.is_file()
    _check(read_journal(pair.folder / "sessions" / pair.station.session_id / "events.jsonl"), back_ns - down_ns)


def _check(journal: list[Event], outage_ns: int) -> None:
    """That moment and the outage's beginning lie between marks, however long each took to be made."""
    marks = [e for e in journal if e.kind == EventKind.MARK]
    assert [e.data["name"] for e in marks] == ["before", "during", "after"]
    (mistake,) = [e for e in journal if e.kind == EventKind.MISTAKE]
    (correction,) = [e for e in journal if e.kind == EventKind.CORRECTION]
    assert correction.data["of"] == mistake.data["id"]
    (note,) = [e for e in journal if e.kind == EventKind.NOTE]
    assert marks[0].t_ns < note.t_ns < marks[1].t_ns + CLOCK_MAP_NS
    assert marks[2].t_ns > note.t_ns + outage_ns - CLOCK_MAP_NS
    (shot,) = [e for e in journal if e.kind == EventKind.SNAPSHOT]
    assert shot.t_ns - shot.data["capture_ns"] >= 0
