"""`woz history`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import as_seen_by, chosen_session
from woz.base.clock import SystemClock
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument("--item", default="", help="of one item: its id")
    parser.add_argument(
        "--take-back", type=int, metavar="VERSION", help="take back this edit, for --item alone if given"
    )
    parser.add_argument("--annotator", default="", metavar="PSEUDONYM", help="who takes it back")
    parser.add_argument("--why", default="", help="why, for those who read the history later")
    parser.add_argument("--as", dest="viewer", default="", metavar="PSEUDONYM", help="what this annotator may see")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.annotators import annotator_named
    from woz.lab.histories import entry_facts, entry_words, session_history
    from woz.lab.item_names import names_in

    item = arguments.item
    with Project.open(arguments.project, SystemClock()) as project:
        session_id = chosen_session(project, arguments.session)
        if arguments.take_back is not None:
            if not arguments.annotator:
                raise WozError("Say who takes it back, with --annotator PSEUDONYM.")
            by = annotator_named(project, arguments.annotator)
            project.annotations.take_back(session_id, by.id, arguments.take_back, item, arguments.why)
        entries = session_history(as_seen_by(project, arguments.viewer), session_id, item)
        names = names_in(project, [entry.edit for entry in entries])
    if arguments.json:
        print(json.dumps({"session": session_id, "edits": [entry_facts(entry, item) for entry in entries]}))
    else:
        words = [entry_words(entry, names, item) for entry in entries]
        print("\n".join(words or [f"Nothing of {session_id} was changed yet."]))
    return 0
