"""`woz batch run`."""

from __future__ import annotations

import argparse
import json
import signal
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import progress, quiet, say
from ui.cli.batch_where import where_of, where_options
from woz.base.clock import SystemClock
from woz.base.commands import quoted

if TYPE_CHECKING:
    from woz.batch.cluster.places import Where
    from woz.batch.ledger import Ledger


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="RUN", type=Path, help="the run's folder")
    where_options(parser)
    what = "with --on slurm: print the job's script and do nothing"
    parser.add_argument("--print-script", action="store_true", help=what)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.batch.ledger import Ledger
    from woz.batch.running import run as run_ledger

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ledger = Ledger.open(arguments.folder)
    where = where_of(arguments)
    if arguments.print_script:
        return _script(ledger, where)
    tell = quiet if arguments.json else say
    ran = run_ledger(ledger, where, SystemClock(), tell, progress(arguments.json))
    if arguments.json:
        print(json.dumps(asdict(ran)))
    else:
        print(f"{ran.done} done, {ran.failed} failed; {ran.before} were done or had failed before.")
        if ran.failed:
            run_folder = quoted(ledger.path)
            print(f"woz batch status {run_folder} says why; woz batch retry {run_folder} has them tried again.")
    return 1 if ran.failed else 0


def _script(ledger: Ledger, where: Where) -> int:
    from woz.batch.cluster.places import slurm_script
    from woz.batch.registry import uses_gpu

    wants_gpu = where.gpu or uses_gpu(ledger.about())
    print(slurm_script(where, ledger.path, wants_gpu), end="")
    return 0
