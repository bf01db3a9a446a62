"""`woz calibrate`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.interval import nanoseconds
from woz.model.ids import SessionId


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("whose", metavar="PSEUDONYM", help="who is measured")
    parser.add_argument("--tier-type", required=True, metavar="KEY", help="on which tier type")
    parser.add_argument("--session", default="", metavar="ID", help="the gold session (all that have a reference)")
    parser.add_argument(
        "--reference",
        default="gold",
        metavar="PSEUDONYM",
        help="whose coding counts as right (gold: the adjudicated)",
    )
    parser.add_argument("--f1", type=float, default=0.8, help="what each label has to reach (0.8)")
    parser.add_argument(
        "--boundary", type=float, default=0.5, metavar="SECONDS", help="how far boundaries may lie apart (0.5)"
    )
    parser.add_argument("--least", type=int, default=3, help="with fewer marks a label isn't judged (3)")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    """1 where they don't pass."""
    from storage import Project
    from woz.lab.calibrating import Gate, calibrate, calibration_facts, calibration_words

    gate = Gate(arguments.f1, nanoseconds(arguments.boundary), arguments.least)
    session = SessionId(arguments.session) if arguments.session else None
    with Project.open(arguments.project, SystemClock()) as project:
        found = calibrate(project, arguments.whose, arguments.tier_type, session, arguments.reference, gate)
    if arguments.json:
        caveat = with_project(found.caveat, arguments.project)
        print(json.dumps({**calibration_facts(found), "caveat": caveat}))
    else:
        print(with_project(calibration_words(found), arguments.project))
    return 0 if found.passed else 1
