"""A hostile other side: whatever it sends, a seat neither falls over nor holds more and more of it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
import time
from typing import Any, cast

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.handshake_room import INSTANCE, Room, in_room
from tests.core.test_handshake import JSON, Wire
from tests.rig.hypothesis_profile import scaled
from woz.base.clock import ManualClock, SystemClock
from woz.base.errors import WozError
from woz.base.settings import VideoSettings
from woz.link.connection.ice import IceServers
from woz.link.connection.peer import Peer
from woz.link.handshake.handshake import introduce
from woz.link.handshake.invitation import Invitation
from woz.link.messages.expert_events import expert_event
from woz.link.messages.messages import Greeting, Message, MessageKind, procedure_from_data, protocol_from_data
from woz.link.rtp import frame_assembler, view_receiver
from woz.link.rtp.fec import FecPacket, groups_of
from woz.link.rtp.frame_assembler import FrameAssembler
from woz.link.rtp.jitter_buffer import MAX_WAITING, JitterBuffer
from woz.link.rtp.packets import FEEDBACK, VIEW, Feedback, Fragment, VoicePacket
from woz.link.rtp.port import MediaPort
from woz.link.rtp.view_encoder import EncodedView, ViewEncoder
from woz.link.rtp.view_receiver import MOST_PIXELS, MOST_UNDECODED, ViewReceiver
from woz.link.rtp.view_stream import AGAIN, HISTORY, ViewStream
from woz.link.rtp.voice_sender import VoiceSender
from woz.link.signaling.signaling import join

SMALL = settings(max_examples=scaled(60), deadline=None)
U16, U32 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
FRAGMENTS = st.builds(
    Fragment,
    st.one_of(st.integers(0, 40), U32),
    st.integers(0, 4094),
    st.just(4096),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(min_size=1, max_size=20),
)
SIZED = st.one_of(FRAGMENTS, FRAGMENTS.map(lambda f: Fragment(f.frame, 0, 1, f.key, f.capture_ns, f.data)))


# payloads of RTP packets


@SMALL
@given(st.binary(max_size=200))
def test_payloads_of_noise_are_refused_or_read(noise: bytes) -> None:
    for kind in (Fragment, FecPacket, VoicePacket, Feedback):
        with contextlib.suppress(ValueError):
            kind.decode(noise)


@SMALL
@given(st.lists(st.tuples(U32, SIZED, st.integers(0, 10**9)), max_size=60))
def test_an_assembly_of_hostile_fragments_stays_small(arrivals: list[tuple[int, Fragment, int]]) -> None:
    held, now_ns = FrameAssembler(), 0
    for sequence, fragment, later_ns in arrivals:
        now_ns += later_ns
        held.add(sequence, fragment, now_ns)
        held.asks(now_ns)
        held.key_wanted(now_ns)
        _is_small(held)


@SMALL
@given(st.lists(st.tuples(U32, SIZED, st.binary(min_size=3, max_size=30), U16), max_size=60))
def test_an_assembly_of_hostile_parities_stays_small(arrivals: list[tuple[int, Fragment, bytes, int]]) -> None:
    held = FrameAssembler()
    for n, (sequence, of, data, group) in enumerate(arrivals):
        held.add(sequence, of, n * 10**6)
        made = FecPacket(
            of.frame, group % groups_of(of.count), of.count, of.key, of.capture_ns, sequence & 0xFFFF, data
        )
        held.add_fec(sequence - of.index, FecPacket.decode(made.encode()), n * 10**6)
        held.asks(n * 10**6)
        _is_small(held)


def test_a_frame_that_says_two_lengths_at_ever_later_places_fills_no_memory() -> None:
    held = FrameAssembler()
    for n in range(300):
        count = 4096 - n % 2
        held.add(n * frame_assembler.LONGEST_JUMP, Fragment(5, 0, count, True, 0, b"x"), n * 1000)
        held.add_fec(
            n * frame_assembler.LONGEST_JUMP + 4000, FecPacket(5, 0, count, True, 0, 0, b"parity"), n * 1000
        )
        _is_small(held)


def test_an_assembly_never_holds_more_than_it_may() -> None:
    chance, held = random.Random(5), FrameAssembler()
    for n in range(40_000):
        frame, count = chance.randrange(2**20), chance.choice((2, 4096))
        held.add(n * 7, Fragment(frame, chance.randrange(count), count, True, 0, b"x"), n * 1000)
        _is_small(held)


def _is_small(held: FrameAssembler) -> None:
    assert len(held._partials) <= frame_assembler.MOST_FRAMES
    assert sum(len(p.parts) + len(p.fec_packets) for p in held._partials.values()) <= frame_assembler.MOST_PARTS
    assert len(held._wanted) <= frame_assembler.MOST_WANTED


class Deaf:
    """A port that counts."""

    def __init__(self) -> None:
        self.sent = 0
        self.takers: dict[int, Any] = {}

    def listen(self, kind: int, taker: Any) -> None:
        self.takers[kind] = taker

    async def send(self, kind: int, sequence: int, stamp: int, payload: bytes, again: bool = False) -> None:
        self.sent += 1


def test_frames_of_noise_end_neither_the_decoder_nor_the_memory() -> None:
    async def run() -> int:
        seen: list[int] = []
        receiver = ViewReceiver(
            lambda image, *_: seen.append(image.width), SystemClock(), asyncio.get_running_loop()
        )
        port = Deaf()
        receiver.start(cast(MediaPort, port))
        chance = random.Random(3)
        for n in range(3000):
            noise = b"\x00\x00\x00\x01" + bytes([chance.randrange(256)]) + chance.randbytes(60)
            port.takers[VIEW](n, 0, Fragment(n, 0, 1, n % 3 == 0, 0, noise).encode(), False, time.monotonic_ns())
            assert receiver._frames.qsize() <= MOST_UNDECODED
        while receiver._frames.qsize():
            await asyncio.sleep(0.01)
        good = ViewEncoder(VideoSettings(), 20).encode(_picture(320), 0).data
        port.takers[VIEW](3000, 0, Fragment(3000, 0, 1, True, 0, good).encode(), False, time.monotonic_ns())
        for _ in range(12_000):
            await asyncio.sleep(0.01)
            if 320 in seen:
                break
        await receiver.stop()
        return seen.count(320)

    assert asyncio.run(run()) >= 1
    assert not [t for t in threading.enumerate() if t.name == "view decoder" and t.is_alive()]


def test_a_decoder_that_stumbles_over_a_frame_goes_on_with_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, stumbles = view_receiver._open, [MemoryError("no room for a picture")]
    seen = threading.Event()

    class Stumbling:
        def __init__(self) -> None:
            self._codec = real()

        def decode(self, packet: Any) -> list[av.VideoFrame]:
            if stumbles:
                raise stumbles.pop()
            return self._codec.decode(packet)

    async def run() -> None:
        receiver = ViewReceiver(lambda *_: seen.set(), SystemClock(), asyncio.get_running_loop())
        port, encoder = Deaf(), ViewEncoder(VideoSettings(), 20)
        receiver.start(cast(MediaPort, port))
        for n in range(2):
            key = encoder.encode(_picture(320), n, key=True).data
            port.takers[VIEW](n, 0, Fragment(n, 0, 1, True, 0, key).encode(), False, time.monotonic_ns())
        assert await asyncio.to_thread(seen.wait, 120)
        await receiver.stop()

    monkeypatch.setattr(view_receiver, "_open", Stumbling)
    asyncio.run(run())
    assert stumbles == []
    assert "The view decoder failed (no room for a picture); it goes on." in caplog.text


def test_a_picture_that_hangs_in_what_it_is_shown_to_holds_up_no_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("woz.link.rtp.view_receiver.END_WITHIN_S", 0.05)
    shown, free = threading.Event(), threading.Event()

    def show(*_: object) -> None:
        shown.set()
        free.wait(240)

    async def run() -> threading.Thread:
        receiver = ViewReceiver(show, SystemClock(), asyncio.get_running_loop())
        port = Deaf()
        receiver.start(cast(MediaPort, port))
        good = ViewEncoder(VideoSettings(), 20).encode(_picture(320), 0).data
        port.takers[VIEW](1, 0, Fragment(1, 0, 1, True, 0, good).encode(), False, time.monotonic_ns())
        while not shown.is_set():
            await asyncio.sleep(0.01)
        await receiver.stop()
        return receiver._decoder

    decoder = asyncio.run(run())
    assert decoder.is_alive()
    assert "The view decoder hangs, and is left behind." in caplog.text
    free.set()
    decoder.join(120)
    assert not decoder.is_alive()


def test_a_picture_beyond_all_measure_is_not_decoded() -> None:
    from woz.link.rtp.view_receiver import _open

    side = 4352
    assert side * side > MOST_PIXELS
    data = ViewEncoder(VideoSettings(), 20).encode(_picture(side), 0).data
    with pytest.raises(av.FFmpegError):
        _open().decode(av.Packet(data))


def _picture(side: int) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((side * 3 // 2, side), 90, np.uint8), format="yuv420p")


@SMALL
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.builds(
                Feedback,
                U32,
                U32,
                st.integers(-(2**31), 2**31 - 1),
                U32,
                U32,
                st.integers(0, 255),
                st.booleans(),
                st.lists(U16, max_size=200),
            ).map(Feedback.encode),
        ),
        max_size=30,
    )
)
def test_feedback_of_any_kind_makes_a_sender_do_little(told: list[bytes]) -> None:
    assert _answers(told) <= AGAIN.burst


def test_a_flood_of_requests_is_not_answered_by_a_flood() -> None:
    everything = Feedback(0, 0, 0, 1, 1, 0, True, tuple(range(200)))
    assert 100 < _answers([everything.encode()] * 500) <= AGAIN.burst


def _answers(told: list[bytes]) -> int:
    """Packets that are sent again at this feedback, all at one time."""

    async def run() -> int:
        keys: list[bool] = []
        port, clock = Deaf(), ManualClock()
        way = ViewStream(VideoSettings(), clock, asyncio.get_running_loop(), lambda: keys.append(True))
        way._sequence = 0
        way.start(cast(MediaPort, port))
        for _ in range(20):
            await way.send(EncodedView(False, 0, bytes(20_000)))
        first = port.sent
        for payload in told:
            with contextlib.suppress(ValueError):
                port.takers[FEEDBACK](0, 0, payload, False, clock.now_ns())
        await asyncio.sleep(0.05)
        await way.stop()
        assert len(way._sent) <= HISTORY
        assert VideoSettings().link_lowest_bit_rate <= way.rate.target <= VideoSettings().link_bit_rate
        return port.sent - first

    return asyncio.run(run())


OPUS = st.one_of(st.binary(max_size=80), st.just(b"\xf8\xff\xfe"), st.just(b"\xff\xff" + bytes(60)))


@SMALL
@given(st.lists(st.tuples(U16, st.integers(-1, 2**62), st.lists(OPUS, min_size=1, max_size=4)), max_size=60))
def test_voices_of_noise_play_as_finite_sound_and_no_heap(packets: list[tuple[int, int, list[bytes]]]) -> None:
    jitter_buffer = JitterBuffer()
    for sequence, said_ns, frames in packets:
        jitter_buffer.push(sequence, VoicePacket(said_ns, frames))
        samples = jitter_buffer.pull(480, 0)
        assert samples.shape == (480,)
        assert np.isfinite(samples).all()
        assert np.abs(samples).max(initial=0) <= 1
        assert len(jitter_buffer._frames) <= 2 * MAX_WAITING + 4
        assert len(jitter_buffer._ready) < 10 * 960


def test_a_voice_after_noise_is_heard_again() -> None:
    jitter_buffer, payloads = JitterBuffer(), list[bytes]()

    async def speak() -> None:
        sender = VoiceSender(asyncio.get_running_loop(), payloads.append)
        sender.offer((0.3 * np.sin(np.arange(48_000) * 0.06)).astype(np.float32), 0)
        await asyncio.sleep(0.1)

    asyncio.run(speak())
    for n in range(200):
        jitter_buffer.push(n * 331 % 2**16, VoicePacket(0, (b"\xfc" + bytes([n]) * 30,)))
        jitter_buffer.pull(480)
    loudest = 0.0
    for n, payload in enumerate(payloads):
        jitter_buffer.push(30_000 + n, VoicePacket.decode(payload))
        loudest = max(loudest, float(np.abs(jitter_buffer.pull(480)).max()))
    assert 0.2 < loudest <= 1


# signaling


@SMALL
@given(st.lists(st.dictionaries(st.sampled_from(["nonce", "proof", "sealed", "refused", "x"]), JSON), max_size=4))
def test_a_hostile_station_makes_a_console_give_up_and_no_more(said: list[dict[str, Any]]) -> None:
    room = Room()

    async def run() -> None:
        station, console = Wire(lambda data: data), Wire(lambda data: data)
        station.other, console.other = console, station
        for data in said:
            await station.send(data)
        with pytest.raises((WozError, ValueError, TimeoutError)):
            await asyncio.wait_for(introduce(console, room.invitation, INSTANCE, room.answer), 0.05)

    asyncio.run(run())
    assert not room.heard


def test_noise_at_the_door_does_not_keep_the_invited_out() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        chance = random.Random(1)
        for n in range(60):
            noise = (
                chance.randbytes(chance.choice((1, 100, 70_000)))
                if n % 2
                else b"\x16\x03\x01" + chance.randbytes(200)
            )
            reader, writer = await asyncio.open_connection("127.0.0.1", invitation.port)
            with contextlib.suppress(OSError, TimeoutError):
                writer.write(noise)
                writer.write_eof()
                await asyncio.wait_for(reader.read(), 2)
            writer.close()
        await join(invitation, INSTANCE, room.answer)

    assert len(in_room(come).lobby.chairs) == 1


def test_descriptions_that_are_none_are_a_plain_fault() -> None:
    async def run() -> None:
        chance = random.Random(2)
        ends = [
            Peer((), SystemClock(), IceServers(), lambda m: None, lambda p: None, lambda s: None) for _ in range(2)
        ]
        offer = await ends[0].offer()
        for n in range(60):
            with contextlib.suppress(ValueError):
                spoilt = _spoilt(offer, chance)
                peer = Peer((), SystemClock(), IceServers(), lambda m: None, lambda p: None, lambda s: None)
                try:
                    await peer.answer(spoilt if n else "")
                finally:
                    await peer.close()
        for end in ends:
            await end.close()

    asyncio.run(run())


def _spoilt(text: str, chance: random.Random) -> str:
    lines = text.splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        change = chance.randrange(3)
        if change == 0:
            del lines[at]
        elif change == 1:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        else:
            lines.insert(at, lines[chance.randrange(len(lines))])
    return "\r\n".join(lines) + "\r\n"


# messages on the data channels


@SMALL
@given(st.sampled_from(list(MessageKind)), st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_readers_of_messages_raise_nothing_but_value_errors(kind: MessageKind, fields: dict[str, Any]) -> None:
    message = Message(kind, fields)
    plans = (lambda m: procedure_from_data(m.data), lambda m: protocol_from_data(m.data))
    for read in (expert_event, Greeting.of, *plans):
        with contextlib.suppress(ValueError):
            read(message)
