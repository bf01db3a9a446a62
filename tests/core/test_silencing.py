"""A voice taken out of a recording: silent there, and nothing else changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.core.media_files import write_sound, write_video
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.recording.folder.silencing import silence

RATE = 48_000
TONE = (0.5 * np.sin(np.arange(4 * RATE) * 0.05)).astype(np.float32)
SPAN = Interval(NS_PER_S, 2 * NS_PER_S)


def _sound(path: Path) -> NDArray[np.float32]:
    shape = av.AudioResampler("fltp", "mono", RATE)
    with av.open(str(path)) as container:
        parts: list[Any] = [
            block.to_ndarray()[0] for frame in container.decode(audio=0) for block in shape.resample(frame)
        ]
    return np.concatenate(parts)


def _pictures(path: Path) -> list[tuple[float, int]]:
    with av.open(str(path)) as container:
        return [(round(float(f.time or 0), 3), int(f.to_ndarray()[:96].mean())) for f in container.decode(video=0)]


@pytest.mark.parametrize("name", ["voice.wav", "voice.flac", "voice.m4a", "voice.webm", "voice.mkv"])
def test_a_span_of_any_codec(tmp_path: Path, name: str) -> None:
    source, target = write_sound(tmp_path / name, TONE), tmp_path / "out.mkv"
    before = _sound(source)
    silence(source, target, {0: [SPAN]})
    after = _sound(target)
    assert abs(len(after) - len(before)) < 0.1 * RATE
    assert not after[round(1.01 * RATE) : round(1.99 * RATE)].any()
    assert np.abs(after[round(0.2 * RATE) : round(0.9 * RATE)]).max() > 0.3
    assert np.abs(after[round(2.1 * RATE) : round(3.9 * RATE)]).max() > 0.3


def test_pictures_out_of_order_stay_as_they_were(tmp_path: Path) -> None:
    """x264 puts pictures that look ahead between others: their packets come in another order."""
    source, target = write_video(tmp_path / "film.mkv", TONE, RATE, 4.0), tmp_path / "out.mkv"
    silence(source, target, {0: None})
    assert _pictures(target) == _pictures(source)
    assert not _sound(target).any()


def test_a_track_that_is_not_there(tmp_path: Path) -> None:
    source, target = write_sound(tmp_path / "voice.flac", TONE), tmp_path / "out.mkv"
    with pytest.raises(WozError, match="has no sound track 1"):
        silence(source, target, {1: None})
    assert not target.exists()


def test_a_file_that_is_no_recording(tmp_path: Path) -> None:
    source, target = tmp_path / "voice.mka", tmp_path / "out.mkv"
    source.write_bytes(b"no sound at all" * 100)
    with pytest.raises(WozError, match="nothing was changed"):
        silence(source, target, {0: None})
    assert not target.exists()
