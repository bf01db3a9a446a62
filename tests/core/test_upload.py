"""The expert's own recording in chunks: what arrives in any order, on any path, after any crash."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.upload_room import NAME, PART, Desk, _chunks, _copy, _digest, _noise
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.link.messages.messages import Message
from woz.link.transfer.chunks import Chunk, Holding, offer_message
from woz.live.station.received_recordings import ReceivedRecordings
from woz.model.voice_copy import CHUNK_BYTES, VoiceCopy
from woz.recording.live.chunk_store import ChunkStore, Kept
from woz.recording.live.own_copies import OwnCopies


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


@settings(max_examples=scaled(60), deadline=None)
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


@settings(max_examples=scaled(40), deadline=None)
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


def test_how_much_of_a_recording_is_here_is_known(desk: Desk) -> None:
    data = _noise(10_000)
    assert desk.received.sizes == (0, 0)
    desk.received.offered(_copy(data))
    assert desk.received.sizes == (0, 10_000)
    for number, here in enumerate((4096, 8192, 10_000)):
        desk.give(_chunks(data)[number : number + 1])
        assert desk.received.sizes == (here, 10_000)


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
