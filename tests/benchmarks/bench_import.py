"""What an import of a film takes, and what of it is needed anyhow: a process's start, pictures read and written.

    python -m tests.benchmarks.bench_import [FILM] [--seconds 5] [--size 1408] [--fps 30] [--runs 5] [--json]

Without FILM one is drawn. Each row is the median of some runs, in seconds and in seconds of processor time; what is
*alone* is done in this process, all else by a command in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import av

from woz.base.settings import VideoSettings
from woz.capture.tabletop import TableTop
from woz.recording.live.encoders import MILLISECOND, open_encoder

ROOT = Path(__file__).parents[2]
WOZ = (sys.executable, "-m", "ui.cli")
Took = tuple[float, float]


def drawn_film(path: Path, seconds: float, size: int, fps: int) -> Path:
    """A table on which something is put together, without sound."""
    table, count = TableTop(size), round(seconds * fps)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        stream.width = stream.height = size
        stream.pix_fmt = "yuv420p"
        for n in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(table.draw(n / count), format="rgb24")))
        container.mux(stream.encode(None))
    return path


def measured(film: Path, runs: int, room: Path) -> dict[str, Took]:
    """Seconds and processor seconds by what was done."""
    names = iter(range(1_000_000))
    there = room / "there"
    _command("new", str(there))

    def new() -> Path:
        return room / f"new-{next(names)}"

    work: dict[str, Callable[[], Took]] = {
        "import into a new project": lambda: _command("import", "media", str(new()), str(film)),
        "import into a project that is there": lambda: _command("import", "media", str(there), str(film)),
        "a new project": lambda: _command("new", str(new())),
        "the command's start (--help)": lambda: _command("import", "media", "--help"),
        "pictures read, alone": lambda: _timed(lambda: [None for _ in _pictures(film)]),
        "pictures read and written, alone": lambda: _timed(lambda: _written(film)),
    }
    took = {name: [do() for _ in range(runs)] for name, do in work.items()}
    return {name: (median(s for s, _ in each), median(cpu for _, cpu in each)) for name, each in took.items()}


def _command(*words: str) -> Took:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([*WOZ, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, cpu_s


def _timed(work: Callable[[], object]) -> Took:
    began, cpu_s = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - began, time.process_time() - cpu_s


def _pictures(film: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(film)) as container:
        yield from container.decode(video=0)


def _written(film: Path) -> None:
    """As a session's view is, but to nowhere."""
    encoder = None
    for picture in _pictures(film):
        encoder = encoder or open_encoder(VideoSettings(), picture.width, picture.height, 30)
        picture.pts, picture.time_base = round((picture.time or 0.0) * 1000), MILLISECOND
        encoder.encode(picture)
    if encoder:
        encoder.encode(None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=Path, nargs="?", help="a drawn one where it is left out")
    parser.add_argument("--seconds", type=float, default=5.0, help="of the drawn one")
    parser.add_argument("--size", type=int, default=1408)
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="woz-bench-import-") as made:
        room = Path(made)
        film = given.film or drawn_film(room / "drawn.mp4", given.seconds, given.size, given.fps)
        found = measured(film.absolute(), given.runs, room)
    if given.json:
        rows = {name: {"s": round(s, 3), "cpu_s": round(cpu_s, 3)} for name, (s, cpu_s) in found.items()}
        sys.stdout.write(json.dumps({"load": load, "runs": given.runs, "took": rows}) + "\n")
        return 0
    lines = [f"| {name} | {s:.2f} | {cpu_s:.2f} |" for name, (s, cpu_s) in found.items()]
    sys.stdout.write("\n".join(["| | s | processor s |", "|---|---|---|", *lines, f"load before: {load:.1f}", ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
