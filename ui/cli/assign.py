"""`woz assign`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import as_seen_by, chosen_sessions
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import nanoseconds
from woz.model.annotator import BlindTo
from woz.model.assignment import Part

if TYPE_CHECKING:
    from storage import Project
    from woz.lab.assigning import Answered, Order

NOTHING = "nothing"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("whose", nargs="?", default="", metavar="PSEUDONYM", help="who gets work; listed without")
    parser.add_argument(
        "--tier-type", default="", metavar="KEY", help="of which tier type, as steps or scheme/steps"
    )
    parser.add_argument("--part", choices=[str(part) for part in Part], default="first", help="as what (first)")
    parser.add_argument("--session", action="append", default=[], metavar="ID", help="in which; may be repeated")
    parser.add_argument("--all", action="store_true", help="in all sessions")
    parser.add_argument(
        "--window", action="append", default=[], metavar="FROM-TO", help="a part of it, in seconds; may be repeated"
    )
    parser.add_argument("--share", type=float, metavar="PERCENT", help="so much of each session, drawn in windows")
    parser.add_argument("--seed", type=int, default=0, help="draws the same again (0)")
    parser.add_argument(
        "--window-length", type=float, default=120, metavar="SECONDS", help="of drawn windows (120)"
    )
    parser.add_argument(
        "--blind", choices=[*map(str, BlindTo), NOTHING], help="whose work they don't see meanwhile (as usual)"
    )
    parser.add_argument("--annotator", default="", metavar="PSEUDONYM", help="who assigns")
    parser.add_argument("--take-back", default="", metavar="ID", help="this assignment no longer holds")
    parser.add_argument("--dry-run", action="store_true", help="say what would be assigned, and change nothing")
    parser.add_argument("--as", dest="viewer", default="", metavar="PSEUDONYM", help="what this annotator may see")
    parser.add_argument("--open", action="store_true", help="all this in a window, as --annotator")
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    if arguments.open:
        return _open(arguments)
    from storage import Project
    from woz.lab.own_figures import counted_of
    from woz.lab.workload import work_facts, work_words, workload

    with Project.open(arguments.project, SystemClock()) as project:
        answers: list[Answered] = []
        if arguments.take_back:
            _take_back(project, arguments)
        elif arguments.tier_type:
            answers = _assign(project, arguments)
        only = arguments.whose if not arguments.tier_type and not arguments.take_back else ""
        lines = workload(counted_of(as_seen_by(project, arguments.viewer)), None, only)
    refused = [(each.session_id, each.refused) for each in answers if each.refused]
    if arguments.json:
        planned = [_facts(each) for each in answers if each.assignment]
        facts: dict[str, object] = {"work": [work_facts(line) for line in lines], "assigned": planned}
        facts["refused"] = [{"session": session, "why": why} for session, why in refused]
        print(json.dumps(facts))
    else:
        told = [f"{each.session_id}: {_words(each, arguments.dry_run)}" for each in answers]
        print("\n".join(told or map(work_words, lines)) or "Nothing is assigned yet.")
    return 1 if answers and len(refused) == len(answers) else 0


def _open(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    if arguments.shot and not arguments.annotator:
        raise WozError("Say who sits at the window, with --annotator PSEUDONYM.")
    with opening("Opening the work", arguments.theme, hidden=arguments.shot is not None):
        from ui.assignments.run import run_assignments

        return run_assignments(arguments.project, arguments.annotator, arguments.theme, arguments.shot)


def _assign(project: Project, arguments: argparse.Namespace) -> list[Answered]:
    from woz.lab.assigning import assign_all

    if not arguments.whose or not arguments.annotator:
        raise WozError(
            "Say who gets the work and who assigns it: woz assign PROJECT PSEUDONYM --annotator PSEUDONYM."
        )
    sessions = chosen_sessions(project, arguments.session, arguments.all)
    return assign_all(project, sessions, _order(project, arguments), SystemClock(), arguments.dry_run)


def _order(project: Project, arguments: argparse.Namespace) -> Order:
    from woz.annotation.windows import windows_of
    from woz.lab.annotators import annotator_named
    from woz.lab.assigning import Draw, Order

    if arguments.share is not None and arguments.window:
        raise WozError("Windows are drawn or named, not both: leave out --share or --window.")
    if arguments.window_length <= 0:
        raise WozError("A drawn window lasts longer than nothing; give --window-length in seconds.")
    draw = None
    if arguments.share is not None:
        draw = Draw(arguments.share / 100, arguments.seed, nanoseconds(arguments.window_length))
    blind = BlindTo(arguments.blind) if arguments.blind not in (None, NOTHING) else None
    return Order(
        arguments.tier_type,
        annotator_named(project, arguments.whose),
        annotator_named(project, arguments.annotator),
        Part(arguments.part),
        windows_of(arguments.window),
        draw,
        blind,
        see_all=arguments.blind == NOTHING,
    )


def _take_back(project: Project, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import annotator_named
    from woz.lab.assigning import take_back

    if not arguments.annotator:
        raise WozError("Say who takes it back, with --annotator PSEUDONYM.")
    take_back(project, arguments.take_back, annotator_named(project, arguments.annotator))


def _words(answer: Answered, dry_run: bool) -> str:
    from woz.annotation.windows import window_words

    if answer.assignment is None:
        return answer.refused
    return f"{'would be ' if dry_run else ''}assigned, {window_words(answer.assignment.windows)}"


def _facts(answer: Answered) -> dict[str, object]:
    from woz.base.interval import seconds

    made = answer.assignment
    assert made
    windows = [[seconds(each.start_ns), seconds(each.end_ns)] for each in made.windows]
    return {"id": made.id, "session": made.session_id, "tier": made.tier_id, "windows": windows}
