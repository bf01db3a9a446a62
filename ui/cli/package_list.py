"""`woz package list`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.packages import package_facts, package_words

    clock = SystemClock()
    with Project.open(arguments.project, clock) as project:
        found = project.packages.all()
    if arguments.json:
        print(json.dumps([package_facts(each) for each in found]))
        return 0
    for each in found:
        print("\n".join([package_words(each, clock.utc_ns()), *(f"    {text}" for text in each.holds)]))
    if not found:
        print("No package was made yet.")
    return 0
