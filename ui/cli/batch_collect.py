"""`woz batch collect`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="RUN", type=Path, help="the run's folder")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.batch.collecting import collect
    from woz.batch.ledger import Ledger

    ledger = Ledger.open(arguments.folder)
    with Project.open(Path(ledger.about().project), SystemClock()) as project:
        collected = collect(project, ledger, SystemClock())
    if arguments.json:
        print(json.dumps(asdict(collected)))
        return 1 if collected.damaged else 0
    print(collected.words or "Nothing new to collect.")
    if collected.missing:
        print(f"{counted(collected.missing, 'item is', 'items are')} not done yet.")
    for one in collected.damaged:
        print(damaged_words(one))
    return 1 if collected.damaged else 0


def damaged_words(item: str) -> str:
    return f"{item}: its files are not what was written; it waits to be done again."
