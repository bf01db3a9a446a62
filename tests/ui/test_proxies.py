"""Small copies of films with long groups: the same numbers of frames, made beside the window, deleted safely."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import av
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.core.films import COUNT, even, uneven, write_film
from tests.ui.test_exact_frames import FILMS, H265, OPEN
from ui.editor.player import Player
from ui.editor.proxy_loader import ProxyLoader
from woz.base.errors import WozError
from woz.capture.frame_code import read_number
from woz.playback.frames import FrameReader
from woz.playback.proxy import Proxy, make_proxy, needs_proxy, proxy_path
from woz.recording.folder.frame_index import FrameIndex, frame_index


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a phone writes it, with uneven times and reordered frames: one group."""
    folder = tmp_path_factory.mktemp("film")
    codec, look = ("libx265", H265) if "libx265" in av.codecs_available else ("libx264", OPEN)
    write_film(folder / "ego.mp4", codec, look, uneven(), COUNT, 3)
    return folder / "ego.mp4"


@pytest.fixture
def film(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "ego.mp4"))


def _index(film: Path) -> FrameIndex:
    return frame_index(film, film.with_name("no table"))


def _number(frame: av.VideoFrame | None) -> int | None:
    return read_number(np.asarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8)) if frame else None


def test_each_frame_of_a_proxy_is_the_one_of_its_number(film: Path) -> None:
    assert make_proxy(film, _index(film))
    proxy = Proxy(film)
    assert [_number(proxy.read(n)) for n in range(COUNT - 1, -1, -1)] == list(range(COUNT - 1, -1, -1))
    assert proxy.read(COUNT) is None
    proxy.close()
    with av.open(str(proxy_path(film))) as container:
        assert all(packet.is_keyframe for packet in container.demux(video=0) if packet.size)
    assert [path.name for path in proxy_path(film).parent.iterdir()] == ["ego.proxy.mkv"]


def test_long_groups_need_one_and_short_ones_none(tmp_path: Path) -> None:
    for name, group, needed in (("short.mkv", 25, False), ("long.mkv", COUNT, True)):
        write_film(tmp_path / name, "libx264", FILMS[0].options, even(), group, 0)
        assert needs_proxy(_index(tmp_path / name)) is needed


def test_what_is_given_up_leaves_nothing(film: Path) -> None:
    told: list[float] = []
    assert not make_proxy(film, _index(film), lambda part: told.append(part) or len(told) < 3)  # type: ignore[func-returns-value]
    assert len(told) == 3
    assert list(proxy_path(film).parent.iterdir()) == []


def test_one_of_another_film_is_not_taken(film: Path) -> None:
    make_proxy(film, _index(film))
    with film.open("ab") as file:
        file.write(b"more")
    with pytest.raises(WozError, match="is of another film"):
        Proxy(film)


def test_scrubbing_takes_it_and_what_rests_is_the_films_own(film: Path, qtbot: QtBot) -> None:
    reader = FrameReader(film, _index(film), 2**20)
    player = Player(film, reader)
    loader = ProxyLoader(film, reader, player)
    parts: list[float] = []
    loader.progress.connect(parts.append)
    with qtbot.waitSignal(loader.ready):
        loader.start()
    assert parts[0] == 0.0
    assert parts == sorted(parts)
    player.show_frame(0)
    qtbot.waitUntil(lambda: player.rested)
    seen: list[av.VideoFrame] = []
    player.picture.connect(seen.append)
    player.scrub(reader.times[200])
    player._resting.stop()
    qtbot.waitUntil(lambda: bool(seen))
    assert (_number(seen[-1]), seen[-1].pts, player.rested) == (200, 200, False)
    player.rest()
    qtbot.waitUntil(lambda: player.rested)
    assert _number(seen[-1]) == 200
    assert seen[-1].pts != 200
    loader.delete()
    assert not proxy_path(film).exists()
    assert reader.times == _index(film).times
    player.scrub(reader.times[50])
    player.rest()
    qtbot.waitUntil(lambda: player.rested)
    assert _number(seen[-1]) == 50
    loader.close()
    player.close()


def test_one_that_is_there_is_taken_at_once(film: Path) -> None:
    make_proxy(film, _index(film))
    reader = FrameReader(film, _index(film))
    player = Player(film, reader)
    loader = ProxyLoader(film, reader, player)
    loader.start()
    assert loader.there
    assert _number(reader.near(123)) == 123
    loader.close()
    player.close()


def test_a_disk_that_takes_no_more_is_said_and_nothing_is_left(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(WozError, match=r"No proxy of ego.mp4 could be made \(No space left on device\)"):
        make_proxy(film, _index(film))
    assert list(proxy_path(film).parent.iterdir()) == []
