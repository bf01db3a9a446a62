"""`woz backup`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.cli.answers import say
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project to copy")
    parser.add_argument("folder", type=Path, help="where the copy is made, best on another disk")
    parser.add_argument("--media", action="store_true", help="with all recordings, not the database alone")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from storage.backup import back_up

    clock = SystemClock()

    def tell(percent: int, what: str) -> None:
        if not arguments.json:
            say(f"{percent:3d}%  {what}")

    with Project.open(arguments.project, clock) as project:
        made = back_up(project, arguments.folder.absolute(), arguments.media, clock, tell)
    facts = {"folder": str(made.folder), "files": made.files, "bytes": made.bytes, "left_out": made.left_out}
    for session in () if arguments.json else made.left_out:
        say(f"{session} was being recorded and is left out; back up again when it has ended.")
    with_files = f" and {made.files} files of recordings ({made.bytes / 1e9:.2f} GB)" if arguments.media else ""
    words = f"The database{with_files} were copied to {made.folder} and read back whole."
    print(json.dumps(facts) if arguments.json else words.replace("were", "was") if not with_files else words)
    return 0
