"""`woz scheme list`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", type=Path, help="the project's folder; those of woz without it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.scheme_words import scheme_facts, scheme_line
    from woz.lab.schemes import newest_schemes
    from woz.schemes.shipped import shipped, shipped_names

    if arguments.project is None:
        found = [shipped(name) for name in shipped_names()]
    else:
        with Project.open(arguments.project, SystemClock()) as project:
            found = newest_schemes(project)
    if arguments.json:
        print(json.dumps({"schemes": [scheme_facts(each) for each in found]}))
    else:
        none = "This project has no scheme yet; take one in with woz scheme import."
        print("\n".join([scheme_line(each) for each in found] or [none]))
    return 0
