"""The encoder of the view: chosen by trying, stepping down before a picture would be dropped."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.recording_room import FPS, Session, picture
from woz.base.colours_kept import Colours
from woz.base.settings import VideoSettings
from woz.capture.source import VideoFrame
from woz.model.events import EventKind
from woz.model.stream import StreamKind
from woz.recording.folder.journal import read_journal
from woz.recording.live import encoders, recorder
from woz.recording.live.encoders import PRESETS, choose_encoder, faster_than, open_encoder
from woz.recording.live.writer import EgoWriter

SIZE = 128


def test_hardware_that_does_not_work_is_not_taken_and_one_that_does_is() -> None:
    hardware = ("h264_nvenc", "no such encoder", "mpeg4")
    assert choose_encoder(VideoSettings(), SIZE, SIZE, 20, ("no such encoder",)).record_codec == "libx264"
    assert choose_encoder(VideoSettings(), SIZE, SIZE, 20, hardware).record_codec in ("h264_nvenc", "mpeg4")


def test_the_slowest_preset_that_keeps_up_is_taken() -> None:
    assert choose_encoder(VideoSettings(), SIZE, SIZE, 1, ()).record_preset == PRESETS[0]
    assert choose_encoder(VideoSettings(), SIZE, SIZE, 20, (), margin=1e-6).record_preset == PRESETS[-1]


@pytest.mark.parametrize("colours", [None, Colours(1, 9, 9, 18)])
def test_all_presets_write_the_same_parameter_sets(colours: Colours | None) -> None:
    made = set()
    for preset in PRESETS:
        codec = open_encoder(replace(VideoSettings(), record_preset=preset), SIZE, SIZE, 20, colours)
        units = re.split(b"\x00\x00\x00?\x01", codec.extradata or b"")
        made.add(tuple(unit for unit in units if unit and unit[0] & 31 in (7, 8)))
    assert len(made) == 1
    assert [unit[0] & 31 for unit in made.pop()] == [7, 8]


def test_one_file_changes_over_to_faster_presets_and_plays_throughout(tmp_path: Path) -> None:
    writer = EgoWriter(tmp_path / "ego.mkv", SIZE, SIZE, 20, replace(VideoSettings(), record_preset="faster"))
    taken = []
    for n in range(80):
        if n % 20 == 10:
            taken.append(writer.step_down())
        luma = np.roll(np.linspace(20, 220, SIZE, dtype=np.uint8), n)
        image = np.full((SIZE * 3 // 2, SIZE), 128, np.uint8)
        image[:SIZE] = luma
        writer.view(av.VideoFrame.from_ndarray(image, format="yuv420p"), n * 50_000_000)
    writer.close()
    assert taken == ["veryfast", "superfast", "ultrafast", None]
    with av.open(str(tmp_path / "ego.mkv")) as container:
        frames = list(container.decode(video=0))
    assert [round((frame.time or 0) * 1000) for frame in frames] == [50 * n for n in range(80)]
    for n, frame in enumerate(frames):
        luma = frame.to_ndarray()[SIZE // 2, :SIZE].astype(float)
        expected = np.roll(np.linspace(20, 220, SIZE, dtype=np.uint8), n).astype(float)
        assert np.median(np.abs(luma - expected)) < 6


def test_hardware_has_no_faster_preset() -> None:
    assert faster_than(replace(VideoSettings(), record_codec="h264_nvenc")) is None
    assert faster_than(replace(VideoSettings(), record_preset="ultrafast")) is None


def test_a_recorder_that_falls_behind_steps_down_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine where `superfast` takes longer than a frame lasts."""
    view, delays = EgoWriter.view, {"superfast": 0.09, "ultrafast": 0.0}

    def slow(writer: EgoWriter, image: av.VideoFrame, session_ns: int) -> bool:
        time.sleep(delays[writer._settings.record_preset])
        return view(writer, image, session_ns)

    monkeypatch.setattr(EgoWriter, "view", slow)
    session = Session(tmp_path)
    session.recorder.start()
    for n in range(5 * FPS):
        session.clock.advance(1_000_000_000 // FPS)
        session.recorder.video(VideoFrame(n, 0, 0, picture(False)), n * 1_000_000_000 // FPS)
    session.recorder.close(5_000_000_000)
    assert (session.recorder.captured, session.recorder.recorded, session.recorder.dropped) == (5 * FPS, 5 * FPS, 0)
    told = [event.data for event in read_journal(session.folder.events) if event.kind == EventKind.SOURCE]
    assert [data["encoder"] for data in told] == ["ultrafast"]


def test_where_no_encoder_keeps_up_pictures_give_way_and_no_sound_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sound comes as fast as there is room for it: by itself it never finds the room full."""
    view = EgoWriter.view

    def slow(writer: EgoWriter, image: av.VideoFrame, session_ns: int) -> bool:
        time.sleep(0.15)
        return view(writer, image, session_ns)

    monkeypatch.setattr(EgoWriter, "view", slow)
    monkeypatch.setattr(recorder, "SOUND_ITEMS", 400)
    monkeypatch.setattr(recorder, "GIVE_WAY", 0.1)
    session = Session(tmp_path)
    session.recorder.start()
    sound = np.full(12 * 48_000, 0.3, np.float32)
    for block in range(1_200):
        while session.recorder._queue.small_waiting > 360:
            assert session.recorder._thread.is_alive(), "nobody takes what waits any more"
            time.sleep(0.001)
        session.clock.advance(10_000_000)
        if block % 5 == 0:
            session.recorder.video(VideoFrame(block // 5, 0, 0, picture(False)), block * 10_000_000)
        session.voice(StreamKind.TRAINEE_VOICE, sound, block)
    manifest = session.recorder.close(12_000_000_000)
    lost = [event.data for event in read_journal(session.folder.events) if event.kind == EventKind.DROP]
    assert {loss["what"] for loss in lost} == {"view"}
    assert (
        sum(loss["items"] for loss in lost)
        == session.recorder.dropped
        == session.recorder.captured - session.recorder.recorded
    )
    trainee = manifest.stream(StreamKind.TRAINEE_VOICE)
    assert trainee
    assert trainee.gaps == ()


def test_the_trial_refuses_an_encoder_that_makes_no_key_frame_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_trial", lambda *_: (_ for _ in ()).throw(ValueError("no key frame")))
    assert choose_encoder(VideoSettings(), SIZE, SIZE, 20, ("mpeg4",)).record_codec == "libx264"
