"""`woz batch go`."""

from __future__ import annotations

import argparse
import json
import signal
from dataclasses import asdict

from ui.application.answers import progress, quiet, say
from ui.cli import batch_plan
from ui.cli.batch_collect import damaged_words
from ui.cli.batch_where import where_of, where_options
from woz.base.clock import SystemClock
from woz.base.commands import quoted


def options(parser: argparse.ArgumentParser) -> None:
    batch_plan.options(parser)
    where_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """What was done is taken in also where something failed."""
    from storage import Project
    from woz.batch.collecting import collect
    from woz.batch.running import run as run_ledger

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    clock, tell = SystemClock(), quiet if arguments.json else say
    with Project.open(arguments.project, clock) as project:
        ledger = batch_plan.planned(project, arguments)
        for words in ledger.about().passed_over:
            tell(f"passed over: {words}")
        ran = run_ledger(ledger, where_of(arguments), clock, tell, progress(arguments.json))
        collected = collect(project, ledger, clock)
        damaged = ledger.about().damaged
    if arguments.json:
        facts = {**asdict(ran), "collected": asdict(collected), "damaged": damaged}
        print(json.dumps({"run": str(ledger.path.resolve()), **facts}))
    else:
        told = f"{ran.done} done, {ran.failed} failed; {ran.before} were done or had failed before."
        print("\n".join(filter(None, [collected.words, told, str(ledger.path)])))
        if ran.failed:
            run_folder = quoted(ledger.path)
            print(f"woz batch status {run_folder} says why; woz batch retry {run_folder} has them tried again.")
        for one in collected.damaged:
            print(damaged_words(one))
        for words in damaged:
            print(f"not planned: {words}")
    return 1 if ran.failed or damaged or collected.damaged else 0
