"""A console that offers recordings without end: no descriptors, no memory, no recording is lost by it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.upload_room import NAME, PART, Desk, _chunks, _copy, _noise
from woz.live.station.received_recordings import MOST_OPEN, MOST_RECORDINGS, ReceivedRecordings, room_of
from woz.model.session import SessionState
from woz.model.voice_copy import CHUNK_BYTES, MAX_BYTES
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.disk_watch import DiskWatch

OPEN_FILES = Path("/proc/self/fd")
needs_proc = pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="open files are counted in /proc")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.received.close()


def _open_files() -> int:
    return len(list(OPEN_FILES.iterdir()))


@needs_proc
def test_recordings_offered_without_end_open_a_few_files_and_are_told_once(desk: Desk) -> None:
    data, before = _noise(20_000), _open_files()
    here = 0
    for n in range(3 * MOST_RECORDINGS):
        name = f"{n:032x}"
        here += desk.received.offered(replace(_copy(data), id=name)).here
        desk.give(_chunks(data, name)[:1])
        assert _open_files() - before <= 2 * MOST_OPEN
    assert here == MOST_RECORDINGS
    parts = list((desk.sessions / NAME / "expert.parts").iterdir())
    assert len(parts) <= 3 * MOST_RECORDINGS
    assert len([text for _, text in desk.said if "too many" in text]) == 1


def test_what_was_offered_first_is_taken_whole_among_many(desk: Desk) -> None:
    data = _noise(30_000)
    copy = _copy(data)
    desk.received.offered(copy)
    for n, chunk in enumerate(_chunks(data)):
        for other in range(3 * MOST_OPEN):
            name = f"{n * 1000 + other:032x}"
            desk.received.offered(replace(copy, id=name))
            desk.give(_chunks(data, name)[:1])
        assert desk.give([chunk]) == 1
    assert desk.received.offered(copy).whole
    assert (desk.sessions / NAME / "expert.parts" / f"{PART}.mka").read_bytes() == data


def test_a_station_that_is_started_again_counts_what_was_offered_before(desk: Desk) -> None:
    for n in range(MOST_RECORDINGS):
        assert desk.received.offered(replace(_copy(b"sound"), id=f"{n:032x}")).here
    again = Desk(desk.sessions)
    assert again.received.offered(replace(_copy(b"sound"), id=f"{1:032x}")).here
    assert not again.received.offered(replace(_copy(b"sound"), id="f" * 32)).here
    again.received.close()


def test_a_recording_that_says_to_be_huge_costs_no_more_than_the_session_may_have(desk: Desk) -> None:
    desk.received._room = lambda: 10 * CHUNK_BYTES
    holding = desk.received.offered(replace(_copy(_noise(9_000)), size=MAX_BYTES))
    assert holding.missing == ((0, 10),)


def test_an_earlier_session_s_recording_is_no_longer_than_that_session(desk: Desk) -> None:
    data = _noise(20_000)
    folder = SessionFolder(desk.sessions / NAME)
    desk.received.offered(replace(_copy(data), size=CHUNK_BYTES, sealed=False, sha256="", head=""))
    desk.received.close()
    replace(folder.manifest(), state=SessionState.CLOSED, duration_ns=1_000_000_000).save(folder.manifest_path)
    later = ReceivedRecordings(desk.sessions, "20270116-080000-abcd", lambda *_: None)
    holding = later.offered(replace(_copy(data), size=MAX_BYTES))
    assert holding.missing == ((0, room_of(1.0) // CHUNK_BYTES),)
    later.close()


# descriptors


@contextmanager
def _no_descriptors(monkeypatch: pytest.MonkeyPatch, code: int = errno.EMFILE) -> Iterator[None]:
    def opened(path: Path, *args: object, **more: object) -> object:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        yield


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE])
def test_a_lack_of_descriptors_ends_no_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    faults: list[OSError] = []
    path, late = tmp_path / "ego.mkv", tmp_path / "late.mkv"
    path.write_bytes(b"view")
    watch = DiskWatch((path,), faults.append, 0)
    watch._look()
    late.touch()
    watch.add(late)
    with _no_descriptors(monkeypatch, code):
        watch.start()
        watch._look()
    watch._look()
    watch.stop()
    assert faults == []


def test_what_is_watched_is_forced_out_without_descriptors_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    monkeypatch.setattr(os, "fsync", forced.append)
    path = tmp_path / "ego.mkv"
    path.write_bytes(b"view")
    watch = DiskWatch((path,), lambda error: None, 0)
    watch._look()
    with _no_descriptors(monkeypatch):
        watch._look()
    watch.stop()
    assert len(forced) == 2
    assert len(set(forced)) == 1


def test_a_file_that_was_put_in_the_place_of_another_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "ego.mkv"
    path.write_bytes(b"view")
    watch = DiskWatch((path,), lambda error: None, 0)
    watch._look()
    (tmp_path / "other").write_bytes(b"other")
    (tmp_path / "other").replace(path)
    with pytest.raises(OSError, match="No such file"):
        watch._look()
    watch.stop()
