"""Gaze that projectaria_tools reads back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.capture.source import GazeSample
from woz.importing.beginning import Beginning
from woz.importing.making import make_session
from woz.importing.material import open_view
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.mps_gaze import MpsGazeTable

READ = """
import json, sys
from projectaria_tools.core import mps
gazes = mps.read_eyegaze(sys.argv[1])
rows = [(g.tracking_timestamp.total_seconds(), g.yaw, g.pitch, g.depth, g.session_uid) for g in gazes]
print(json.dumps(rows))
"""
ANGLES = st.floats(-1.5, 1.5, width=32)
PRECISION = 2.0**-21
"""projectaria_tools reads decimals to a few units in the last place of a 32-bit float."""


def read_back(path: Path) -> list[tuple[float, float, float, float, str]]:
    pytest.importorskip("projectaria_tools.core")
    command = [sys.executable, "-W", "ignore", "-c", READ, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows: list[tuple[float, float, float, float, str]] = json.loads(done.stdout.splitlines()[-1])
    return rows


@settings(max_examples=scaled(5), deadline=None)
@given(st.lists(st.tuples(ANGLES, ANGLES, st.floats(0, 10, width=32)), min_size=1, max_size=20))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, looks: list[tuple[float, ...]]) -> None:
    path = tmp_path_factory.mktemp("gaze") / "general_eye_gaze.csv"
    table = MpsGazeTable(path, "20260301")
    for i, (yaw, pitch, depth) in enumerate(looks):
        table.add(GazeSample(7_000_000_000 + i * 33_333_333, 0, yaw, pitch, depth))
    table.close()
    rows = read_back(path)
    assert len(rows) == len(looks)
    for i, ((t, *read, uid), looked) in enumerate(zip(rows, looks, strict=True)):
        assert t == pytest.approx(7 + i * 0.033_333_333, abs=2e-6)
        assert read == pytest.approx(looked, rel=PRECISION, abs=1e-12)
        assert uid == "20260301"
    with pytest.raises(WozError, match="nothing was overwritten"):
        MpsGazeTable(path, "x")


def test_the_gaze_of_a_real_recording(tmp_path: Path, shared_data: Path) -> None:
    vrs = shared_data / "aria_vrs" / "gen2_all_sensors.vrs"
    manifest, _ = make_session(tmp_path, SessionId("s"), Beginning(0), "", open_view(vrs), [], lambda text: None)
    gaze = next(entry for entry in manifest.streams if entry.kind == "gaze")
    rows = read_back(SessionFolder(tmp_path / "s").mps_gaze)
    assert len(rows) == gaze.recorded > 0
    assert all(abs(yaw) < 1 and abs(pitch) < 1 and depth > 0 for _, yaw, pitch, depth, _ in rows)
