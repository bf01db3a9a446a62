"""`woz project drift`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--offset",
        type=float,
        metavar="SECONDS",
        help="starts, and ends, may lie so far from the others', in the median",
    )
    parser.add_argument(
        "--other-label", type=float, metavar="OF_100", help="of 100 pairs so many may have another label"
    )
    parser.add_argument("--pairs", type=int, metavar="NUMBER", help="nothing is told of fewer pairs than these")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.clock import SystemClock
    from woz.lab.drift_agreed import agree_on_drift, limits_facts, limits_words

    share = None if arguments.other_label is None else arguments.other_label / 100
    asked = (arguments.offset, share, arguments.pairs)
    with Project.open(arguments.project, SystemClock()) as project:
        told = any(each is not None for each in asked)
        limits = agree_on_drift(project, *asked) if told else project.keeping.drift_limits()
    print(json.dumps(limits_facts(limits)) if arguments.json else limits_words(limits))
    return 0
