"""`woz batch plan`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import pair_of, progress
from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.counts import counted

if TYPE_CHECKING:
    from storage import Project
    from woz.batch.ledger import Ledger

EVERY_S = 5.0
"""So often it is told how much was read."""


def options(parser: argparse.ArgumentParser) -> None:
    from woz.batch.registry import KINDS

    parser.add_argument("kind", help=f"{', '.join(KINDS)}, or MODULE:CLASS of your own")
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", action="append", default=[], help="may be given again; all if left out")
    parser.add_argument(
        "--set", action="append", default=[], dest="settings", metavar="NAME=VALUE", help="a parameter of the kind"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="the run's folder; PROJECT/runs/… if left out")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.batch.status import status_of

    with Project.open(arguments.project, SystemClock()) as project:
        ledger = planned(project, arguments)
    status = status_of(ledger)
    about = status.about
    if arguments.json:
        from ui.cli.batch_status import facts_of

        print(json.dumps(facts_of(ledger, status)))
        return 1 if about.damaged else 0
    items = f"{counted(about.items, 'item')} of {about.kind}"
    print(f"{ledger.path}\n{items}; done: {status.done}, waiting: {status.waiting}.")
    for words in about.passed_over:
        print(f"passed over: {words}")
    for words in about.damaged:
        print(f"not planned: {words}")
    if status.waiting:
        print(f"woz batch run {quoted(ledger.path)}")
    return 1 if about.damaged else 0


def planned(project: Project, arguments: argparse.Namespace) -> Ledger:
    """As the arguments say. Raises WozError as `woz.batch.planning.plan` does."""
    from woz.batch.planning import plan

    given = dict(pair_of(text) for text in arguments.settings)
    sessions = [project.sessions.get(one).id for one in arguments.session]
    tell = _now_and_then(progress(arguments.json))
    return plan(project, arguments.kind, given, sessions, SystemClock(), arguments.out, tell)


def _now_and_then(tell: Callable[[int, str], None]) -> Callable[[int], None]:
    told_s = time.monotonic()

    def read(size: int) -> None:
        nonlocal told_s
        if time.monotonic() - told_s >= EVERY_S:
            told_s = time.monotonic()
            tell(0, f"reading files for their hashes, {size / 1e9:.1f} GB so far")

    return read
