"""`woz procedure export`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    from woz.procedures.formats import FORMATS

    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the procedures' names or ids (all)")
    parser.add_argument("--format", default="", choices=FORMATS, help="as the ending of --out says, else yaml")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to; printed where it is left out")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs; needs --out")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.errors import WozError
    from woz.lab.procedures import procedure_named, written

    if arguments.json and not arguments.out:
        raise WozError("Say where the file goes, with --out FILE, to be answered in JSON.")
    with Project.open(arguments.project, SystemClock()) as project:
        names = arguments.names or [each.id for each in project.procedures.all()]
        made = written([procedure_named(project, name) for name in names], arguments.format, arguments.out)
    lost = f"The format {made.form} can't hold {', '.join(made.lost)}; that was left out." if made.lost else ""
    if arguments.out:
        try:
            arguments.out.write_text(made.text, encoding="utf-8")
        except OSError as error:
            raise WozError(f"{arguments.out} can't be written ({error.strerror}); choose another place.") from error
    else:
        print(made.text, end="")
    if lost:
        print(lost, file=sys.stderr)
    if arguments.json:
        print(json.dumps({"file": str(arguments.out), "format": made.form, "lost": list(made.lost)}))
    return 0
