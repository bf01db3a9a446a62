"""The upload on its way, in virtual time: beside what is live, through cuts, losses and restarts."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.upload_room import MS, NAME, PART, Desk, S, _copy, _noise
from tests.rig.hypothesis_profile import scaled
from woz.link.messages.messages import Message
from woz.link.transfer.chunks import Chunk, Holding
from woz.link.transfer.upload import LATE_NS, Upload
from woz.link.transfer.upload_rate import LIVE_MOST, UploadRate
from woz.model.voice_copy import CHUNK_BYTES, VoiceCopy


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.received.close()


@dataclass
class Console:
    """A recording that grows by `rate` bytes a second until `end_ns`."""

    data: bytes
    rate: float
    now_ns: int = 0
    done: bool = False

    def copies(self) -> Sequence[VoiceCopy]:
        size = int(self.rate * self.now_ns / S)
        if self.done:
            return []
        if size >= len(self.data):
            return [_copy(self.data)]
        return [VoiceCopy(PART, NAME, size=size)]

    def read(self, recording: str, number: int) -> bytes | None:
        return self.data[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]

    def handed_over(self, recording: str) -> None:
        self.done = True


@dataclass
class Wire:
    """A bottleneck that the voice and the view share with the chunks; what is lost comes a round trip later."""

    bits_per_s: float
    delay_ns: int = 20 * MS
    loss: float = 0.0
    free_ns: int = 0
    up: bool = True

    def arrival(self, size: int, now_ns: int, chance: random.Random) -> int:
        self.free_ns = max(self.free_ns, now_ns) + round(size * 8e9 / self.bits_per_s)
        again = 2 * self.delay_ns + 30 * MS if chance.random() < self.loss else 0
        return self.free_ns + self.delay_ns + again


class Ride:
    """A console, a wire and a station, 5 ms a step. `live_bps` is what voice and view take on the wire."""

    def __init__(self, desk: Desk, console: Console, wire: Wire, live_bps: float = 100_000) -> None:
        self.desk, self.console, self.wire, self.live_bps = desk, console, wire, live_bps
        self.upload = Upload(console)
        self.chance = random.Random(5)
        self.now_ns = 0
        self.events: list[tuple[int, int, str, object]] = []
        self.voice_waits: list[int] = []
        self.sent_bytes = 0
        self._count = 0

    def run(self, seconds: float) -> None:
        end_ns = self.now_ns + round(seconds * 50) * 20 * MS
        while self.now_ns < end_ns and not self.console.done:
            self.now_ns += 5 * MS
            self.console.now_ns = self.now_ns
            while self.events and self.events[0][0] <= self.now_ns:
                _, _, kind, what = heapq.heappop(self.events)
                self._take(kind, what)
            if self.now_ns % (20 * MS) == 0 and self.wire.up:
                self._speak()
                self._send()
            if self.now_ns % (500 * MS) == 0 and self.wire.up:
                self._post("clock", self.now_ns, 100)

    def cut(self, seconds: float) -> None:
        """Nothing passes, and what is on its way is lost."""
        self.wire.up = False
        self.events.clear()
        self.now_ns = self.console.now_ns = self.now_ns + round(seconds * 50) * 20 * MS
        self.wire.up = True
        self.upload.begin()

    def _speak(self) -> None:
        """A packet of what is live; how long it waits for others on the wire."""
        self.voice_waits.append(max(0, self.wire.free_ns - self.now_ns))
        self.wire.arrival(round(self.live_bps / 8 * 0.02), self.now_ns, random.Random(1))

    def _send(self) -> None:
        for message in self.upload.due(self.now_ns):
            self._post("offer", message, 700)
        while chunk := self.upload.next(self.now_ns):
            self.sent_bytes += len(chunk.data)
            self._post("chunk", chunk, len(chunk.data) + 200)

    def _post(self, kind: str, what: object, size: int) -> None:
        arrival = self.wire.arrival(size, self.now_ns, self.chance)
        self._later(arrival, kind, what)

    def _later(self, at_ns: int, kind: str, what: object) -> None:
        self._count += 1
        heapq.heappush(self.events, (at_ns, self._count, kind, what))

    def _take(self, kind: str, what: object) -> None:
        back_ns = self.now_ns + self.wire.delay_ns
        if kind == "offer":
            assert isinstance(what, Message)
            self._later(back_ns, "holding", self.desk.received.offered(VoiceCopy.of(what.data)))
        elif kind == "chunk":
            assert isinstance(what, Chunk)
            if self.desk.received.arrived(what.encode()):
                self._later(back_ns, "got", what)
        elif kind == "got":
            assert isinstance(what, Chunk)
            self.upload.got(what.recording, what.number, self.now_ns)
        elif kind == "holding":
            assert isinstance(what, Holding)
            self.upload.told(what, self.now_ns)
        else:
            assert isinstance(what, int)
            self.upload.budget.delay("clock", self.now_ns + self.wire.delay_ns - what, self.now_ns)


VOICE_RATE = 45_000


def test_chunks_keep_up_with_the_voice_and_the_rest_follows_at_once(desk: Desk) -> None:
    console = Console(_noise(60 * VOICE_RATE), VOICE_RATE)
    ride = Ride(desk, console, Wire(10e6))
    ride.run(60)
    assert desk.received.held >= 0.97 * 60 * VOICE_RATE / CHUNK_BYTES
    ride.run(2)
    assert console.done
    assert ride.sent_bytes < 1.05 * len(console.data)


@pytest.mark.parametrize(("bits_per_s", "live_bps"), [(10e6, 4e6), (2e6, 1e6), (1e6, 0.3e6), (0.6e6, 0.2e6)])
def test_chunks_delay_what_is_live_by_little(desk: Desk, bits_per_s: float, live_bps: float) -> None:
    ride = Ride(desk, Console(_noise(120 * VOICE_RATE), VOICE_RATE), Wire(bits_per_s), live_bps)
    ride.run(120)
    one_chunk_ms = (CHUNK_BYTES + 200) * 8e3 / bits_per_s
    p50, p95, p99 = np.percentile(ride.voice_waits, [50, 95, 99]) / MS
    assert p50 <= one_chunk_ms
    assert p95 <= one_chunk_ms + 20
    assert p99 <= one_chunk_ms + 40


@pytest.mark.parametrize("cut_s", [1, 30, 600])
def test_after_a_cut_of_any_length_the_missing_chunks_follow(desk: Desk, cut_s: int) -> None:
    console = Console(_noise(40 * VOICE_RATE), VOICE_RATE)
    ride = Ride(desk, console, Wire(10e6, loss=0.01))
    ride.run(10)
    ride.cut(cut_s)
    ride.run(60)
    assert console.done
    assert desk.received.is_complete
    assert ride.sent_bytes < 1.1 * len(console.data)


def test_a_station_that_was_started_again_gets_what_it_lacks(desk: Desk) -> None:
    console = Console(_noise(40 * VOICE_RATE), VOICE_RATE)
    ride = Ride(desk, console, Wire(10e6))
    ride.run(15)
    held = desk.received.held
    desk.received.close()
    desk.received = Desk(desk.sessions).received
    ride.cut(2)
    ride.run(60)
    assert held > 100
    assert console.done
    assert ride.sent_bytes < 1.1 * len(console.data)


@settings(max_examples=scaled(25), deadline=None)
@given(
    st.integers(1, 200_000),
    st.floats(5_000, 80_000),
    st.floats(3e5, 2e7),
    st.floats(0, 0.3),
    st.lists(st.tuples(st.floats(0.1, 5), st.floats(0.1, 20)), max_size=4),
)
def test_whatever_the_path_all_comes_in_the_end(
    size: int, rate: float, bits_per_s: float, loss: float, cuts: list[tuple[float, float]]
) -> None:
    with TemporaryDirectory() as place:
        desk = Desk(Path(place))
        console = Console(_noise(size), rate)
        ride = Ride(desk, console, Wire(bits_per_s, loss=loss))
        for run_s, cut_s in cuts:
            ride.run(run_s)
            ride.cut(cut_s)
        ride.run(400)
        assert console.done
        assert desk.received.is_complete
        desk.received.close()


def test_a_chunk_that_is_lost_for_good_is_sent_again() -> None:
    console = Console(_noise(5 * CHUNK_BYTES), 1e9, now_ns=S)
    upload = Upload(console)
    assert len(upload.due(0)) == 1
    upload.told(Holding(PART, 5, ((0, 5),)), 0)
    sent = [chunk.number for t in range(50) if (chunk := upload.next(t * 100 * MS))]
    assert sent == [0, 1, 2, 3, 4]
    for number in (0, 1, 3, 4):
        upload.got(PART, number, 2 * S)
    upload.told(Holding(PART, 5, ((2, 3),)), 3 * S)
    assert upload.next(3 * S) is None
    upload.told(Holding(PART, 5, ((2, 3),)), 3 * S + LATE_NS)
    late = upload.next(3 * S + LATE_NS)
    assert late
    assert late.number == 2


LOST = "f" * 32


class Damaged(Console):
    """The disk doesn't give the most wanted recording."""

    def copies(self) -> Sequence[VoiceCopy]:
        return [VoiceCopy(LOST, NAME, size=2 * CHUNK_BYTES), *super().copies()]

    def read(self, recording: str, number: int) -> bytes | None:
        return None if recording == LOST else super().read(recording, number)


def test_a_recording_that_the_disk_does_not_give_keeps_no_other_back() -> None:
    upload = Upload(Damaged(_noise(5 * CHUNK_BYTES), 1e9, now_ns=S))
    assert len(upload.due(0)) == 2
    upload.told(Holding(LOST, 2, ((0, 2),)), 0)
    upload.told(Holding(PART, 5, ((0, 5),)), 0)
    sent = [(chunk.recording, chunk.number) for t in range(50) if (chunk := upload.next(t * 100 * MS))]
    assert sent == [(PART, number) for number in range(5)]


def test_a_station_that_lacks_more_than_there_is_takes_no_memory() -> None:
    upload = Upload(Console(_noise(5 * CHUNK_BYTES), 1e9, now_ns=S))
    assert len(upload.due(0)) == 1
    upload.told(Holding(PART, 2**53, ((3, 2**53), (0, 2), (0, 4), (1, 2**40))), 0)
    sent = [chunk.number for t in range(50) if (chunk := upload.next(t * 100 * MS))]
    assert sent == [0, 1, 2, 3, 4]


def test_the_budget_falls_with_a_queue_and_rises_without_one() -> None:
    budget = UploadRate()
    for t in range(0, 30_000, 100):
        budget.delay("clock", 40 * MS, t * MS)
    assert budget.rate == LIVE_MOST
    for t in range(30_000, 32_000, 100):
        budget.delay("clock", 90 * MS, t * MS)
    assert budget.rate < LIVE_MOST / 20
    budget.delay("chunk", 300 * MS, 33_000 * MS)
    assert budget.take(CHUNK_BYTES, 34_000 * MS)
    assert not budget.take(CHUNK_BYTES, 34_000 * MS + 1)
