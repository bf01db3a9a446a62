"""`woz release next`: the next version of releases, as their manifests say that they were built."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import progress
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("release", type=Path, nargs="+", help="folders of releases; of each name the newest counts")
    parser.add_argument("--into", type=Path, required=True, metavar="DIR", help="the folder that gets the new ones")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from ui.reports.withdrawal_words import rebuilt_words
    from woz.lab.next_versions import next_versions, rebuilt

    show = progress(arguments.json)
    with Project.open(arguments.project, clock := SystemClock()) as project:
        versions = next_versions(project, arguments.release, arguments.into)
        found = list(rebuilt(project, versions, clock, lambda what: show(0, what)))
    if arguments.json:
        print(json.dumps({"releases": [asdict(each) for each in found]}))
    else:
        print("\n".join(rebuilt_words(found)))
    return 1 if any(each.why for each in found) else 0
