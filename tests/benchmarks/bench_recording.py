"""A long recording while streaming: frames lost, memory, file sizes, the encoder's steps.

    python -m tests.benchmarks.bench_recording --minutes 60 --out /path/with/room

A station and a console in processes of their own, joined over loopback; the view is drawn beforehand, so that
drawing costs nothing. The goal: 60 minutes of 1408x1408 at 20 frames a second on two cores, no frame lost on the
way to the disk, memory flat.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from tests.rig.killable_seat import Listener, room, tell
from tests.rig.killing import Seat
from woz.capture.source import Sink, SourceInfo, VideoFrame
from woz.capture.tabletop import PROCEDURE, TableTop
from woz.capture.virtual import VirtualMicrophone, VirtualSpeaker
from woz.clock import SystemClock, sleep_until
from woz.events import EventKind
from woz.recording.encoders import choose_encoder
from woz.recording.folder import SessionFolder
from woz.recording.journal import read_journal
from woz.recording.media_facts import media_facts, tracks_of
from woz.session import SessionId, new_session_id
from woz.settings import VideoSettings
from woz.station import Station, StationConfig

CLOCK = SystemClock()
PICTURES = 40
SAMPLE_S = 5.0
GRAIN = 6


class DrawnSource:
    """Pictures drawn beforehand, with a camera's grain, to and fro, at their pace."""

    def __init__(self, size: int, fps: int) -> None:
        self.info = SourceInfo("drawn beforehand", size, size, fps, own_clock=False)
        scene, grain = TableTop(size), np.random.default_rng(2)
        self._drawn = []
        for i in range(PICTURES):
            yuv = cv2.cvtColor(scene.draw(0.2 + i / 600), cv2.COLOR_RGB2YUV_I420)
            noisy = yuv[:size].astype(np.int16) + grain.normal(0, GRAIN, (size, size)).astype(np.int16)
            yuv[:size] = np.clip(noisy, 0, 255).astype(np.uint8)
            self._drawn.append(yuv)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: Sink) -> None:
        self._thread = threading.Thread(target=self._run, args=(sink,))
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _run(self, sink: Sink) -> None:
        began_ns, number = CLOCK.now_ns(), 0
        while not self._ended.is_set():
            picture = self._drawn[abs(number % (2 * PICTURES - 2) - (PICTURES - 1))]
            due_ns = began_ns + round(number * 1e9 / self.info.fps)
            image = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            sleep_until(CLOCK, due_ns, self._ended.wait)
            sink.video(VideoFrame(number, due_ns, CLOCK.now_ns(), image))
            number += 1
        sink.ended(None)


def station(folder: Path, session_id: str, size: int, fps: int) -> None:
    """The station's process: commands as `tests.rig.killable_seat` takes them."""
    source = DrawnSource(size, fps)
    settings = choose_encoder(VideoSettings(), size, size, fps)
    tell(encoder=f"{settings.record_codec} {settings.record_preset}")
    here = room(folder, 1)
    devices = VirtualMicrophone(here, CLOCK), VirtualSpeaker(here, CLOCK)
    name, sessions = SessionId(session_id), folder / "sessions"
    config = StationConfig(name, sessions, PROCEDURE, "127.0.0.1", 0, "127.0.0.1", video=settings)
    seat = Station(config, source, *devices, CLOCK, Listener(), lambda m: tell(closed=m.expert_voice))
    seat.open()
    tell(invitation=seat.invitation)
    verbs = {"record": seat.record, "stop": seat.stop, "quit": seat.close}
    for line in sys.stdin:
        command = json.loads(line)["do"]
        verbs[command]()
        if command == "quit":
            return


class Watched:
    """Memory and processor time of a process, every few seconds."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.megabytes: list[float] = []
        self._cpu = self._cpu_s()

    def sample(self) -> None:
        pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        self.megabytes.append(round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1))

    def cores(self, seconds: float) -> float:
        return round((self._cpu_s() - self._cpu) / seconds, 2)

    def _cpu_s(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(folder: Path, minutes: float, size: int, fps: int) -> dict[str, Any]:
    name = new_session_id(CLOCK.utc_ns())
    seat = Seat("station", str(folder), name, str(size), str(fps), module="tests.benchmarks.bench_recording")
    encoder = seat.wait_for("encoder", within_s=120)
    console = Seat("console", seat.wait_for("invitation"), str(folder / "console"))
    console.wait_for("greeted")
    watched = {"station": Watched(seat.process.pid), "console": Watched(console.process.pid)}
    seat.do("record")
    began = time.monotonic()
    while time.monotonic() - began < 60 * minutes:
        time.sleep(SAMPLE_S)
        for each in watched.values():
            each.sample()
    took_s = time.monotonic() - began
    cores = {who: each.cores(took_s) for who, each in watched.items()}
    seat.do("stop")
    voice = seat.wait_for("closed", within_s=120 + 10 * minutes)
    console.quit()
    seat.quit()
    memory = {who: each.megabytes for who, each in watched.items()}
    return {"encoder": encoder, "voice": voice, "cores": cores, "memory_mb": memory, **_files(folder, name)}


def _files(folder: Path, name: str) -> dict[str, Any]:
    session = SessionFolder(folder / "sessions" / name)
    manifest, events = session.manifest(), read_journal(session.events)
    frames = len(tracks_of(media_facts(session.ego), "video")[0].times_ns)
    view = next(entry for entry in manifest.streams if entry.kind == "view")
    steps = [e.data["encoder"] for e in events if e.kind == EventKind.SOURCE and "encoder" in e.data]
    return {
        "seconds": round((manifest.duration_ns or 0) / 1e9, 1),
        "captured": view.captured,
        "in_file": frames,
        "lost": view.captured - frames,
        "view_gaps": len(view.gaps),
        "encoder_steps": steps,
        "megabytes": {p.name: round(p.stat().st_size / 1e6, 2) for p in sorted(session.path.glob("*.mk*"))},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--size", type=int, default=1408)
    parser.add_argument("--fps", type=int, default=20)
    parser.add_argument("--out", type=Path, default=None, help="a folder with room; kept")
    options = parser.parse_args()
    out = options.out or Path(tempfile.mkdtemp(prefix="woz-long-"))
    out.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(json.dumps(run(out, options.minutes, options.size, options.fps)) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["station"]:
        station(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main()
