"""Where a run's workers are, among the arguments of a command."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ui.cli.amounts import gigabytes, some

if TYPE_CHECKING:
    from woz.batch.cluster.places import Where


def where_options(parser: argparse.ArgumentParser) -> None:
    what = "tcp://HOST:PORT of a Dask scheduler, or slurm[:PROFILE]; this machine if left out"
    parser.add_argument("--on", metavar="WHERE", help=what)
    parser.add_argument("--workers", type=some, metavar="N", help="processes; here one a GPU, or one a core")
    parser.add_argument("--memory", type=gigabytes, metavar="GB", help="the most that a worker may take")
    what = "a GPU a worker, for a proposer's model or a converter of voices that runs on one"
    parser.add_argument("--gpu", action="store_true", help=what)
    what = "with --on slurm: send nothing, wait for workers that somebody else starts by the script"
    parser.add_argument("--no-submit", action="store_true", help=what)


def where_of(arguments: argparse.Namespace) -> Where:
    from woz.batch.cluster.places import Where

    return Where(arguments.on, arguments.workers, arguments.memory, not arguments.no_submit, arguments.gpu)
