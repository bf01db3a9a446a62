"""Never a wrong frame: what is shown is compared with the number in the picture, after random seeks and steps."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.core.films import COUNT, even, uneven, write_film
from ui.editor.player import Player
from ui.widgets.fetching import Fetching, Wish
from woz.capture.frame_code import read_number
from woz.playback.frame_cache import FrameCache
from woz.playback.frames import FrameReader
from woz.playback.sounding import Sounding
from woz.playback.speakers import SilentSpeaker
from woz.recording.folder.frame_index import frame_index

QUICK = {"preset": "ultrafast", "crf": "24"}
WOZ = {**QUICK, "x264-params": "scenecut=0"}
OPEN = {"preset": "veryfast", "crf": "24", "x264-params": "open-gop=1:b-pyramid=normal:scenecut=0"}
H265 = {"preset": "ultrafast", "crf": "24", "x265-params": "log-level=none:open-gop=1:bframes=4"}


@dataclass(frozen=True, slots=True)
class Film:
    name: str
    codec: str
    options: dict[str, str]
    times: list[int]
    group: int
    between: int


FILMS = (
    Film("woz.mkv", "libx264", WOZ, even(), 20, 0),
    Film("uneven.mkv", "libx264", QUICK, uneven(), 25, 0),
    Film("uneven.mp4", "libx264", {**OPEN}, uneven(), 60, 3),
    Film("long.mp4", "libx264", OPEN, even(), COUNT, 3),
    Film("phone.mp4", "libx265", H265, uneven(), 48, 4),
)
SEEKS = 250
"""Of each film."""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for film in FILMS:
        if film.codec in av.codecs_available:
            write_film(folder / film.name, film.codec, film.options, film.times, film.group, film.between)
    return folder


def _open(folder: Path, film: Film, cache_bytes: int = 2**20) -> FrameReader:
    path = folder / film.name
    if not path.exists():
        pytest.skip(f"this FFmpeg has no {film.codec}")
    index = frame_index(path, folder / "no table")
    assert [round(t / 1e6) for t in index.times] == film.times
    return FrameReader(path, index, cache_bytes)


def _number(frame: av.VideoFrame | None) -> int | None:
    return read_number(np.asarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8)) if frame else None


def _places(count: int) -> list[int]:
    """Anywhere, a step on, a step back, some on, a run back."""
    rng, here = random.Random(5), 0
    places: list[int] = []
    while len(places) < count:
        if rng.random() < 0.25:
            here = rng.randrange(COUNT)
        steps = [rng.choice((1, -1, 2, 7, -20))] if rng.random() < 0.9 else [-1] * 30
        for step in steps:
            here = min(max(0, here + step), COUNT - 1)
            places.append(here)
    return places[:count]


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_a_frame_is_the_one_that_was_asked_for(films: Path, film: Film) -> None:
    """The cache holds a few frames only, so that nearly each is decoded."""
    reader = _open(films, film)
    wrong = [(n, found) for n in _places(SEEKS) if (found := _number(reader.read(n))) != n]
    reader.close()
    assert wrong == []


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_a_picture_that_rests_is_that_of_its_frame(films: Path, film: Film, qtbot: QtBot) -> None:
    """Through the player: wishes come faster than they can be met; while dragging the key frame is shown."""
    player = Player(films / film.name, _open(films, film, 2**24))
    seen: list[av.VideoFrame] = []
    player.picture.connect(seen.append)
    rng = random.Random(6)
    for _ in range(12):
        for number in _places(20)[: rng.randrange(1, 20)]:
            player.scrub(player._reader.times[number])
        if rng.random() < 0.5:
            player.show_frame(rng.randrange(COUNT))
        player.rest()
        qtbot.waitUntil(lambda: player.rested)
        assert _number(seen[-1]) == player.frame_number
    player.close()


RATES = (0.25, 1.0, 1.5, 4.0, -1.0, -4.0)


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_each_picture_that_is_played_is_that_of_its_frame(films: Path, film: Film, qtbot: QtBot) -> None:
    """Forward and backward, at all speeds, with changes of speed and pauses: what is named is what is shown."""
    reader = _open(films, film, 2**24)
    player = Player(films / film.name, reader, sounding=Sounding(films / film.name, find=SilentSpeaker))
    seen: list[tuple[int | None, int]] = []
    player.picture.connect(lambda frame: seen.append((_number(frame), player.frame_number)))
    rng = random.Random(7)
    for rate in RATES:
        player.show_frame(rng.randrange(60, 180))
        qtbot.waitUntil(lambda: player.rested)
        before = len(seen)
        player.set_speed(abs(rate))
        player.shuttle(1 if rate > 0 else -1)
        player.set_speed(abs(rate))
        qtbot.waitUntil(lambda before=before: len(seen) >= before + 8 or not player.rate)  # type: ignore[misc]
        player.shuttle(0)
        qtbot.waitUntil(lambda: player.rested)
        played = [number for _, number in seen[before:-1]]
        assert played == sorted(played, reverse=rate < 0)
    player.close()
    assert [pair for pair in seen if pair[0] != pair[1]] == []


def test_a_long_group_is_decoded_once_where_one_goes_backwards(
    films: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for a few frames only; each picture is a copy of the very frame."""
    film = next(each for each in FILMS if _open(films, each).long)
    reader, decoded = _open(films, film, 2**20), list[int]()
    number_of = reader._number_of

    def counted(frame: av.VideoFrame) -> int:
        decoded.append(number_of(frame))
        return decoded[-1]

    monkeypatch.setattr(reader, "_number_of", counted)
    fetching, last = Fetching(reader), COUNT - 1
    shown: list[int | None] = []
    for number in range(last, -1, -1):
        with qtbot.waitSignal(fetching.came, timeout=60_000) as came:
            fetching.ask(Wish(number, back=True, ahead=5, moving=True))
        assert came.args
        shown.append(_number(came.args[1]))
    fetching.close()
    reader.close()
    assert shown == list(range(last, -1, -1))
    assert len(decoded) <= COUNT * 5 // 4, "each group once, but for the frames before a key frame that is missed"


def test_a_step_back_is_decoded_already(films: Path, qtbot: QtBot) -> None:
    reader = _open(films, FILMS[0], 2**26)
    fetching = Fetching(reader)
    for number in range(50, 15, -1):
        with qtbot.waitSignal(fetching.came, timeout=60_000):
            fetching.ask(Wish(number, back=True))
        qtbot.waitUntil(lambda number=number: reader.kept(max(0, number - 4)) is not None)  # type: ignore[misc]
    fetching.close()
    reader.close()


def test_only_the_latest_wish_is_met(films: Path, qtbot: QtBot) -> None:
    reader = _open(films, FILMS[3])
    fetching, came = Fetching(reader), []
    fetching.came.connect(lambda wish, frame: came.append((wish.number, _number(frame))))
    for number in range(COUNT - 1, COUNT - 40, -1):
        fetching.ask(Wish(number))
    qtbot.waitUntil(lambda: (COUNT - 39, COUNT - 39) in came)
    assert len(came) < 39
    fetching.close()
    reader.close()


def test_the_cache_is_bounded_in_bytes() -> None:
    cache = FrameCache(10_000)
    frames = [av.VideoFrame(64, 64, "gray8") for _ in range(5)]
    for number, frame in enumerate(frames):
        cache.put(number, frame)
        cache.get(0)
    size = sum(plane.buffer_size for plane in frames[0].planes)
    assert cache.size <= 10_000
    kept = [number for number in range(5) if cache.get(number)]
    assert len(kept) == 10_000 // size
    assert kept[0] == 0
    assert kept[-1] == 4
    cache.put(9, av.VideoFrame(640, 640, "gray8"))
    assert [number for number in range(10) if cache.get(number)] == [9]


def test_a_film_that_is_damaged_shows_no_wrong_frame(films: Path, tmp_path: Path) -> None:
    film = FILMS[0]
    whole = (films / film.name).read_bytes()
    broken = bytearray(whole)
    for at in range(len(whole) // 3, len(whole) // 3 + 3_000):
        broken[at] = at % 251
    (tmp_path / film.name).write_bytes(bytes(broken))
    index = frame_index(films / film.name, films / "no table")
    reader = FrameReader(tmp_path / film.name, index)
    numbers = {n: _number(reader.read(n)) for n in (*range(COUNT), *range(COUNT - 1, -1, -7))}
    reader.close()
    assert numbers[0] == 0
    assert numbers[COUNT - 1] == COUNT - 1
    assert {n: found for n, found in numbers.items() if found not in (n, None)} == {}
