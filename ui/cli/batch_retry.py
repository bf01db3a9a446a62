"""`woz batch retry`."""

from __future__ import annotations

import argparse
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="RUN", type=Path, help="the run's folder")
    parser.add_argument("--dry-run", action="store_true", help="only say which")


def run(arguments: argparse.Namespace) -> int:
    from woz.batch.ledger import Ledger
    from woz.batch.running import retried

    ids = retried(Ledger.open(arguments.folder), SystemClock(), arguments.dry_run)
    for one in ids:
        print(one)
    if not ids:
        print("Nothing failed.")
    elif arguments.dry_run:
        print(f"{len(ids)} would be tried again.")
    else:
        print(f"{counted(len(ids), 'item waits', 'items wait')} again: woz batch run {quoted(arguments.folder)}")
    return 0
