"""`woz scheme use`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import chosen_session
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("name", help="the scheme's name or id")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    add_pseudonym(parser, "--annotator", "annotator", "whose tiers they are")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.annotators import annotator_named
    from woz.lab.schemes import begin_tiers, scheme_named

    with Project.open(arguments.project, SystemClock()) as project:
        session_id = chosen_session(project, arguments.session)
        annotator = annotator_named(project, arguments.annotator) if arguments.annotator else None
        made = begin_tiers(project, session_id, scheme_named(project, arguments.name), annotator)
    if arguments.json:
        tiers = [{"id": tier.id, "name": tier.name, "tier_type": tier.tier_type} for tier in made]
        print(json.dumps({"session": session_id, "tiers": tiers}))
    else:
        names = ", ".join(tier.name for tier in made)
        print(f"{session_id} has now: {names}." if made else f"{session_id} has its tiers of that scheme already.")
    return 0
