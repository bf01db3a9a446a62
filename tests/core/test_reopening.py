"""Sound devices that stall: opened again, with silence of the right length in the track."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.capture.reopening import ReopeningMicrophone, ReopeningSpeaker
from woz.capture.sound import OnBlock, OnFault, OnLoss, PlayRequest, Pull, unheard
from woz.capture.source import AudioBlock
from woz.sound.session_track import SessionTrack
from woz.timing.tracker import OffsetTracker

BLOCK_NS = 10_000_000
STALLED_NS = 300_000_000


class Room:
    """Calls its cards once in each block of its own time, which passes only so: no busy machine stalls them."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.running: list[StallingCard] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Room:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(BLOCK_NS / 1e9):
            self.clock.advance(BLOCK_NS)
            for card in list(self.running):
                card.turn()


class StallingCard:
    """Gives or takes blocks until told to stall, and hangs while a stalled one is closed."""

    def __init__(self, room: Room) -> None:
        self.stalled = False
        self._room = room
        self._number = 0

    def run(self, tick: Callable[[int, int], object]) -> None:
        self._tick = tick
        self._room.running.append(self)

    def turn(self) -> None:
        if not self.stalled:
            self._tick(self._number * BLOCK_NS, self._room.clock.now_ns() - BLOCK_NS)
        self._number += 1

    def stop(self) -> None:
        if self.stalled:
            time.sleep(0.3)
        self._room.running.remove(self)


class Microphone(StallingCard):
    name = "card"

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        self.run(
            lambda device_ns, at_ns: on_block(AudioBlock(device_ns, at_ns, np.full(480, 0.5, np.float32), 48_000))
        )


class Speaker(StallingCard):
    name = "card"

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        self.run(lambda device_ns, at_ns: pull(PlayRequest(480, device_ns, at_ns)))


class Absent:
    """Cards that are there the first and from the fourth time on."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.made: list[Microphone] = []
        self.asked = 0

    def __call__(self) -> Microphone:
        self.asked += 1
        if self.asked in (2, 3):
            raise WozError("No microphone was found.")
        self.made.append(Microphone(self._room))
        return self.made[-1]


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


@pytest.fixture
def room() -> Iterator[Room]:
    with Room() as made:
        yield made


def test_a_stalled_microphone_is_opened_again_with_silence_of_the_right_length(room: Room) -> None:
    cards, faults, blocks = Absent(room), list[str](), list[AudioBlock]()
    microphone = ReopeningMicrophone("card", cards, room.clock, STALLED_NS)
    microphone.start(blocks.append, lambda fault: faults.append(str(fault)))
    until(lambda: len(blocks) > 50)
    cards.made[0].stalled = True
    before = len(blocks)
    until(lambda: len(blocks) > before + 50)
    microphone.stop()
    assert len(faults) == 1
    assert "The microphone has stalled for " in faults[0]
    assert cards.asked == 4
    times, track = OffsetTracker(), SessionTrack()
    origin_ns = blocks[0].arrival_ns
    sound = [track.add(times.add(b.device_ns, b.arrival_ns) - origin_ns, b.samples, b.rate) for b in blocks]
    sound.append(track.finish(blocks[-1].arrival_ns + BLOCK_NS - origin_ns))
    whole = np.concatenate(sound)
    assert len(whole) == pytest.approx((blocks[-1].arrival_ns + BLOCK_NS - origin_ns) * 48e-6, abs=480)
    (gap,) = track.gaps
    stalled_ns = max(b.arrival_ns - a.arrival_ns for a, b in itertools.pairwise(blocks)) - BLOCK_NS
    assert stalled_ns > STALLED_NS
    assert gap.duration_ns == pytest.approx(stalled_ns, abs=15e6)
    assert not whole[gap.start_ns * 48_000 // 10**9 + 500 : gap.end_ns * 48_000 // 10**9 - 500].any()
    steps = {b.device_ns - a.device_ns for a, b in itertools.pairwise(blocks)}
    assert min(steps) > 0


def test_a_stalled_earpiece_asks_on(room: Room) -> None:
    made: list[Speaker] = []
    asked: list[int] = []
    lost: list[int] = []
    faults: list[str] = []

    def make() -> Speaker:
        made.append(Speaker(room))
        return made[-1]

    def pull(request: PlayRequest) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        asked.append(request.device_ns)
        if request.lost:
            lost.append(request.device_ns)
        return np.zeros(request.n, np.float32)

    speaker = ReopeningSpeaker("card", make, room.clock, STALLED_NS)
    speaker.on_fault = lambda fault: faults.append(str(fault))
    speaker.start(pull)
    until(lambda: len(asked) > 20)
    made[0].stalled = True
    before = len(asked)
    until(lambda: len(asked) > before + 20)
    speaker.stop()
    assert ("The earpiece has stalled" in faults[0], len(made)) == (True, 2)
    assert asked == sorted(asked)
    assert max(np.diff(asked)) > STALLED_NS
    assert lost == [asked[int(np.argmax(np.diff(asked))) + 1]]


def test_a_card_that_is_not_there_at_first_is_told_at_once() -> None:
    def make() -> Microphone:
        raise WozError("No microphone was found.")

    with pytest.raises(WozError, match="No microphone"):
        ReopeningMicrophone("card", make, ManualClock()).start(lambda block: None, lambda fault: None)
