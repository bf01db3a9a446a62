"""A long session as its users have it: what reached the disk, memory, and how far the marks in the files are off.

    python -m tests.benchmarks.bench_recording --minutes 60 --out /path/with/room
    python -m tests.benchmarks.bench_recording --minutes 10 --trouble loss1      (needs root)

It is the demo, longer: both programs with their windows in processes of their own, drawn offscreen, sound through
PulseAudio; the view has a camera's grain. With trouble, the two are in network namespaces with a bad wire between
them (`tests.benchmarks.bench_trouble` names the troubles).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_trouble import TROUBLES
from tests.rig.netns import Wire, wire
from ui.cli.demo_session import Demo, DemoOptions, Places, Seated
from woz.demo.pulse import PulseRoom, Seat
from woz.model.events import EventKind
from woz.recording.folder.journal import read_journal
from woz.recording.folder.session_folder import SessionFolder

SAMPLE_S = 5.0
SHOWN = 13
"""How many points of the memory's curve are printed."""
GRAIN = 2
"""Makes it as large, encoded at the same settings, as a view of real Aria Gen 1 glasses: 6 to 7 Mbit/s."""


class Watched:
    """Memory and processor time of a process, every few seconds until it ends."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._readings: list[tuple[float, float]] = []
        self._thread = threading.Thread(target=self._run, name=f"watch {pid}")
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def figures(self) -> dict[str, Any]:
        """Cores used, and megabytes in memory at evenly spread times."""
        megabytes = [reading[0] for reading in self._readings]
        cpu_s = [reading[1] for reading in self._readings]
        places = [round(i * (len(megabytes) - 1) / (SHOWN - 1)) for i in range(SHOWN)]
        cores = (cpu_s[-1] - cpu_s[0]) / (SAMPLE_S * max(1, len(cpu_s) - 1))
        return {"cores": round(cores, 2), "megabytes": [round(megabytes[i]) for i in places]}

    def _run(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            try:
                self._readings.append((self._megabytes(), self._cpu_s()))
            except OSError:
                return

    def _megabytes(self) -> float:
        pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _cpu_s(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class WatchedDemo(Demo):
    """The demo, its seats watched."""

    def __init__(self, options: DemoOptions) -> None:
        super().__init__(options, lambda words: sys.stderr.write(words + "\n"))
        self.watched: dict[str, Watched] = {}

    def _seat(
        self, stack: ExitStack, arguments: list[str], room: PulseRoom | None, seat: Seat, invitation: str = ""
    ) -> Seated:
        seated = super()._seat(stack, arguments, room, seat, invitation)
        self.watched[seated.name] = watched = Watched(seated.pid)
        stack.callback(watched.end)
        return seated


def run(out: Path, minutes: float, size: int, fps: int, trouble: str) -> dict[str, Any]:
    source = f"synthetic?size={size}&fps={fps}&grain={GRAIN}"
    with ExitStack() as stack:
        places = _places(stack.enter_context(wire(TROUBLES[trouble]))) if trouble else Places()
        demo = WatchedDemo(DemoOptions(out, round(60 * minutes), source, headless=True, places=places))
        try:
            summary = demo.run()
        finally:
            seats = {name: watched.figures() for name, watched in demo.watched.items()}
            sys.stderr.write(json.dumps(seats) + "\n")
    told = {key: summary[key] for key in ("seconds", "frames", "latency_ms", "sync_ms", "sound")}
    verdict = {key: summary["check"][key] for key in ("verdict", "reasons", "drift_ppm", "residual_p95_ms")}
    folder = Path(summary["project"]) / "sessions" / summary["session_id"]
    return {"trouble": trouble, **told, **verdict, "seats": seats, **_files(SessionFolder.open(folder))}


def _places(joined: Wire) -> Places:
    inside = "ip", "netns", "exec"
    joined.start_clock()
    return Places(joined.a_address, (*inside, joined.a), (*inside, joined.b))


def _files(session: SessionFolder) -> dict[str, Any]:
    manifest, events = session.manifest(), read_journal(session.events)
    sources = [event.data for event in events if event.kind == EventKind.SOURCE and "encoder" in event.data]
    return {
        "encoder_steps": sources,
        "drops": sum(event.kind == EventKind.DROP for event in events),
        "gaps": {entry.kind: len(entry.gaps) for entry in manifest.streams},
        "megabytes": {p.name: round(p.stat().st_size / 1e6, 2) for p in sorted(session.path.glob("*.mk*"))},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--size", type=int, default=1408)
    parser.add_argument("--fps", type=int, default=20)
    parser.add_argument("--trouble", choices=sorted(TROUBLES), default="")
    parser.add_argument("--out", type=Path, default=None, help="a folder with room; kept")
    options = parser.parse_args()
    out = options.out or Path(tempfile.mkdtemp(prefix="woz-long-"))
    print(json.dumps(run(out.absolute(), options.minutes, options.size, options.fps, options.trouble)))


if __name__ == "__main__":
    main()
