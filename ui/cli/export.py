"""`woz export`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.cli.answers import chosen_session
from woz.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path)
    parser.add_argument("--session")
    parser.add_argument("--out", type=Path, default=Path("exports"))
    parser.add_argument("--formats", help="some of the formats, with commas between")
    parser.add_argument("--overwrite", action="store_true")
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from ui.exporting import export_all
    from woz.dataset.export import FORMATS

    names = arguments.formats.split(",") if arguments.formats else tuple(FORMATS)
    with Project.open(arguments.project, SystemClock()) as project:
        session = chosen_session(project, arguments.session)
        files = export_all(project, session, arguments.out.absolute(), names, arguments.overwrite)
    print(json.dumps([str(f) for f in files]) if arguments.json else "\n".join(str(f) for f in files))
    return 0
