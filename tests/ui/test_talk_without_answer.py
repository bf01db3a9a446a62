"""A sound server that stands still while somebody speaks: what was said is kept, and no window hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from woz.demo.pulse import PulseRoom, Seat, available


@pytest.mark.skipif(not available(), reason="PulseAudio and its ALSA plugin are needed")
def test_a_sound_server_that_stands_still_holds_up_no_talk_pass(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.rig.talk_process"]
    with PulseRoom(tmp_path) as room:
        own = {"PYTHONPATH": str(Path(__file__).parents[2]), "QT_QPA_PLATFORM": "offscreen"}
        environment = {**os.environ, **room.environment(Seat.STATION), **own}
        child = subprocess.Popen(command, text=True, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout
        assert child.stdout.readline() == "it listens\n"
        assert room.pid
        os.kill(room.pid, signal.SIGSTOP)
        try:
            said, _ = child.communicate("\n", timeout=240)
        finally:
            os.kill(room.pid, signal.SIGCONT)
            child.kill()
            child.wait()
    assert said.splitlines() == ["what was said is kept", "the window went on", "it closed"]
    assert child.returncode == 0
