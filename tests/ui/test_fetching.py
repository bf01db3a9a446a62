"""What is read beside a window: what fails there is told, and holds up nobody for ever."""

from __future__ import annotations

import threading
from pathlib import Path

import av
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ui.editor import proxy_loader, wave_loader
from ui.editor.player import Player
from ui.editor.proxy_loader import ProxyLoader
from ui.editor.wave_loader import WaveLoader
from ui.questions import clip as clips
from ui.questions.clip import Clip, ClipLoader, Wanted
from ui.widgets.fetching import Fetching, Wish
from ui.widgets.frame_queue import FrameQueue
from woz.base.interval import Interval
from woz.dataset.release.clips import Film
from woz.playback.frames import FrameReader, Frames, StandIn
from woz.playback.frames import Wanted as StillWanted
from woz.recording.folder.frame_index import FrameIndex


class Odd(Frames):
    """Of which one frame can't be had, in a way that no reader foresees."""

    here = True

    def read(self, number: int, wanted: StillWanted = lambda: True) -> av.VideoFrame | None:
        if number == 3:
            raise MemoryError("no room")
        return av.VideoFrame(64, 64, "gray8")


class Endless(Frames):
    """Whose frames take as long as anybody waits for them."""

    here = True

    def __init__(self) -> None:
        super().__init__([0, 1])
        self.begun = threading.Event()

    def read(self, number: int, wanted: StillWanted = lambda: True) -> av.VideoFrame | None:
        self.begun.set()
        while wanted():
            self.begun.wait(0.001)
        return None


def test_a_frame_that_fails_is_answered_and_the_next_comes(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    """Else the player holds the sound for ever, for a picture that never comes."""
    fetching = Fetching(Odd([0, 1, 2, 3, 4]))
    try:
        for number, there in ((3, False), (4, True)):
            with qtbot.waitSignal(fetching.came) as came:
                fetching.ask(Wish(number))
            assert came.args
            assert (came.args[1] is not None) is there
            assert not fetching.waits
    finally:
        fetching.close()


class Fading(FrameReader):
    """Whose small copies are put away as soon as somebody has looked whether there are any."""

    looks = 0

    @property
    def stand_in(self) -> StandIn | None:
        self.looks += 1
        return (lambda _: None) if self.looks == 1 else None

    @stand_in.setter
    def stand_in(self, given: StandIn | None) -> None: ...


def test_small_copies_that_go_away_meanwhile_do_no_harm(qtbot: QtBot, tmp_path: Path) -> None:
    reader = Fading(_film(tmp_path), FrameIndex([0], np.zeros(1, np.int64)))
    fetching = Fetching(reader)
    try:
        with qtbot.waitSignal(fetching.came) as came:
            fetching.ask(Wish(0, back=True, moving=True))
        assert came.args
        assert came.args[1] is not None
    finally:
        fetching.close()
        reader.close()


def _film(folder: Path) -> Path:
    """A single frame."""
    with av.open(str(folder / "ego.mkv"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))
    return folder / "ego.mkv"


def test_a_queue_that_reads_closes(qtbot: QtBot) -> None:
    frames = Endless()
    queue = FrameQueue(lambda: frames, lambda number, _: number)
    queue.ask((0, 1))
    assert frames.begun.wait(60)
    closing = threading.Thread(target=queue.close, daemon=True)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()


def test_a_clip_that_fails_says_so_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Else it is begun again and again, and nobody is told."""
    asked: list[Wanted] = []

    def fail(wanted: Wanted) -> bytes:
        asked.append(wanted)
        raise ValueError("odd sound")

    monkeypatch.setattr(clips, "_sound", fail)
    loader = ClipLoader()
    wanted = Wanted(Film(tmp_path / "ego.mkv"), Interval(0, 10**9), 10**9)
    try:
        with qtbot.waitSignal(loader.grown) as grown:
            loader.want([wanted])
        assert grown.args
        made = grown.args[0]
        assert isinstance(made, Clip)
        assert made.whole
        assert "odd sound" in made.fault
        assert loader.want([wanted]) is made
        assert len(asked) == 1
    finally:
        loader.close()


def test_a_proxy_that_fails_says_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> bool:
        raise ValueError("odd picture")

    monkeypatch.setattr(proxy_loader, "make_proxy", fail)
    film = _film(tmp_path)
    reader = FrameReader(film, FrameIndex([0], np.zeros(1, np.int64)))
    player = Player(film, reader)
    loader = ProxyLoader(film, reader, player)
    try:
        with qtbot.waitSignal(loader.failed) as failed:
            loader.make()
        assert failed.args
        assert "odd picture" in failed.args[0]
    finally:
        loader.close()
        player.close()


def test_waves_that_fail_are_no_longer_being_drawn(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("odd sound")

    monkeypatch.setattr(wave_loader, "make_waves", fail)
    loader, parts = WaveLoader(tmp_path / "ego.mkv"), list[object]()
    loader.progress.connect(parts.append)
    try:
        with qtbot.waitSignal(loader.failed) as failed:
            loader.start()
        assert failed.args
        assert "odd sound" in failed.args[0]
        qtbot.waitUntil(lambda: parts == [0.0, None])
    finally:
        loader.close()
