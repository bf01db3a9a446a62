"""`woz progress`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--annotator", default="", metavar="PSEUDONYM", help="of one person alone")
    parser.add_argument(
        "--plan", type=float, metavar="HOURS", help="so many hours are to be recorded; 0 for no plan"
    )
    parser.add_argument("--until", default="", metavar="MONTH", help="by the end of this month, as 2027-03")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="the same as a table")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.own_figures import figures_asked
    from woz.lab.progress import plan_hours, progress_csv, progress_facts, progress_of, progress_words

    if arguments.until and arguments.plan is None:
        raise WozError("Say how many hours are to be recorded until then, with --plan HOURS.")
    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.plan == 0:
            project.keeping.plan(None)
        elif arguments.plan is not None:
            plan_hours(project, arguments.plan, arguments.until)
        found = progress_of(project, figures_asked(project, arguments.annotator))
    if arguments.csv:
        try:
            arguments.csv.write_text(progress_csv(found), encoding="utf-8")
        except OSError as error:
            raise WozError(f"{arguments.csv} can't be written ({error.strerror}); choose another.") from error
    print(json.dumps(progress_facts(found), ensure_ascii=False) if arguments.json else progress_words(found))
    return 0
