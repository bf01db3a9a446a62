"""A window that closes waits some seconds at most for what hangs beside it, says for what, and loses nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.desk_room import SID, opened, recorded
from tests.ui.recorded_session import CLOCK
from ui.editor import film_watch, wave_loader
from ui.widgets import ending as ending_module
from ui.widgets.ending import Ending, Worker
from woz.base.supervision import Supervisor
from woz.model.annotation import Annotation
from woz.playback.frames import FrameReader

__all__ = ["recorded"]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("WITHIN_S", 0.2), ("LEAST_S", 0.05), ("AT_ONCE_S", 0.02)):
        monkeypatch.setattr(ending_module, name, seconds)


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """What is waited for as long as a test runs, as one waits for a disk that is gone."""
    answered = threading.Event()
    yield answered
    answered.set()


def test_what_ends_is_not_spoken_of() -> None:
    said: list[str] = []
    thread = Supervisor().thread("short work", lambda: None, daemon=True)
    assert Ending(said.append).of(thread, "what never began")
    thread.start()
    thread.join()
    assert Ending(said.append).of(thread, "the short work")
    assert Ending(said.append).of(None, "nothing")
    assert not said


def test_what_hangs_is_named_and_left_behind(stuck: threading.Event, caplog: pytest.LogCaptureFixture) -> None:
    said, done, ending = list[str](), list[str](), None
    worker = Worker("writing of notes")
    worker.begin(lambda: stuck.wait(60))
    worker.begin(lambda: done.append("one more"))
    ending = Ending(said.append)
    assert not worker.end(ending)
    assert said == ["Closing: waiting for the writing of notes, 0.2 seconds at most; all you did is kept."]
    assert "left behind" in caplog.text
    stuck.set()
    assert ending.of(worker._thread, "the writing of notes")
    assert not done, "what hadn't begun is not begun any more"


def test_work_is_done_in_its_order_and_a_fault_ends_one_piece_alone(caplog: pytest.LogCaptureFixture) -> None:
    done, last = list[int](), threading.Event()

    def fail() -> None:
        raise ValueError("odd note")

    worker = Worker("writing of notes")
    worker.begin(lambda: done.append(1))
    worker.begin(fail)
    worker.begin(lambda: done.append(2))
    worker.begin(last.set)
    assert last.wait(60)
    assert done == [1, 2]
    assert worker.end(Ending())


def test_an_editor_beside_a_disk_that_is_gone_closes_and_keeps_all(
    recorded: Path,
    tmp_path: Path,
    stuck: threading.Event,
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Frames, the waveforms and the checksum all hang; the segment that was made meanwhile is stored."""

    def hang(*_: object) -> None:
        stuck.wait(60)

    lab = Path(shutil.copytree(recorded, tmp_path / "p"))
    shutil.rmtree(lab / "sessions" / SID / "derived", ignore_errors=True)
    monkeypatch.setattr(wave_loader, "make_waves", hang)
    monkeypatch.setattr(film_watch, "is_recorded", hang)
    with Project.open(lab, CLOCK) as project:
        hand = opened(qtbot, qapp, project)
        window = hand.window
        hand.new_tier("Acts")
        hand.stand(10)
        qtbot.waitUntil(lambda: window.player.rested)
        qtbot.waitUntil(lambda: bool(window.film._thread and window._waves._worker._thread))
        hand.press("1")
        monkeypatch.setattr(FrameReader, "read", hang)
        hand.stand(40)
        said: list[str] = []
        monkeypatch.setattr(window._banner, "tell", said.append)
        assert window.close()
        assert not window.isVisible()
        told = " ".join(said)
        assert all(
            what in told for what in ("a frame of the video", "the drawing of the sound", "the check of the video")
        )
        [stored] = [each for each in project.annotations.load(SID) if isinstance(each, Annotation)]
        assert stored.label == "cut"
        stuck.set()
