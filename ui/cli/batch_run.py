"""`woz batch run`."""

from __future__ import annotations

import argparse
import json
import signal
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import quiet, say
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="RUN", type=Path, help="the run's folder")
    parser.add_argument(
        "--on", metavar="WHERE", help="tcp://HOST:PORT of a Dask scheduler; this machine if left out"
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes here; one a GPU, or one a core")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.batch.ledger import Ledger
    from woz.batch.running import run as run_ledger

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ledger = Ledger.open(arguments.folder)
    tell = quiet if arguments.json else say
    ran = run_ledger(ledger, arguments.on, arguments.workers, SystemClock(), tell)
    if arguments.json:
        print(json.dumps(asdict(ran)))
    else:
        print(f"{ran.done} done, {ran.failed} failed; {ran.before} were done or had failed before.")
        if ran.failed:
            print(f"woz batch status {ledger.path} says why; woz batch retry {ledger.path} has them tried again.")
    return 1 if ran.failed else 0
