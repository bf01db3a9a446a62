"""A real station and a real console, joined over loopback, with devices inside the program."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture.source import Source
from woz.capture.synthetic import SyntheticSource
from woz.capture.tabletop import PROCEDURE
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.demo.voices import write_wav
from woz.link.ends import station_end
from woz.link.ends.console_end import ConsoleEnd
from woz.link.ends.link_state import LinkState
from woz.link.handshake.invitation import Invitation
from woz.live.console.console import Console
from woz.live.seats.console_seat import ConsoleStatus, ViewFrame
from woz.live.seats.station_seat import StationStatus
from woz.live.station.config import Hears, StationConfig
from woz.live.station.station import Station
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId, new_session_id
from woz.model.procedure import Procedure
from woz.model.protocol import PROACTIVE, Protocol
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import check
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder
from woz.timing.sync_marks import EXPERT_HZ, TRAINEE_HZ, burst, next_mark_ns

CLOCK = SystemClock()


class Watcher:
    """Listens to either seat; a console shows each picture at once."""

    def __init__(self) -> None:
        self.last: StationStatus | ConsoleStatus | None = None
        self.told = 0
        """So many statuses came."""
        self.pictures = 0
        self.procedures: list[Procedure] = []
        self.protocols: list[Protocol] = []
        self.shown: Callable[[ViewFrame], None] = lambda frame: None

    def status(self, status: StationStatus | ConsoleStatus) -> None:
        self.last = status
        self.told += 1

    def preview(self, image: av.VideoFrame) -> None:
        self.pictures += 1

    def journalled(self, event: Event) -> None: ...

    def procedure(self, procedure: Procedure) -> None:
        self.procedures.append(procedure)

    def protocol(self, protocol: Protocol) -> None:
        self.protocols.append(protocol)

    def view(self, frame: ViewFrame) -> None:
        self.pictures += 1
        self.shown(frame)


class Pair:
    """A station, and what is needed to sit a console before it."""

    def __init__(
        self,
        folder: Path,
        protocol: Protocol = PROACTIVE,
        source: Source | None = None,
        hears: Hears = Hears.MICROPHONE,
        use_microphone: bool = True,
        use_earpiece: bool = True,
    ) -> None:
        self.folder = folder
        self.rooms = [VirtualRoom(CLOCK, self._track(hz)) for hz in (TRAINEE_HZ, EXPERT_HZ)]
        config = StationConfig(
            new_session_id(CLOCK.utc_ns()),
            folder / "sessions",
            PROCEDURE,
            "127.0.0.1",
            0,
            "127.0.0.1",
            use_microphone,
            use_earpiece,
            protocol=protocol,
            expert_hears=hears,
        )
        microphone, speaker = VirtualMicrophone(self.rooms[0], CLOCK), VirtualSpeaker(self.rooms[0], CLOCK)
        self.closed: list[Manifest] = []
        self.ended = threading.Event()
        self.at_station = Watcher()
        view = source or SyntheticSource(CLOCK, size=320)
        self.station = Station(config, view, microphone, speaker, CLOCK, self.at_station, self._close)

    def _close(self, manifest: Manifest) -> None:
        self.closed.append(manifest)
        self.ended.set()

    def _track(self, hz: float) -> Path:
        path = self.folder / f"{hz:.0f}.wav"
        one = np.zeros(48_000, np.float32)
        mark = burst(hz, 48_000)
        one[: len(mark)] = mark
        write_wav(path, np.tile(one, 30))
        return path

    def console(self, watcher: Watcher, use_microphone: bool = True) -> Console:
        microphone, speaker = VirtualMicrophone(self.rooms[1], CLOCK), VirtualSpeaker(self.rooms[1], CLOCK)
        link = Invitation.parse(self.station.invitation)
        recordings = self.folder / "console"
        made = Console(link, recordings, microphone, speaker, CLOCK, watcher, use_microphone=use_microphone)
        watcher.shown = made.shown
        return made


class Network:
    """A console's: while it is cut, nobody joins."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._cut = False
        real = ConsoleEnd._join

        async def join(end: ConsoleEnd, invitation: Invitation) -> None:
            if self._cut:
                raise WozError("no network")
            await real(end, invitation)

        monkeypatch.setattr(ConsoleEnd, "_join", join)

    def cut(self, console: Console) -> None:
        """Without a word; the other end finds out by the silence."""
        self._cut = True
        peer = console._link._peer
        assert peer is not None
        console._live.call(peer.close(), timeout_s=120)

    def mend(self) -> None:
        self._cut = False


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def until_sent(watcher: Watcher) -> None:
    """All that was marked at a console before this call has reached the station; known by the second status from
    now, since one may be in the making."""
    begin = watcher.told
    until(lambda: watcher.told > begin + 1 and getattr(watcher.last, "unsent", None) == 0)


def until_recorded(pair: Pair, watcher: Watcher, frames: int) -> None:
    """So many frames are in the file, and so many pictures were shown."""
    until(lambda: isinstance(pair.at_station.last, StationStatus) and pair.at_station.last.recorded >= frames)
    until(lambda: watcher.pictures >= frames)


def live(watcher: Watcher) -> bool:
    return watcher.last is not None and watcher.last.link == LinkState.LIVE and watcher.pictures > 5


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def test_a_session_from_joining_to_the_checked_folder(pair: Pair) -> None:
    at_console = Watcher()
    pair.station.open()
    console = pair.console(at_console)
    console.open()
    until(lambda: live(at_console) and bool(at_console.procedures))
    start = next_mark_ns(CLOCK.utc_ns())
    for room in pair.rooms:
        room.cue(start)
    pair.station.record()
    until_recorded(pair, at_console, 60)
    console.step(PROCEDURE.steps[1].id)
    console.mistake("upside down")
    pair.station.note("all well")
    began_ns = pair.station.session_ns
    assert began_ns
    pair.station.mark("Danger")
    until_recorded(pair, at_console, 120)
    pair.station.note("begun earlier", began_ns)
    status = pair.at_station.last
    figures = console.delays
    pair.station.stop()
    assert console.safe_to_close.wait(120)
    assert pair.ended.wait(120)
    console.close()
    pair.station.close()
    manifest = pair.closed[-1]
    folder = SessionFolder.open(pair.folder / "sessions" / manifest.session_id)
    assert folder.manifest() == manifest
    assert manifest.state == SessionState.CLOSED
    own = pair.folder / "console" / manifest.session_id / "expert.mka"
    with av.open(str(own.with_name("view.ts"))) as spare:
        shown = [frame.time or 0 for frame in spare.decode(video=0)]
    assert len(shown) > 80
    assert shown[0] * 1e9 < began_ns
    assert manifest.expert_voice == "own"
    assert own.with_suffix(".stored").exists()
    said = manifest.stream(StreamKind.EXPERT_SAID)
    assert said is not None
    assert said.sha256 == hashlib.sha256(own.read_bytes()).hexdigest()
    report = check(folder)
    assert report.frames_captured == report.frames_in_file > 80
    assert figures.frames > 0
    for sync in (report.view_audio, report.expert_said, report.expert_heard):
        assert sync is not None
        assert min(abs(off_ms) for _, off_ms in sync.errors) < 40, sync
    assert report.verdict != Verdict.BAD
    events = read_journal(folder.events)
    assert [e.data["step_id"] for e in events if e.kind == EventKind.STEP] == [PROCEDURE.steps[1].id]
    told = {e.data["text"] for e in events if e.kind in (EventKind.MISTAKE, EventKind.NOTE)}
    assert told == {"upside down", "all well", "begun earlier"}
    assert [e.t_ns for e in events if e.data.get("text") == "begun earlier"] == [began_ns]
    assert [(e.by, e.data["name"]) for e in events if e.kind == EventKind.MARK] == [("station", "Danger")]
    assert isinstance(status, StationStatus)
    assert status.view_fps_wanted == 20
    assert status.trainee_heard_ago_s is not None
    assert status.expert_heard_ago_s is not None
    assert status.clock_residual_ms is not None
    assert status.expert_is_here
    assert at_console.procedures[0] == PROCEDURE


def test_a_link_lives_though_what_is_asked_of_the_library_about_its_path_is_not_there(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def changed(_: object) -> bool:
        raise AttributeError("no such member in this version")

    monkeypatch.setattr("woz.link.connection.peer.stays_here", changed)
    pair.station.open()
    console = pair.console(Watcher())
    console.open()
    until(lambda: pair.at_station.last is not None and pair.at_station.last.link == LinkState.LIVE)
    assert isinstance(pair.at_station.last, StationStatus)
    assert not pair.at_station.last.expert_is_here
    assert "no such member in this version" in caplog.text
    console.close()
    pair.station.close()


def test_the_chime_is_played_before_and_not_while_recording(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[float] = []
    monkeypatch.setattr(
        pair.rooms[0], "play", lambda at_ns, samples: played.append(float(np.abs(samples).max(initial=0.0)))
    )
    pair.station.open()
    pair.station.chime()
    until(lambda: any(peak > 0.1 for peak in played))
    pair.station.chime_heard(True)
    until(lambda: isinstance(pair.at_station.last, StationStatus) and pair.at_station.last.earpiece_heard is True)
    until(lambda: max(played[-30:]) == 0)
    pair.station.record()
    played.clear()
    pair.station.chime()
    until(lambda: len(played) > 30)
    assert max(played) == 0
    pair.station.close()
    assert pair.ended.is_set()


def test_a_console_that_leaves_harms_nothing_and_may_come_back(pair: Pair) -> None:
    pair.station.open()
    first, second = Watcher(), Watcher()
    console = pair.console(first)
    console.open()
    until(lambda: live(first))
    with pytest.raises(WozError, match="Somebody is connected"):
        _refused(pair)
    pair.station.record()
    until_recorded(pair, first, 20)
    console.close()
    until(lambda: pair.at_station.last is not None and pair.at_station.last.link != LinkState.LIVE)
    again = pair.console(second)
    again.open()
    until(lambda: live(second))
    pair.station.stop()
    assert pair.ended.wait(120)
    again.close()
    pair.station.close()
    report = check(SessionFolder.open(pair.folder / "sessions" / pair.closed[0].session_id))
    assert report.frames_captured == report.frames_in_file >= 20


def test_a_console_that_tells_without_end_fills_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station_end, "JOURNAL_BYTES", 10_000)
    pair, watcher = Pair(tmp_path), Watcher()
    pair.station.open()
    console = pair.console(watcher)
    console.open()
    until(lambda: live(watcher))
    pair.station.record()
    until(lambda: isinstance(watcher.last, ConsoleStatus) and watcher.last.recording)
    for _ in range(200):
        console.note("x" * 1_000)
    until(
        lambda: isinstance(watcher.last, ConsoleStatus) and "no room for more of your marks" in watcher.last.problem
    )
    acknowledged = 10
    until(lambda: isinstance(watcher.last, ConsoleStatus) and watcher.last.unsent > 200 - acknowledged)
    console.close()
    pair.station.stop()
    assert pair.ended.wait(120)
    pair.station.close()
    folder = SessionFolder.open(pair.folder / "sessions" / pair.closed[0].session_id)
    notes = [event for event in read_journal(folder.events) if event.kind == EventKind.NOTE]
    assert 5 < len(notes) < acknowledged
    assert check(folder).frames_in_file > 5


def test_the_operator_is_told_where_the_recorder_is_behind(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = Watcher()
    pair.station.open()
    console = pair.console(watcher)
    console.open()
    until(lambda: live(watcher))
    monkeypatch.setattr(Recorder, "behind_s", 1.0)
    pair.station.record()
    until(lambda: pair.at_station.last is not None and "fewer pictures" in pair.at_station.last.problem)
    monkeypatch.setattr(Recorder, "behind_s", 0.0)
    until(lambda: pair.at_station.last is not None and not pair.at_station.last.problem)
    pair.station.stop()
    assert pair.ended.wait(120)
    console.close()
    pair.station.close()
    folder = SessionFolder.open(pair.folder / "sessions" / pair.closed[0].session_id)
    report = check(folder)
    assert report.frames_captured == report.frames_in_file
    (dropped,) = [e.data["link_frames"] for e in read_journal(folder.events) if "link_frames" in e.data]
    assert dropped >= 1


def _refused(pair: Pair) -> None:
    other = pair.console(Watcher())
    other.open()


@pytest.mark.parametrize("wrong", ["secret", "session"])
def test_a_wrong_invitation_is_refused(pair: Pair, wrong: str) -> None:
    pair.station.open()
    try:
        good = Invitation.parse(pair.station.invitation)
        bad = replace(good, secret=bytes(16)) if wrong == "secret" else replace(good, session_id=SessionId("other"))
        room = VirtualRoom(CLOCK)
        console = Console(
            bad,
            pair.folder,
            VirtualMicrophone(room, CLOCK),
            VirtualSpeaker(room, CLOCK),
            CLOCK,
            Watcher(),
        )
        with pytest.raises(WozError, match="refused this invitation"):
            console.open()
    finally:
        pair.station.close()


def test_the_same_console_gets_its_seat_back_at_once_and_no_other_does(pair: Pair) -> None:
    pair.station.open()
    watcher = Watcher()
    console = pair.console(watcher)
    console.open()
    try:
        until(lambda: live(watcher))
        loop, link = console._live, console._link
        former = link._peer
        with pytest.raises(WozError, match="Somebody is connected"):
            _refused(pair)
        loop.call(link._join(Invitation.parse(pair.station.invitation)), timeout_s=120)
        assert link._peer is not former
        seen = watcher.pictures
        until(lambda: watcher.pictures > seen + 10 and live(watcher))
    finally:
        console.close()
        pair.station.close()
