"""`woz import session`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import pair_of, progress
from ui.cli.session_given import project_of, refuse_what_is_no_session
from woz.base.clock import SystemClock
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project that it comes into")
    parser.add_argument("folder", type=Path, help="the session's folder in its project, sessions/ID")
    parser.add_argument(
        "--from", dest="other", type=Path, metavar="PROJECT", help="its project, where the folder doesn't lie in it"
    )
    named = "who has this pseudonym there, and which they have here; where it is somebody's, both are one person"
    parser.add_argument("--person", action="append", default=[], metavar="P01=P31", help=named)
    parser.add_argument(
        "--annotator", action="append", default=[], metavar="A01=A07", help="the same of annotators"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from storage.copies.lending import lent
    from storage.copies.session_copy import copy_session
    from storage.copies.session_people import Named
    from woz.model.ids import SessionId

    refuse_what_is_no_session(arguments.project, arguments.folder)
    folder = arguments.folder.absolute()
    other = arguments.other or project_of(folder)
    named = Named(_named(arguments.person), _named(arguments.annotator))
    with lent(other, SystemClock()) as source, Project.open(arguments.project, SystemClock()) as target:
        files = folder if folder.is_dir() else None
        made = copy_session(source, SessionId(folder.name), target, named, progress(arguments.json), files)
    if arguments.json:
        print(json.dumps(asdict(made)))
        return 0
    print(
        f"{made.session_id} is here: {counted(made.rows, 'row')}, {counted(made.edits, 'edit')} among them, read"
        f" back and the same; {counted(made.files, 'file')} ({made.bytes / 1e6:.1f} MB), their hashes checked."
    )
    if made.people:
        print(f"New here: {', '.join(made.people)}.")
    for each in made.told:
        print(each)
    return 0


def _named(pairs: Sequence[str]) -> dict[str, str]:
    return dict(map(pair_of, pairs))
