"""`woz questions translate`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_sessions, progress
from ui.cli.model_endpoint import endpoint_of, endpoint_options, tell_lacking
from woz.base.clock import SystemClock


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
    tell_lacking(done, endpoint)
    if arguments.json:
        print(json.dumps(asdict(done)))
    elif not done.asked and not done.stayed:
        print("Every question set is in English, or has an English text.")
    else:
        print(
            f"{arguments.model} was asked about {done.asked} question sets; {done.changed} have an English text"
            " now, which a person has to check (E in woz questions review)."
        )
    return 0
