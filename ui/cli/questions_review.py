"""`woz questions review`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ui.cli.model_endpoint import endpoint_of, endpoint_options
from ui.cli.pseudonyms import add_pseudonym
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    add_pseudonym(parser, "--annotator", "annotator", "who judges (it is asked for)")
    parser.add_argument(
        "--task",
        choices=("text", "grounding", "curate"),
        default="text",
        help="the words; what the clip shows; or what others disagree on, for a curator (text)",
    )
    parser.add_argument(
        "--session", default="", metavar="ID", help="this session's question sets only; not for a curator"
    )
    endpoint_options(parser)
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")


def run(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    if arguments.task == "curate" and (arguments.session or arguments.endpoint):
        raise WozError("A curator settles what is disputed of all sessions; leave --session and --endpoint out.")
    endpoint = endpoint_of(arguments) if arguments.endpoint else None
    with opening("Opening the questions", arguments.theme, hidden=arguments.shot is not None):
        from ui.questions.run import Choices, run_review

        who, what = arguments.annotator, arguments.task
        choices = Choices(who, what, arguments.session, endpoint, arguments.send)
        return run_review(arguments.project, choices, arguments.theme, arguments.shot)
