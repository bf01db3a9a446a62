"""`woz project storage`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import progress


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--most", type=int, default=20, metavar="N", help="tell the N largest sessions (20)")
    parser.add_argument("--json", action="store_true", help="one JSON object, all sessions, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from ui.reports.disk_words import disk_words
    from woz.base.clock import SystemClock
    from woz.base.commands import with_project
    from woz.lab.disk_use import disk_facts, disk_use

    tell = progress(silent=arguments.json)
    clock = SystemClock()
    with Project.open(arguments.project, clock) as project:
        use = disk_use(project, clock.utc_ns(), lambda part: tell(round(100 * part), "the sessions' folders"))
    words = with_project("\n".join(disk_words(use, arguments.most)), arguments.project)
    print(json.dumps(disk_facts(use)) if arguments.json else words)
    return 0
