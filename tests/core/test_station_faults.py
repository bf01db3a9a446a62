"""A disk that goes away under a station: the operator hears of it, and the session is closed as far as can be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.core.test_seats_together import Pair, until
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.model.events import EventKind
from woz.model.session import SessionState
from woz.recording.folder.journal import read_journal
from woz.recording.folder.session_folder import SessionFolder, free_bytes


def recording(folder: Path) -> tuple[Pair, SessionFolder]:
    pair = Pair(folder)
    pair.station.open()
    pair.station.record()
    until(lambda: now(pair).recorded > 5 and now(pair).elapsed_ns > 2_000_000_000)
    return pair, SessionFolder(folder / "sessions" / pair.station.session_id)


def now(pair: Pair) -> StationStatus:
    last = pair.at_station.last
    return last if isinstance(last, StationStatus) else StationStatus(StationPhase.READY, pair.station._link.state)


def test_a_disk_that_can_t_be_read_is_shown_and_the_status_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, _ = recording(tmp_path)

    def pulled(path: Path) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("woz.live.station.disk_room.free_bytes", pulled)
    until(lambda: "can't be read (Input/output error)" in now(pair).problem)
    seen_ns = now(pair).elapsed_ns
    until(lambda: now(pair).elapsed_ns > seen_ns)
    monkeypatch.setattr("woz.live.station.disk_room.free_bytes", free_bytes)
    until(lambda: not now(pair).problem)
    pair.station.close()
    assert pair.closed[0].state == SessionState.CLOSED


@pytest.mark.parametrize("gone", ["view", "folder"])
def test_a_session_whose_files_vanish_is_closed_as_far_as_it_can_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, gone: str
) -> None:
    pair, folder = recording(tmp_path)
    folder.ego.unlink() if gone == "view" else shutil.rmtree(folder.path)
    until(lambda: "recording stopped" in now(pair).problem)
    pair.station.stop()
    assert pair.ended.wait(120)
    until(lambda: now(pair).phase == StationPhase.CLOSED and bool(now(pair).problem))
    pair.station.close()
    (told,) = pair.closed
    assert told.session_id == pair.station.session_id
    assert told.fault
    if gone == "view":
        assert told == folder.manifest()
        assert told.state == SessionState.RECOVERED


def test_what_troubled_the_recording_is_of_no_account_once_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woz.live.station.media_in.MediaIn.sound_problem", "The earpiece has stalled.")
    pair, _ = recording(tmp_path)
    assert now(pair).problem == "The earpiece has stalled."
    pair.station.stop()
    assert pair.ended.wait(120)
    until(lambda: now(pair).phase == StationPhase.CLOSED)
    assert now(pair).problem == ""
    pair.station.close()


def test_a_yes_of_which_the_project_is_not_told_stands_in_the_journal(tmp_path: Path) -> None:
    pair, folder = recording(tmp_path)
    pair.station.agreed("P01", "2.1", 1_772_000_000_000_000_000)
    pair.station.stop()
    assert pair.ended.wait(120)
    pair.station.close()
    (told,) = (event for event in read_journal(folder.events) if event.kind == EventKind.CONSENT)
    assert (told.by, dict(told.data)) == (
        "station",
        {"person": "P01", "kind": "recording", "version": "2.1", "given_utc_ns": 1_772_000_000_000_000_000},
    )


def test_what_the_journal_does_not_take_is_not_told_as_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, folder = recording(tmp_path)
    assert pair.station.note("kept")
    assert pair.station.mark("kept")
    assert pair.station.bystander(True)
    with monkeypatch.context() as full:
        full.setattr(pair.station._session.recorder, "event", lambda event: False)
        assert not pair.station.note("not kept")
        assert not pair.station.mark("not kept")
        assert not pair.station.bystander(True)
    pair.station.stop()
    assert pair.ended.wait(120)
    assert not pair.station.note("too late")
    pair.station.close()
    notes = [event.data["text"] for event in read_journal(folder.events) if event.kind == EventKind.NOTE]
    assert notes == ["kept"]
