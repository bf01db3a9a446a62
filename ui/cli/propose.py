"""`woz propose`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session, pair_of, progress
from woz.base.clock import SystemClock
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project


def options(parser: argparse.ArgumentParser) -> None:
    from woz.annotation.proposals.known import proposers

    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument("--by", metavar="NAME", help=f"who proposes: {', '.join(proposers())}")
    parser.add_argument("--scheme", default="", help="the scheme that is proposed for, by its id or name")
    parser.add_argument("--tier-type", default="", metavar="KEY", help="the scheme's first where it is left out")
    parser.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="for the proposer; may be given again"
    )
    parser.add_argument("--send", action="store_true", help="send pictures to a model on another computer")
    parser.add_argument("--outcomes", action="store_true", help="what became of all proposals of the project")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project

    if not (arguments.by or arguments.outcomes):
        raise WozError("Say who proposes with --by, or ask what became of proposals with --outcomes.")
    with Project.open(arguments.project, SystemClock()) as project:
        return _outcomes(project, arguments.json) if arguments.outcomes else _draft(project, arguments)


def _draft(project: Project, arguments: argparse.Namespace) -> int:
    from woz.lab.proposing import Drafting, draft

    tell = progress(arguments.json)

    def go_on(part: float) -> bool:
        tell(round(100 * part), arguments.by)
        return True

    options = dict(pair_of(text) for text in arguments.option)
    drafting = Drafting(arguments.by, arguments.scheme, arguments.tier_type, options, send=arguments.send)
    done = draft(project, chosen_session(project, arguments.session), drafting, SystemClock(), go_on)
    count = f"{done.proposals} proposal{'' if done.proposals == 1 else 's'}"
    used = "".join(f"; {name} = {value}" for name, value in done.options.items())
    print(json.dumps(asdict(done)) if arguments.json else f"{count} by {done.by} in the tier {done.tier}{used}")
    return 0


def _outcomes(project: Project, as_json: bool) -> int:
    from woz.lab.proposing import outcomes_of

    found = outcomes_of(project)
    if as_json:
        print(json.dumps({by: asdict(each) for by, each in found.items()}))
        return 0
    for by, each in found.items():
        print(
            f"{by}: {each.taken} taken as they were, {each.moved} moved, {each.relabelled} relabelled,"
            f" {each.deleted} taken and deleted, {each.refused} refused, {each.open} open"
        )
    if not found:
        print("Nothing was proposed yet.")
    return 0
