"""`woz questions propose`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_sessions
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import nanoseconds


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; all where it is left out"
    )
    parser.add_argument(
        "--clip", type=float, metavar="S", help="the clips' length in seconds: 5, 15, 30, or any other"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.questions import propose_questions

    if arguments.clip is not None and not 0 < arguments.clip <= 3600:
        raise WozError("A clip is longer than 0 s and at most an hour; give --clip 5, say.")
    clip_ns = None if arguments.clip is None else nanoseconds(arguments.clip)
    clock = SystemClock()
    with Project.open(arguments.project, clock) as project:
        sessions = chosen_sessions(project, arguments.session, not arguments.session)
        done = propose_questions(project, sessions, clock, clip_ns)
    if arguments.json:
        print(json.dumps(asdict(done)))
    elif not done.questions:
        print("No transcript of this project asks anything that is answered; transcribe a session first.")
    else:
        kinds = ", ".join(f"{count} {kind}" for kind, count in done.kinds.items())
        print(f"{done.questions} question sets ({kinds}); {done.changed} were made or changed.")
        print(f"{done.short} have too few wrong answers: add some by hand, or let a model propose them.")
    return 0
