"""`woz release tasks`, and what `woz release build` is told of tasks."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from ui.application.answers import pair_of
from woz.base.errors import WozError

if TYPE_CHECKING:
    from woz.dataset.tasks.task import Settings


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON array, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from woz.dataset.tasks.registry import tasks

    found = tasks().values()
    if arguments.json:
        facts = [
            {
                "name": t.name,
                "title": t.title,
                "needs": t.needs,
                "makes": t.makes,
                "source": t.source,
                "scored": t.scored,
            }
            for t in found
        ]
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    for each in found:
        print(f"{each.name}: {each.title}, by {each.source}")
        print(f"    needs   {each.needs}\n    makes   {each.makes}\n    scored  {each.scored}")
    return 0


def add_task_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--task", action="append", default=[], metavar="NAME", help="a task (woz release tasks); may be given again"
    )
    parser.add_argument("--task-rate", type=float, default=15.0, metavar="R", help="labelled frames a second (15)")
    parser.add_argument(
        "--task-pictures", type=float, metavar="R", help="pictures a second of the tasks' whole sessions (none)"
    )
    parser.add_argument("--alpha", type=float, metavar="S", help="Exo2Ego's; the data set's own where left out")
    parser.add_argument("--folds", type=int, default=5, help="of cross-validation (5)")
    parser.add_argument(
        "--task-tier",
        action="append",
        default=[],
        metavar="TASK=TYPE",
        help="the tier type that a task is made of; may be given again",
    )


def task_settings(arguments: argparse.Namespace) -> Settings:
    """Raises WozError for settings that can't be followed."""
    from woz.dataset.tasks.registry import task
    from woz.dataset.tasks.task import Settings

    try:
        tiers = dict(pair_of(each) for each in arguments.task_tier)
    except ValueError:
        raise WozError("--task-tier is a task with a tier type: steps=coarse, say.") from None
    for name in tiers:
        task(name)
    return Settings(arguments.task_rate, arguments.alpha, arguments.folds, arguments.seed, tiers)
