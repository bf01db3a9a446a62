"""`woz scheme import`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ui.application.schemes import named_scheme
from woz.base.clock import SystemClock
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("file", help="the scheme's file, or the name of one of woz's")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    parser.add_argument("--keep-tiers", action="store_true", help="leave tiers in the version that they are in")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from storage.project import filled_or_unmade
    from woz.lab.scheme_words import moved_words, planned_facts, planned_words
    from woz.lab.schemes import move_on, planned, take_in_scheme

    scheme = named_scheme(arguments.file)
    opened = Project.open if arguments.dry_run else filled_or_unmade
    with opened(arguments.project, SystemClock()) as project:
        plan = planned(project, scheme)
        if not arguments.json:
            print("\n".join(planned_words(plan)))
        doing = plan.new and not arguments.dry_run
        doing = doing and (arguments.yes or not plan.affects or _agreed(arguments.json))
        moved = []
        if doing:
            kept = take_in_scheme(project, scheme)
            moved = [] if arguments.keep_tiers else move_on(project, kept)
    if arguments.json:
        sessions = [{"session": m.session_id, "edit": m.edit_id, "why_not": m.why_not} for m in moved]
        print(json.dumps({**planned_facts(plan), "taken_in": doing, "moved": sessions}))
    elif doing:
        print("\n".join(["It is in.", *map(moved_words, moved)]))
    return 0


def _agreed(silent: bool) -> bool:
    """Raises WozError where nobody is there to be asked."""
    if silent or not sys.stdin.isatty():
        raise WozError("Annotations are concerned; say --yes to go on, or --dry-run to be told only.")
    return input("Go on? [y/N] ").strip().casefold() in ("y", "yes")
