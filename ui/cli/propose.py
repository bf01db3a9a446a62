"""`woz propose`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session, pair_of, progress
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project
    from woz.annotation.proposals.running import GoOn
    from woz.lab.proposing import Drafting


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
    parser.add_argument(
        "--quality",
        action="store_true",
        help="propose nothing, but say how good the proposer is: as stated, and beside what was submitted here",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project

    if not (arguments.by or arguments.outcomes):
        raise WozError("Say who proposes with --by, or ask what became of proposals with --outcomes.")
    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.outcomes:
            return _outcomes(project, arguments.json)
        return _quality(project, arguments) if arguments.quality else _draft(project, arguments)


def _drafting(arguments: argparse.Namespace) -> Drafting:
    from woz.lab.proposing import Drafting

    options = dict(pair_of(text) for text in arguments.option)
    return Drafting(arguments.by, arguments.scheme, arguments.tier_type, options, send=arguments.send)


def _telling(arguments: argparse.Namespace) -> GoOn:
    tell = progress(arguments.json)

    def go_on(part: float) -> bool:
        tell(round(100 * part), arguments.by)
        return True

    return go_on


def _quality(project: Project, arguments: argparse.Namespace) -> int:
    from woz.annotation.proposals.quality import stated_of
    from woz.lab.proposal_quality import try_on_project

    stated, why, tried = stated_of(arguments.by), "", None
    try:
        tried = try_on_project(project, _drafting(arguments), _telling(arguments))
    except WozError as error:
        if not stated:
            raise
        why = str(error)
    if arguments.json:
        told = {"stated": [asdict(each) for each in stated], "here": asdict(tried) if tried else None, "why": why}
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for each in stated:
        print(f"{each.data}: {each.quality.told}. {each.how}")
    if tried:
        of = f"{counted(tried.quality.truths, 'segment')} of {counted(tried.quality.sessions, 'tier')}"
        print(f"Here, {of}: {tried.quality.told}.")
        for session, reason in tried.left_out.items():
            print(f"  without {session}: {reason}")
    else:
        print(why)
    return 0


def _draft(project: Project, arguments: argparse.Namespace) -> int:
    from woz.lab.proposing import draft

    session = chosen_session(project, arguments.session)
    done = draft(project, session, _drafting(arguments), SystemClock(), _telling(arguments))
    count = counted(done.proposals, "proposal")
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
