"""`woz check`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.cli.answers import chosen_session, progress
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; all where it is left out")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with plots, to be archived")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.recording.folder import SessionFolder
    from woz.recording.verification import check

    with Project.open(arguments.project, SystemClock()) as project:
        ids = (
            [chosen_session(project, arguments.session)]
            if arguments.session
            else [s.id for s in project.sessions.all()]
        )
        tell, reports = progress(arguments.json or len(ids) == 1), []
        for number, i in enumerate(ids):
            tell(number * 100 // len(ids), f"{i}, session {number + 1} of {len(ids)}")
            reports.append(check(SessionFolder.open(project.session_dir(i))))
    if arguments.html:
        from ui.check_page import write_page

        write_page(arguments.html, reports, SystemClock().utc_ns())
    if arguments.json:
        print(json.dumps([asdict(report) for report in reports]))
    else:
        from ui.reporting import report_words

        print("\n\n".join(report_words(report) for report in reports) or "This project has no session yet.")
    return 0
