"""Seats that are killed at random moments, for real; `make soak` does it a hundred times."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.killing import SEAT_FREE_S, Left, Stage
from tests.rig.seat import kill_all
from tests.rig.soak import hostile, usurped
from woz.live.station.received_recordings import MOST_RECORDINGS
from woz.model.events import EventKind
from woz.model.session import SessionState
from woz.recording.expert_voice.parts import known_parts
from woz.recording.folder.journal import read_journal

MOST_GONE_S = 1.0
"""Of what was on the way to the disk; what waits for a busy processor depends on the machine, and on no promise."""


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    kill_all()


def assert_sound(found: Left) -> None:
    assert found.manifest.state == SessionState.RECOVERED
    assert max(found.written_and_gone_s.values()) <= MOST_GONE_S, found
    assert found.lost_marks == set()


def test_a_killed_station_and_copies_taken_while_it_wrote(tmp_path: Path) -> None:
    stage = Stage(tmp_path, console=True)
    assert stage.console
    stage.station.until(lambda said: said["written_s"] > 1)
    for number in range(3):
        stage.run(random.uniform(1.0, 2.0))
        assert_sound(stage.copy(number))
    stage.run(random.uniform(0.2, 1.5))
    assert_sound(stage.kill_station())
    play = ["ffmpeg", "-v", "quiet", "-i", str(stage.session.ego), "-f", "null", "-"]
    assert subprocess.run(play, check=False).returncode == 0
    assert known_parts(stage.session)
    stage.console.quit()


def test_a_killed_console_comes_back_and_hands_over_both_parts(tmp_path: Path) -> None:
    stage = Stage(tmp_path, console=True)
    assert stage.console
    stage.wait_for_voice()
    stage.console.until(lambda said: said["written_s"] > 1)
    stage.run(random.uniform(2, 4))
    written_s = stage.console.last["written_s"]
    stage.console.kill()
    assert written_s - stage.voice_s(stage.at_console / "expert.mka") <= MOST_GONE_S
    time.sleep(SEAT_FREE_S)
    stage.console = stage.join()
    stage.run(2)
    stage.station.do("stop")
    stage.console.wait_for("safe")
    assert stage.station.wait_for("stopped")["voice"] == "own"
    stage.console.quit()
    stage.station.quit()
    manifest = stage.session.manifest()
    assert (manifest.expert_voice, len(known_parts(stage.session))) == ("own", 2)
    assert manifest.comparison


def test_glasses_that_are_killed_leave_a_gap_and_come_back(tmp_path: Path) -> None:
    stage = Stage(tmp_path, glasses=True)
    stage.run(2)
    stage.station.do("child")
    os.kill(stage.station.wait_for("pid"), signal.SIGKILL)
    killed_ns, seen = stage.now_s * 1e9, stage.station.last["pictures"]
    stage.station.until(lambda said: said["pictures"] > seen + 20)
    stage.station.do("stop")
    stage.station.wait_for("stopped")
    stage.station.quit()
    gaps = [e for e in read_journal(stage.session.events) if e.kind == EventKind.GAP and e.data["stream"] == "view"]
    (gone,) = [gap for gap in gaps if gap.t_ns <= killed_ns < gap.t_ns + int(gap.data["duration_ns"])]
    assert int(gone.data["duration_ns"]) > 500_000_000
    states = [e.data["problem"] for e in read_journal(stage.session.events) if e.kind == EventKind.DEVICE]
    assert any("it is tried again in 1 s, and the recording goes on" in state for state in states)


def test_what_a_lost_station_lacks_follows_when_the_console_meets_the_project_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, console=True)
    assert stage.console
    stage.station.until(lambda said: said["written_s"] > 1)
    stage.run(3)
    assert_sound(stage.kill_station())
    time.sleep(1)
    stage.console.quit()
    later = Stage(tmp_path, console=True)
    assert later.console
    later.station.do("stop")
    later.station.wait_for("stopped", {"session": stage.session_id, "voice": "own"})
    assert stage.session.manifest().state == SessionState.RECOVERED
    assert stage.session.expert.is_file()
    later.console.quit()
    later.station.quit()


def test_hostile_consoles_really_act_and_what_is_recorded_beside_them_is_kept(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    assert usurped(stage)["taken"] > 0
    taken = list(stage.session.voice_parts.glob("*.json"))
    assert len(taken) == MOST_RECORDINGS, "the expert's seat takes so many and no more"
    with hostile(2, stage) as (offering, knocking):
        stage.wait_for_voice()
        offering.until(lambda done: done["hung_up"] > 0)
        stage.run(1.0)
        assert_sound(stage.kill_station())
        assert (offering.last["taken"], offering.last["refused"]) == (0, 0), "an observer is not asked what it has"
        assert knocking.last["silent"] > 0
        assert knocking.last["refused"] > 0
    assert len(known_parts(stage.session)) <= MOST_RECORDINGS


pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
