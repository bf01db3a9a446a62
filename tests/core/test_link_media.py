"""The media path in virtual time: what is lost, late, out of order or too much, and what comes out."""

from __future__ import annotations

import asyncio
import heapq
import random
import threading
from dataclasses import dataclass
from types import SimpleNamespace

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.rig.hypothesis_profile import scaled
from woz.base.clock import SystemClock
from woz.base.settings import VideoSettings
from woz.link.rtp.bitrate_ladder import BitrateLadder
from woz.link.rtp.congestion import RateController, Report
from woz.link.rtp.frame_assembler import EncodedFrame, FrameAssembler
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.link.rtp.packets import Feedback, Fragment, VoicePacket, fragments, rtp, unwrapped
from woz.link.rtp.view_encoder import EncodedView, ViewEncoder
from woz.link.rtp.view_receiver import ViewReceiver
from woz.link.rtp.view_sender import ViewSender
from woz.link.rtp.voice_sender import FRAME_SAMPLES, VoiceSender

MS = 1_000_000


def _packets(frames: int, size: int = 5_000, keys: frozenset[int] = frozenset({0})) -> list[tuple[int, Fragment]]:
    made: list[Fragment] = []
    for n in range(frames):
        made += fragments(n, n in keys, n * 50 * MS, bytes([n % 256]) * size)
    return list(enumerate(made, 1000))


@given(st.binary(min_size=1, max_size=9_000), st.integers(0, 2**32 - 1), st.booleans(), st.integers(0, 2**62))
def test_fragments_say_what_they_are_and_join_to_the_frame(data: bytes, frame: int, key: bool, t_ns: int) -> None:
    parts = [Fragment.decode(part.encode()) for part in fragments(frame, key, t_ns, data)]
    assert b"".join(part.data for part in parts) == data
    assert {(p.frame, p.key, p.capture_ns, p.count) for p in parts} == {(frame, key, t_ns, len(parts))}


@given(st.integers(-1, 2**62), st.lists(st.binary(max_size=300), min_size=1, max_size=3))
def test_a_voice_packet_survives_the_way(said_ns: int, frames: list[bytes]) -> None:
    assert VoicePacket.decode(VoicePacket(said_ns, tuple(frames)).encode()) == VoicePacket(said_ns, tuple(frames))


@given(st.lists(st.integers(0, 65535), max_size=150), st.booleans(), st.integers(-(2**31), 2**31 - 1))
def test_feedback_survives_the_way(asked: list[int], key: bool, transit: int) -> None:
    told = Feedback(7, 8, transit, 10, 11, 12, key, tuple(asked))
    assert Feedback.decode(told.encode()) == told


@given(st.integers(0, 2**40), st.integers(-30_000, 30_000))
def test_short_numbers_find_their_full_form(near: int, away: int) -> None:
    assert unwrapped((near + away) & 0xFFFF, near) == near + away


def test_an_rtp_packet_is_what_its_standard_says() -> None:
    packet = rtp(96, 0x1_2345, 0x1_0000_0001, 7, b"xy", again=True)
    assert packet == bytes([0x80, 0x80 | 96, 0x23, 0x45, 0, 0, 0, 1, 0, 0, 0, 7]) + b"xy"


@settings(max_examples=scaled(40), deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 30))
def test_frames_come_whole_and_in_order_from_shuffled_neighbours(chance: random.Random, frames: int) -> None:
    packets = _packets(frames)
    late = sorted(packets, key=lambda p: p[0] + chance.uniform(0, 6))
    assembler, out = FrameAssembler(), []
    for n, (sequence, fragment) in enumerate(late):
        out += assembler.add(sequence, fragment, n * MS)
    assert [frame.capture_ns for frame in out] == [n * 50 * MS for n in range(frames)]
    assert all(len(frame.data) == 5_000 for frame in out)
    assert not assembler.awaits_key


def test_a_frame_is_given_out_with_its_last_packet() -> None:
    packets, assembler = _packets(1), FrameAssembler()
    for sequence, fragment in packets[:-1]:
        assert assembler.add(sequence, fragment, 0) == []
    assert len(assembler.add(*packets[-1], 0)) == 1


def test_what_is_lost_is_asked_for_again_and_again_until_it_comes() -> None:
    packets, assembler = _packets(2), FrameAssembler()
    lost = packets.pop(2)
    for n, packet in enumerate(packets):
        assembler.add(*packet, n * MS)
    assert assembler.asks(9 * MS) == []  # it may only have been overtaken
    assert assembler.asks(10 * MS) == [lost[0]]
    assert assembler.asks(20 * MS) == []
    assert assembler.asks(80 * MS) == [lost[0]]
    assert len(assembler.add(*lost, 90 * MS)) == 2
    assert assembler.asks(900 * MS) == []


def test_the_lost_end_of_a_frame_is_missed_before_the_next_frame() -> None:
    packets, assembler = _packets(1), FrameAssembler()
    for packet in packets[:-2]:
        assembler.add(*packet, 0)
    assert assembler.asks(13 * MS) == [packets[-2][0], packets[-1][0]]


def test_after_a_silence_nothing_old_is_shown_but_a_key_frame_asked_for() -> None:
    packets, assembler = _packets(6), FrameAssembler()
    per_frame = len(packets) // 6
    for packet in packets[:per_frame]:
        assembler.add(*packet, 0)
    for packet in packets[4 * per_frame :]:
        assert assembler.add(*packet, 9_000 * MS) == []
    assert assembler.asks(9_100 * MS) == []
    assert assembler.key_wanted(9_100 * MS)


def test_after_too_long_a_key_frame_is_asked_for_and_ends_the_wait() -> None:
    packets, assembler = _packets(12, keys=frozenset({0, 11})), FrameAssembler()
    per_frame = len(packets) // 12
    for packet in packets[:per_frame]:
        assembler.add(*packet, 0)
    for packet in packets[per_frame + 1 : 11 * per_frame]:
        assert assembler.add(*packet, 10 * MS) == []
    assert not assembler.key_wanted(300 * MS)
    assert assembler.key_wanted(900 * MS)
    assert not assembler.key_wanted(1000 * MS)
    assert assembler.key_wanted(1300 * MS)
    out: list[EncodedFrame] = []
    for packet in packets[11 * per_frame :]:
        out += assembler.add(*packet, 1400 * MS)
    assert [frame.key for frame in out] == [True]
    assert assembler.asks(2000 * MS) == []


@dataclass
class Path:
    """A bottleneck with a queue, a delay both ways, and random loss."""

    bits_per_s: float
    delay_ns: int
    loss: float
    queue_ns: int = 400 * MS
    free_ns: int = 0

    def arrival(self, size: int, now_ns: int, chance: random.Random) -> int | None:
        if self.free_ns - now_ns > self.queue_ns or chance.random() < self.loss:
            return None
        self.free_ns = max(self.free_ns, now_ns) + round(size * 8e9 / self.bits_per_s)
        return self.free_ns + self.delay_ns


def _run(controller: RateController, path: Path, seconds: float, begin_ns: int = 0) -> list[tuple[int, int, int]]:
    """Send as fast as told, report each 25 ms; (time, target, queue of the path) at each report."""
    chance, arrivals, history = random.Random(1), list[tuple[int, int, int]](), []
    budget, lost = 0.0, 0
    for now in range(begin_ns, begin_ns + round(seconds * 1e9), 5 * MS):
        budget += controller.target * 0.005 / 8
        while budget >= 1_200:
            budget -= 1_200
            arrival = path.arrival(1_200, now, chance)
            if arrival is None:
                lost += 1
            else:
                heapq.heappush(arrivals, (arrival, now, 1_200))
        if now % (25 * MS) == 0:
            seen = []
            while arrivals and arrivals[0][0] <= now - path.delay_ns:
                seen.append(heapq.heappop(arrivals))
            if seen:
                quickest = min(a - s for a, s, _ in seen)
                total = sum(size for *_, size in seen)
                controller.report(Report(now, quickest + 77_777, total, len(seen), lost, 2 * path.delay_ns))
                lost = 0
            controller.tick(now)
            history.append((now, controller.target, max(0, path.free_ns - now)))
    return history


def test_the_rate_settles_below_a_bottleneck_within_three_seconds_with_a_short_queue() -> None:
    controller = RateController(150_000, 8_000_000, 2_000_000)
    history = _run(controller, Path(3e6, 20 * MS, 0), 30)
    late = [(target, queue) for now, target, queue in history if now > 3_000 * MS]
    assert np.percentile([queue for _, queue in late], 95) < 100 * MS
    assert max(queue for _, queue in late) < 150 * MS
    assert 2.1e6 < np.mean([target for target, _ in late]) < 3.1e6


def test_random_loss_does_not_lower_the_rate() -> None:
    controller = RateController(150_000, 4_000_000, 2_000_000)
    history = _run(controller, Path(20e6, 40 * MS, 0.03), 10)
    assert history[-1][1] == 4_000_000


def test_the_rate_falls_when_the_path_shrinks_and_rises_when_it_widens() -> None:
    controller, path = RateController(150_000, 4_000_000, 2_000_000), Path(20e6, 20 * MS, 0)
    _run(controller, path, 5)
    assert controller.target == 4_000_000
    path.bits_per_s = 1e6
    shrunk = _run(controller, path, 6, 5_000 * MS)
    assert all(target < 1.1e6 for now, target, _ in shrunk if now > 7_500 * MS)
    path.bits_per_s = 20e6
    risen = _run(controller, path, 20, 11_000 * MS)
    assert risen[-1][1] > 3.5e6


def test_silence_halves_the_rate_to_the_lowest() -> None:
    controller = RateController(150_000, 4_000_000, 4_000_000)
    controller.report(Report(0, 0, 5_000, 4, 0, 10 * MS))
    for at in range(0, 10_000 * MS, 100 * MS):
        controller.tick(at)
    assert controller.target == 150_000


def test_first_the_bits_fall_then_the_frames_then_the_pixels() -> None:
    ladder = BitrateLadder(1408, 1408, 20)
    rungs = [ladder.choose(rate) for rate in (4e6, 1.2e6, 0.7e6, 0.4e6, 0.1e6)]
    assert [rung.scale for rung in rungs] == [1.0, 1.0, 1.0, 0.75, 0.375]
    assert rungs[0].fps == rungs[1].fps == 20
    assert 10 <= rungs[2].fps < 20
    assert ladder.choose(0.3e6).scale == 0.5  # it climbs with a margin only
    assert ladder.choose(4e6) == rungs[0]


@pytest.mark.parametrize("size", [(1408, 1408), (1000, 752)])
def test_the_encoder_follows_its_rate_without_a_key_frame(size: tuple[int, int]) -> None:
    chance = np.random.default_rng(3)
    encoder = ViewEncoder(VideoSettings(), 20)
    still = chance.integers(0, 255, (size[1] * 3 // 2, size[0]), np.uint8)
    sizes, keys = [], []
    for n in range(60):
        if n == 30:
            encoder.aim(500_000, 20)
        picture = av.VideoFrame.from_ndarray(np.roll(still, n * 2, axis=1), format="yuv420p")
        view = encoder.encode(picture, n * 50 * MS, key=n == 0)
        sizes.append(len(view.data))
        keys.append(view.key)
    assert keys == [True] + [False] * 59
    assert sum(sizes[45:]) < 0.4 * sum(sizes[15:30])


def test_pictures_scaled_and_asked_for_are_key_frames() -> None:
    encoder = ViewEncoder(VideoSettings(), 20)
    picture = av.VideoFrame.from_ndarray(np.full((480, 320), 90, np.uint8), format="yuv420p")
    asked = [(1.0, True), (1.0, False), (0.5, False), (0.5, True)]
    assert [encoder.encode(picture, 0, scale, key).key for scale, key in asked] == [True, False, True, True]


@pytest.mark.parametrize("error", [av.FFmpegError(-1, "out of order"), ValueError("odd"), MemoryError()])
def test_a_picture_that_can_t_be_encoded_does_not_stop_the_view(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    encode = ViewEncoder.encode

    def stumble(
        encoder: ViewEncoder, image: av.VideoFrame, capture_ns: int, scale: float, key: bool
    ) -> EncodedView:
        if capture_ns == 50 * MS:
            raise error
        return encode(encoder, image, capture_ns, scale, key)

    async def views() -> list[EncodedView]:
        made: list[EncodedView] = []
        sender = ViewSender(VideoSettings(), 20, SystemClock(), asyncio.get_running_loop(), made.append)
        sender.start_alone()
        for n in range(3):
            before = sender._encoder, len(made)
            sender.offer(av.VideoFrame(64, 64, "yuv420p"), n * 50 * MS)
            while (sender._encoder, len(made)) == before:
                await asyncio.sleep(0.01)
        await sender.stop()
        return made

    monkeypatch.setattr(ViewEncoder, "encode", stumble)
    assert [view.key for view in asyncio.run(asyncio.wait_for(views(), 120))] == [True, True]
    assert "The view sender failed" in caplog.text


def test_a_decoder_that_can_t_follow_is_told_as_a_queue() -> None:
    decoding, free = threading.Event(), threading.Event()

    def show(*_: object) -> None:
        decoding.set()
        free.wait(120)

    async def transits_us(at_ms: tuple[int, ...]) -> list[int]:
        receiver = ViewReceiver(show, SimpleNamespace(now_ns=lambda: 0), asyncio.get_running_loop())
        receiver.start(SimpleNamespace(listen=lambda *_: None))  # type: ignore[arg-type]
        encoded = ViewEncoder(VideoSettings(), 20).encode(av.VideoFrame(64, 64, "yuv420p"), 0, key=True)
        for n, part in enumerate(fragments(0, encoded.key, 0, encoded.data)):
            receiver._take(n, 0, part.encode(), False, 0)
        await asyncio.to_thread(decoding.wait, 120)
        told = [receiver._feedback([], False, ms * MS).transit_us for ms in at_ms]
        free.set()
        await receiver.stop()
        return told

    assert asyncio.run(transits_us((10, 300))) == [0, 260_000]


class Spoken:
    """A voice as it is sent: tones in packets of 10 ms."""

    def __init__(self, frames: int) -> None:
        self.packets: list[tuple[int, VoicePacket]] = []
        self._sender = VoiceSender.__new__(VoiceSender)
        VoiceSender.__init__(self._sender, self)  # type: ignore[arg-type]
        tone = np.sin(np.arange(frames * FRAME_SAMPLES) * 0.05).astype(np.float32) * 0.5
        copies: list[bytes] = []
        for n in range(frames):
            encoded = self._sender._encode(tone[n * FRAME_SAMPLES :][:FRAME_SAMPLES])
            assert encoded
            self.packets.append((n, VoicePacket(n * 10 * MS, (encoded, *copies))))
            copies = [encoded, *copies][:2]


def _play(
    jitter_buffer: JitterBuffer, arrivals: dict[int, list[tuple[int, VoicePacket]]], pulls: int
) -> NDArray[np.float32]:
    out = []
    for n in range(pulls):
        for number, packet in arrivals.get(n, []):
            jitter_buffer.push(number, packet)
        out.append(jitter_buffer.pull(480, n * 10 * MS))
    return np.concatenate(out)


def test_two_packets_lost_in_a_row_cost_nothing() -> None:
    spoken = Spoken(100)
    arrivals = {n: [packet] for n, packet in enumerate(spoken.packets) if n % 10 not in (4, 5)}
    whole, holed = JitterBuffer(), JitterBuffer()
    perfect = _play(whole, {n: [p] for n, p in enumerate(spoken.packets)}, 100)
    mended = _play(holed, arrivals, 110)
    assert holed.concealed == 0
    assert whole.dry_times == 0
    assert np.abs(mended).mean() > 0.9 * np.abs(perfect).mean()


def test_the_delay_is_short_on_a_quiet_path_and_known() -> None:
    jitter_buffer = JitterBuffer()
    _play(jitter_buffer, {n: [p] for n, p in enumerate(Spoken(200).packets)}, 200)
    assert 0 < float(np.median(jitter_buffer.take_delays())) <= 20 * MS
    assert jitter_buffer.take_delays() == []


def test_a_stall_leaves_no_lasting_delay() -> None:
    quiet = Spoken(700)
    arrivals: dict[int, list[tuple[int, VoicePacket]]] = {}
    for n, packet in enumerate(quiet.packets):
        arrivals.setdefault(120 if 100 <= n < 120 else n, []).append(packet)
    jitter_buffer = JitterBuffer()
    _play(jitter_buffer, arrivals, 700)
    assert float(np.median(jitter_buffer.take_delays()[-50:])) < 70 * MS
    assert jitter_buffer.trimmed > 5


def test_a_voice_that_begins_anew_is_played() -> None:
    spoken, jitter_buffer = Spoken(50), JitterBuffer()
    _play(jitter_buffer, {n: [p] for n, p in enumerate(spoken.packets)}, 50)
    again = {n: [((p[0] + 30_000) & 0xFFFF, p[1])] for n, p in enumerate(spoken.packets) if n > 5}
    assert np.abs(_play(jitter_buffer, again, 50)[-480:]).max() > 0.2


def test_a_voice_comes_back_after_ten_seconds_without_a_packet() -> None:
    spoken, jitter_buffer = Spoken(1300), JitterBuffer()
    arrivals = {n: [p] for n, p in enumerate(spoken.packets) if not 100 <= n < 1100}
    played = _play(jitter_buffer, arrivals, 1300)
    assert np.abs(played[480 * 1105 :]).reshape(-1, 480).max(axis=1).min() > 0.2
    assert jitter_buffer.concealed < 5
