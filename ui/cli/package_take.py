"""`woz package take`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.errors import WozError

EVERY = "all"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("file", type=Path, help="the file that came back")
    parser.add_argument("--by", required=True, metavar="PSEUDONYM", help="who takes it: a manager")
    parser.add_argument("--late", default="", metavar="WORDS", help="why it is taken after its last day")
    parser.add_argument(
        "--returned",
        nargs="+",
        default=[],
        metavar="NR",
        help="edits that hold where both changed the same, or a; all",
    )
    parser.add_argument(
        "--keep", nargs="+", default=[], metavar="NR", help="edits against which the project's own stays; or all"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.package_taking import Choice, take_package, taker_named
    from woz.lab.packages import taken_facts, taken_words

    clock = SystemClock()
    choice = Choice(arguments.late, _numbers(arguments.returned), _numbers(arguments.keep))
    with Project.open(arguments.project, clock) as project:
        taker = taker_named(project, arguments.by)
        done = take_package(project, arguments.file, taker, choice, clock)
    print(json.dumps(taken_facts(done)) if arguments.json else "\n".join(taken_words(done)))
    return 1 if done.open else 0


def _numbers(said: Sequence[str]) -> frozenset[int]:
    """Raises WozError for what is neither a number nor "all"."""
    from woz.lab.package_taking import ALL

    wrong = [text for text in said if text != EVERY and not text.isdecimal()]
    if wrong:
        raise WozError(f"“{wrong[0]}” is no edit's number; name those of the list, or all.")
    return frozenset(ALL if text == EVERY else int(text) for text in said)
