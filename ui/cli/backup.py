"""`woz backup`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import say
from woz.base.clock import SystemClock
from woz.base.counts import counted

if TYPE_CHECKING:
    from storage.copies.backup import Backup


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project to copy")
    parser.add_argument("folder", type=Path, help="where the copy is made, best on another disk")
    parser.add_argument("--media", action="store_true", help="with all recordings, not the database alone")
    every = "only where the newest copy there is older; for a job that runs each hour (docs/storage.md)"
    parser.add_argument("--every", type=float, default=0, metavar="HOURS", help=every)
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="remove all but the newest N copies there")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from storage.copies.backup import back_up, newest_age_s, remove_old

    clock, folder = SystemClock(), arguments.folder.absolute()

    def tell(percent: int, what: str) -> None:
        if not arguments.json:
            say(f"{percent:3d}%  {what}")

    with Project.open(arguments.project, clock) as project:
        age_s = newest_age_s(project, folder, clock)
        if arguments.every and age_s is not None and age_s < arguments.every * 3600:
            words = f"The newest copy in {folder} is {age_s / 3600:.1f} hours old; none was made."
            print(json.dumps({"folder": None, "removed": []}) if arguments.json else words)
            return 0
        made = back_up(project, folder, arguments.media, clock, tell)
        removed = remove_old(project, folder, arguments.keep) if arguments.keep else []
    _answer(made, [str(path) for path in removed], arguments)
    return 0


def _answer(made: Backup, removed: list[str], arguments: argparse.Namespace) -> None:
    if arguments.json:
        facts = {"folder": str(made.folder), "files": made.files, "bytes": made.bytes, "left_out": made.left_out}
        print(json.dumps({**facts, "removed": removed}))
        return
    for session in made.left_out:
        say(f"{session} was being recorded and is left out; back up again when it has ended.")
    for folder in removed:
        say(f"The old copy {folder} was removed.")
    what = "The database was"
    if arguments.media:
        what = f"The database and {counted(made.files, 'file')} of recordings ({made.bytes / 1e9:.2f} GB) were"
    say(f"{what} copied to {made.folder} and read back whole.")
