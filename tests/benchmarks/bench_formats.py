"""A million items in each format that is read: how fast they come in, in how much memory, and what a stop leaves.

`python -m tests.benchmarks.bench_formats --items 1000000 --formats eaf,csv --json`; each figure is of a process of
its own. A file is made by the format's own writer: one session, or several of `PART` steps each where a format's
reader holds a whole one. `peak_mb` is what it takes beyond the same with a thousand items.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from storage import Project
from tests.core.recorded_session import many, sample, several
from woz.base.clock import SystemClock
from woz.formats.parts import Part
from woz.formats.reading import Cancelled, Reading
from woz.formats.registry import reader, readers
from woz.lab.annotation_import import Wanted, import_annotations
from woz.model.annotation import Annotation
from woz.model.transcript import Turn

FEW = 1_000
RATE = 1.0
"""Frames a second, for formats that count frames: a few a step."""
HELD_AT_ONCE = frozenset({"label-studio"})
PART = 2_000
STOPPED_AT = 0.9
"""Of the file: items are in the database by then."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--formats", default=",".join(readers()), help="names, with commas")
    parser.add_argument("--read-only", action="store_true", help="the reader alone, without a project")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=4, metavar=("WHAT", "FORMAT", "ITEMS", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        what, name, items, folder = options.measure
        print(json.dumps(_MEASURES[what](name, int(items), Path(folder))))
        return
    for name in options.formats.split(","):
        found = _of(name, options.items, options.read_only)
        print(json.dumps(found) if options.json else _line(found), flush=True)


def _line(found: dict[str, object]) -> str:
    return "  ".join(f"{key} {value}" for key, value in found.items())


def _of(name: str, items: int, read_only: bool) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        few, full = Path(folder, "few"), Path(folder, "full")
        _measured("make", name, FEW, few)
        made = _measured("make", name, items, full)
        what = "read" if read_only else "take"
        small, large = (_measured(what, name, items, place) for place in (few, full))
        stopped = {} if read_only else _measured("stop", name, items, full)
    return {
        "format": name,
        "items": int(large["items"]),
        "file_mb": round(made["file_mb"], 1),
        "seconds": round(large["seconds"], 1),
        "cpu_s": round(large["cpu_s"], 1),
        "items_per_s": round(large["items"] / large["seconds"]),
        "peak_mb": round(large["peak_mb"] - small["peak_mb"], 1),
        "told": int(large["told"]),
        "told_to": round(large["told_to"], 3),
        **{key: round(value, 2) for key, value in stopped.items()},
    }


def _measured(what: str, name: str, items: int, folder: Path) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.bench_formats",
        "--measure",
        what,
        name,
        str(items),
        str(folder),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


# what is measured


def _make(name: str, items: int, folder: Path) -> dict[str, float]:
    """A file of so many items and a few more; which of a session's items a format takes is tried on a short one."""
    short = sample(name, folder / "short", many(FEW), frame_rate=RATE)
    each = sum(_is_item(part) for part in _parts(name, short)) / FEW
    count = int(items / each) + 1
    bundles = several(count // PART + 1, many(PART)) if name in HELD_AT_ONCE else [many(count)]
    path = sample(name, folder / "file", *bundles, frame_rate=RATE)
    (folder / "path").write_text(str(path), encoding="utf-8")
    files = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
    return {"file_mb": sum(each.stat().st_size for each in files) / 1e6}


def _is_item(part: Part) -> bool:
    return isinstance(part, Annotation | Turn)


def _parts(name: str, path: Path, told: Callable[[float], bool] = lambda _: True) -> Iterator[Part]:
    read = reader(name).read
    assert read is not None
    return read(Reading(path, frame_rate=RATE, progress=told))


class _Told:
    """What an import told of its progress; it is stopped at `stop_at`."""

    def __init__(self, stop_at: float = 2) -> None:
        self.stop_at, self.count, self.last, self.stopped_s = stop_at, 0, 0.0, 0.0

    def __call__(self, part: float) -> bool:
        assert self.last <= part <= 1
        self.count, self.last = self.count + 1, part
        if part < self.stop_at:
            return True
        self.stopped_s = self.stopped_s or time.perf_counter()
        return False


def _read(name: str, _: int, folder: Path) -> dict[str, float]:
    told, began = _Told(), time.perf_counter()
    items = sum(_is_item(part) for part in _parts(name, _path(folder), told))
    return _facts(told, items, began)


def _take(name: str, _: int, folder: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as into:
        project = Project.create(Path(into, "lab"), "Benchmark", SystemClock())
        told, began = _Told(), time.perf_counter()
        with project:
            done = import_annotations(project, _wanted(name, folder), SystemClock(), told)
        return _facts(told, sum(each.annotations + each.turns for each in done.sessions), began)


def _stop(name: str, _: int, folder: Path) -> dict[str, float]:
    """How long until it has ended once it was told so, and how many sessions and MB are left of it.

    Nothing of a file too short to be told of at `STOPPED_AT`.
    """
    with tempfile.TemporaryDirectory() as into:
        place, told = Path(into, "lab"), _Told(STOPPED_AT)
        with Project.create(place, "Benchmark", SystemClock()) as project:
            with contextlib.suppress(Cancelled):
                import_annotations(project, _wanted(name, folder), SystemClock(), told)
            ended = time.perf_counter()
            left = len(project.sessions.all())
        size = sum(each.stat().st_size for each in place.rglob("*") if each.is_file())
        if not told.stopped_s:
            return {}
        return {"stopped_s": ended - told.stopped_s, "left_sessions": left, "left_mb": size / 1e6}


def _wanted(name: str, folder: Path) -> Wanted:
    return Wanted(_path(folder), name, frame_rate=RATE)


def _path(folder: Path) -> Path:
    return Path((folder / "path").read_text(encoding="utf-8"))


def _facts(told: _Told, items: int, began: float) -> dict[str, float]:
    took = time.perf_counter() - began
    return {
        "items": items,
        "seconds": took,
        "cpu_s": time.process_time(),
        "told": told.count,
        "told_to": told.last,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """Of this program alone: what getrusage tells begins with what the parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


_MEASURES: dict[str, Callable[[str, int, Path], dict[str, float]]] = {
    "make": _make,
    "read": _read,
    "take": _take,
    "stop": _stop,
}


if __name__ == "__main__":
    main()
