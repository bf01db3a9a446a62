"""Every source on real and on bad files."""

from __future__ import annotations

import io
import re
import shlex
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.clock import ManualClock, SystemClock
from woz.base.errors import WozError
from woz.capture.frame_code import draw_number, read_number
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, VideoFrame
from woz.capture.source_spec import FORM, SOURCES, SourceSpec, check_source, parse_source
from woz.capture.specs import open_source
from woz.capture.virtual import VirtualMicrophone, VirtualRoom
from woz.capture.vrs_reader import read_record, write_record
from woz.demo.voices import write_wav

CLOCK = SystemClock()


class Sink:
    """Keeps what comes until there are enough frames."""

    def __init__(self, frames: int) -> None:
        self.views: list[VideoFrame] = []
        self.sounds: list[AudioBlock] = []
        self.gazes: list[GazeSample] = []
        self.device: DeviceStatus | None = None
        self.enough = threading.Event()
        self.fault: WozError | None = None
        self._wanted = frames

    def video(self, frame: VideoFrame) -> None:
        self.views.append(frame)
        if len(self.views) >= self._wanted:
            self.enough.set()

    def audio(self, block: AudioBlock) -> None:
        self.sounds.append(block)

    def gaze(self, sample: GazeSample) -> None:
        self.gazes.append(sample)

    def status(self, status: DeviceStatus) -> None:
        self.device = status

    def ended(self, fault: WozError | None) -> None:
        self.fault = fault
        self.enough.set()


def _run(spec: str, frames: int) -> Sink:
    source, sink = open_source(spec, CLOCK), Sink(frames)
    source.start(sink)
    assert sink.enough.wait(120)
    source.stop()
    assert sink.fault is None
    assert [v.index for v in sink.views] == list(range(len(sink.views)))
    assert all(v.image.format.name == "yuv420p" for v in sink.views)
    times = [v.device_ns for v in sink.views]
    assert times == sorted(times)
    return sink


@given(st.integers(0, 2**32 - 1), st.sampled_from([192, 320, 1408]))
def test_a_frame_number_can_be_read(number: int, size: int) -> None:
    luma = np.full((size, size), 120, np.uint8)
    assert read_number(luma) is None
    draw_number(luma, number)
    assert read_number(luma) == number


class _Marked(Sink):
    """Has enough when three marked frames have come: a source that is late leaves frames out, marked ones too."""

    def __init__(self) -> None:
        super().__init__(0)
        self.marks_ns: list[int] = []

    def video(self, frame: VideoFrame) -> None:
        self.views.append(frame)
        if _is_white(frame):
            self.marks_ns.append(frame.device_ns)
        if len(self.marks_ns) >= 3:
            self.enough.set()


def _is_white(frame: VideoFrame) -> bool:
    return bool(frame.image.to_ndarray()[10, 10] > 200)


def test_the_drawn_view_marks_whole_seconds_of_utc() -> None:
    source, sink = open_source("synthetic?size=192&fps=20", CLOCK), _Marked()
    source.start(sink)
    assert sink.enough.wait(120)
    source.stop()
    to_utc = CLOCK.utc_ns() - CLOCK.now_ns()
    frame_ns, second_ns, mark_ns = 50_000_000, 1_000_000_000, sink.marks_ns[0]
    assert abs((mark_ns + to_utc + second_ns // 2) % second_ns - second_ns // 2) < frame_ns // 2
    for view in sink.views:
        assert _is_white(view) == ((view.device_ns - mark_ns) % second_ns == 0)
        assert (view.device_ns - mark_ns) % frame_ns == 0
    numbers = [read_number(np.asarray(v.image.to_ndarray()[:192], np.uint8)) for v in sink.views]
    assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize(
    ("name", "size", "rate", "gaze"),
    [("gen1_everyday", (1408, 1408), 48_000, False), ("gen2_all_sensors", (2016, 1512), 16_000, True)],
)
def test_aria_recordings_of_both_generations(
    shared_data: Path, name: str, size: tuple[int, int], rate: int, gaze: bool
) -> None:
    path = shared_data / "aria_vrs" / f"{name}.vrs"
    source = open_source(f"vrs:{path}", CLOCK)
    assert (source.info.width, source.info.height, source.info.audio_rate) == (*size, rate)
    sink = _run(f"vrs:{path}?loop=1", 10)
    assert sink.views[0].image.width == size[0]
    assert sink.sounds
    assert all(block.rate == rate and np.abs(block.samples).max() < 1 for block in sink.sounds)
    assert max(float(np.abs(block.samples).max()) for block in sink.sounds) > 1e-5
    assert bool(sink.gazes) == gaze
    luma = sink.views[0].image.to_ndarray()[: size[1], : size[0]]
    assert luma.std() > 10


def test_a_video_file_loops_in_time(shared_data: Path) -> None:
    sink = _run(f"file:{shared_data / 'video' / 'derived_measurement_error_tile1.mp4'}?loop=1", 20)
    assert sink.views[0].image.width == 640


@pytest.mark.parametrize("kind", ["vrs", "file"])
@pytest.mark.parametrize("size", [0, 50, 5_000, 600_000])
def test_cut_files_are_refused(shared_data: Path, tmp_path: Path, kind: str, size: int) -> None:
    whole = shared_data / ("aria_vrs/gen1_everyday.vrs" if kind == "vrs" else "video/measurement_error.mp4")
    cut = tmp_path / "cut"
    cut.write_bytes(whole.read_bytes()[:size])
    with pytest.raises(WozError, match=r"damaged|cut off|no Aria"):
        open_source(f"{kind}:{cut}", CLOCK)


@pytest.mark.parametrize(
    "spec", ["", "glasses", "vrs:", "camera:x", "synthetic?fps=0", "synthetic?size=big", "file:/no"]
)
def test_a_spec_that_names_nothing_is_refused(spec: str) -> None:
    with pytest.raises(WozError):
        open_source(spec, CLOCK)


@pytest.mark.parametrize(
    ("spec", "right"),
    [
        ("vrs:walk.vrs,loop=1", "vrs:walk.vrs?loop=1"),
        ("file:walk.mp4&loop=1", "file:walk.mp4?loop=1"),
        ("synthetic,fps=10,size=704", "synthetic?fps=10&size=704"),
        ("synthetic:fps=10", "synthetic?fps=10"),
        ("vrs:walk.vrs?lop=1", "vrs:FILE?loop=1"),
        ("file:walk.mp4?loop", "file:FILE?loop=1"),
        ("camera:0?fps=10", "camera:N"),
    ],
)
def test_options_in_a_wrong_form_are_refused_with_the_right_one(spec: str, right: str) -> None:
    with pytest.raises(WozError, match=re.escape(right)):
        open_source(spec, CLOCK)


@pytest.mark.parametrize("spec", ["walk.vrs", "glasses+aria2:10.0.0.9", "synthetic?fps=10&sise=7+aria1:usb"])
def test_a_source_that_can_be_none_is_refused_before_it_is_opened(spec: str) -> None:
    with pytest.raises(WozError, match=r"names no source|has no option"):
        check_source(spec)


@pytest.mark.parametrize("spec", [*SOURCES, "synthetic?fps=10+aria2:10.0.0.9?mode=http&profile=profile9"])
def test_every_kind_of_source_passes_before_it_is_opened(spec: str) -> None:
    check_source(spec.replace("SOURCE", "camera:0"))


def test_the_form_of_options_is_shown_as_it_is_typed_in_a_shell() -> None:
    shown = re.findall(r'"[^"]*"', FORM)
    found = [parse_source(*shlex.split(each)).options for each in shown]
    assert found == [{"loop": "1"}, {"fps": "10", "size": "704"}]


def test_a_file_whose_name_looks_like_options_is_taken_at_its_name(tmp_path: Path) -> None:
    odd = tmp_path / "walk,take=2.vrs"
    odd.touch()
    assert parse_source(f"vrs:{odd}?loop=1") == SourceSpec("vrs", str(odd), {"loop": "1"})


def test_a_script_that_nobody_cues_is_said_over_and_over_from_when_the_microphone_opens(tmp_path: Path) -> None:
    """Else a console that joins again, by hand, records silence."""
    clock = ManualClock(now_ns=5_000_000_000, utc_ns=77_000_000_000)
    click = np.zeros(960, np.float32)
    click[7] = 0.5
    write_wav(tmp_path / "said.wav", click)
    room = VirtualRoom(clock, tmp_path / "said.wav")
    assert not room.hear(5_000_000_000, 960).any()
    room.begin()
    assert np.flatnonzero(room.hear(5_000_000_000, 2_400)).tolist() == [7, 967, 1_927]
    room.cue(78_000_000_000)
    assert np.flatnonzero(room.hear(6_000_000_000, 960)).tolist() == [7]
    assert not room.hear(6_020_000_000, 960).any()


def test_a_virtual_microphone_that_is_opened_hears_its_script_without_a_cue(tmp_path: Path) -> None:
    write_wav(tmp_path / "said.wav", np.full(4_800, 0.5, np.float32))
    heard = threading.Event()
    microphone = VirtualMicrophone(VirtualRoom(CLOCK, tmp_path / "said.wav"), CLOCK)
    microphone.start(lambda block: heard.set() if block.samples.any() else None, lambda fault: None)
    try:
        assert heard.wait(120)
    finally:
        microphone.stop()


def test_the_virtual_room_is_exact_and_leaks(tmp_path: Path) -> None:
    clock = ManualClock(now_ns=5_000_000_000, utc_ns=77_000_000_000)
    click = np.zeros(480, np.float32)
    click[7] = 0.5
    write_wav(tmp_path / "said.wav", click)
    room = VirtualRoom(clock, tmp_path / "said.wav")
    room.cue(78_000_000_000)
    said = room.hear(6_000_000_000, 480)
    assert int(np.argmax(said)) == 7
    played = np.zeros(480, np.float32)
    played[3] = 1.0
    room.play(6_010_000_000, played)
    leaked = room.hear(6_010_000_000, 480)
    assert int(np.argmax(leaked)) == 3
    assert abs(20 * np.log10(leaked[3]) + 26) < 0.1


@pytest.mark.parametrize(
    "line", [b"[" * 100_000 + b"\n", b'{"device_ns": 1, "kind": 0, "bytes": 99999999999}\n', b"a log line\n"]
)
def test_what_is_no_record_ends_the_reading_in_order(line: bytes, caplog: pytest.LogCaptureFixture) -> None:
    whole = io.BytesIO()
    write_record(whole, (5, 1, {"rate": 48_000}, b"abc"))
    source = io.BytesIO(whole.getvalue() + line + b"rest")
    assert read_record(source) == (5, 1, {"rate": 48_000}, b"abc")
    assert read_record(source) is None
    assert "is no record" in caplog.text
