"""The link is lost at the moment of Stop: the console is waited for, hears of the end, hands over what it has."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from tests.core.test_seats_together import Network, Pair, Watcher, live, until, until_sent
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ConsoleStatus
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.live.station import upload_wait
from woz.live.station.upload_wait import RETURN_WITHIN_NS, VOICE_WITHIN_NS, UploadWait, arriving
from woz.model.events import EventKind
from woz.model.voice_copy import VoiceCopy
from woz.recording.folder.journal import read_journal
from woz.recording.folder.session_folder import SessionFolder


class Cut:
    """A recording session whose console has lost its network until `mend`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pair, self.watcher, self._network = Pair(folder), Watcher(), Network(monkeypatch)
        self.pair.station.open()
        self.console = self.pair.console(self.watcher)
        self.console.open()
        until(lambda: live(self.watcher))
        self.pair.station.record()
        until(lambda: isinstance(self.watcher.last, ConsoleStatus) and self.watcher.last.recording)
        until(lambda: (self.pair.station.session_ns or 0) > NS_PER_S)
        self._network.cut(self.console)
        until(lambda: self.station.link == LinkState.LOST)

    def mend(self) -> None:
        self._network.mend()

    @property
    def station(self) -> StationStatus:
        assert isinstance(self.pair.at_station.last, StationStatus)
        return self.pair.at_station.last

    @property
    def session(self) -> SessionFolder:
        return SessionFolder(self.pair.folder / "sessions" / self.pair.station.session_id)

    def end(self) -> None:
        self.console.close()
        self.pair.station.close()


def test_the_end_waits_for_the_return_and_takes_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("RETURN_WITHIN_NS", "VOICE_WITHIN_NS"):
        monkeypatch.setattr(upload_wait, limit, 600 * NS_PER_S)
    cut = Cut(tmp_path, monkeypatch)
    cut.pair.station.stop()
    until(lambda: cut.station.phase == StationPhase.CLOSING and "waits a little" in cut.station.problem)
    cut.mend()
    assert cut.pair.ended.wait(120)
    assert cut.console.safe_to_close.wait(120)
    assert cut.session.manifest().expert_voice == "own"
    cut.end()


def test_what_the_end_waits_for_is_told_with_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair, watcher, comes = Pair(tmp_path), Watcher(), threading.Event()
    uploads = pair.station._expert.uploads
    answer = uploads._answer

    def answered(copy: VoiceCopy) -> None:
        answer(copy)
        if copy.sealed:
            comes.wait(240)

    monkeypatch.setattr(uploads, "_answer", answered)
    monkeypatch.setattr(upload_wait, "VOICE_WITHIN_NS", 600 * NS_PER_S)
    pair.station.open()
    console = pair.console(watcher)
    console.open()
    until(lambda: live(watcher))
    pair.station.record()
    until(lambda: (pair.station.session_ns or 0) > NS_PER_S)
    pair.station.stop()
    told = re.compile(r"Waiting for the expert's recording: \d+\.\d of \d+\.\d MB\.")
    until(lambda: isinstance(last := pair.at_station.last, StationStatus) and bool(told.fullmatch(last.awaits)))
    comes.set()
    assert pair.ended.wait(120)
    until(lambda: isinstance(last := pair.at_station.last, StationStatus) and not last.awaits)
    console.close()
    pair.station.close()


def test_how_much_of_the_recording_is_here_is_told_in_megabytes() -> None:
    assert arriving(12_000_000, 40_000_000) == "Waiting for the expert's recording: 12.0 of 40.0 MB."
    assert arriving(0, 0) == "Waiting for the expert's recording."


def test_a_console_that_returns_after_the_end_hears_of_it_and_what_it_has_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_wait, "RETURN_WITHIN_NS", 0)
    cut = Cut(tmp_path, monkeypatch)
    cut.console.note("while the link was down")
    cut.pair.station.stop()
    assert cut.pair.ended.wait(120)
    assert cut.session.manifest().expert_voice == "received"
    until(lambda: "has not all arrived" in cut.station.problem)
    cut.mend()
    assert cut.console.safe_to_close.wait(120)
    until(lambda: cut.session.manifest().expert_voice == "own")
    until_sent(cut.watcher)
    until(lambda: len(cut.pair.closed) >= 3)
    notes = [event for event in read_journal(cut.session.events) if event.kind == EventKind.NOTE]
    assert [event.data["text"] for event in notes] == ["while the link was down"]
    until(lambda: not cut.station.problem)
    cut.console.close()
    with pytest.raises(WozError, match="refused this invitation"):
        cut.pair.console(Watcher()).open()
    cut.pair.station.close()


def test_a_session_waits_no_longer_than_told() -> None:
    clock = ManualClock()
    wait = UploadWait(clock)
    assert wait.goes_on(True, 3)
    clock.advance(VOICE_WITHIN_NS - 1)
    assert wait.goes_on(True, 4)
    clock.advance(VOICE_WITHIN_NS)
    assert not wait.goes_on(True, 4)


def test_a_lost_console_is_waited_for_once() -> None:
    clock = ManualClock()
    wait = UploadWait(clock)
    assert wait.goes_on(False, 0)
    clock.advance(RETURN_WITHIN_NS - 1)
    assert wait.goes_on(False, 0)
    clock.advance(1)
    assert not wait.goes_on(False, 0)
    wait, seconds = UploadWait(clock), 0
    while wait.goes_on(seconds % 2 == 0, 0):
        clock.advance(NS_PER_S)
        seconds += 1
    assert seconds * NS_PER_S == RETURN_WITHIN_NS + VOICE_WITHIN_NS
