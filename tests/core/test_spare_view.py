"""The view as it came over the link, kept at the console."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest

from woz.base.errors import WozError
from woz.base.settings import VideoSettings
from woz.link.rtp.view_encoder import EncodedView, ViewEncoder
from woz.recording.live.spare_view import QUEUE_FRAMES, SpareView

FRAME_NS = 50_000_000
CLOSED_WITHIN_S = 120
"""So much time a busy machine may take for what a spare has to write at its end."""


def encoded(frames: int) -> list[EncodedView]:
    """A view whose size is halved in the middle, as on a narrow path."""
    encoder, half = ViewEncoder(VideoSettings(), 20), frames // 2
    picture = av.VideoFrame.from_ndarray(np.full((480, 320), 90, np.uint8), format="yuv420p")
    return [encoder.encode(picture, n * FRAME_NS, 1.0 if n < half else 0.5, n in (0, half)) for n in range(frames)]


def pictures(path: Path) -> list[tuple[int, int]]:
    """Time (ms) and width of each."""
    with av.open(str(path)) as container:
        return [(round((frame.time or 0) * 1000), frame.width) for frame in container.decode(video=0)]


def test_all_that_came_is_in_the_file_at_session_time(tmp_path: Path) -> None:
    spare = SpareView(tmp_path / "view.ts", leave_free=0)
    for view in encoded(40)[5:]:
        spare.add(view.data, view.capture_ns - 4 * FRAME_NS, view.key)
    spare.close(CLOSED_WITHIN_S)
    assert spare.frames == 20
    assert pictures(tmp_path / "view.ts") == [(800 + 50 * n, 160) for n in range(20)]
    with pytest.raises(WozError, match="exists already"):
        SpareView(tmp_path / "view.ts")


def test_cut_off_anywhere_it_plays_up_to_there(tmp_path: Path) -> None:
    spare = SpareView(tmp_path / "view.ts", leave_free=0)
    for view in encoded(40):
        spare.add(view.data, view.capture_ns, view.key)
    while spare.frames < 40:
        time.sleep(0.01)
    killed = (tmp_path / "view.ts").read_bytes()
    spare.close(CLOSED_WITHIN_S)
    whole = pictures(tmp_path / "view.ts")
    assert len(whole) == 40
    for part in (1.0, 0.9, 0.61):
        (tmp_path / "cut.ts").write_bytes(killed[: round(part * len(killed))])
        shown = pictures(tmp_path / "cut.ts")
        assert shown == whole[: len(shown)]
        assert len(shown) >= 38 * part - 8


def test_a_disk_with_little_room_ends_the_spare_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spare = SpareView(tmp_path / "view.ts", leave_free=2**60)
    for view in encoded(4):
        spare.add(view.data, view.capture_ns, view.key)
    spare.close(CLOSED_WITHIN_S)
    assert spare.frames == 0
    assert "little room" in caplog.text


def test_a_spare_that_has_ended_can_be_given_more_and_be_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spare = SpareView(tmp_path / "view.ts", leave_free=2**60)
    (view,) = encoded(1)
    spare.add(view.data, view.capture_ns, True)
    while "little room" not in caplog.text:
        time.sleep(0.01)
    for _ in range(3 * QUEUE_FRAMES):
        spare.add(view.data, view.capture_ns, True)
    closing = threading.Thread(target=spare.close, daemon=True)
    closing.start()
    closing.join(30)
    assert not closing.is_alive()


def test_a_disk_that_hangs_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr(SpareView, "_write", lambda spare, data, session_ns, key: goes_on.wait(120))
    spare = SpareView(tmp_path / "view.ts", leave_free=0)
    (view,) = encoded(1)
    for _ in range(3 * QUEUE_FRAMES):
        spare.add(view.data, view.capture_ns, True)
    assert spare.dropped >= QUEUE_FRAMES
    spare.close(within_s=0.1)
    assert "left behind" in caplog.text
    goes_on.set()


def test_a_frame_that_is_none_costs_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spare = SpareView(tmp_path / "view.ts", leave_free=0)
    for n, view in enumerate(encoded(10)):
        spare.add(view.data if n != 5 else object(), view.capture_ns, view.key)  # type: ignore[arg-type]
    spare.close(CLOSED_WITHIN_S)
    assert spare.frames == 9
    assert pictures(tmp_path / "view.ts")[-1][0] == 450
