"""`woz restore`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import progress
from ui.cli.new import add_database
from ui.cli.project_copy import facts_of, words_of
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    backup = "a folder that woz backup made, or a file project.sqlite.backup-… of before a new version"
    parser.add_argument("backup", type=Path, help=backup)
    parser.add_argument("to", type=Path, help="a new or empty folder; what is there is never overwritten")
    add_database(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage.copies.transfer import restore

    made = restore(
        arguments.backup.absolute(),
        arguments.to.absolute(),
        arguments.database,
        SystemClock(),
        progress(arguments.json),
    )
    print(json.dumps(facts_of(made)) if arguments.json else words_of(made))
    return 0
