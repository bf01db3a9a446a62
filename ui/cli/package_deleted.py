"""`woz package deleted`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock
from woz.model.ids import PackageId


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("package", help="its id, as woz package list has it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.packages import package_facts, package_words

    clock = SystemClock()
    with Project.open(arguments.project, clock) as project:
        packages = project.whole().packages
        package = packages.get(PackageId(arguments.package))
        packages.note_deleted(package.id, clock.utc_ns())
        noted = packages.get(package.id)
    print(json.dumps(package_facts(noted)) if arguments.json else package_words(noted, clock.utc_ns()))
    return 0
