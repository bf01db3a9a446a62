"""`woz project copy`, and how a copy is told."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import progress
from ui.cli.new import add_database
from woz.base.clock import SystemClock
from woz.base.counts import counted

if TYPE_CHECKING:
    from storage.copies.transfer import Transfer


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project to copy")
    parser.add_argument("to", type=Path, help="a new or empty folder")
    add_database(parser)
    parser.add_argument(
        "--media", action="store_true", help="copy all recordings, too; else they stay where they are"
    )
    parser.add_argument("--move", action="store_true", help="the first one is kept, but refuses to be opened")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage.copies.transfer import copy_project

    made = copy_project(
        arguments.project,
        arguments.to.absolute(),
        arguments.database,
        arguments.media,
        SystemClock(),
        progress(arguments.json),
        arguments.move,
    )
    print(json.dumps(facts_of(made)) if arguments.json else words_of(made))
    return 0


def facts_of(made: Transfer) -> dict[str, object]:
    return {**asdict(made), "folder": str(made.folder), "rows": made.rows}


def words_of(made: Transfer) -> str:
    files = f", with {counted(made.files, 'file')} of recordings ({made.bytes / 1e9:.2f} GB)" if made.files else ""
    lines = [f"{session} is being recorded; its files are left out." for session in made.left_out]
    lines.append(
        f"The project is in {made.folder}, its rows in {made.database}{files}. All {len(made.tables)} tables with"
        f" {counted(made.rows, 'row')} were read back and are the same."
    )
    return "\n".join(lines)
