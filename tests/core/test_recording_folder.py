"""The session's folder, its manifest and its journal."""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.folder import lock as lock_module
from woz.recording.folder.journal import Journal, read_journal
from woz.recording.folder.lock import RecordingLock, is_held
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder, free_bytes
from woz.recording.folder.versions import program_versions
from woz.recording.live.write_queue import WriteQueue

NAME = SessionId("20270115-080000-abcd")


def test_a_folder_is_made_once_and_opened_again(tmp_path: Path) -> None:
    folder = SessionFolder.create(tmp_path / "sessions", NAME, 123, "tea")
    assert SessionFolder.open(folder.path).manifest() == Manifest(
        NAME, SessionState.RECORDING, 123, "tea", versions=program_versions()
    )
    kept = folder.manifest_path.read_bytes()
    with pytest.raises(WozError, match="exists already"):
        SessionFolder.create(tmp_path / "sessions", NAME, 456)
    assert folder.manifest_path.read_bytes() == kept


def test_what_is_no_session_is_not_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(WozError, match="no session's folder"):
            SessionFolder.open(path)


def test_a_place_that_takes_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("a file")
    with pytest.raises(WozError, match="can't be made"):
        SessionFolder.create(tmp_path / "sessions", NAME, 123)


def test_a_folder_that_can_be_made_in_part_only_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionFolder, "sensors", tmp_path / "nowhere" / "sensors")
    for lock in (None, RecordingLock(SessionFolder(tmp_path / NAME).lock)):
        with pytest.raises(WozError, match="can't be made"):
            SessionFolder.create(tmp_path, NAME, 123, lock=lock)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into a read-only folder")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WozError, match="can't be made"):
        SessionFolder.create(tmp_path, NAME, 123)


intervals = st.tuples(st.integers(0, 10**13), st.integers(0, 10**13)).map(lambda t: Interval(min(t), max(t)))
entries = st.builds(
    StreamEntry,
    kind=st.sampled_from(StreamKind),
    path=st.text("abc._-ü ", min_size=1, max_size=20).filter(lambda name: name != ".."),
    track=st.integers(0, 3),
    interval=intervals,
    captured=st.integers(0, 10**9),
    recorded=st.integers(0, 10**9),
    gaps=st.lists(intervals, max_size=3).map(tuple),
    clock_map=st.none() | st.text(max_size=20),
    source_map=st.none() | st.text(max_size=20),
    sha256=st.none() | st.text(max_size=64),
    refused_ns=st.integers(0, 10**12),
)
manifests = st.builds(
    Manifest,
    session_id=st.just(NAME),
    state=st.sampled_from(SessionState),
    start_utc_ns=st.integers(0, 2**62),
    procedure=st.text(max_size=20),
    duration_ns=st.none() | st.integers(0, 10**15),
    streams=st.lists(entries, max_size=4).map(tuple),
    fault=st.text(max_size=20),
)


@given(manifest=manifests)
def test_a_manifest_is_read_as_it_was_written(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "manifest.json"
    manifest.save(path)
    assert Manifest.load(path) == manifest
    assert not path.with_suffix(".tmp").exists()


def test_a_newer_manifest_is_refused_and_a_damaged_one_told(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    Manifest(NAME, SessionState.CLOSED, 1).save(path)
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "schema_version": 99}))
    with pytest.raises(WozError, match="newer woz; update"):
        Manifest.load(path)
    for text in ("", "{", "[]", '{"schema_version": 1}', json.dumps({**raw, "state": "odd"})):
        path.write_text(text)
        with pytest.raises(WozError, match="damaged"):
            Manifest.load(path)


def test_a_stream_takes_the_place_of_the_one_of_its_kind() -> None:
    one = StreamEntry(StreamKind.GAZE, "a", 0, Interval(0, 1))
    two = StreamEntry(StreamKind.GAZE, "b", 0, Interval(0, 2))
    manifest = Manifest(NAME, SessionState.CLOSED, 1).with_stream(one).with_stream(two)
    assert manifest.streams == (two,)


def note(text: str, t_ns: int = 0) -> Event:
    return Event(t_ns, EventKind.NOTE, "station", {"text": text})


def test_a_journal_keeps_the_events_of_all_threads(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events.jsonl")

    def write(name: str) -> None:
        for i in range(50):
            journal.append(note(name, i))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.sync()
    assert len(read_journal(tmp_path / "events.jsonl")) == 150
    journal.close()
    journal.append(note("too late"))
    journal.sync()
    events = read_journal(tmp_path / "events.jsonl")
    assert [e.t_ns for e in events if e.data["text"] == "b"] == list(range(50))


def test_a_cut_last_line_loses_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    journal = Journal(path)
    for text in ("Größe", "two\nlines", "cut"):
        journal.append(note(text))
    journal.close()
    path.write_bytes(path.read_bytes()[:-10])
    assert [e.data["text"] for e in read_journal(path)] == ["Größe", "two\nlines"]
    journal = Journal(path)
    journal.append(note("after"))
    journal.close()
    assert [e.data["text"] for e in read_journal(path)] == ["Größe", "two\nlines", "after"]


def test_a_name_that_is_no_text_is_journalled_as_far_as_it_is_one(tmp_path: Path) -> None:
    """As that of a film on a disk that was written under another encoding."""
    path = tmp_path / "events.jsonl"
    journal = Journal(path)
    assert journal.append(note("K\udcfcche.mp4"))
    journal.close()
    assert [event.data["text"] for event in read_journal(path)] == ["K?che.mp4"]


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "events.jsonl") == []
    with pytest.raises(WozError, match="can't be written"):
        Journal(tmp_path / "nowhere" / "events.jsonl")


def test_a_lock_is_held_once_and_freed(tmp_path: Path) -> None:
    path = tmp_path / ".recording"
    one, two = RecordingLock(path), RecordingLock(path)
    assert one.take()
    assert not two.take()
    one.release()
    assert two.take()
    two.release()
    assert not path.exists()


def test_sound_finds_room_where_pictures_do_not() -> None:
    queue: WriteQueue[str] = WriteQueue(large=2, small=3)
    assert [queue.put(f"picture {i}", True, 0) for i in range(3)] == [True, True, False]
    assert [queue.put(f"sound {i}", False, 0) for i in range(4)] == [True, True, True, False]
    queue.put_last("end")
    assert queue.get(0) == "picture 0"
    assert queue.put("picture 3", True, 0)
    rest = [queue.get(0) for _ in range(7)]
    assert rest == ["picture 1", "sound 0", "sound 1", "sound 2", "end", "picture 3", None]


def test_free_room_is_that_of_the_nearest_folder_there_is(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet") > 0


def test_a_lock_that_somebody_looks_at_can_be_taken_meanwhile(tmp_path: Path) -> None:
    """The home window looks at each session's again and again."""
    path, ended, missed = tmp_path / ".recording", threading.Event(), list[int]()

    def look() -> None:
        while not ended.is_set():
            is_held(path)

    looking = [threading.Thread(target=look) for _ in range(2)]
    for thread in looking:
        thread.start()
    try:
        for n in range(300):
            lock = RecordingLock(path)
            if not lock.take():
                missed.append(n)
            lock.release()
    finally:
        ended.set()
        for thread in looking:
            thread.join()
    assert missed == []


def test_a_lock_that_is_let_go_while_another_opens_its_file_has_one_holder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes its file away may not leave another with one that nobody else can find."""
    path = tmp_path / ".recording"
    one, two, three = (RecordingLock(path) for _ in range(3))
    assert one.take()
    turns = iter((one.release, three.take))

    def late(*given: object, **named: object) -> bool:
        for turn in turns:
            turn()
        return real(*given, **named)  # type: ignore[arg-type]

    real = lock_module._lock
    monkeypatch.setattr(lock_module, "_lock", late)
    assert not two.take()
    three.release()
    assert two.take()
    two.release()


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX systems")
def test_a_medium_that_knows_no_locks_keeps_no_session_as_being_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", unknown)
    path = tmp_path / ".recording"
    lock = RecordingLock(path)
    assert lock.take()
    assert not is_held(path)
    assert "knows no locks" in caplog.text
    lock.release()
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="files are opened as POSIX allows")
def test_a_lock_that_may_only_be_read_tells_that_it_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a share that is read only here, or in a colleague's folder."""
    path = tmp_path / ".recording"
    lock = RecordingLock(path)
    assert lock.take()
    real = Path.open

    def read_only(self: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        if set(mode) & set("wa+x"):
            raise PermissionError(errno.EROFS, os.strerror(errno.EROFS))
        return real(self, mode, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", read_only)
    assert is_held(path)
    lock.release()
    assert not is_held(path)


def test_a_lock_on_a_disk_that_fails_meanwhile_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".recording"
    lock = RecordingLock(path)
    assert lock.take()

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as failing:
        failing.setattr(Path, "unlink", fail)
        lock.release()
    assert not is_held(path)
    assert lock.take()
    lock.release()
