"""The sound as the clock of the pictures: by a device and a time of the test's own, sample by sample."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.container import OutputContainer

from woz.base.clock import Clock, ManualClock, SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.base.settings import AUDIO_RATE
from woz.capture import stopping
from woz.capture.sound import OnLoss, PlayRequest, Pull, unheard
from woz.playback import sounding as sounding_module
from woz.playback.course import Course
from woz.playback.device import GONE_NS
from woz.playback.sounding import Sounding
from woz.playback.speakers import SilentSpeaker
from woz.playback.tempo import Tempo
from woz.playback.voices import Samples, Voices

BLOCK = AUDIO_RATE // 100
BLOCK_NS = NS_PER_S // 100
HOURS_S = 7200
HIGHEST = 2.0**-24
"""A sample holds the number of its block, in so small units that all fit between 0 and 1."""


class Ramp(Voices):
    """Voices without end whose samples say which block of the film they are of: exact in a float32."""

    def __init__(self, path: Path, tracks: int = 2) -> None:
        self._tracks = tracks

    @property
    def count(self) -> int:
        return self._tracks

    def read(self, first: int, count: int) -> Samples:
        place = np.arange(first, first + count) // BLOCK * HIGHEST
        return np.stack([place.astype(np.float32)] * self._tracks)

    def close(self) -> None: ...


class Hand:
    """A device that plays when the test says so; its clock may run faster or slower than ours."""

    name = "hand"

    def __init__(self, clock: ManualClock, faster: float = 0.0) -> None:
        self.clock, self._ns = clock, round(BLOCK * NS_PER_S / AUDIO_RATE / (1 + faster))
        self.pull: Pull | None = None
        self._count = 0
        self.latency_ns = 80 * NS_PER_MS

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        self.pull = pull

    def stop(self) -> None: ...

    def block(self) -> Samples:
        """The next block, as our clock goes on by its length."""
        assert self.pull
        self.clock.advance(self._ns)
        dac_ns = self.clock.now_ns() + self.latency_ns
        self._count += 1
        return self.pull(PlayRequest(BLOCK, self._count * BLOCK * NS_PER_S // AUDIO_RATE, dac_ns))


class Room:
    """A sounding whose device is in the hand."""

    def __init__(self, faster: float = 0.0) -> None:
        self.clock = ManualClock(NS_PER_S)
        self.hand = Hand(self.clock, faster)
        self.sounding = Sounding(Path("film"), self.clock, lambda _: self.hand, Ramp)

    def play(self, course: Course) -> None:
        self.sounding.begin(course)
        _wait(lambda: self.hand.pull is not None)

    def block(self) -> Samples:
        """Once enough waits for it, so that no block is silent because this machine is slow."""
        _wait(lambda: self.sounding._waits >= BLOCK or None in self.sounding._waiting)
        return self.hand.block()


def _wait(until: object) -> None:
    assert callable(until)
    while not until():
        time.sleep(0.0005)


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.sounding.close()


WHOLE = Interval(0, 3 * HOURS_S * NS_PER_S)


def _place(out: Samples) -> int:
    """The block of the film that the last sample is of."""
    return round(float(out[-1]) / HIGHEST)


@pytest.mark.parametrize("faster", [2e-3, -2e-3])
def test_a_device_with_a_clock_of_its_own_takes_the_clock_along(faster: float) -> None:
    """A crystal that goes wrong by more in these minutes than any does in hours: what the device plays at a time
    is what the clock says for it, to a block. By counts alone, with a time of the test's own."""
    room = Room(faster)
    room.play(Course(0, 1.0, WHOLE))
    room.sounding.set_gain(1, 0.0)
    given: list[tuple[int, int]] = []
    for n in range(12_000):
        given.append((_place(room.block()), room.clock.now_ns() + room.hand.latency_ns))
        if n > 100 and n % 500 == 0:
            now = room.clock.now_ns()
            plays = next(place for place, leaves_ns in reversed(given) if leaves_ns <= now)
            assert abs(room.sounding.media_ns - plays * BLOCK_NS) <= BLOCK_NS
    assert given[-1][0] == len(given) - 1
    room.sounding.close()


def test_both_voices_are_of_the_same_time(room: Room) -> None:
    """Each is as loud as half of all, so that one that is late would be seen in the sum."""
    for track in (0, 1):
        room.sounding.set_gain(track, 0.5)
    room.play(Course(3600 * NS_PER_S, 1.0, WHOLE))
    places = [_place(room.block()) for _ in range(200)]
    assert places[1:] == list(range(360_001, 360_200))


def test_backwards_is_heard_backwards(room: Room) -> None:
    room.sounding.set_gain(1, 0.0)
    room.play(Course(30 * NS_PER_S, -1.0, WHOLE))
    places, times = [], []
    for _ in range(300):
        places.append(_place(room.block()))
        times.append(room.sounding.media_ns)
    assert places[1:] == list(range(2998, 2699, -1))
    assert all(later <= earlier for earlier, later in pairwise(times))
    assert times[-1] < 28 * NS_PER_S


@pytest.mark.parametrize("rate", [0.25, 0.5, 1.5, 2.0, 4.0, -0.5, -2.0])
def test_the_clock_goes_at_the_rate(room: Room, rate: float) -> None:
    start = 60 * NS_PER_S
    room.play(Course(start, rate, WHOLE))
    for _ in range(208):
        room.block()
    assert room.sounding.media_ns - start == pytest.approx(rate * 2 * NS_PER_S, abs=abs(rate) * BLOCK_NS)


def test_another_rate_goes_on_without_a_jump(room: Room) -> None:
    room.play(Course(0, 1.0, WHOLE))
    times = []
    for n in range(400):
        if n % 100 == 50:
            room.sounding.change((2.0, 0.5, 4.0, 1.0)[n // 100])
        room.block()
        times.append(room.sounding.media_ns)
    steps = [later - earlier for earlier, later in pairwise(times)]
    assert min(steps) >= 0
    assert max(steps) <= 5 * BLOCK_NS


def test_another_rate_before_anything_is_heard_lets_the_film_stand(room: Room) -> None:
    """What was given to the device leaves it only after its latency."""
    room.play(Course(5 * NS_PER_S, 1.0, WHOLE))
    for _ in range(2):
        room.block()
    room.sounding.change(4.0)
    assert room.sounding.media_ns == 5 * NS_PER_S


def test_a_loop_begins_again_by_itself(room: Room) -> None:
    room.sounding.set_gain(1, 0.0)
    room.play(Course(1_200 * NS_PER_MS, 1.0, Interval(NS_PER_S, 1_500 * NS_PER_MS), again=True))
    places = [_place(room.block()) for _ in range(130)]
    assert places[:29] == list(range(120, 149))
    assert places[31:79] == list(range(101, 149))
    assert NS_PER_S <= room.sounding.media_ns < 1_500 * NS_PER_MS


@pytest.mark.parametrize(("rate", "end"), [(1.0, 2_000), (-1.0, 1_000), (4.0, 2_000)])
def test_what_is_played_once_ends_when_its_end_is_heard(room: Room, rate: float, end: int) -> None:
    span = Interval(NS_PER_S, 2 * NS_PER_S)
    room.play(Course(span.start_ns if rate > 0 else span.end_ns, rate, span))
    blocks = 0
    while not room.sounding.ended:
        (room.block if room.sounding._ends_ns is None else room.hand.block)()
        blocks += 1
    assert blocks - 8 == pytest.approx(100 / abs(rate), abs=2)
    assert room.sounding.media_ns == end * NS_PER_MS


def test_the_sound_waits_for_pictures_that_are_late(room: Room) -> None:
    room.play(Course(0, 1.0, WHOLE))
    for _ in range(50):
        room.block()
    room.sounding.hold(True)
    for _ in range(50):
        room.hand.block()
    stood = room.sounding.media_ns
    assert stood == 500 * NS_PER_MS
    room.sounding.hold(False)
    for _ in range(50):
        room.block()
    assert room.sounding.media_ns - stood == pytest.approx(42 * BLOCK_NS, abs=BLOCK_NS)


def test_a_grain_is_heard_where_one_scrubs(room: Room) -> None:
    room.sounding.set_gain(1, 0.0)
    room.sounding.grain(5 * NS_PER_S)
    _wait(lambda: room.hand.pull is not None)
    places = [_place(room.block()) for _ in range(4)]
    assert places == list(range(500, 504))


def test_without_a_device_the_pictures_go_on() -> None:
    def broken(clock: Clock) -> SilentSpeaker:
        raise WozError("No loudspeaker was found.")

    sounding = Sounding(Path("film"), SystemClock(), broken, Ramp)
    sounding.begin(Course(0, 4.0, WHOLE))
    _wait(lambda: sounding.media_ns > NS_PER_S // 5)
    assert sounding.problem == "No loudspeaker was found."
    sounding.close()


# what is decoded


def _film(path: Path, seconds: int, marks: tuple[int, ...]) -> Path:
    """Two tracks that are silent but for clicks at these seconds, each coded once and laid down again and again."""
    with av.open(str(path), "w", format="matroska") as container:
        tracks = [_track(container) for _ in range(2)]
        quiet, loud = _coded(tracks[0])
        for second in range(seconds):
            for track in tracks:
                packet = av.Packet(loud if second in marks else quiet)
                packet.stream, packet.time_base = track, Fraction(1, AUDIO_RATE)
                packet.pts = packet.dts = second * AUDIO_RATE
                packet.duration = AUDIO_RATE
                container.mux(packet)
    return path


def _track(container: OutputContainer) -> AudioStream:
    made = container.add_stream("flac", rate=AUDIO_RATE, layout="mono", format="s16")
    made.codec_context.options = {"frame_size": str(AUDIO_RATE)}
    return made


def _coded(track: AudioStream) -> list[bytes]:
    """A silent second, and one with a click."""
    packets = []
    for n, loudness in enumerate((0, 20_000)):
        pcm = np.zeros((1, AUDIO_RATE), np.int16)
        pcm[0, CLICK_AT] = loudness
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, n * AUDIO_RATE, Fraction(1, AUDIO_RATE)
        packets += track.encode(frame)
    return [bytes(packet) for packet in (*packets, *track.encode(None)) if packet.size][:2]


CLICK_AT = 12_345


def test_both_voices_are_in_their_place_after_two_hours(tmp_path: Path) -> None:
    marks = (10, 3600, HOURS_S - 5)
    voices = Voices(_film(tmp_path / "long.mkv", HOURS_S, marks))
    for second in (*reversed(marks), *marks):
        found = voices.read(second * AUDIO_RATE - 1000, AUDIO_RATE)
        assert np.argmax(found, axis=1).tolist() == [1000 + CLICK_AT] * 2
    assert not voices.read(HOURS_S * AUDIO_RATE, 100).any()
    voices.close()


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.75, 1.25, 1.5, 2.0, 3.0, 4.0])
def test_the_pitch_is_kept_to_a_hundredth(speed: float) -> None:
    tone = (np.sin(2 * np.pi * 440 * np.arange(8 * AUDIO_RATE) / AUDIO_RATE) / 2).astype(np.float32)
    tempo = Tempo(speed)
    out = np.concatenate([*(tempo.feed(part) for part in np.array_split(tone, 80)), tempo.finish()])
    assert len(out) == pytest.approx(len(tone) / speed, abs=AUDIO_RATE / 8)
    middle = out[len(out) // 4 : len(out) * 3 // 4]
    found = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))).argmax() * AUDIO_RATE / len(middle)
    assert found == pytest.approx(440, rel=0.01)


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.75, 1.25, 1.5, 2.0])
def test_a_sound_is_heard_where_it_is_in_the_film(speed: float) -> None:
    """To half a frame, so that an edge can be heard at half speed."""
    noise = (np.random.default_rng(1).standard_normal(12 * AUDIO_RATE) / 1000).astype(np.float32)
    places = [round((second + 0.123) * AUDIO_RATE) for second in range(1, 11, 2)]
    for place in places:
        noise[place : place + AUDIO_RATE // 10] *= 300
    tempo = Tempo(speed)
    out = np.concatenate([*(tempo.feed(part) for part in np.array_split(noise, 120)), tempo.finish()])
    loud = np.convolve(out**2, np.ones(240) / 240, "same") > 0.02
    begins = [np.flatnonzero(loud[round(place / speed) - 9600 :])[0] - 9600 for place in places]
    assert abs(np.median(begins)) * speed * 1000 / AUDIO_RATE < 20


class WhileOpening:
    """The device of a hand, before which something else is asked for."""

    def __init__(self, room: Room, ask: Callable[[Sounding], None]) -> None:
        self._room, self._ask = room, ask
        room.sounding._find = self.find

    def find(self, _: Clock) -> Hand:
        self._ask(self._room.sounding)
        return self._room.hand


def test_what_was_stopped_while_the_device_opened_is_not_played(room: Room) -> None:
    WhileOpening(room, Sounding.stop)
    room.play(Course(0, 1.0, Interval(0, NS_PER_S), again=True))
    room.sounding.grain(HOURS_S * NS_PER_S)
    assert _first_sound(room) >= HOURS_S * 100 * HIGHEST


def test_what_was_begun_while_the_device_opened_is_played(room: Room) -> None:
    late = Course(HOURS_S * NS_PER_S, 1.0, WHOLE)
    WhileOpening(room, lambda sounding: sounding.begin(late))
    room.play(Course(0, 1.0, Interval(0, NS_PER_S), again=True))
    assert _first_sound(room) >= HOURS_S * 100 * HIGHEST


def test_it_closes_while_the_device_opens() -> None:
    room, asked = Room(), threading.Event()
    WhileOpening(room, lambda sounding: _close_beside(sounding, asked))
    room.sounding.begin(Course(0, 1.0, Interval(0, NS_PER_S), again=True))
    assert asked.wait(60)
    room.sounding._thread.join(60)
    assert not room.sounding._thread.is_alive()


def _close_beside(sounding: Sounding, asked: threading.Event) -> None:
    threading.Thread(target=sounding.close, daemon=True).start()
    _wait(lambda: sounding._closed)
    asked.set()


def _first_sound(room: Room) -> float:
    """The loudest sample of the first blocks; all that was to be played first is quieter."""
    return max(float(room.block().max()) for _ in range(4))


# what fails, or hangs


def _within(until: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether something comes about; what never does fails the test, and hangs nothing."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.0005)
    return until()


def test_a_device_that_goes_away_at_the_very_end_holds_nothing_up(room: Room) -> None:
    """All is given to it, the end too, and nobody waits for room any more."""
    room.play(Course(0, 1.0, Interval(0, NS_PER_S)))
    for _ in range(90):
        room.block()
    assert _within(lambda: None in room.sounding._waiting)
    room.clock.advance(GONE_NS)

    def ended() -> bool:
        room.clock.advance(NS_PER_MS)
        return room.sounding.ended

    assert _within(ended)
    assert "doesn't answer any more" in room.sounding.problem


def test_a_device_that_was_given_up_gets_silence(room: Room) -> None:
    room.play(Course(60 * NS_PER_S, 1.0, WHOLE))
    assert room.block().any()
    room.clock.advance(GONE_NS)
    assert _within(lambda: "doesn't answer" in room.sounding.problem)
    assert not any(room.hand.block().any() for _ in range(10))


def test_a_device_that_hangs_while_it_is_closed_is_left_behind(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stopping, "WITHIN_S", 0.05)
    goes_on = threading.Event()
    monkeypatch.setattr(room.hand, "stop", goes_on.wait)
    room.play(Course(0, 1.0, WHOLE))
    closing = threading.Thread(target=room.sounding.close, daemon=True)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()
    assert _within(lambda: not room.sounding._thread.is_alive())
    goes_on.set()


def test_a_device_that_hangs_while_it_is_opened_keeps_no_window_open(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sounding_module, "CLOSE_WITHIN_S", 0.05)
    room, opens, goes_on = Room(), threading.Event(), threading.Event()

    def hang(_: Clock) -> Hand:
        opens.set()
        goes_on.wait()
        return room.hand

    room.sounding._find = hang
    room.sounding.begin(Course(0, 1.0, WHOLE))
    assert opens.wait(60)
    closing = threading.Thread(target=room.sounding.close, daemon=True)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()
    goes_on.set()
    room.sounding._thread.join(60)


def test_a_device_that_fails_in_a_way_of_its_own_is_none(room: Room) -> None:
    def broken(_: Clock) -> Hand:
        raise RuntimeError("no such card")

    room.sounding._find = broken
    room.sounding.begin(Course(0, 1.0, WHOLE))
    assert _within(lambda: room.sounding._next_ns > 0)
    assert "no such card" in room.sounding.problem


class Broken(Ramp):
    """Of which a part can't be read."""

    def read(self, first: int, count: int) -> Samples:
        if first >= AUDIO_RATE // 2:
            raise ValueError("frame does not match the resampler")
        return super().read(first, count)


def test_where_the_sound_fails_the_pictures_go_on_to_the_end(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.sounding._open = Broken
    room.play(Course(0, 1.0, Interval(0, NS_PER_S)))
    times = []

    def ended() -> bool:
        room.hand.block()
        times.append(room.sounding.media_ns)
        return room.sounding.ended

    assert _within(ended)
    assert times[-1] == NS_PER_S
    assert all(earlier <= later for earlier, later in pairwise(times))
    assert "resampler" in room.sounding.problem


@pytest.mark.parametrize("length_ns", [1, 5_000])
def test_a_loop_shorter_than_a_sample_ends(room: Room, length_ns: int) -> None:
    room.play(Course(NS_PER_S, 4.0, Interval(NS_PER_S, NS_PER_S + length_ns), again=True))

    def ended() -> bool:
        room.hand.block()
        return room.sounding.ended

    assert _within(ended)
