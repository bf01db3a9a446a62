"""Offers, chunks, questions and closings of the expert's recordings from many threads at once."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.upload_room import NAME, Desk, _chunks, _copy, _noise
from woz.live.station.received_recordings import MOST_OPEN

RECORDINGS = 2 * MOST_OPEN
PARTS = tuple(f"{n:032x}" for n in range(1, RECORDINGS + 1))


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as Python lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("seed", range(3))
def test_recordings_that_come_at_once_on_many_threads_are_all_whole(tmp_path: Path, seed: int) -> None:
    """More of them than may have their files open, each chunk twice, while others ask and close the files."""
    desk = Desk(tmp_path)
    sounds = {part: _noise(40_000, seed * 100 + n) for n, part in enumerate(PARTS)}
    copies = {
        part: replace(_copy(sound), id=part, part=n, parts=RECORDINGS)
        for n, (part, sound) in enumerate(sounds.items(), 1)
    }
    ended = threading.Event()
    faults: list[BaseException] = []
    start = threading.Barrier(2 * RECORDINGS + 2)

    def bring(part: str, order: int) -> Callable[[], None]:
        def run() -> None:
            chunks = _chunks(sounds[part], part)
            random.Random(seed * 1000 + order).shuffle(chunks)
            for chunk in chunks:
                desk.received.offered(copies[part])
                assert desk.received.arrived(chunk.encode()) is not None
            desk.received.offered(copies[part])

        return run

    def ask() -> None:
        while not ended.is_set():
            assert 0 <= desk.received.held <= 10 * RECORDINGS
            assert desk.received.is_complete in (True, False)

    def close() -> None:
        while not ended.is_set():
            desk.received.close()

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            start.wait(120)
            try:
                work()
            except BaseException as fault:
                faults.append(fault)

        return run

    works = [bring(part, n) for part in PARTS for n in range(2)]
    bringing = [threading.Thread(target=guarded(work)) for work in works]
    beside = [threading.Thread(target=guarded(work)) for work in (ask, close)]
    for thread in (*bringing, *beside):
        thread.start()
    for thread in bringing:
        thread.join()
    ended.set()
    for thread in beside:
        thread.join()
    assert faults == []
    assert desk.received.is_complete
    assert {p: (desk.sessions / NAME / "expert.parts" / f"{p}.mka").read_bytes() for p in PARTS} == sounds
    whole = [text for _, text in desk.said if "is here, part" in text]
    assert len(whole) == len(set(whole)) == RECORDINGS
    desk.received.close()
