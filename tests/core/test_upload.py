"""The expert's own recording in chunks: what arrives in any order, on any path, after any crash."""

from __future__ import annotations

import hashlib
import heapq
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from woz.base.errors import WozError
from woz.link.messages.messages import Message
from woz.link.transfer.chunks import Chunk, Holding, offer_message
from woz.link.transfer.upload import LATE_NS, Upload
from woz.link.transfer.upload_rate import LIVE_MOST, UploadRate
from woz.live.station.received_recordings import ReceivedRecordings
from woz.model.ids import SessionId
from woz.model.voice_copy import CHUNK_BYTES, VoiceCopy
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.chunk_store import ChunkStore, Kept
from woz.recording.live.own_copies import OwnCopies

MS, S = 1_000_000, 1_000_000_000
NAME = SessionId("20270115-080000-abcd")
PART = "0123456789abcdef" * 2


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _copy(data: bytes, **more: object) -> VoiceCopy:
    """A closed recording of these bytes."""
    head = _digest(data[:CHUNK_BYTES])
    made = VoiceCopy(PART, NAME, size=len(data), sealed=True, sha256=_digest(data), head=head, clock_map="map")
    return replace(made, **more)  # type: ignore[arg-type]


def _chunks(data: bytes, recording: str = PART) -> list[Chunk]:
    starts = range(0, len(data), CHUNK_BYTES)
    return [Chunk.of(recording, n, data[at : at + CHUNK_BYTES]) for n, at in enumerate(starts)]


def _noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


# what travels


@given(st.binary(min_size=1, max_size=CHUNK_BYTES), st.integers(0, 2**32 - 1))
def test_a_chunk_survives_the_way(data: bytes, number: int) -> None:
    chunk = Chunk.of(PART, number, data)
    assert Chunk.decode(chunk.encode()) == chunk


@given(st.binary(max_size=CHUNK_BYTES + 200))
def test_noise_is_no_chunk(noise: bytes) -> None:
    with pytest.raises(ValueError, match="chunk"):
        Chunk.decode(noise)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_flipped_bit_is_found(data: bytes, draw: st.DataObject) -> None:
    raw = bytearray(Chunk.of(PART, 3, data).encode())
    place = draw.draw(st.integers(20, len(raw) - 1))
    raw[place] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match="damaged"):
        Chunk.decode(bytes(raw))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=40), st.booleans(), st.booleans())
def test_a_holding_survives_the_way(spans: list[tuple[int, int]], here: bool, whole: bool) -> None:
    holding = Holding(PART, 60, tuple((a, a + n) for a, n in spans), here, whole)
    assert Holding.from_message(Message.decode(holding.message().encode())) == holding


def test_an_offer_survives_the_way_and_bad_ones_are_refused() -> None:
    copy = _copy(b"sound")
    raw = Message.decode(offer_message(copy).encode()).data
    assert VoiceCopy.of(raw) == copy
    bad = ({"id": "../etc"}, {"session_id": "a/b"}, {"size": -1}, {"part": 2}, {"sealed": False}, {"size": True})
    for wrong in (*bad, {"sha256": "x"}, {"session_id": ".."}, {"clock_map": None}):
        with pytest.raises(ValueError, match="not as it should be"):
            VoiceCopy.of({**raw, **wrong})


# the station's disk


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40_000), st.randoms(use_true_random=False), st.integers(1, 6))
def test_chunks_in_any_order_twice_and_over_restarts_make_the_whole(
    size: int, chance: random.Random, restarts: int
) -> None:
    data = chance.randbytes(size)
    arriving = [chunk for chunk in _chunks(data) for _ in range(chance.randint(1, 3))]
    chance.shuffle(arriving)
    with TemporaryDirectory() as place:
        store = ChunkStore(Path(place) / "x.part")
        kept: set[int] = set()
        for n, chunk in enumerate(arriving):
            again = chunk.number in kept
            assert store.put(chunk.number, chunk.data, chunk.sha256) == (Kept.AGAIN if again else Kept.NEW)
            kept.add(chunk.number)
            if n % (len(arriving) // restarts + 1) == 0:
                store.release()
                store = ChunkStore(Path(place) / "x.part")
                assert store.held == len(kept)
        assert store.missing(len(_chunks(data))) == []
        assert store.is_whole(size, _digest(data))
        assert store.finish(size).read_bytes() == data


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30_000), st.randoms(use_true_random=False))
def test_what_a_crash_took_from_the_disk_is_missing_and_nothing_else(size: int, chance: random.Random) -> None:
    """The file cut off anywhere, a bit flipped anywhere, the log cut off anywhere."""
    data = chance.randbytes(size)
    with TemporaryDirectory() as place:
        path = Path(place) / "x.part"
        store = ChunkStore(path)
        for chunk in _chunks(data):
            store.put(chunk.number, chunk.data, chunk.sha256)
        store.release()
        raw = bytearray(path.read_bytes()[: chance.randint(0, size)])
        if raw:
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        path.write_bytes(raw)
        log = path.with_suffix(".log").read_bytes()
        path.with_suffix(".log").write_bytes(log[: chance.randint(0, len(log))])
        store = ChunkStore(path)
        missing = {n for a, b in store.missing(len(_chunks(data))) for n in range(a, b)}
        for chunk in _chunks(data):
            at = chunk.number * CHUNK_BYTES
            sound = bytes(raw[at : at + len(chunk.data)]) == chunk.data
            assert chunk.number in missing or sound
            assert store.put(chunk.number, chunk.data, chunk.sha256) == (
                Kept.NEW if chunk.number in missing else Kept.AGAIN
            )
        assert store.is_whole(size, _digest(data))
        store.release()


def test_another_chunk_for_a_place_that_is_filled_is_refused(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path / "x.part")
    store.put(0, b"good", _digest(b"good"))
    assert store.put(0, b"evil", _digest(b"evil")) == Kept.OTHER
    assert (tmp_path / "x.part").read_bytes() == b"good"
    store.renew(0, _digest(b"good"))
    assert store.missing(1) == []
    store.renew(0, _digest(b"head"))
    assert store.missing(1) == [(0, 1)]
    store.release()


# the station's keeping


@dataclass
class Desk:
    """A station's received in a folder with one running session."""

    sessions: Path
    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not (self.sessions / NAME).exists():
            SessionFolder.create(self.sessions, NAME, 1)
        self.received = ReceivedRecordings(
            self.sessions, NAME, lambda session, text: self.said.append((session, text))
        )

    def give(self, chunks: Sequence[Chunk]) -> int:
        return sum(self.received.arrived(chunk.encode()) is not None for chunk in chunks)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.received.close()


def test_a_recording_is_whole_when_all_of_it_came_and_was_checked(desk: Desk) -> None:
    data = _noise(30_000)
    copy = _copy(data)
    assert desk.received.offered(copy).missing == ((0, 8),)
    assert desk.give(_chunks(data)[::-1]) == 8
    holding = desk.received.offered(copy)
    assert (holding.missing, holding.whole) == ((), True)
    assert desk.received.is_complete
    assert (desk.sessions / NAME / "expert.parts" / f"{PART}.mka").read_bytes() == data
    assert desk.said == [(NAME, "The expert's own recording is here, part 1 of 1, and checked.")]
    desk.received = Desk(desk.sessions).received
    assert desk.received.offered(copy).whole
    assert desk.give(_chunks(data)[:1]) == 1


def test_the_head_is_written_anew_when_a_recording_is_closed(desk: Desk) -> None:
    data = _noise(10_000)
    grown = b"head" + data[4:]
    desk.received.offered(replace(_copy(grown), size=9_000, sealed=False, sha256="", head=""))
    assert desk.give(_chunks(grown)[:2]) == 2
    assert desk.received.offered(_copy(data)).missing == ((0, 1), (2, 3))
    desk.give([_chunks(data)[0], _chunks(data)[2]])
    assert desk.received.offered(_copy(data)).whole


def test_what_does_not_belong_is_found_told_once_and_left_out(desk: Desk) -> None:
    data, other = _noise(20_000), _noise(20_000, 2)
    desk.received.offered(_copy(data))
    desk.give(_chunks(data)[:2])
    for _ in range(3):
        assert desk.received.arrived(b"noise") is None
        assert desk.give(_chunks(other, "f" * 32)[:1]) == 0
        assert desk.give([Chunk.of(PART, 1, other[:CHUNK_BYTES])]) == 0
        assert desk.give([Chunk.of(PART, 77, other[:CHUNK_BYTES])]) == 0
        assert desk.give([Chunk.of(PART, 2, b"short")]) == 0
        assert desk.give(_chunks(data)[:1]) == 1
        assert not desk.received.offered(replace(_copy(data), session_id="another")).here
        assert not desk.received.offered(replace(_copy(other), id="e" * 32, session_id="another")).here
    assert len(desk.said) == len({text for _, text in desk.said}) == 7
    desk.give(_chunks(data))
    assert desk.received.offered(_copy(data)).whole


def test_a_whole_that_is_not_what_was_recorded_is_fetched_again_but_not_for_ever(desk: Desk) -> None:
    data = _noise(20_000)
    wrong = replace(_copy(data), sha256=_digest(b"something else"))
    tries = 0
    while (holding := desk.received.offered(wrong)).here:
        tries += 1
        assert not holding.whole
        desk.give(_chunks(data))
    assert 2 <= tries <= 4
    assert "bring it with woz import voice" in desk.said[-1][1]
    assert list((desk.sessions / NAME / "expert.parts").glob("*.before"))


def test_the_rest_of_an_earlier_session_is_taken_where_it_was_offered_then(desk: Desk) -> None:
    data = _noise(20_000)
    desk.received.offered(_copy(data))
    desk.give(_chunks(data)[:3])
    desk.received.close()
    later = ReceivedRecordings(desk.sessions, "20270116-080000-abcd", lambda *_: None)
    assert later.offered(_copy(data)).missing == ((3, 5),)
    stranger = replace(_copy(data), id="e" * 32)
    assert not later.offered(stranger).here
    later.close()


def test_a_recording_longer_than_its_session_stops_at_the_room_there_is(desk: Desk) -> None:
    data, room = _noise(30_000), [3 * CHUNK_BYTES]
    desk.received = ReceivedRecordings(
        desk.sessions, NAME, lambda session, text: desk.said.append((session, text)), lambda: room[0]
    )
    desk.received.offered(_copy(data))
    assert desk.give(_chunks(data)) == 3
    part = desk.sessions / NAME / "expert.parts" / f"{PART}.part"
    assert part.stat().st_size == 3 * CHUNK_BYTES
    assert [text for _, text in desk.said] == [
        "The expert's own recording is longer than the session; the rest was left out."
    ]
    room[0] = len(data) + CHUNK_BYTES
    desk.give(_chunks(data)[3:])
    assert desk.received.offered(_copy(data)).whole


# the console's disk


def test_a_console_s_recordings_survive_its_crash(tmp_path: Path) -> None:
    first = OwnCopies(tmp_path, NAME)
    path = tmp_path / NAME / "expert.mka"
    path.parent.mkdir()
    path.write_bytes(_noise(9_000))
    first.begin(path, "map 1")
    (growing,) = first.copies()
    assert (growing.chunks, growing.sealed, growing.clock_map) == (2, False, "map 1")
    first.map_learned("map 2")
    other = OwnCopies(tmp_path, NAME)
    assert other.copies() == []  # the first still records
    first._recording_lock.release()  # type: ignore[union-attr]  # as its end does
    second = OwnCopies(tmp_path, NAME)
    (found,) = second.copies()
    assert found == replace(_copy(_noise(9_000)), id=growing.id, clock_map="map 2")
    again = path.with_stem("expert-2")
    again.write_bytes(b"more")
    second.begin(again, "map 3")
    assert [(copy.part, copy.parts) for copy in second.copies()] == [(2, 2), (1, 2)]
    second.end()
    second.handed_over(growing.id)
    assert [copy.part for copy in second.pending] == [2]
    assert [copy.part for copy in OwnCopies(tmp_path, "later").copies()] == [2]


def test_a_note_that_is_damaged_or_newer_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    (folder / "expert.mka").write_bytes(b"sound")
    (folder / "expert.json").write_text('{"id": "')
    assert OwnCopies(tmp_path, NAME).copies() == []
    assert "left alone" in caplog.text
    assert (folder / "expert.mka").read_bytes() == b"sound"
    (folder / "expert.json").write_text(json.dumps({**_copy(b"sound").data(), "later": 1}))
    assert len(OwnCopies(tmp_path, NAME).copies()) == 1
    with pytest.raises(WozError, match="can't be read"):
        VoiceCopy.load(folder / "nowhere.json")


# the way between, in virtual time


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


@settings(max_examples=25, deadline=None)
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
