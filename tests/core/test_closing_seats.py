"""A seat that closes takes each of its steps, whatever becomes of those before it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from tests.core.test_seats_together import CLOCK, Pair, Watcher, until
from woz.base.errors import WozError
from woz.capture.tabletop import PROCEDURE
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.link.connection.ice import IceServers
from woz.link.connection.peer import Peer
from woz.link.ends.link_state import LinkState
from woz.link.handshake.invitation import Invitation
from woz.link.messages.messages import Message, MessageKind, procedure_to_data, protocol_to_data
from woz.live.console.console import Console
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.live.station.upload_wait import TAKING_IN
from woz.model.ids import SessionId
from woz.model.protocol import PROACTIVE
from woz.model.session import SessionState
from woz.recording.check.recovery import recover
from woz.recording.folder.lock import RecordingLock, is_held
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder

pytestmark = pytest.mark.usefixtures("caplog")
"""Each fault is logged."""


def fail(*_: object) -> Any:
    raise RuntimeError("a fault of its own")


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def test_a_clock_map_that_cannot_be_made_keeps_no_session_open(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair.station._media, "clock_maps", fail)
    pair.station.open()
    pair.station.record()
    pair.station.close()
    folder = SessionFolder.open(pair.folder / "sessions" / pair.station.session_id)
    assert folder.manifest().state == SessionState.CLOSED
    assert folder.manifest() == pair.closed[-1]


def test_a_session_whose_manifest_cannot_be_made_is_closed_by_what_is_on_the_disk(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woz.recording.live.recorder.closed_manifest", fail)
    pair.station.open()
    pair.station.record()
    until(lambda: isinstance(last := pair.at_station.last, StationStatus) and last.recorded > 5)
    pair.station.close()
    folder = SessionFolder.open(pair.folder / "sessions" / pair.station.session_id)
    assert folder.manifest().state == SessionState.RECOVERED
    assert folder.manifest() == pair.closed[-1]
    assert "could not be closed as it should (a fault of its own)" in pair.station._troubles.problem


@pytest.mark.parametrize("device", ["_source", "_microphone", "_speaker"])
def test_a_station_whose_device_cannot_be_stopped_lets_go_of_the_others(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    station, stopped = pair.station, list[str]()
    station.open()
    for name in ("_source", "_microphone", "_speaker"):
        real = getattr(station, name).stop

        def stop(name: str = name, real: Any = real) -> None:
            real()
            stopped.append(name)
            if name == device:
                fail()

        monkeypatch.setattr(getattr(station, name), "stop", stop)
    station.close()
    assert stopped == ["_source", "_microphone", "_speaker"]
    assert station._live.loop.is_closed()
    assert "a fault of its own" in station._supervisor.problem


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """Not joined to anything."""
    link = Invitation.new("127.0.0.1", 1, SessionId("2026-11-28-aa"), 2**31, b"f" * 32)
    room = VirtualRoom(CLOCK)
    devices = VirtualMicrophone(room, CLOCK), VirtualSpeaker(room, CLOCK)
    return Console(link, tmp_path, *devices, CLOCK, Watcher())


def test_a_recording_that_begins_while_the_console_closes_is_ended_with_it(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = list[object]()

    def stop() -> None:
        console.recording_began(CLOCK.now_ns())
        begun.append(console._recording.recorder)

    monkeypatch.setattr(console._microphone, "stop", stop)
    console.close()
    assert begun[0] is not None
    assert console._recording.recorder is None
    assert [copy.sealed for copy in console._recording._copies.copies()] == [True]
    assert not [thread for thread in threading.enumerate() if thread.name == "recorder of the expert's voice"]


def test_a_console_without_a_microphone_is_never_told_as_heard(console: Console, tmp_path: Path) -> None:
    devices = console._microphone, console._speaker
    dumb = Console(console._invitation, tmp_path, *devices, CLOCK, Watcher(), use_microphone=False)
    for seat in (console, dumb):
        seat._link.state = LinkState.LIVE
    told = console._status(), dumb._status()
    for seat in (console, dumb):
        seat.close()
    assert [status.heard for status in told] == [True, False]
    assert [status.has_microphone for status in told] == [True, False]


def test_a_console_is_heard_where_the_station_says_nothing_of_an_earpiece_and_not_where_there_is_none(
    console: Console,
) -> None:
    """An older station says nothing of it: there is one."""
    plan = {"procedure": procedure_to_data(PROCEDURE), "protocol": protocol_to_data(PROACTIVE)}
    console._link.state = LinkState.LIVE
    said: tuple[dict[str, object], ...] = ({}, {"earpiece": False}, {"earpiece": True})
    told: list[tuple[bool, bool]] = []
    for more in said:
        console._link._take_plan(Message.decode(Message(MessageKind.HELLO, {**plan, **more}).encode()))
        status = console._status()
        told.append((status.trainee_has_earpiece, status.heard))
    console.close()
    assert told == [(True, True), (False, False), (True, True)]


def test_a_console_whose_microphone_cannot_be_stopped_leaves_all_the_same(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console._microphone, "stop", fail)
    console.close()
    assert console._live.loop.is_closed()


def test_a_clock_map_that_cannot_be_made_keeps_neither_the_experts_recording_open_nor_the_console(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.recording_began(CLOCK.now_ns())
    monkeypatch.setattr(console._time, "file_map", fail)
    console.close()
    assert [copy.sealed for copy in console._recording._copies.copies()] == [True]
    assert console._recording._spare is None
    assert console._live.loop.is_closed()


def test_a_window_that_hangs_as_it_is_told_the_status_holds_up_no_seat_s_end(
    pair: Pair, console: Console, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("woz.base.runtime.WATCH_WITHIN_S", 0.05)
    free = threading.Event()
    told = {"station's status": threading.Event(), "console's status": threading.Event()}

    def hang(_: object) -> None:
        name = threading.current_thread().name
        if name in told:
            told[name].set()
            free.wait(240)

    monkeypatch.setattr(pair.at_station, "status", hang)
    monkeypatch.setattr(console._listener, "status", hang)
    pair.station.open()
    console._tick_thread.start()
    assert all(one.wait(120) for one in told.values())
    pair.station.close()
    console.close()
    free.set()
    for name in told:
        assert f"The {name} hangs, and is left behind." in caplog.text
    for thread in (pair.station._tick_thread, console._tick_thread):
        thread.join(120)
        assert not thread.is_alive()


def test_a_device_that_hangs_as_it_is_closed_is_left_behind(
    pair: Pair, console: Console, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for seat in ("station.station", "console.console"):
        monkeypatch.setattr(f"woz.live.{seat}.DEVICE_WITHIN_S", 0.05)
    free, stopped = threading.Event(), list[str]()
    station = pair.station
    station.open()
    devices: dict[Any, str] = {
        station._source: "view",
        station._microphone: "trainee",
        console._microphone: "expert",
    }
    for device, name in devices.items():

        def stop(name: str = name, real: Any = device.stop) -> None:
            free.wait(240)
            real()
            stopped.append(name)

        monkeypatch.setattr(device, "stop", stop)
    station.record()
    station.close()
    console.close()
    assert stopped == []
    assert pair.closed[-1].state == SessionState.CLOSED
    for closed in ("source", "microphone"):
        assert f"the {closed} hangs while it is closed, and is left behind" in caplog.text
    free.set()
    for thread in threading.enumerate():
        if thread.name.startswith("closing of the"):
            thread.join(120)
    assert sorted(stopped) == ["expert", "trainee", "view"]


def test_a_disk_that_takes_nothing_while_a_session_closes_is_told_and_waited_for(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woz.recording.live.recorder.STALLED_S", 0.05)
    hangs, free = threading.Event(), threading.Event()
    pair.station.open()
    pair.station.record()
    recorder = pair.station._session.recorder
    assert recorder
    real = recorder._media.view

    def hang(*given: Any) -> None:
        hangs.set()
        free.wait(240)
        real(*given)

    monkeypatch.setattr(recorder._media, "view", hang)
    assert hangs.wait(120)
    pair.station.stop()
    until(
        lambda: isinstance(last := pair.at_station.last, StationStatus) and "The disk takes nothing" in last.problem
    )
    assert not pair.closed
    free.set()
    pair.station.close()
    assert pair.station._telling._worst_problem == ""
    assert pair.closed[-1].state == SessionState.CLOSED
    assert recorder.recorded == recorder.captured


def test_a_station_that_is_left_tells_that_it_waits_for_the_experts_recording_with_its_devices_freed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, free, stopped = pair.station, threading.Event(), threading.Event()
    station.open()
    speaker_stops = station._speaker.stop

    def stop() -> None:
        speaker_stops()
        stopped.set()

    monkeypatch.setattr(station._speaker, "stop", stop)
    monkeypatch.setattr(station._expert.uploads, "_take", lambda chunk: free.wait(240))
    station._expert.uploads.arrived(b"a chunk")
    leaving = threading.Thread(target=station.close)
    leaving.start()
    until(lambda: isinstance(last := pair.at_station.last, StationStatus) and last.awaits == TAKING_IN)
    assert stopped.is_set()
    free.set()
    leaving.join(120)
    assert not leaving.is_alive()
    assert not station._expert.uploads.is_busy


def test_a_disk_that_takes_nothing_of_the_experts_voice_is_told_and_waited_for(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woz.recording.live.voice_recorder.STALLED_S", 0.05)
    free = threading.Event()
    console.recording_began(began_ns := CLOCK.now_ns())
    recorder = console._recording.recorder
    assert recorder
    assert recorder._writer
    real = recorder._writer.write

    def hang(samples: Any) -> None:
        free.wait(240)
        real(samples)

    monkeypatch.setattr(recorder._writer, "write", hang)
    recorder.add(began_ns + 1_000_000_000, np.zeros(48_000, np.float32), 48_000)
    ending = threading.Thread(target=console.close)
    ending.start()
    until(lambda: "The disk takes nothing" in console._troubles.problem)
    free.set()
    ending.join(120)
    assert console._troubles.problem == ""
    assert [copy.sealed for copy in console._recording._copies.copies()] == [True]


@pytest.mark.parametrize("place", ["media.FrameTable", "recorder.RecordingLock.take", "recorder.DiskWatch.start"])
def test_a_recording_that_cannot_begin_leaves_nothing_and_may_begin_later(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def full(*_: object) -> Any:
        raise WozError("The disk is full.")

    with monkeypatch.context() as short:
        short.setattr(f"woz.recording.live.{place}", full)
        pair.station.open()
        with pytest.raises(WozError, match=r"The disk is full\."):
            pair.station.record()
        assert pair.station._session.phase == StationPhase.READY
        assert pair.station._telling._worst_problem == "The disk is full."
        assert list((pair.folder / "sessions").iterdir()) == []
    pair.station.record()
    assert pair.station._telling._worst_problem == ""
    pair.station.close()
    assert pair.closed[-1].state == SessionState.CLOSED


def test_a_recording_that_cannot_begin_is_held_until_its_folder_goes(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look in between takes it for none that a crash left open."""
    held, discard = list[bool](), SessionFolder.discard

    def looked_at(folder: SessionFolder, lock: RecordingLock | None) -> None:
        held.append(is_held(folder.lock))
        discard(folder, lock)

    def full(*_: object) -> Any:
        raise WozError("The disk is full.")

    monkeypatch.setattr(SessionFolder, "discard", looked_at)
    monkeypatch.setattr(Recorder, "start", full)
    pair.station.open()
    with pytest.raises(WozError, match=r"The disk is full\."):
        pair.station.record()
    pair.station.close()
    assert held == [True]
    assert list((pair.folder / "sessions").iterdir()) == []


def test_a_medium_that_cannot_be_stopped_leaves_no_connection_open() -> None:
    async def run() -> tuple[str, list[str]]:
        closed: list[str] = []

        async def stop() -> None:
            fail()

        medium = cast(Any, SimpleNamespace(stop=stop))
        peer = Peer((medium,), CLOCK, IceServers(), lambda m: None, lambda p: None, lambda s: None)
        await peer.offer()
        peer._port = cast(Any, SimpleNamespace(close=lambda: closed.append("port")))
        await peer.close()
        return peer.state, closed

    assert asyncio.run(run()) == ("closed", ["port"])


def test_a_recording_is_held_before_its_manifest_says_that_it_runs(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look in between takes it for none that a crash left open."""
    held, told = list[bool](), list[str]()
    save, start = Manifest.save, Recorder.start

    def looked_at(manifest: Manifest, path: Path) -> None:
        held.append(is_held(SessionFolder(path.parent).lock))
        save(manifest, path)

    def begun(recorder: Recorder) -> None:
        try:
            recover(recorder._folder)
        except WozError as fault:
            told.append(str(fault))
        start(recorder)

    monkeypatch.setattr(Manifest, "save", looked_at)
    monkeypatch.setattr(Recorder, "start", begun)
    pair.station.open()
    pair.station.record()
    pair.station.close()
    folder = SessionFolder(pair.folder / "sessions" / pair.station.session_id)
    assert held[0]
    assert ["is being recorded at this moment" in words for words in told] == [True]
    assert folder.manifest().state == SessionState.CLOSED
    assert not folder.lock.exists()
