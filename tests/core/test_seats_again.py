"""A station and a console that leaves, comes back, and takes back what it marked wrongly."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from aiortc import RTCDtlsTransport

from tests.core.test_seats_together import Pair, Watcher, live, until, until_sent
from woz.base.clock import SystemClock
from woz.link.ends.link_state import LinkState
from woz.link.handshake.handshake import Seat
from woz.link.handshake.invitation import Invited
from woz.link.handshake.sealing import INSTANCE_BYTES
from woz.live.console.console import Console
from woz.live.seats.console_seat import ConsoleStatus
from woz.live.seats.expert_log import counts
from woz.live.seats.station_seat import StationStatus
from woz.model.events import EventKind, standing
from woz.recording.folder.journal import read_journal


class Room:
    """A pair whose station is open, with a console that has joined."""

    def __init__(self, folder: Path) -> None:
        self.pair = Pair(folder)
        self.pair.station.open()
        self.watcher = Watcher()
        self.console = self.join(self.watcher)

    def join(self, watcher: Watcher) -> Console:
        console = self.pair.console(watcher)
        console.open()
        until(lambda: live(watcher) and bool(watcher.procedures))
        return console

    def record(self) -> None:
        self.pair.station.record()
        until(lambda: self.desk(self.watcher).recording)

    def desk(self, watcher: Watcher) -> ConsoleStatus:
        assert isinstance(watcher.last, ConsoleStatus)
        return watcher.last

    @property
    def station(self) -> StationStatus:
        assert isinstance(self.pair.at_station.last, StationStatus)
        return self.pair.at_station.last

    def end(self) -> None:
        self.pair.station.stop()
        assert self.pair.ended.wait(120)
        self.console.close()
        self.pair.station.close()


def test_a_console_that_leaves_over_a_slow_network_is_not_told_as_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path)
    at_once = RTCDtlsTransport._send_data

    async def slowly(self: RTCDtlsTransport, data: bytes) -> None:
        await asyncio.sleep(0.2)
        with contextlib.suppress(ConnectionError):
            await at_once(self, data)

    monkeypatch.setattr(RTCDtlsTransport, "_send_data", slowly)
    room.console.close()
    until(lambda: room.station.link in (LinkState.WAITING, LinkState.LOST))
    assert room.station.link == LinkState.WAITING
    monkeypatch.undo()
    room.pair.station.close()


def test_a_console_that_comes_back_has_its_step_and_what_it_did(tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert not room.console.quick_mark("before the recording")
    room.record()
    steps = room.pair.station.procedure.steps
    assert room.console.step(steps[0].id)
    assert room.console.step(steps[2].id)
    assert room.console.quick_mark("Question")
    assert room.console.mistake()
    until_sent(room.watcher)
    until(lambda: room.station.delay_ms is not None)
    room.console.close()
    until(lambda: room.station.link == LinkState.WAITING and room.station.delay_ms is None)
    until(lambda: room.station.absence is not None and room.station.absence.since_ns is not None)
    again = Watcher()
    room.console = room.join(again)
    until(lambda: room.desk(again).recording)
    until_sent(again)
    until(lambda: room.station.absence is None)
    until(lambda: room.desk(again).current_step == steps[2].id)
    until(lambda: counts(room.desk(again).deeds) == {"Question": 1, "Mistake": 1})
    until(lambda: room.desk(again).open_mistakes == 1)
    room.end()


@pytest.mark.parametrize("invited", [Invited.EXPERT, Invited.OBSERVER])
def test_whoever_comes_back_waits_for_no_end_of_their_former_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invited: Invited
) -> None:
    """Which may take a minute where its relay doesn't answer any more; nobody else could sit down meanwhile."""
    pair, over = Pair(tmp_path), asyncio.Event()
    pair.station.open()
    link = pair.station._link

    async def comes() -> Seat:
        async with asyncio.timeout(120):
            return await link.seat(bytes(INSTANCE_BYTES), invited)

    async def comes_twice() -> tuple[bool, bool]:
        """Whether another seat is given, and it alone stands."""
        first = await comes()
        drop = first.drop

        async def late() -> None:
            await over.wait()
            await drop()

        monkeypatch.setattr(first, "drop", late)
        second = await comes()
        observers = [place.guest for place in link._observers._places.values()]
        over.set()
        return first is not second, second in ([link._expert], observers)[invited == Invited.OBSERVER]

    assert pair.station._live.call(comes_twice()) == (True, True)
    pair.station.close()


def test_a_console_comes_back_by_a_link_that_has_expired_meanwhile(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.record()
    room.console.close()
    until(lambda: room.station.link == LinkState.WAITING)
    room.pair.station._link._authenticator._clock = _ADayLater()
    room.console = room.join(again := Watcher())
    until(lambda: room.desk(again).recording)
    room.end()
    assert room.pair.closed[-1].expert_voice == "own"


class _ADayLater(SystemClock):
    def utc_ns(self) -> int:
        return super().utc_ns() + 25 * 3600 * 1_000_000_000


def test_that_the_expert_has_no_microphone_is_told_to_the_station_and_stands_in_the_session(tmp_path: Path) -> None:
    pair, first, second = Pair(tmp_path), Watcher(), Watcher()

    def timed() -> bool:
        return isinstance(pair.at_station.last, StationStatus) and pair.at_station.last.delay_ms is not None

    pair.station.open()
    bare = pair.console(first, use_microphone=False)
    bare.open()
    until(
        lambda: isinstance(pair.at_station.last, StationStatus) and not pair.at_station.last.expert_has_microphone
    )
    pair.station.record()
    until(lambda: isinstance(first.last, ConsoleStatus) and first.last.recording)
    until(timed)
    bare.close()
    until(lambda: not timed())
    again = pair.console(second)
    again.open()
    until(lambda: isinstance(second.last, ConsoleStatus) and second.last.recording)
    until(timed)
    pair.station.stop()
    assert pair.ended.wait(120)
    again.close()
    pair.station.close()
    journal = read_journal(tmp_path / "sessions" / pair.station.session_id / "events.jsonl")
    told = [(event.by, event.data["microphone"]) for event in journal if "microphone" in event.data]
    assert told == [("console", False), ("console", True)]


def test_that_the_trainee_has_no_earpiece_is_told_to_the_console_and_stands_in_the_session(tmp_path: Path) -> None:
    pair, watcher = Pair(tmp_path, use_earpiece=False), Watcher()
    pair.station.open()
    console = pair.console(watcher)
    console.open()

    def is_told() -> bool:
        last = watcher.last
        return isinstance(last, ConsoleStatus) and last.link == LinkState.LIVE and not last.trainee_has_earpiece

    until(is_told)
    assert isinstance(watcher.last, ConsoleStatus)
    assert not watcher.last.heard
    pair.station.record()
    until(lambda: isinstance(watcher.last, ConsoleStatus) and watcher.last.recording)
    pair.station.stop()
    assert pair.ended.wait(120)
    console.close()
    pair.station.close()
    journal = read_journal(tmp_path / "sessions" / pair.station.session_id / "events.jsonl")
    assert [event.data["earpiece"] for event in journal if "earpiece" in event.data] == [False]


def test_a_console_elsewhere_hears_of_the_step_from_the_station(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.record()
    step = room.pair.station.procedure.steps[1].id
    room.console.step(step)
    until_sent(room.watcher)
    room.console.close()
    until(lambda: room.station.link == LinkState.WAITING)
    (tmp_path / "console" / room.pair.station.session_id / "expert_events.jsonl").unlink()
    again = Watcher()
    room.console = room.join(again)
    until(lambda: room.desk(again).current_step == step)
    assert room.desk(again).deeds == ()
    room.end()


def test_what_is_taken_back_stays_in_the_journal_and_stands_no_more(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.record()
    steps = room.pair.station.procedure.steps
    for step in steps[:2]:
        room.console.step(step.id)
    for name in ("Question", "Danger"):
        room.console.quick_mark(name)
    undone = room.console.undo()
    assert undone is not None
    assert undone.text == "Danger"
    until(lambda: len(room.desk(room.watcher).deeds) == 4)
    second = next(deed for deed in room.desk(room.watcher).deeds if deed.text == steps[1].name)
    assert room.console.undo(second.id) is not None
    assert room.console.undo(second.id) is None
    until(lambda: room.desk(room.watcher).current_step == steps[0].id)
    until_sent(room.watcher)
    room.end()
    journal = read_journal(tmp_path / "sessions" / room.pair.station.session_id / "events.jsonl")
    kinds = (EventKind.STEP, EventKind.MARK)
    names = [steps[0].name, steps[1].name, "Question", "Danger"]
    assert [e.data["name"] for e in journal if e.kind in kinds] == names
    assert [e.data["name"] for e in standing(journal) if e.kind in kinds] == [steps[0].name, "Question"]
