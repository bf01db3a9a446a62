"""`woz scheme export`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.schemes import write_new
from woz.base.clock import SystemClock
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("name", help="the scheme's name or id")
    parser.add_argument("--version", dest="number", type=int, help="which version; the newest where it is left out")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to; printed where it is left out")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs; needs --out")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.schemes import scheme_named
    from woz.schemes.writing import scheme_to_text

    if arguments.json and not arguments.out:
        raise WozError("Say where the file goes, with --out FILE, to be answered in JSON.")
    with Project.open(arguments.project, SystemClock()) as project:
        scheme = scheme_named(project, arguments.name)
        if arguments.number is not None:
            scheme = project.schemes.get(scheme.id, arguments.number)
    if not arguments.out:
        print(scheme_to_text(scheme), end="")
        return 0
    write_new(arguments.out, scheme_to_text(scheme))
    if arguments.json:
        print(json.dumps({"file": str(arguments.out), "scheme": scheme.id, "version": scheme.version}))
    return 0
