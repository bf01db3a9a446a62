"""Session folders that are cut off, flipped, newer, or mixed up: found, said in a sentence, nothing overwritten."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.recording_room import Session, make_room
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.model.events import Event, EventKind
from woz.model.session import SessionState
from woz.recording.check.recovery import left_open, recover
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import check
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import SCHEMA_VERSION, Manifest
from woz.recording.folder.session_folder import SessionFolder

T = TypeVar("T")
SECONDS = 3
MARKS = 5


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session that a killed program left open: its files as they were, with some marks in the journal."""
    session = Session(tmp_path_factory.mktemp("left"))
    session.recorder.start()
    session.run(make_room(SECONDS), 0, SECONDS)
    for n in range(MARKS):
        session.recorder.event(Event(n * 500_000_000, EventKind.MARK, "station", {"name": f"mark {n}"}))
    before = session.folder.manifest_path.read_bytes()
    session.recorder.close(SECONDS * 1_000_000_000)
    session.folder.manifest_path.write_bytes(before)
    return session.folder.path


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    session = Session(tmp_path_factory.mktemp("closed"))
    session.recorder.start()
    session.run(make_room(SECONDS), 0, SECONDS)
    session.recorder.close(SECONDS * 1_000_000_000)
    return session.folder.path


@contextmanager
def copy_of(path: Path) -> Iterator[SessionFolder]:
    with TemporaryDirectory() as place:
        yield SessionFolder(Path(shutil.copytree(path, Path(place) / path.name)))


def outcome(work: Callable[[], T]) -> tuple[T | None, str]:
    """What it gives, or the sentence that says why not; anything else is a fault of the program."""
    try:
        return work(), ""
    except WozError as fault:
        return None, str(fault)


def flipped(raw: bytes, place: float, bit: int) -> bytes:
    changed = bytearray(raw)
    changed[min(len(raw) - 1, int(place * len(raw)))] ^= 1 << bit
    return bytes(changed)


@settings(max_examples=scaled(40), deadline=None)
@given(part=st.floats(0, 1))
def test_a_view_cut_off_anywhere_is_recovered_up_to_there(left: Path, part: float) -> None:
    with copy_of(left) as folder:
        whole = folder.ego.read_bytes()
        cut = whole[: int(part * len(whole))]
        folder.ego.write_bytes(cut)
        manifest = recover(folder)
        assert manifest.state == SessionState.RECOVERED
        assert folder.ego.read_bytes() == cut
        reached_s = (manifest.duration_ns or 0) / 1e9
        assert reached_s >= min(SECONDS - 0.1, part * SECONDS - 1.2)
        assert "can't be read" in manifest.fault or manifest.streams
        assert sum(e.kind == EventKind.MARK for e in read_journal(folder.events)) == MARKS


@settings(max_examples=scaled(60), deadline=None)
@given(st.sampled_from(["manifest.json", "events.jsonl", "ego.mkv"]), st.floats(0, 1), st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_recovered_from_or_told(left: Path, name: str, place: float, bit: int) -> None:
    with copy_of(left) as folder:
        path = folder.path / name
        path.write_bytes(flipped(path.read_bytes(), place, bit))
        media = folder.ego.read_bytes()
        state, said = outcome(lambda: recover(folder).state)
        assert state in (SessionState.RECOVERED, SessionState.CLOSED) or "\n" not in said
        assert state or not (folder.path / "manifest.before-recovery.json").exists()
        assert folder.ego.read_bytes() == media
        marks = sum(e.kind == EventKind.MARK for e in read_journal(folder.events))
        assert marks >= MARKS - (name == "events.jsonl") * 2


@settings(max_examples=scaled(40), deadline=None)
@given(part=st.floats(0, 1))
def test_a_journal_cut_off_anywhere_keeps_its_whole_lines(left: Path, part: float) -> None:
    with copy_of(left) as folder:
        raw = folder.events.read_bytes()
        cut = raw[: int(part * len(raw))]
        folder.events.write_bytes(cut)
        assert len(read_journal(folder.events)) >= cut.count(b"\n")
        assert recover(folder).state == SessionState.RECOVERED


@settings(max_examples=scaled(15), deadline=None)
@given(st.floats(0, 1), st.integers(0, 7))
def test_a_flipped_bit_in_a_closed_view_is_found(closed: Path, place: float, bit: int) -> None:
    with copy_of(closed) as folder:
        folder.ego.write_bytes(flipped(folder.ego.read_bytes(), place, bit))
        report = check(folder)
        assert report.verdict == Verdict.BAD
        assert "ego.mkv is not the file that was recorded: its checksum differs" in report.reasons


@settings(max_examples=scaled(40), deadline=None)
@given(st.floats(0, 0.999), st.integers(0, 7))
def test_a_damaged_manifest_is_told_in_one_sentence_or_read(closed: Path, place: float, bit: int) -> None:
    with copy_of(closed) as folder:
        raw = flipped(folder.manifest_path.read_bytes(), place, bit)
        folder.manifest_path.write_bytes(raw)
        read, said = outcome(lambda: Manifest.load(folder.manifest_path))
        assert read or ("manifest" in said.lower() and "\n" not in said)
        assert folder.manifest_path.read_bytes() == raw


def test_a_manifest_of_a_newer_version_is_left_as_it_is(left: Path) -> None:
    with copy_of(left) as folder:
        data = json.loads(folder.manifest_path.read_text()) | {"schema_version": SCHEMA_VERSION + 1}
        folder.manifest_path.write_text(json.dumps(data))
        before = folder.manifest_path.read_bytes()
        for read in (recover, check):
            with pytest.raises(WozError, match="newer woz; update the program"):
                read(folder)
        assert folder.manifest_path.read_bytes() == before


def test_a_manifest_of_another_session_is_found(left: Path, closed: Path) -> None:
    with copy_of(left) as folder:
        moved = SessionFolder(folder.path.rename(folder.path.with_name("20270115-080000-else")))
        before = moved.manifest_path.read_bytes()
        with pytest.raises(WozError, match="is that of session 20270115-080000-test; put it back there"):
            recover(moved)
        assert moved.manifest_path.read_bytes() == before
        assert left_open(moved.path.parent) == ["20270115-080000-else"]
    with copy_of(closed) as folder:
        moved = SessionFolder(folder.path.rename(folder.path.with_name("20270115-080000-else")))
        assert "manifest.json is that of session 20270115-080000-test" in check(moved).reasons


def test_a_view_of_another_session_is_found(left: Path, closed: Path) -> None:
    with copy_of(closed) as folder:
        shutil.copyfile(left / "sensors" / "ego_frames.csv", folder.ego)
        report = check(folder)
        assert report.verdict == Verdict.BAD
        assert not report.checksums_ok
