"""`woz batch run`."""

from __future__ import annotations

import argparse
import json
import signal
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import quiet, say
from ui.cli.amounts import gigabytes, some
from woz.base.clock import SystemClock

if TYPE_CHECKING:
    from woz.batch.cluster.places import Where
    from woz.batch.ledger import Ledger


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="RUN", type=Path, help="the run's folder")
    parser.add_argument(
        "--on",
        metavar="WHERE",
        help="tcp://HOST:PORT of a Dask scheduler, or slurm[:PROFILE]; this machine if left out",
    )
    parser.add_argument("--workers", type=some, metavar="N", help="processes; here one a GPU, or one a core")
    parser.add_argument("--memory", type=gigabytes, metavar="GB", help="the most that a worker may take")
    what = "with --on slurm: print the job's script and do nothing"
    parser.add_argument("--print-script", action="store_true", help=what)
    what = "with --on slurm: send nothing, wait for workers that somebody else starts by the script"
    parser.add_argument("--no-submit", action="store_true", help=what)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.batch.cluster.places import Where
    from woz.batch.ledger import Ledger
    from woz.batch.running import run as run_ledger

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ledger = Ledger.open(arguments.folder)
    where = Where(arguments.on, arguments.workers, arguments.memory, not arguments.no_submit)
    if arguments.print_script:
        return _script(ledger, where)
    tell = quiet if arguments.json else say
    ran = run_ledger(ledger, where, SystemClock(), tell)
    if arguments.json:
        print(json.dumps(asdict(ran)))
    else:
        print(f"{ran.done} done, {ran.failed} failed; {ran.before} were done or had failed before.")
        if ran.failed:
            print(f"woz batch status {ledger.path} says why; woz batch retry {ledger.path} has them tried again.")
    return 1 if ran.failed else 0


def _script(ledger: Ledger, where: Where) -> int:
    from woz.batch.cluster.places import slurm_script
    from woz.batch.registry import kind_named

    print(slurm_script(where, ledger.path, kind_named(ledger.about().kind).uses_gpu), end="")
    return 0
