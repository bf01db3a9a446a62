"""`woz batch`: work over many sessions, on this machine or a cluster."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "go": Verb("plan, run and collect in one", "ui.cli.batch_go"),
    "plan": Verb("list the work of a kind over a project, as a run", "ui.cli.batch_plan"),
    "run": Verb("do what waits in a run, here or on a cluster", "ui.cli.batch_run"),
    "status": Verb("how far a run is, what failed, and what was done with warnings", "ui.cli.batch_status"),
    "retry": Verb("have what failed tried again", "ui.cli.batch_retry"),
    "collect": Verb("bring a run's results into the project, checked", "ui.cli.batch_collect"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
