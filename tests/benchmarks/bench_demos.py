"""Demos in a row, as a newcomer has them: what each one says of itself, and what really sounded.

    python -m tests.benchmarks.bench_demos --runs 10
    python -m tests.benchmarks.bench_demos --runs 10 --cold --json      (needs root)

The column of the actors is not taken from the recording: a listener of its own takes what sounds in their sinks
with the daemon's times, and tells how far the worst sync mark is from its second (trainee, expert).
*Left* is what of all cores nobody used while it recorded, *cores* what each seat took, from its start to its end.
With `--cold` no file is in the page cache when the first demo begins. Status 1 says that a demo failed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import av

from tests.benchmarks.bench_recording import WatchedDemo
from tests.rig.sink_listener import SinkListener
from ui.cli.demo_session import DemoOptions, Seated
from woz.base.errors import WozError
from woz.demo.pulse import PulseRoom
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.sync_marks import EXPERT_HZ, TRAINEE_HZ

SINKS = {"woz_room": TRAINEE_HZ, "woz_expert_mouth": EXPERT_HZ}
FAILED = "failed"
"""A demo that didn't come to a verdict."""
COLUMNS = (
    "run",
    "size",
    "verdict",
    "reason",
    "view/sound",
    "said",
    "heard",
    "actors",
    "recorded",
    "shown",
    "gaps",
    "left",
    "cores",
)


class HeardDemo(WatchedDemo):
    """The demo, its seats watched and its actors listened to."""

    def __init__(self, options: DemoOptions) -> None:
        super().__init__(options)
        self._listeners: dict[str, SinkListener] = {}

    @property
    def actors_ms(self) -> list[float | None]:
        """The worst mark of each actor."""
        heard = [listener.mark_errors_ms(SINKS[sink]) for sink, listener in self._listeners.items()]
        return [max(errors, key=abs) if errors else None for errors in heard]

    def _cue(
        self, stack: ExitStack, station: Seated, console: Seated, room: PulseRoom | None, start_ns: int
    ) -> None:
        for sink in SINKS if room else ():
            assert room
            self._listeners[sink] = stack.enter_context(SinkListener(room.server, sink))
        super()._cue(stack, station, console, room, start_ns)


def figures(number: int, options: DemoOptions) -> dict[str, Any]:
    """One demo's row; one that failed has its sentence as reason."""
    demo = HeardDemo(options)
    try:
        summary = demo.run()
    except WozError as fault:
        return {"run": number, "verdict": FAILED, "reason": str(fault)}
    finally:
        cores = {name: watched.figures()["cores"] for name, watched in demo.watched.items()}
    check, frames, sync = summary["check"], summary["frames"], summary["sync_ms"]
    return {
        "run": number,
        "source": summary["source"],
        "size": _size(SessionFolder(Path(summary["project"]) / "sessions" / summary["session_id"]).ego),
        "verdict": check["verdict"],
        "reason": "; ".join(check["reasons"]),
        "view/sound": sync["view_audio"],
        "said": sync["expert_said"],
        "heard": sync["expert_heard"],
        "actors": demo.actors_ms,
        "late_s": summary["actors_late_s"],
        "recorded": f"{frames['recorded']}/{frames['captured']}",
        "shown": frames["shown"],
        "gaps": f"{check['view_gaps']} view, {check['voice_gaps']} voice",
        "left": summary["cores_left"],
        "cores": cores,
        "delay_ms": summary["latency_ms"],
    }


def table(rows: Sequence[dict[str, Any]]) -> str:
    """In Markdown; offsets are the largest error of a mark in ms."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    lines += [f"| {' | '.join(_cell(row.get(column)) for column in COLUMNS)} |" for row in rows]
    return "\n".join(lines)


def _size(film: Path) -> str:
    with av.open(str(film)) as container:
        view = container.streams.video[0]
        return f"{view.width}x{view.height}"


def _cell(value: Any) -> str:
    if value in (None, "", {}, []):
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_cell(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def empty_page_cache() -> None:
    subprocess.run(["sync"], check=True)
    Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--source", default="", help="as for woz demo; by default what the demo chooses")
    parser.add_argument("--cold", action="store_true", help="empty the machine's page cache before the first")
    parser.add_argument("--windows", action="store_true", help="on the display, as a person has them")
    parser.add_argument("--out", type=Path, default=None, help="a folder with room; kept")
    parser.add_argument("--json", action="store_true", help="one JSON object a run instead of the table")
    given = parser.parse_args()
    out = (given.out or Path(tempfile.mkdtemp(prefix="woz-demos-"))).absolute()
    if given.cold:
        empty_page_cache()
    rows = []
    for number in range(1, given.runs + 1):
        options = DemoOptions(out / f"demo-{number}", given.seconds, given.source, headless=not given.windows)
        rows.append(figures(number, options))
        if given.json:
            print(json.dumps(rows[-1]), flush=True)
        else:
            sys.stderr.write(f"{_cell(rows[-1])}\n")
    if not given.json:
        print(table(rows))
    return int(any(row["verdict"] == FAILED for row in rows))


if __name__ == "__main__":
    sys.exit(main())
