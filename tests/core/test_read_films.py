"""Of the films of a release's sessions no more is held than one session's times of frames."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from woz.dataset.release.clips import Film
from woz.dataset.release.read_films import ReadFilms
from woz.model.ids import SessionId


class _Times(dict[int, int]):
    """Of a film's frames; it is known whether it is held."""


def test_times_of_frames_are_held_of_the_last_session_alone() -> None:
    held, read = list[weakref.ref[_Times]](), list[str]()

    def timed(session_id: SessionId) -> Film:
        times = _Times({0: 0})
        held.append(weakref.ref(times))
        read.append(session_id)
        return Film(Path(session_id), times)

    films = ReadFilms(timed)
    for n in range(5):
        for _ in range(3):
            found = films.of(SessionId(f"s{n}"))
            assert found
            assert found.path == Path(f"s{n}")
            del found
    gc.collect()
    assert read == [f"s{n}" for n in range(5)]
    assert [each() is not None for each in held] == [False] * 4 + [True]
    assert films.of(SessionId("s0")) == Film(Path("s0"), {0: 0}), "read once more"


def test_films_without_times_and_sessions_without_films_are_read_once() -> None:
    read = list[str]()

    def untimed(session_id: SessionId) -> Film | None:
        read.append(session_id)
        return None if session_id == "none" else Film(Path(session_id))

    films = ReadFilms(untimed)
    for _ in range(2):
        assert [films.of(SessionId(each)) for each in ("a", "none", "b")] == [
            Film(Path("a")),
            None,
            Film(Path("b")),
        ]
    assert read == ["a", "none", "b"]
