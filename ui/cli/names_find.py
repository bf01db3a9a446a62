"""`woz names find`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_sessions
from woz.base.counts import counted

KEYS = (
    "Nothing replaces a name in a key, an id or a pseudonym, and what holds one is not to leave the lab. Give a"
    " label another key in a new version of its scheme, an annotator another pseudonym (woz annotators rename), or"
    " say by woz names review --keep that a form is no name."
)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--session", action="append", default=[], help="its id; all where left out")
    what = "search what is to leave the lab instead: texts, films' tags, archives and files' names in this folder"
    where.add_argument("--folder", type=Path, metavar="DIR", help=what)
    what = (
        "also ask a recogniser: spacy (extra names), or one that a package brings; what it finds is judged with"
        " woz names review"
    )
    parser.add_argument("--recogniser", metavar="NAME", help=what)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.clock import SystemClock
    from woz.lab.exporting import export_bundle
    from woz.lab.naming import Proposed, occurrences, propose
    from woz.lab.seeing_all import demand_seeing_all
    from woz.privacy.names.recognising import recogniser
    from woz.transcription.models import models_folder

    if arguments.folder:
        return _in_folder(arguments)
    recognise = recogniser(arguments.recogniser, models_folder()) if arguments.recogniser else None
    with Project.open(arguments.project, SystemClock()) as project:
        sessions = chosen_sessions(project, arguments.session, not arguments.session)
        demand_seeing_all(project, sessions, "a search for names")
        bundles = [export_bundle(project, each) for each in sessions]
        proposed = propose(project, bundles, recognise) if recognise else Proposed(0, {})
        names = project.names.all()
    found = list(occurrences(bundles, names))
    if arguments.json:
        told = {
            "found": [asdict(each) for each in found],
            "proposed": proposed.new,
            "unsearched": proposed.unsearched,
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for each in found:
        state = "" if each.decided else f"  ({each.likeness:.2f}, not judged)" if each.name else "  (proposed)"
        key = "  (a key, and stays)" if each.stays else ""
        print(f"{each.session:16} {each.form:20} {each.name:20} … {each.context} …{state}{key}")
    for session, why in proposed.unsearched.items():
        print(f"{session} was not searched by the recogniser: {why}")
    places, searched = counted(len(found), "place"), counted(len(sessions), "session")
    print(f"{places} in {searched}, by a list of {counted(len(names.names), 'name')}.")
    if any(each.stays for each in found):
        print(KEYS)
    return 0


def _in_folder(arguments: argparse.Namespace) -> int:
    """1 where a name stands in it."""
    from storage import Project
    from woz.base.clock import SystemClock
    from woz.base.errors import WozError
    from woz.lab.naming import told_of

    if arguments.recogniser:
        raise WozError("A folder is searched by the project's own list alone; leave out --recogniser.")
    if not arguments.folder.is_dir():
        raise WozError(f"There is no folder {arguments.folder}.")
    with Project.open(arguments.project, SystemClock()) as project:
        found, closed = told_of(project, arguments.folder)
    if arguments.json:
        print(json.dumps({"leaks": found, "not_looked_into": closed}))
        return 1 if found else 0
    for sentence in [*found, *([closed] if closed else [])]:
        print(f"woz: {sentence}", file=sys.stderr)
    if not found:
        print(f"No name of the list stands in {arguments.folder}, as far as it was looked into.")
    return 1 if found else 0
