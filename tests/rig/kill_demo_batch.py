"""A batch over sessions made from a demo's, killed at random on its way, beside one that nobody killed.

python -m tests.rig.kill_demo_batch [DEMO] [--kind waveforms] [--sessions 200] [--kills 10] [--json]

DEMO is the folder of a demo (`woz demo --out DEMO`); without it one of 20 seconds is recorded first. Status 1 where
a session wasn't done once, failed, wasn't collected, or has other bytes than without kills.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from storage import Project
from tests.rig.kill_batch import killed_through, outputs, started
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S
from woz.batch.collecting import collect
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.model.ids import SessionId
from woz.model.session import Session
from woz.recording.folder.session_folder import SessionFolder

CLOCK = SystemClock()
DEMO = ("demo", "--headless", "--virtual-sound", "--seconds", "20", "--json")
APART_NS = 60 * NS_PER_S


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("demo", type=Path, nargs="?", help="the folder of a demo; one is recorded without it")
    parser.add_argument(
        "--kind", default="waveforms", help="of work over sessions, as woz batch has it (waveforms)"
    )
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="woz-kill-demo-") as name:
        room = Path(name)
        demo = arguments.demo or _recorded(room / "demo")
        with copies_of(demo / "project", room / "project", arguments.sessions) as project:
            found = killed_beside_whole(project, room, arguments.kind, arguments.kills)
    words = json.dumps(found) if arguments.json else "\n".join(f"{key:10} {value}" for key, value in found.items())
    sys.stdout.write(f"{words}\n")
    wanted = arguments.sessions
    whole = found["done"] == found["out"] == found["collected"] == wanted
    return int(not (whole and found["same"] and not found["failed"]))


def copies_of(demo: Path, path: Path, count: int) -> Project:
    """A project with so many sessions that hold what the demo's newest one does; large files are hard links."""
    with Project.open(demo, CLOCK) as project:
        session = project.sessions.all()[0]
        source = SessionFolder(project.session_dir(session.id))
    made = Project.create(path, "Copies of a demo", CLOCK)
    for number in range(count):
        name = SessionId(f"20270115-{number:06d}-demo")
        folder = SessionFolder(made.session_dir(name))
        shutil.copytree(source.path, folder.path, copy_function=os.link, ignore=shutil.ignore_patterns("derived"))
        manifest = replace(folder.manifest(), session_id=name)
        folder.manifest_path.unlink()
        manifest.save(folder.manifest_path)
        start_ns = session.start_utc_ns + number * APART_NS
        made.sessions.save(Session(name, session.title, session.state, start_ns, session.duration_ns))
    return made


def killed_beside_whole(project: Project, room: Path, kind: str, kills: int) -> dict[str, object]:
    """What became of the run that was killed; `same` where its outputs are those of one that was not.

    `out` counts the folders of outputs that lie there.
    """
    killed, whole = (plan(project, kind, {}, [], CLOCK, room / name) for name in ("killed", "whole"))
    deaths = killed_through(killed, kills)
    for ledger in (whole, killed):  # the latter takes away what killed workers left half made
        started(ledger, 2).wait()
    found = outputs(killed)
    return {
        "kind": kind,
        **deaths,
        "load": round(os.getloadavg()[0], 1),
        "done": len(found),
        "failed": len(killed.failures()),
        "out": len(list((killed.path / "out").iterdir())),
        "same": found == outputs(whole),
        "collected": _collected(project, killed),
    }


def _collected(project: Project, ledger: Ledger) -> int:
    collect(project, ledger, CLOCK)
    return len(list((ledger.path / "collected").iterdir()))


def _recorded(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "ui.cli", *DEMO, "--out", str(folder)], check=True, stdout=sys.stderr)
    return folder


if __name__ == "__main__":
    sys.exit(main())
