"""`woz adjudicate`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import nanoseconds

if TYPE_CHECKING:
    from storage import Project


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument("--tier-type", default="", metavar="KEY", help="the type of tiers that are adjudicated")
    add_pseudonym(parser, "--annotator", "annotator", "who adjudicates (it is asked for)")
    parser.add_argument(
        "--at", type=float, default=0.0, metavar="SECONDS", help="begin at this time of the session"
    )
    parser.add_argument(
        "--tolerance", type=float, default=0.5, metavar="SECONDS", help="boundaries this near agree (0.5)"
    )
    parser.add_argument("--changes", action="store_true", help="what adjudication changed of this annotator's")
    parser.add_argument("--json", action="store_true", help="how far it is, in JSON, without a window")
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")


def run(arguments: argparse.Namespace) -> int:
    if not arguments.changes and not arguments.tier_type:
        raise WozError("Say the tiers of which type are adjudicated, with --tier-type KEY.")
    if (arguments.changes or arguments.json or arguments.shot) and not arguments.annotator:
        raise WozError("Say who asks, with --annotator PSEUDONYM.")
    tolerance_ns = nanoseconds(arguments.tolerance)
    if not (arguments.changes or arguments.json):
        return _window(arguments, tolerance_ns)
    from storage import Project

    with Project.open(arguments.project, SystemClock()) as project:
        tell = _tell_changes if arguments.changes else _tell_state
        tell(project, arguments, tolerance_ns)
    return 0


def _window(arguments: argparse.Namespace, tolerance_ns: int) -> int:
    from ui.application.opening import opening

    with opening("Opening the adjudication", arguments.theme, hidden=arguments.shot is not None):
        from storage import Project
        from ui.adjudication.run import run_adjudication

        with Project.open(arguments.project, SystemClock()) as project:
            session_id = chosen_session(project, arguments.session)
        chosen = arguments.tier_type, arguments.annotator, tolerance_ns, arguments.theme, arguments.shot
        return run_adjudication(arguments.project, session_id, *chosen, nanoseconds(arguments.at))


def _tell_state(project: Project, arguments: argparse.Namespace, tolerance_ns: int) -> None:
    from woz.lab.adjudicating import looked_at, table_facts
    from woz.lab.annotators import annotator_named

    person = annotator_named(project, arguments.annotator)
    session_id = chosen_session(project, arguments.session)
    found = looked_at(project, session_id, arguments.tier_type, person, SystemClock(), tolerance_ns)
    print(json.dumps(table_facts(project.seen_by(person.id), found)))


def _tell_changes(project: Project, arguments: argparse.Namespace, tolerance_ns: int) -> None:
    from dataclasses import asdict

    from woz.lab.adjudicated import changes_of, changes_words
    from woz.lab.annotators import annotator_named

    lines = changes_of(project, annotator_named(project, arguments.annotator), tolerance_ns)
    if arguments.json:
        print(json.dumps({"changes": [asdict(line) for line in lines]}))
    else:
        print("\n".join(changes_words(project, lines)) or "Nothing of yours was changed.")
