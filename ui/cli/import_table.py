"""`woz import table`."""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import progress, quiet, say
from woz.base.clock import SystemClock
from woz.base.new_file import new_file

if TYPE_CHECKING:
    from storage import Project
    from woz.lab.table_import import RowResult

WORDS = {"new": "to be imported", "imported": "imported", "there": "there already", "faulty": "with a fault"}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("table", type=Path, help="a CSV file with a header and a row for each session")
    parser.add_argument("--template", action="store_true", help="write such a table to fill in, and import nothing")
    parser.add_argument("--dry-run", action="store_true", help="tell what would come in, and what is wrong")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    if arguments.template:
        return _write_template(arguments.table, arguments.json)
    found = []
    for result in _results(arguments):
        found.append(result)
        if not arguments.json:
            say(_words(result))
    counts = Counter(str(result.state) for result in found)
    if arguments.json:
        print(json.dumps({"rows": [asdict(each) for each in found], **{state: counts[state] for state in WORDS}}))
    else:
        print(", ".join(f"{counts[state]} {words}" for state, words in WORDS.items() if counts[state]) + ".")
    return int(counts["faulty"] > 0)


def _results(arguments: argparse.Namespace) -> Iterator[RowResult]:
    from storage.project import open_or_make
    from woz.lab.session_table import read_table
    from woz.lab.table_import import import_rows, look_through

    rows = read_table(arguments.table)
    tell, told = progress(arguments.json), quiet if arguments.json else say
    if arguments.dry_run:
        with _as_it_is(arguments.project) as project:
            yield from look_through(project, rows, tell)
        return
    with open_or_make(arguments.project, SystemClock()) as project:
        yield from import_rows(project, rows, tell, told)


@contextlib.contextmanager
def _as_it_is(path: Path) -> Iterator[Project]:
    """Left as it is. Where there is no project yet none is made: an empty one elsewhere stands for it."""
    from storage import Project
    from storage.copies.lending import lent

    if Project.is_project(path) or (path.is_dir() and any(path.iterdir())):
        with lent(path, SystemClock()) as project:
            yield project
        return
    with (
        tempfile.TemporaryDirectory(prefix="woz-") as folder,
        Project.create(Path(folder) / "new", "new", SystemClock()) as project,
    ):
        yield project


def _words(result: RowResult) -> str:
    told = " ".join(filter(None, (f"{WORDS[result.state]}", result.session_id)))
    return f"row {result.row}  {result.view or '–'}: {told}" + (f". {result.said}" if result.said else "")


def _write_template(path: Path, as_json: bool) -> int:
    from woz.lab.session_table import COLUMNS, template_lines

    with new_file(path, encoding="utf-8-sig", newline="") as file:
        file.writelines(template_lines())
    told = f"{path} is to be filled in: a row for each session; rows that begin with # are passed over."
    print(json.dumps({"template": str(path), "columns": COLUMNS}) if as_json else told)
    return 0
