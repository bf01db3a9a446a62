"""`woz questions translate`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_sessions, progress
from ui.cli.model_endpoint import endpoint_of, endpoint_options, tell_lacking
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.counts import counted

NOTHING = "There is no question set to translate; woz questions propose PROJECT proposes some."


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; all where it is left out"
    )
    parser.add_argument("--anew", action="store_true", help="also what is there in English and nobody has checked")
    endpoint_options(parser, required=True)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.model_questions import translate_questions
    from woz.lab.questions import questions_of

    endpoint, clock, show = endpoint_of(arguments), SystemClock(), progress(arguments.json)
    with Project.open(arguments.project, clock) as project:
        sessions = chosen_sessions(project, arguments.session, not arguments.session)
        done = translate_questions(
            project,
            sessions,
            endpoint,
            clock,
            arguments.send,
            arguments.anew,
            lambda n, of: show(100 * n // of, f"question {n} of {of}"),
        )
        some = any(questions_of(project, each) for each in sessions)
    tell_lacking(done, endpoint)
    if arguments.json:
        print(json.dumps(asdict(done)))
    elif not some:
        print(with_project(NOTHING, arguments.project))
    elif not done.asked and not done.stayed:
        print("Every question set is in English, or has an English text, or is discarded.")
    else:
        asked, have = counted(done.asked, "question set"), counted(done.changed, "has", "have")
        check = "which a person has to check (E in woz questions review PROJECT)"
        told = f"{arguments.model} was asked about {asked}; {have} an English text now, {check}."
        print(with_project(told, arguments.project))
    return 0
