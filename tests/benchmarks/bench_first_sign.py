"""How long until a command shows a first sign: a line on the terminal, or a window, as the X server tells of it.

    xvfb-run -a python -m tests.benchmarks.bench_first_sign [--runs 5] [--only NAME] [--json]

Each run is a process of its own on a terminal of its own; all share a home that is empty at first. Times are in
seconds from the process's start: medians, the longest until a first sign, and what of it the process had of a
processor (on Linux), which tells on a busy machine what a quiet one would take. Who clicks in a desktop sees the
window alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from collections.abc import Mapping as Environment
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from storage import Project
from tests.rig.mapping import Mapping
from tests.rig.seat import Options, Seat
from woz.base.clock import SystemClock

ROOT = Path(__file__).parents[2]
WOZ = (sys.executable, "-m", "ui.cli")
PATIENCE_S = 120.0
GOAL_S = 1.0
HELP_GOAL_S = 0.3
_USER, _SYSTEM = 11, 12
"""Where the ticks stand in /proc/PID/stat, behind the program's name (proc_pid_stat(5), fields 14 and 15)."""
COLUMNS = ("command", "first sign", "longest", "processor", "terminal", "window", "end", "goal")


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from a process's start; None for what did not come."""

    terminal_s: float | None
    window_s: float | None
    end_s: float | None
    cpu_s: float | None
    """Of a processor, until the first sign; None where the system doesn't tell."""

    @property
    def sign_s(self) -> float:
        """Raises SystemExit where nothing came at all."""
        came = [each for each in (self.terminal_s, self.window_s) if each is not None]
        if not came:
            raise SystemExit("A command showed no sign at all.")
        return min(came)


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    words: tuple[str, ...]
    ends: bool = False
    """Whether it ends by itself, and how long that takes is measured, too."""
    goal_s: float = GOAL_S


def started(case: Case, environment: Environment[str, str], screen: Mapping) -> Start:
    """Run it once, until it has shown all that is waited for; then it is ended."""
    screen.come()
    ours, theirs = pty.openpty()
    begin = time.monotonic()
    process = subprocess.Popen(
        (*WOZ, *case.words), cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment)
    )
    os.close(theirs)
    try:
        return _watched(case, process, screen, ours, begin)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _watched(case: Case, process: subprocess.Popen[bytes], screen: Mapping, terminal: int, begin: float) -> Start:
    line = window = end = cpu = None
    heard: list[Mapping | int] = [screen, terminal]
    while time.monotonic() - begin < PATIENCE_S:
        ready = select.select(heard, [], [], 0.005)[0]
        now = time.monotonic() - begin
        if screen.come() and window is None:
            window = now
        if terminal in ready and not _read(terminal):
            heard.remove(terminal)
        elif terminal in ready and line is None:
            line = now
        if cpu is None and (line or window):
            cpu = _processor_s(process.pid)
        if process.poll() is not None:
            end = now
            break
        if window is not None and not case.ends:
            break
    return Start(line, window, end, cpu)


def _processor_s(process: int) -> float | None:
    """Of a process that still is, or whose end nobody has asked for."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(told[_USER]) + int(told[_SYSTEM])) / os.sysconf("SC_CLK_TCK")


def _read(terminal: int) -> bytes:
    with contextlib.suppress(OSError):
        return os.read(terminal, 65_536)
    return b""


@contextmanager
def cases(room: Path) -> Iterator[list[Case]]:
    """With a project, and a station that has its console."""
    project = room / "lab"
    Project.create(project, "Lab", SystemClock()).close()
    with ExitStack() as stack:
        station = Seat(Options("station", str(room / "session")))
        stack.callback(station.quit)
        link = str(station.wait_for("invitation"))
        console = Seat(Options("console", str(room / "console"), link=link))
        stack.callback(console.quit)
        station.wait_for("view")
        console.wait_for("view")
        yield [
            Case("woz --help", ("--help",), ends=True, goal_s=HELP_GOAL_S),
            Case("woz doctor", ("doctor",), ends=True),
            Case("woz", ()),
            Case("woz open PROJECT", ("open", str(project))),
            Case("woz open LINK", ("open", link)),
            Case("woz annotate PROJECT", ("annotate", str(project))),
            Case("woz station", ("station", "--project", str(project))),
            Case("woz join, the seat being taken", ("join", link, "--recordings", str(room / "second")), ends=True),
        ]


def table(found: dict[str, list[Start]], goals: dict[str, float]) -> str:
    """A row a command, in seconds: medians, and the longest first sign."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    for name, starts in found.items():
        longest = max(start.sign_s for start in starts)
        parts = [_median(starts, each) for each in ("cpu_s", "terminal_s", "window_s", "end_s")]
        signs = median(start.sign_s for start in starts)
        cells = [f"`{name}`", f"{signs:.2f}", f"{longest:.2f}", *parts, f"{goals[name]:.1f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _median(starts: list[Start], part: str) -> str:
    came = [value for start in starts if (value := getattr(start, part)) is not None]
    return f"{median(came):.2f}" if came else "-"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each command, after one that isn't counted")
    parser.add_argument("--only", default="", help="commands that hold this text")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="woz-bench-sign-") as made, cases(Path(made)) as all_cases:
        home = Path(made) / "home"
        home.mkdir()
        environment = {**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
        screen = Mapping()
        chosen = [case for case in all_cases if given.only in case.name]
        found = {
            case.name: [started(case, environment, screen) for _ in range(given.runs + 1)][1:] for case in chosen
        }
        goals = {case.name: case.goal_s for case in chosen}
    if given.json:
        rows = {name: [asdict(start) for start in starts] for name, starts in found.items()}
        sys.stdout.write(json.dumps({"load": load, "goals_s": goals, "starts": rows}) + "\n")
        return 0
    sys.stdout.write(f"{table(found, goals)}\n\nload before: {load:.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
