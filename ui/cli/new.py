"""`woz new`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="a new or empty folder")
    parser.add_argument("--name", default="", help="its name; the folder's where it is left out")
    add_database(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def add_database(parser: argparse.ArgumentParser) -> None:
    words = (
        "keep the rows on a server, in an empty database: postgresql+psycopg://USER@HOST/DATABASE (docs/storage.md)"
    )
    parser.add_argument("--database", default="", metavar="URL", help=words)


def run(arguments: argparse.Namespace) -> int:
    from storage import Project

    path, clock = arguments.project.absolute(), SystemClock()
    with Project.create(path, arguments.name or path.name, clock, arguments.database) as project:
        facts = {"folder": str(path), "name": project.name, "database": project.database.name}
    words = f"The project {facts['name']} is in {path}; its rows are in {facts['database']}."
    print(json.dumps(facts) if arguments.json else words)
    return 0
